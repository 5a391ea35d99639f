"""What the templates of firms and districts need."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(words: Mapping[str, Any], code: str) -> Any:
    """The word of a code, the code itself where there is none."""
    return words.get(code, code)
