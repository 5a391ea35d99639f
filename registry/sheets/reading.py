"""Reads an uploaded .xlsx, .xls or .csv into a table: columns recognised, rows with their true number."""

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from registry.names import shown
from registry.sheets import limits
from registry.sheets.cells import EMPTY, Cell, cell_of
from registry.sheets.columns import HEADINGS
from registry.sheets.compound import scan_compound
from registry.sheets.content import check_extension, check_kind, refuse_damaged, refuse_encrypted
from registry.sheets.delimited import read_delimited
from registry.sheets.errors import SeveralSheets, SheetError
from registry.sheets.grid import CellValue, Formulas, Grid, Position, SheetFacts, position_name
from registry.sheets.headers import ColumnMap, find_columns
from registry.sheets.package import parts_of
from registry.sheets.rows import Row, SkippedRow, divide, with_untitled
from registry.sheets.workbook_xml import scan_parts

_NO_NOTES: tuple[str, ...] = ()
TEXTS_SHARED = 1_000


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, understood: `notes` are sentences on what was left aside; `sheet` is empty for a CSV."""

    sheet: str
    columns: ColumnMap
    rows: tuple[Row, ...]
    skipped: tuple[SkippedRow, ...]
    notes: tuple[str, ...]
    error_cells: frozenset[Position] = frozenset()
    formulas: Formulas = field(default_factory=Formulas)
    corrected: frozenset[Position] = frozenset()

    def cell(self, row: Row, key: str) -> Cell:
        """The cell of the row in the column read as `key`; empty where the sheet has no such column."""
        column = self.columns.column(key)
        return EMPTY if column is None else self.cell_at(row, column.index)

    def cell_at(self, row: Row, index: int) -> Cell:
        value = row.values[index] if index < len(row.values) else None
        position = (row.number - 1, index)
        if position in self.corrected:
            return cell_of(value)
        return cell_of(value, is_error=position in self.error_cells, is_formula=position in self.formulas)


def read_tables(path: str | Path, sheet: str | None = None, overrides: Mapping[str, str] | None = None) -> Table:
    """The table of the file; SheetError, one sentence, for what cannot be read safely or without doubt."""
    path = Path(path)
    check_extension(path.suffix.lower())
    grid, notes = grid_of(path.name, _bytes_of(path), sheet, overrides)
    found = find_columns(grid, overrides)
    if found is None:
        raise SheetError(
            _("No row names the columns; a heading like %(known)s is needed, or --map. It begins: %(begin)s")
            % {
                "known": " / ".join(HEADINGS[key][0].split()[0] for key in ("name", "uscc")),
                "begin": _beginning(grid),
            }
        )
    return table_under(grid, found, notes)


def grid_of(
    name: str, data: bytes, sheet: str | None = None, overrides: Mapping[str, str] | None = None
) -> tuple[Grid, tuple[str, ...]]:
    """The sheet of the file that is meant, not yet understood, and what is to be told of the others."""
    extension = Path(name).suffix.lower()
    check_extension(extension)
    check_kind(data, extension)
    if extension == ".csv":
        if sheet is not None:
            raise SheetError(_("A CSV file has no sheets; leave out the sheet “%s”.") % shown(sheet))
        grid, notes = read_delimited(data), _NO_NOTES
    else:
        facts = scan_parts(parts_of(data)) if extension == ".xlsx" else scan_compound(data)
        grid, notes = _choose(_workbook(data), facts, sheet, overrides)
    if grid.is_blank():
        raise SheetError(_("The file holds no data."))
    return grid, notes


def table_under(grid: Grid, found: ColumnMap, notes: tuple[str, ...] = ()) -> Table:
    """The rows of the sheet under these headings."""
    entries, skipped = divide(grid, found)
    if not entries:
        raise SheetError(_("There are headings in row %d but no rows under them.") % (found.last_row + 1))
    columns = with_untitled(found, entries)
    return Table(grid.name, columns, tuple(entries), tuple(skipped), notes, frozenset(grid.error_cells), grid.formulas)


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limits.MAXIMUM_FILE_BYTES + 1)
    except OSError as error:
        raise SheetError(_("The file “%s” cannot be opened.") % shown(path.name)) from error
    if len(data) > limits.MAXIMUM_FILE_BYTES:
        raise SheetError(_("The file is larger than %d MB; split it.") % (limits.MAXIMUM_FILE_BYTES // 1024**2))
    return data


@contextmanager
def _sentences_for_faults() -> Iterator[None]:
    """What the reader cannot read becomes a SheetError; its panics derive from BaseException only."""
    try:
        yield
    except PasswordError as error:
        raise refuse_encrypted() from error
    except CalamineError as error:
        raise refuse_damaged(shown(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise refuse_damaged(shown(error)) from error


def _workbook(data: bytes) -> CalamineWorkbook:
    with _sentences_for_faults():
        return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _grid(workbook: CalamineWorkbook, name: str, facts: SheetFacts) -> Grid:
    """The sheet from its first cell on, with merges down a column filled in (a district beside its firms)."""
    with _sentences_for_faults():
        source = workbook.get_sheet_by_name(name)
        rows = shared(source.to_python(skip_empty_area=False))
        merges = source.merged_cell_ranges or []
    grid = Grid(name, rows, error_cells=facts.error_cells, formulas=facts.formulas)
    grid.check_texts()
    _apply_merges(grid, merges)
    return grid


def shared(rows: Iterable[Iterable[CellValue]]) -> list[list[CellValue]]:
    """The rows with each of the first thousand texts kept once: districts and kinds come again in every row."""
    once: dict[str, str] = {}

    def kept(value: CellValue) -> CellValue:
        if not isinstance(value, str):
            return value
        return once.setdefault(value, value) if len(once) < TEXTS_SHARED else once.get(value, value)

    return [[kept(value) for value in row] for row in rows]


def _apply_merges(grid: Grid, merges: Iterable[tuple[Position, Position]]) -> None:
    """Sideways merges are remembered, as they mark banners; merges down one column are filled in."""
    rows, filled = grid.rows, 0
    for (top, left), (bottom, right) in merges:
        last = min(bottom, len(rows) - 1)
        if right > left:
            grid.merged_widths[top] = max(grid.merged_widths.get(top, 1), right - left + 1)
        elif last > top and left < len(rows[top]):
            filled += last - top
            if filled > limits.MAXIMUM_CELLS:
                raise refuse_damaged(_("merged cells overlap"))
            for row in range(top + 1, last + 1):
                rows[row][left] = rows[top][left]
            if (top, left) in grid.formulas:
                grid.formulas.add((top, left), (last, left))


OUR_NOTES = frozenset({"Notes", "Note", "说明"})
"""The second sheet of a workbook that was downloaded here, in each language: it names the columns, as data do."""


def _choose(
    workbook: CalamineWorkbook,
    facts: Mapping[str, SheetFacts],
    sheet: str | None,
    overrides: Mapping[str, str] | None,
) -> tuple[Grid, tuple[str, ...]]:
    """The sheet asked for, or the only one with data, or the only one whose headings are known."""
    worksheets = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if sheet is not None and sheet not in [meta.name for meta in worksheets]:
        raise SheetError(
            _("There is no sheet “%(sheet)s”; the file has %(names)s.")
            % {"sheet": shown(sheet), "names": _listed(meta.name for meta in worksheets)}
        )
    if any("\0" in meta.name for meta in worksheets):
        raise refuse_damaged(_("name of a sheet"))
    hidden = {meta.name for meta in worksheets if meta.visible != SheetVisibleEnum.Visible}
    grids = [_grid(workbook, meta.name, facts.get(meta.name, SheetFacts())) for meta in worksheets]
    filled = [grid for grid in grids if not grid.is_blank() or _has_formulas(facts, grid)]
    aside = hidden | OUR_NOTES if len(filled) > 1 else hidden
    offered = [grid for grid in filled if (grid.name == sheet if sheet is not None else grid.name not in aside)]
    chosen = _the_one(offered, overrides)
    _check_calculated(facts, chosen)
    others = [grid.name for grid in filled if grid is not chosen]
    notes = (_("Other sheets with data are not read: %s.") % _listed(others),) if others else ()
    return chosen, notes


def _has_formulas(facts: Mapping[str, SheetFacts], grid: Grid) -> bool:
    return grid.name in facts and bool(facts[grid.name].uncached_formulas)


def _the_one(offered: list[Grid], overrides: Mapping[str, str] | None) -> Grid:
    if not offered:
        raise SheetError(_("The file holds no data."))
    if len(offered) == 1:
        return offered[0]
    known = [grid for grid in offered if _is_recognised(grid, overrides)]
    if len(known) == 1:
        return known[0]
    names = [grid.name for grid in known or offered]
    raise SeveralSheets(_("Several sheets could be meant: %s; say which one with --sheet.") % _listed(names), names)


def _is_recognised(grid: Grid, overrides: Mapping[str, str] | None) -> bool:
    try:
        return find_columns(grid, overrides) is not None
    except SheetError:
        return False


def _check_calculated(facts: Mapping[str, SheetFacts], grid: Grid) -> None:
    waiting = facts[grid.name].uncached_formulas if grid.name in facts else []
    if waiting:
        raise SheetError(
            _("Cell %(cell)s of “%(sheet)s” holds a formula never calculated; save it in Excel as .xlsx.")
            % {"cell": position_name(waiting[0]), "sheet": shown(grid.name)}
        )


def _beginning(grid: Grid) -> str:
    texts = [str(value) for row in grid.rows[:10] for value in row if value not in (None, "")]
    return shown(" | ".join(texts), 80)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{shown(name)}”" for name in names)
