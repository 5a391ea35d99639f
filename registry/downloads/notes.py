"""What is said beside a table: on the second sheet of a workbook, in the metadata of Parquet; and the file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from registry.api.citations import MOMENTS
from registry.downloads.tables import Note

TITLES = {
    "name": _("figure"),
    "metric": _("metric"),
    "definition": _("definition"),
    "unit": _("unit"),
    "from": _("from"),
    "to": _("to"),
    "valid_on": _("valid on"),
    "known_at": _("known at"),
    "known_from": _("known from"),
    "known_to": _("known to"),
    "filters": _("filters"),
    "by": _("length of a period"),
    "part": _("part"),
    "total": _("total"),
    "opening": _("opening stock"),
    "closing": _("closing stock"),
    "joined": _("joined"),
    "left": _("left"),
    "target": _("target"),
    "value": _("value of the target"),
    "due_on": _("due on"),
    "base": _("projected from"),
    "stock": _("stock on that day"),
    "levers": _("what if"),
    "count": _("number of entries"),
    "flags": _("to be known"),
    "digest": _("digest"),
    "citation": _("citation"),
    "url": _("address of the same answer"),
    "licence": _("licence of the data"),
}
"""In the order in which they are said."""


def notes_of(answer: Mapping[str, Any], citation: Mapping[str, str]) -> list[Note]:
    """Of the members of an answer those that are about all of it, then how it is quoted."""
    said = {**answer, "citation": citation["text"], "url": citation["url"]}
    said["licence"] = f"{settings.LICENCE['name']}, {settings.LICENCE['url']}"
    return [
        Note(name, capfirst(str(TITLES[name])), text_of(name, said[name]))
        for name in TITLES
        if said.get(name) is not None
    ]


def text_of(name: str, value: Any) -> str:
    if name == "flags":
        return "\n".join(f"{flag['code']}: {flag['detail']}" for flag in value)
    if isinstance(value, Mapping):
        return urlencode({key: text for key, text in value.items() if text is not None}, safe=",:")
    return str(value)


def file_name(path: str, clocks: Mapping[str, str | None], ending: str = "") -> str:
    """From what stands below the API's root in the address, and the clocks: ASCII, without an ending of its format."""
    below = re.sub(r"^/api/v[0-9]+/(?:statistics/)?", "", path).strip("/")
    known = {name: re.sub(r"[^0-9T]", "", text[:19]) for name, text in clocks.items() if text and name in MOMENTS}
    told = [f"known-{known[name]}" if name in known else text for name, text in clocks.items() if text]
    return "_".join([re.sub(r"[^A-Za-z0-9-]+", "_", below) + ending, *told])


def with_days(title: str, clocks: Mapping[str, str | None]) -> str:
    """The title and the days of the answer."""
    return " ".join([title, *(text for name, text in clocks.items() if text and name not in MOMENTS)])
