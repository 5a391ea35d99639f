"""`manage.py check` names what the read path cannot compile, and refuses what not everyone may read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.urls import URLPattern, URLResolver, get_resolver

from registry.api.publicity import NotPublic
from registry.api.selection import Selection, expandable
from registry.api.shapes import Shape
from registry.compiled.compiling import NotCompilable
from registry.compiled.reading import compile_shape


def check_compiled(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Every view of the router whose answers are made of rows, as it is and with all that can be expanded."""
    found: dict[str, CheckMessage] = {}
    for view in views_of_rows(get_resolver()):
        for expand in {frozenset(), frozenset(expandable(view.serializer_class))}:
            try:
                compile_shape(Shape(view.answered, view.serializer_class, Selection(expand=expand), "en"))
            except NotCompilable as reason:
                text = f"{view.__name__} answers by its serializer: {reason}."
                found[text] = Warning(text, hint="Declare the field by a kind that compiles.", id="registry.W001")
            except NotPublic as refusal:
                for shown in refusal.args:
                    text = f"{view.__name__} would show {shown}."
                    found[text] = Error(text, id="registry.E001")
    return list(found.values())


def views_of_rows(resolver: URLResolver) -> Iterator[Any]:
    from registry.api.views import RowsView

    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views_of_rows(pattern)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            if view is not None and issubclass(view, RowsView):
                yield view
