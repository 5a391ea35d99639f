"""The last step of a view about a metric: the answer with its citation, as JSON or as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponseBase
from rest_framework.response import Response

from companies.statistics.downloads.tables import Rows
from registry.api.citations import citation, permanent_address
from registry.api.views import RegisterView
from registry.downloads.answers import file_answer
from registry.downloads.formats import format_of
from registry.downloads.notes import names_of, notes_of
from registry.downloads.tables import Table

CLOCKS = ("valid_on", "from", "to", "known_at", "known_from", "known_to")


def clocks_of(answer: Mapping[str, Any]) -> dict[str, str | None]:
    """Its days and moments, by name."""
    return {name: answer[name] for name in CLOCKS if name in answer}


def form_of_digest(view: RegisterView) -> dict[str, str]:
    """What tells the digest of a file with all entries from that of one page; empty where both say the same."""
    has_pages = any(parameter.name == "limit" for parameter in view.parameters())
    return {"format": "file"} if has_pages and format_of(view.asked) is not None else {}


def cited(view: RegisterView, name: str, answer: Mapping[str, Any]) -> dict[str, str]:
    """How the answer is quoted."""
    clocks = clocks_of(answer)
    is_invented = any(flag["code"] == "invented_data" for flag in answer.get("flags", ()))
    address = permanent_address(view.request, view.asked, clocks, keeps_format=bool(form_of_digest(view)))
    return citation(name, address, clocks, digest=answer.get("digest"), is_invented=is_invented)


def answered(
    view: RegisterView,
    name: str,
    answer: Mapping[str, Any],
    make_rows: Callable[[], Rows],
    as_json: Callable[[dict[str, str]], HttpResponseBase] | None = None,
) -> HttpResponseBase:
    """The answer with its citation, or its rows as a file. `as_json` for an answer that is put together otherwise."""
    told = cited(view, name, answer)
    wanted = format_of(view.asked)
    if wanted is None:
        return Response({**answer, "citation": told}) if as_json is None else as_json(told)
    columns, rows = make_rows()
    clocks = clocks_of(answer)
    stem, title = names_of(view.request, view.asked, name, clocks, answer.get("filters", {}))
    table = Table(stem, title, columns, [list(rows)], lambda: notes_of(answer, told))
    return file_answer(view.request, table, wanted, told["url"])
