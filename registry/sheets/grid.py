"""A sheet as it lies in the file: values by true position, before any of it is understood."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

CellValue = str | int | float | bool | date | datetime | time | timedelta | None
Position = tuple[int, int]


@dataclass(slots=True)
class SheetFacts:
    """What a scan of the raw file knows and the reader does not tell; positions count from 0."""

    row_count: int = 0
    column_count: int = 0
    error_cells: set[Position] = field(default_factory=set)
    uncached_formulas: list[Position] = field(default_factory=list)
    empty_formulas: list[Position] = field(default_factory=list)
    has_filled_formulas: bool = False


@dataclass(slots=True)
class Grid:
    """`rows[0]` is row 1 of the file. `merged_widths`: row index to the columns of its widest merge."""

    name: str
    rows: list[list[CellValue]]
    merged_widths: dict[int, int] = field(default_factory=dict)
    error_cells: set[Position] = field(default_factory=set)

    def is_blank(self) -> bool:
        return all(is_blank(value) for row in self.rows for value in row)


def is_blank(value: CellValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip("\u200b\ufeff\u200c\u200d \t\r\n\u3000\xa0"))


def column_letter(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def position_name(position: Position) -> str:
    """(0, 0) is A1."""
    return f"{column_letter(position[1])}{position[0] + 1}"
