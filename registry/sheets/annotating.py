"""The same sheet once more as .xlsx, every cell in its place, with what was found of each row beside it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import IO, Any

from registry.sheets.grid import CellValue, Grid

NOTHING_IS_GUESSED = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
LONGEST_TEXT = 32_767  # characters of a cell


def write_annotated(
    grid: Grid, titles: Sequence[str], heading_row: int, found: Mapping[int, Sequence[str]], file: IO[bytes]
) -> None:
    """`found`: row number from 1 -> texts of the added columns. Texts stay texts, also those like formulas."""
    import xlsxwriter  # here: only who writes a workbook needs it

    workbook = xlsxwriter.Workbook(file, NOTHING_IS_GUESSED)
    formats = {
        datetime.datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        datetime.date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
        datetime.time: workbook.add_format({"num_format": "hh:mm:ss"}),
        str: workbook.add_format({"num_format": "@"}),
    }
    marked = workbook.add_format({"num_format": "@", "bg_color": "#FFF1C2"})
    sheet = workbook.add_worksheet(_sheet_name(grid.name))
    width = max(map(len, grid.rows), default=0)
    sheet.set_column(0, max(width - 1, 0), 18)
    sheet.set_column(width, width + len(titles) - 1, 40)
    for index, values in enumerate(grid.rows):
        for column, value in enumerate(values):
            _write(sheet, index, column, value, formats)
        added = titles if index == heading_row else found.get(index + 1, ())
        for place, text in enumerate(added):
            sheet.write_string(index, width + place, text[:LONGEST_TEXT], marked)
    sheet.freeze_panes(heading_row + 1, 0)
    workbook.close()


def _sheet_name(name: str) -> str | None:
    return name[:31] or None


def _write(sheet: Any, row: int, column: int, value: CellValue, formats: Mapping[type, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime.datetime | datetime.date | datetime.time):
        sheet.write_datetime(row, column, value, formats[type(value)])
    else:
        sheet.write_string(row, column, str(value)[:LONGEST_TEXT], formats[str])
