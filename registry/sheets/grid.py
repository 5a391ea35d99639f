"""A sheet as it lies in the file: values by true position, before any of it is understood."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from registry.sheets import limits
from registry.sheets.content import refuse_damaged
from registry.sheets.errors import SheetError

CellValue = str | int | float | bool | date | datetime | time | timedelta | None
Position = tuple[int, int]


class Formulas:
    """Which cells hold a formula: a number for each row, with a bit for each column, since every cell may hold one."""

    def __init__(self) -> None:
        self.rows: dict[int, int] = {}
        self.marked = 0

    def __contains__(self, position: Position) -> bool:
        return bool(self.rows.get(position[0], 0) >> position[1] & 1)

    def add(self, first: Position, last: Position) -> None:
        """All cells of the rectangle: one formula may fill many."""
        limits.check_extent(last[0] + 1, last[1] + 1)
        self.marked += last[0] - first[0] + 1
        if self.marked > limits.MAXIMUM_CELLS:
            raise refuse_damaged(_("formulas overlap"))
        bits = (1 << last[1] + 1) - (1 << first[1])
        for row in range(first[0], last[0] + 1):
            self.rows[row] = self.rows.get(row, 0) | bits


@dataclass(slots=True)
class SheetFacts:
    """What a scan of the raw file knows and the reader does not tell; positions count from 0."""

    row_count: int = 0
    column_count: int = 0
    error_cells: set[Position] = field(default_factory=set)
    formulas: Formulas = field(default_factory=Formulas)
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
    formulas: Formulas = field(default_factory=Formulas)

    def is_blank(self) -> bool:
        return all(is_blank(value) for row in self.rows for value in row)

    def check_texts(self) -> None:
        """Raises SheetError for a text that is too long for a cell or that cannot be stored."""
        for row, values in enumerate(self.rows):
            for column, value in enumerate(values):
                if isinstance(value, str) and (len(value) > limits.MAXIMUM_CELL_CHARACTERS or "\0" in value):
                    raise SheetError(_sentence_of(value) % position_name((row, column)))


def _sentence_of(text: str) -> str:
    if "\0" in text:
        return _("Cell %s holds a character that cannot be stored; type it again.")
    return _("Cell %s holds more than 32,767 characters, the most that a cell of Excel holds; shorten it.")


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
