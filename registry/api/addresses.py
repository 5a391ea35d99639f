"""Where the API lists what: read from the URLs, so that it stands nowhere twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.urls import URLResolver, get_resolver


def list_address(model: type[Model]) -> str | None:
    """The path of the list of the model's rows; none where the API has no such list."""
    found = [
        f"/{path}"
        for path, view, _given in addresses(get_resolver())
        if getattr(getattr(view, "queryset", None), "model", None) is model and "<" not in path
    ]
    return min(found, key=len, default=None)


def addresses(resolver: URLResolver, below: str = "") -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Path, class of the view (None for a function), and what it is made with."""
    for entry in resolver.url_patterns:
        path = f"{below}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        else:
            made_with = getattr(entry.callback, "view_initkwargs", {})
            yield path, getattr(entry.callback, "view_class", None), made_with


def table_name(route: str) -> str:
    """What an address is called in the data dictionary: without the API's root, with `{code}` for what varies."""
    return re.sub(r"^/api/v[0-9]+/", "", with_braces(route)).strip("/")


def with_braces(route: str) -> str:
    return re.sub(r"<\w+:(\w+)>", r"{\1}", route)
