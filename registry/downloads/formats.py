"""`format=`: in which format an answer is given, and what else cannot be asked together with a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.api.kinds import ChoiceKind
from registry.api.parameters import Asked, Parameter
from registry.api.refusals import Mistake, ParameterProblem
from registry.downloads.delimited import write_delimited
from registry.downloads.parquet import write_parquet
from registry.downloads.tables import Table
from registry.downloads.workbooks import write_workbook

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_PAGES = ("limit", "cursor", "count", "explain")


@dataclass(frozen=True)
class Format:
    """A format of files; its name is the ending of their names, too."""

    name: str
    media_type: str
    write: Callable[[Table, IO[bytes]], None]
    explains: bool
    """Whether the file itself says what its columns mean."""
    streams: bool = False
    """Whether it can be sent while it is read, and so be of any length."""


FORMATS = {
    made.name: made
    for made in (
        Format("csv", "text/csv", write_delimited, explains=False, streams=True),
        Format("xlsx", WORKBOOK, write_workbook, explains=True),
        Format("parquet", "application/vnd.apache.parquet", write_parquet, explains=False),
    )
}
JSON = "json"
FORMAT = Parameter(
    "format",
    ChoiceKind((*FORMATS, JSON)),
    gettext_lazy(
        "The answer as JSON, or as a file with one row an entry: `csv` for spreadsheets, `xlsx`, `parquet`. A file "
        "holds every entry and takes no `limit`, `cursor`, `count` or `explain`; up to the number of rows that "
        "`dictionary/` names, but for a list as `csv`, which is sent while it is read."
    ),
    JSON,
)


def format_of(asked: Asked) -> Format | None:
    """None for JSON."""
    return FORMATS.get(asked.values["format"])


def most_rows(asked: Asked) -> int:
    """The rows that the answer holds at most: those of a page, or of a file. ParameterProblem for a page of a file."""
    if format_of(asked) is None:
        limit: int = asked.values["limit"]
        return limit
    if paged := [name for name in OF_PAGES if name in asked.given]:
        words = _("%(name)s is about pages: a file (format=%(format)s) holds every entry; leave it out.")
        told = {"format": asked.texts["format"]}
        raise ParameterProblem(
            [Mistake("not_with_a_file", words % {"name": name, **told}, parameter=name) for name in paged]
        )
    most: int = settings.MOST_ROWS_OF_A_FILE
    return most


def refuse_more_rows(asked: Asked) -> NoReturn:
    """ParameterProblem: something follows the last row that a file may hold."""
    words = {"format": asked.texts["format"], "most": settings.MOST_ROWS_OF_A_FILE}
    detail = _(
        "format=%(format)s: this has more than %(most)d entries; narrow it by filters, read it page by page as "
        "JSON, or take whole sets under exports/; a list as csv has no such limit."
    )
    raise ParameterProblem([Mistake("too_many_rows", detail % words, parameter="format", nearest=JSON)])
