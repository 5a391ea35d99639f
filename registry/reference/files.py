"""Reference files: one csv a table, its columns declared, every cell checked before anything is written."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, CharField, Field, ForeignKey, JSONField
from django.utils.translation import gettext as _

from registry.models import Entry

TRUTH = {"true": True, "false": False}


class BrokenReferenceError(Exception):
    """A reference file that cannot be loaded; the text names file, line and column."""

    def __init__(self, path: Path, line: int, column: str, problem: str) -> None:
        place = {"file": path.name, "line": line, "column": column, "problem": problem}
        super().__init__(_("%(file)s, line %(line)d, column %(column)s: %(problem)s") % place)


@dataclass(frozen=True)
class Table:
    """One file and the model that it fills; a column is called as the field that takes it.

    `key` tells rows apart, for an `is_dated` table together with `valid_from`. Foreign keys are codes of rows of
    files loaded before (or of the same file). Columns of `not_loaded` hold facts that no field takes yet.
    """

    model: type[Entry]
    path: Path
    columns: tuple[str, ...]
    key: tuple[str, ...] = ("code",)
    is_dated: bool = False
    not_loaded: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        return (*self.key, "valid_from") if self.is_dated else self.key

    def field(self, column: str) -> "Field[Any, Any]":
        field = self.model._meta.get_field(column)
        assert isinstance(field, Field)
        return field

    def is_reference(self, column: str) -> bool:
        return isinstance(self.field(column), ForeignKey)

    def attribute(self, column: str) -> str:
        """`zone_id` for `zone`: what the instance holds the plain value under, and the name in the database."""
        return self.field(column).attname


@dataclass(frozen=True)
class Row:
    """The cells of one line; `line` counts from 1, the header included."""

    table: Table
    line: int
    cells: dict[str, str]

    def broken(self, column: str, problem: str) -> BrokenReferenceError:
        return BrokenReferenceError(self.table.path, self.line, column, problem)

    def identity(self) -> tuple[str, ...]:
        return tuple(self.cells[column] for column in self.table.identity)

    def plain_value(self, column: str) -> Any:
        """The value of a cell that refers to nothing, as the model's field reads it."""
        field, text = self.table.field(column), self.cells[column]
        if not text:
            return self._empty(column, field)
        if isinstance(field, BooleanField):
            if text not in TRUTH:
                raise self.broken(column, _("“%s” is neither true nor false.") % text)
            return TRUTH[text]
        try:
            return field.clean(json.loads(text) if isinstance(field, JSONField) else text, None)
        except json.JSONDecodeError as error:
            raise self.broken(column, _("This is no JSON.")) from error
        except ValidationError as error:
            raise self.broken(column, " ".join(error.messages)) from error

    def _empty(self, column: str, field: "Field[Any, Any]") -> str | None:
        if field.null:
            return None
        if isinstance(field, CharField) and field.blank:
            return ""
        raise self.broken(column, _("This cell must not be empty."))


def read(table: Table) -> list[Row]:
    """All rows of the file; refuses another header, a ragged line and a row that repeats another one."""
    try:
        with table.path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_rows(table, csv.reader(file, strict=True)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BrokenReferenceError(table.path, 1, "-", _("This is no csv file in UTF-8.")) from error
    _refuse_repetition(rows)
    return rows


def _rows(table: Table, reader: Any) -> Iterator[Row]:
    header: list[str] = next(reader, [])
    _check_header(table, header)
    for cells in reader:
        row = Row(table, reader.line_num, dict(zip(header, map(str.strip, cells), strict=False)))
        if len(cells) != len(header):
            problem = _("The line has %(found)d cells, the header %(expected)d.")
            raise row.broken("-", problem % {"found": len(cells), "expected": len(header)})
        yield row


def _check_header(table: Table, header: list[str]) -> None:
    expected = [*table.columns, *table.not_loaded]
    for column in header:
        if column not in expected or header.count(column) > 1:
            raise BrokenReferenceError(table.path, 1, column, _("This column is unknown or there twice."))
    for column in expected:
        if column not in header:
            raise BrokenReferenceError(table.path, 1, column, _("This column is missing."))


def _refuse_repetition(rows: list[Row]) -> None:
    lines: dict[tuple[str, ...], int] = {}
    for row in rows:
        first = lines.setdefault(row.identity(), row.line)
        if first != row.line:
            raise row.broken(", ".join(row.table.identity), _("This repeats line %d.") % first)
