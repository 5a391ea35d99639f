"""Numbers of the page that the templates' own filters do not write."""

from __future__ import annotations

from django.utils.translation import get_language

from registry.templatetags.pages import number

WAN = 10_000


def goal(value: float) -> str:
    """A round number in short: 20,000 is 2 万 in Chinese."""
    if (get_language() or "").startswith("zh") and value >= WAN and value % (WAN // 100) == 0:
        return f"{value / WAN:g} 万"
    return number(value)


def share(part: float, whole: float) -> float:
    """A part of a whole; 0 of nothing."""
    return part / whole if whole else 0.0
