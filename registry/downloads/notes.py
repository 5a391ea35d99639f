"""What is said beside a table: on the second sheet of a workbook, in the metadata of Parquet; and the file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from registry.api.citations import MOMENTS
from registry.api.parameters import Asked
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
MOST_CHARACTERS = 120
"""Of the name of a file without its ending, within the 255 bytes that a file system allows."""


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


Names = tuple[str, str]
Clocks = Mapping[str, str | None]


def names_of(request: Request, asked: Asked, title: str, clocks: Clocks, filters: Mapping[str, str]) -> Names:
    """What the file is called in ASCII, and its title: what it holds, both clocks, and the filters that were given."""
    given = {name: text for name, text in filters.items() if name in asked.given}
    return file_name(request.path, clocks, given), titled(title, clocks, given)


def file_name(path: str, clocks: Clocks, given: Mapping[str, str]) -> str:
    """From what stands below the API's root in the address: ASCII, without an ending of its format."""
    below = re.sub(r"^/api/v[0-9]+/(?:statistics/)?", "", path).strip("/")
    narrowed = [f"{name}-{text}" for name, text in given.items()]
    words = [re.sub(r"[^A-Za-z0-9-]+", "_", word).strip("_") for word in (below, *narrowed)]
    return "_".join([*words, *_said(clocks, "known-")])[:MOST_CHARACTERS]


def titled(title: str, clocks: Clocks, given: Mapping[str, str]) -> str:
    """In the caller's language, without what no file name may hold."""
    narrowed = [re.sub(r'[\\/:*?"<>|\s]+', "-", f"{name}={text}") for name, text in given.items()]
    return " ".join([title, *narrowed, *_said(clocks, f"{_('known at')} ")])[:MOST_CHARACTERS]


def _said(clocks: Clocks, before_a_moment: str) -> list[str]:
    told = {name: text for name, text in clocks.items() if text}
    return [
        f"{before_a_moment}{re.sub(r'[^0-9T]', '', text[:19])}" if name in MOMENTS else text
        for name, text in told.items()
    ]
