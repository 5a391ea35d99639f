"""Which rows under the headings are entries, and why the others are not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from registry.sheets import columns
from registry.sheets.cells import text_of
from registry.sheets.grid import CellValue, Grid, is_blank
from registry.sheets.headers import Column, ColumnMap

_COUNTED_GROUP = re.compile(r".*[(（]\s*共?\s*[0-9]+\s*[家户所个条项名]?\s*[)）]\s*$", re.DOTALL)
_NUMBERED_GROUP = re.compile(r"\s*(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十]+[)）])")
_REMARK = re.compile(r"\s*(?:备?注|说明|填表|填报|制表|审核|附件)[^:：]{0,6}[:：]")
# A code with characters missing is still a code to complain of.
_SHORTEST_CODE = 12
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "total", "subtotal"})


class Skip(StrEnum):
    """Why a row is not an entry."""

    ABOVE = "above the headings"
    HEADINGS = "headings"
    BLANK = "blank"
    BANNER = "banner"
    REPEATED = "headings repeated"
    TOTAL = "total"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """`number` is the row as Excel shows it; `text` the beginning of what stands there."""

    number: int
    why: Skip
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row as Excel shows it, from 1."""

    number: int
    values: tuple[CellValue, ...]


def divide(grid: Grid, found: ColumnMap) -> tuple[list[Row], list[SkippedRow]]:
    """Entries and skipped rows; together every row up to the last that is not blank."""
    entries: list[Row] = []
    skipped: list[SkippedRow] = []
    for index in range(_height(grid)):
        values = grid.rows[index]
        why = _why_skipped(grid, found, index)
        if why is None:
            entries.append(Row(index + 1, tuple(values)))
        else:
            skipped.append(SkippedRow(index + 1, why, _beginning(values)))
    return entries, skipped


def _height(grid: Grid) -> int:
    height = len(grid.rows)
    while height and all(map(is_blank, grid.rows[height - 1])):
        height -= 1
    return height


def _beginning(values: Sequence[CellValue]) -> str:
    return " ".join(" ".join(text_of(value).split()) for value in values if not is_blank(value))[:80]


def _why_skipped(grid: Grid, found: ColumnMap, index: int) -> Skip | None:
    values = grid.rows[index]
    filled = [column for column, value in enumerate(values) if not is_blank(value)]
    if not filled:
        return Skip.BLANK
    if index < found.first_row:
        return Skip.ABOVE
    if index <= found.last_row:
        return Skip.HEADINGS
    if _repeats_headings(values, filled, found):
        return Skip.REPEATED
    if len(filled) == 1 and len(found.columns) > 1:
        return _why_alone(values[filled[0]], filled[0], found, grid.merged_widths.get(index, 1))
    return _why_total(values, filled, found)


def _repeats_headings(values: Sequence[CellValue], filled: Sequence[int], found: ColumnMap) -> bool:
    """Every filled cell is a heading of its own column, in whatever words (a second language, a new page)."""
    named = {column.index: column for column in found.columns}
    return all(
        _is_heading(values[index], named[index].title, named[index].key) if index in named else False
        for index in filled
    )


def _is_heading(value: CellValue, title: str, key: str | None) -> bool:
    if not isinstance(value, str):
        return False
    return columns.fold(value) == columns.fold(title) or (key is not None and columns.recognise(value)[0] == key)


def _why_alone(value: CellValue, index: int, found: ColumnMap, merged_width: int) -> Skip | None:
    """A lone cell heads a group or is a remark, unless it stands where a firm is named and looks like one."""
    text = str(value)
    if _REMARK.match(text):
        return Skip.REMARK
    if columns.fold(text) in _TOTALS:
        return Skip.TOTAL
    names_a_firm = any(column.index == index and column.key in columns.IDENTIFYING for column in found.columns)
    if names_a_firm and merged_width == 1 and not _COUNTED_GROUP.match(text) and not _NUMBERED_GROUP.match(text):
        return None
    return Skip.BANNER


def _why_total(values: Sequence[CellValue], filled: Sequence[int], found: ColumnMap) -> Skip | None:
    """A line of sums begins with its word and holds no credit code (a sum may stand in that column)."""
    if columns.fold(str(values[filled[0]])) not in _TOTALS:
        return None
    uscc = found.column("uscc")
    has_code = uscc is not None and uscc.index in filled and len(str(values[uscc.index])) >= _SHORTEST_CODE
    return None if has_code else Skip.TOTAL


def with_untitled(found: ColumnMap, entries: Sequence[Row]) -> ColumnMap:
    """Columns that hold values under no heading are added as not read, so that nothing is dropped untold."""
    titled = {column.index for column in found.columns}
    filled = {i for row in entries for i, value in enumerate(row.values) if i not in titled and not is_blank(value)}
    untitled = tuple(Column(index, "", None) for index in sorted(filled))
    return replace(found, columns=tuple(sorted((*found.columns, *untitled), key=lambda column: column.index)))
