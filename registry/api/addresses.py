"""Where the API lists what: read from the URLs, so that it stands nowhere twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.urls import URLResolver, get_resolver


def list_address(model: type[Model]) -> str | None:
    """The path of the list of the model's rows; none where the API has no such list."""
    addresses = [
        f"/{path}"
        for path, view in _addresses(get_resolver())
        if getattr(getattr(view, "queryset", None), "model", None) is model and "<" not in path
    ]
    return min(addresses, key=len, default=None)


def _addresses(resolver: URLResolver, below: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = f"{below}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, path)
        else:
            yield path, getattr(entry.callback, "view_class", None)
