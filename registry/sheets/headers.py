"""Finds the heading row of a sheet and says which column is which."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from registry.names import shown
from registry.sheets import columns
from registry.sheets.errors import SheetError
from registry.sheets.grid import CellValue, Grid, column_letter, is_blank

SEARCHED_ROWS = 50
IGNORED = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """`index` counts from 0; `key` is None where the column is not read; `unit` 元, 万元, 亿元 or empty."""

    index: int
    title: str
    key: str | None
    unit: str = ""

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """`first_row` to `last_row` (indexes from 0) hold the headings; `problems` (sentences) stop an import."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    problems: tuple[str, ...] = ()

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    @property
    def read(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.key not in (None, "sequence"))

    @property
    def not_read(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.key is None)


def parse_overrides(assignments: Sequence[str]) -> dict[str, str]:
    """`["原列名=uscc", "C=name", "备注=-"]` -> heading or letter to key; `-` leaves a column unread."""
    overrides: dict[str, str] = {}
    for assignment in assignments:
        heading, sign, key = assignment.rpartition("=")
        heading, key = heading.strip(), key.strip()
        if not sign or not heading:
            raise SheetError(_("“%s” is not of the form heading=key.") % shown(assignment))
        if key != IGNORED and key not in columns.KEYS:
            raise SheetError(_unknown_key(key))
        if columns.fold(heading) in map(columns.fold, overrides):
            raise SheetError(_("The heading “%s” is mapped twice.") % shown(heading))
        overrides[heading] = key
    for key, times in Counter(overrides.values()).items():
        if times > 1 and key != IGNORED:
            raise SheetError(_("Two headings are mapped to %s; one column can hold it.") % key)
    return overrides


def _unknown_key(key: str) -> str:
    from rapidfuzz import process  # at its first use: models name this package's verdicts

    nearest = process.extractOne(key, columns.KEYS)
    return _("There is no column key “%(key)s”; the nearest is %(nearest)s.") % {
        "key": shown(key),
        "nearest": nearest[0] if nearest else "",
    }


def find_columns(grid: Grid, overrides: Mapping[str, str] | None = None) -> ColumnMap | None:
    """The columns under the best heading rows among the first, or None where no row names a firm."""
    best: tuple[float, ColumnMap] | None = None
    for row in range(min(SEARCHED_ROWS, len(grid.rows))):
        for last in (row, row + 1):
            candidate = _candidate(grid, row, last, overrides or {})
            if candidate and (best is None or candidate[0] > best[0]):
                best = candidate
    if best is None:
        return None
    found = best[1]
    _check_overrides_met(found, overrides or {})
    return _settled(found, overrides or {})


def guess_headings(grid: Grid) -> ColumnMap:
    """Columns of which none is recognised, under the row among the first that has the most texts."""
    texts = [sum(isinstance(value, str) and not is_blank(value) for value in row) for row in grid.rows[:SEARCHED_ROWS]]
    row = texts.index(max(texts))
    return ColumnMap(row, row, tuple(Column(index, title, None) for index, title in _titles([grid.rows[row]])))


def with_keys(found: ColumnMap, keys: Mapping[str, str]) -> ColumnMap:
    """The columns read as a person chose, by letter; `-` leaves one unread. A key chosen twice is a problem."""
    chosen = tuple(_chosen(column, keys) for column in found.columns)
    return ColumnMap(found.first_row, found.last_row, chosen, tuple(_double_claims(chosen)))


def _chosen(column: Column, keys: Mapping[str, str]) -> Column:
    if column.letter not in keys:
        return column
    key = keys[column.letter]
    return replace(column, key=None if key == IGNORED else key)


def _candidate(grid: Grid, first: int, last: int, overrides: Mapping[str, str]) -> tuple[float, ColumnMap] | None:
    """Columns if these rows were the headings, with a score: distinct keys, then the share of cells known."""
    if last >= len(grid.rows):
        return None
    titles = _titles(grid.rows[first : last + 1])
    if last > first and not _is_two_storeyed(grid.rows[first], grid.rows[last]):
        return None
    found = tuple(_column(index, title, overrides) for index, title in titles)
    keys = {column.key for column in found} - {None}
    if not keys & columns.IDENTIFYING:
        return None
    return len(keys) + len(keys) / (len(found) + 1), ColumnMap(first, last, found)


def _titles(rows: Sequence[Sequence[CellValue]]) -> list[tuple[int, str]]:
    """Column and title; under a wide upper heading the lower one counts, alone or joined to the upper."""
    width = max(len(row) for row in rows)
    titles: list[tuple[int, str]] = []
    wide = ""
    for index in range(width):
        upper, lower = (_text(row, index) for row in (rows[0], rows[-1]))
        if len(rows) == 1:
            lower = ""
        wide = upper or (wide if lower else "")
        title = _joined(wide, lower) if lower else upper
        if title:
            titles.append((index, title))
    return titles


def _joined(upper: str, lower: str) -> str:
    if columns.recognise(lower)[0] in (None, "sequence") and columns.recognise(upper + lower)[0]:
        return upper + lower
    return lower


def _is_two_storeyed(upper: Sequence[CellValue], lower: Sequence[CellValue]) -> bool:
    """The lower row holds headings, and nothing under a full heading but that heading (merged down, filled in)."""
    upper_filled = {index for index in range(len(upper)) if _text(upper, index)}
    lower_filled = {index for index in range(len(lower)) if _text(lower, index) not in ("", _text(upper, index))}
    if not upper_filled - lower_filled or any(_is_full_heading(_text(upper, index)) for index in lower_filled):
        return False
    return any(_is_known(_text(lower, i)) or _is_known(_text(upper, i) + _text(lower, i)) for i in lower_filled)


def _is_full_heading(text: str) -> bool:
    return _is_known(text) and not columns.is_yielding(text)


def _is_known(text: str) -> bool:
    return columns.recognise(text)[0] is not None


def _text(row: Sequence[CellValue], index: int) -> str:
    value = row[index] if index < len(row) else None
    return "" if is_blank(value) else " ".join(str(value)[: columns.LONGEST_HEADING].split())


def _column(index: int, title: str, overrides: Mapping[str, str]) -> Column:
    key, unit = columns.recognise(title)
    for heading, chosen in overrides.items():
        if _names(heading, index, title):
            key = None if chosen == IGNORED else chosen
    return Column(index, title, key, unit)


def _names(heading: str, index: int, title: str) -> bool:
    return columns.fold(heading) == columns.fold(title) or heading.upper() == column_letter(index)


def _check_overrides_met(found: ColumnMap, overrides: Mapping[str, str]) -> None:
    titles = [column.title for column in found.columns]
    for heading in overrides:
        met = [column for column in found.columns if _names(heading, column.index, column.title)]
        if not met:
            from rapidfuzz import process

            nearest = process.extractOne(heading, titles)
            raise SheetError(
                _("The sheet has no column “%(heading)s”; the nearest is “%(nearest)s”.")
                % {"heading": shown(heading), "nearest": shown(nearest[0] if nearest else "")}
            )


def _settled(found: ColumnMap, overrides: Mapping[str, str]) -> ColumnMap:
    """A column chosen by hand outdoes a plain heading, that a yielding one; equal claims are a problem."""
    chosen = {
        column.index
        for column in found.columns
        if any(_names(heading, column.index, column.title) for heading in overrides)
    }
    strength = {column.index: _strength(column, chosen) for column in found.columns}
    strongest: dict[str | None, int] = {}
    for column in found.columns:
        strongest[column.key] = max(strength[column.index], strongest.get(column.key, 0))
    settled = tuple(
        column if strength[column.index] == strongest[column.key] else Column(column.index, column.title, None)
        for column in found.columns
    )
    return ColumnMap(found.first_row, found.last_row, settled, tuple(_double_claims(settled)))


def _strength(column: Column, chosen: Set[int]) -> int:
    if column.index in chosen:
        return 2
    return 0 if columns.is_yielding(column.title) else 1


def _double_claims(settled: Sequence[Column]) -> list[str]:
    claims: dict[str, list[Column]] = {}
    for column in settled:
        if column.key and column.key != "sequence":
            claims.setdefault(column.key, []).append(column)
    return [_double_claim(key, claimants) for key, claimants in claims.items() if len(claimants) > 1]


def _double_claim(key: str, claimants: Sequence[Column]) -> str:
    listed = ", ".join(f"{column.letter} “{shown(column.title)}”" for column in claimants)
    return _('Several columns read as %(key)s: %(columns)s; choose one with --map "%(letter)s=%(key)s".') % {
        "key": key,
        "columns": listed,
        "letter": claimants[0].letter,
    }
