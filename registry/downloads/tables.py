"""A flat table with its columns, and what has to be said beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = Sequence[Any]
"""Values as JSON has them: days, moments and decimals as texts; None where there is no value."""


class Datatype(StrEnum):
    """By their names in CSV on the Web."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "double"
    DECIMAL = "decimal"
    DAY = "date"
    MOMENT = "dateTimeStamp"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Column:
    """`name` is the same in every language and format; `title` is for people.

    `digits` of a decimal: all, and those after the point. `is_context` marks what is the same in every row: a
    workbook says it once, on its second sheet.
    """

    name: str
    title: StrOrPromise
    datatype: Datatype = Datatype.TEXT
    description: StrOrPromise = ""
    digits: tuple[int, int] = (18, 4)
    is_context: bool = False


@dataclass(frozen=True)
class Note:
    """Something to be said of the whole table."""

    name: str
    title: StrOrPromise
    text: str


@dataclass(frozen=True)
class Table:
    """`file_name` is ASCII, `title` in the caller's language; both without an ending.

    Rows come in batches, and once. The notes are asked for after the last row: some are only known then.
    """

    file_name: str
    title: str
    columns: Sequence[Column]
    batches: Iterable[Sequence[Row]]
    notes: Callable[[], Sequence[Note]]


class TextTooLong(ValueError):
    """A text that the format cannot hold; `column` names where."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column
