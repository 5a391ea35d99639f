"""The parts that every panel is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from companies.dashboard.asking import Answer
from registry.templatetags.pages import number

NUMBER, DAY = "num", "day"


@dataclass(frozen=True)
class Cell:
    """A text, where it leads, and how it is set: a class of the style sheet."""

    text: str
    url: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """`head` names the columns; the first cell of a row names the row; `foot` is a row of totals."""

    caption: str
    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Cell] = ()


@dataclass(frozen=True)
class Chart:
    """`kind` is the drawing script's name for it, `data` what it draws: the numbers of the panel's tables."""

    key: str
    kind: str
    label: str
    data: dict[str, Any]
    choice: str = ""
    """What a reader chooses it by, where a panel offers several views of the same numbers."""

    @property
    def script(self) -> str:
        """The id of the element that holds the data."""
        return f"data-{self.key}"


@dataclass(frozen=True)
class Large:
    """A number set large: what it is, the number, its unit, and a line that explains it."""

    name: str
    value: str
    unit: str
    line: str


@dataclass(frozen=True)
class Panel:
    """`metrics` are the codes whose definitions stand below; `answers` what the numbers come from."""

    key: str
    title: str
    subtitle: str
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    metrics: Sequence[str] = ()
    answers: Sequence[Answer] = ()
    notes: Sequence[str] = ()
    large: Sequence[Large] = ()
    period: tuple[str, str] | None = None
    """The first and the last day of a panel that tells of a period; None for one that tells of the day."""
    is_open: bool = False
    """Whether the tables are shown without being asked for."""


def words(text: str) -> Cell:
    return Cell(str(text))


def heading(text: str) -> Cell:
    """The head of a column of numbers."""
    return Cell(str(text), kind=NUMBER)


def count(value: float, url: str | None = None) -> Cell:
    return Cell(number(value), url, kind=NUMBER)


def figure(text: str, url: str | None = None) -> Cell:
    """A number that is written already."""
    return Cell(text, url, kind=NUMBER)


def day(text: str) -> Cell:
    return Cell(text, kind=DAY)
