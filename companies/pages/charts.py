"""Small charts as plain SVG: the measures of their marks. They are drawn without script or inline style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, NARROW, HEIGHT = 640, 340, 190
TOP, BOTTOM = 26, 26
"""Room for the values above the columns and for the days below, in units of the view box."""
SHARE, WIDEST = 0.64, 72
"""Of a column's place that the column itself takes, and how wide it becomes at most."""


@dataclass(frozen=True)
class Column:
    """One column with its value above and its label below; coordinates in the view box."""

    x: float  # of its left side; `middle` is where its texts stand
    y: float
    width: float
    height: float
    middle: float
    value: int
    label: str
    is_part: bool


@dataclass(frozen=True)
class Columns:
    """A chart of columns from zero, in a view box of its own width."""

    width: int
    columns: list[Column]
    height: int = HEIGHT
    floor: int = HEIGHT - BOTTOM


def columns(values: Sequence[int], labels: Sequence[str], *, last_is_part: bool, width: int = WIDTH) -> Columns:
    """The last column is marked where its year is not over."""
    highest = max([*values, 1])
    place = width / max(len(values), 1)
    last = len(values) - 1
    found = [
        _column(number * place, place, (value, highest), label, is_part=last_is_part and number == last)
        for number, (value, label) in enumerate(zip(values, labels, strict=True))
    ]
    return Columns(width, found)


def _column(left: float, place: float, share: tuple[int, int], label: str, *, is_part: bool) -> Column:
    value, highest = share
    height = (HEIGHT - TOP - BOTTOM) * value / highest
    width = min(place * SHARE, WIDEST)
    return Column(
        x=round(left + (place - width) / 2, 1),
        y=round(HEIGHT - BOTTOM - height, 1),
        width=round(width, 1),
        height=round(height, 1),
        middle=round(left + place / 2, 1),
        value=value,
        label=label,
        is_part=is_part,
    )


def share_of(value: int, most: int) -> float:
    """How long a bar is, in percent of the longest."""
    return round(100 * value / most, 2) if most else 0.0
