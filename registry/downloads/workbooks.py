"""XLSX: one sheet of data, one that explains it. Nothing is a formula or a link, texts stay texts, days are days."""

from __future__ import annotations

import datetime
import unicodedata
from itertools import chain
from typing import IO, Any

from django.utils.translation import gettext as _

from registry.downloads.tables import Column, Datatype, Table, TextTooLong

CREATED = datetime.datetime(2000, 1, 1)
"""Of every workbook, so that equal answers are equal files; the notes say when the data were known."""
MOST_DIGITS = 15
"""A spreadsheet keeps no more digits of a number; one with more stays a text."""
WIDTHS = {Datatype.TEXT: 20, Datatype.MOMENT: 28, Datatype.BOOLEAN: 8}
NUMBER_FORMATS = {Datatype.TEXT: "@", Datatype.MOMENT: "@", Datatype.DAY: "yyyy-mm-dd", Datatype.INTEGER: "0"}


def write_workbook(table: Table, file: IO[bytes]) -> None:
    """Raises TextTooLong for more characters than a cell holds."""
    import xlsxwriter  # here: only who writes a workbook needs it

    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    workbook.set_properties({"title": table.title, "created": CREATED})
    _write_data(workbook, table)
    _write_notes(workbook, table)
    workbook.close()


def _write_data(workbook: Any, table: Table) -> None:
    sheet = workbook.add_worksheet(_("Data"))
    places = [place for place, column in enumerate(table.columns) if not column.is_context]
    columns = [table.columns[place] for place in places]
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _width(column))
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = [_format(workbook, column) for column in columns]
    _write_row(sheet, 0, columns, [str(column.title) for column in columns], [head] * len(columns), as_texts=True)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(chain.from_iterable(table.batches), 1):
        _write_row(sheet, last, columns, [row[place] for place in places], formats)
    if last:
        sheet.autofilter(0, 0, last, len(columns) - 1)


def _write_row(
    sheet: Any, number: int, columns: list[Column], values: list[Any], formats: list[Any], *, as_texts: bool = False
) -> None:
    for at, (column, value) in enumerate(zip(columns, values, strict=True)):
        if value is not None and _write(sheet, number, at, value, column, formats[at], as_texts) != 0:
            raise TextTooLong(column.name)


def _write(sheet: Any, row: int, at: int, value: Any, column: Column, cell: Any, as_text: bool) -> int:
    """0, or what xlsxwriter answers for a cell that it leaves out. Never its `write`, which guesses formulas."""
    datatype = Datatype.TEXT if as_text else column.datatype
    if datatype is Datatype.DAY:
        return int(sheet.write_datetime(row, at, datetime.date.fromisoformat(value), cell))
    if datatype is Datatype.BOOLEAN:
        return int(sheet.write_boolean(row, at, value, cell))
    if datatype in (Datatype.INTEGER, Datatype.NUMBER) or (datatype is Datatype.DECIMAL and _is_kept(value)):
        return int(sheet.write_number(row, at, float(value), cell))
    return int(sheet.write_string(row, at, str(value), cell))


def _is_kept(decimal: str) -> bool:
    return len(decimal.replace(".", "").lstrip("-0")) <= MOST_DIGITS


def _format(workbook: Any, column: Column) -> Any:
    shown = NUMBER_FORMATS.get(column.datatype, "General")
    if column.datatype is Datatype.DECIMAL:
        shown = "0." + "0" * column.digits[1]
    return workbook.add_format({"num_format": shown})


def _width(column: Column) -> int:
    """In characters; a Chinese one takes the room of two."""
    title = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in str(column.title))
    return max(min(title + 2, 30), WIDTHS.get(column.datatype, 12))


def _write_notes(workbook: Any, table: Table) -> None:
    """What the table is, then what its columns are."""
    sheet = workbook.add_worksheet(_("Notes"))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 2, 60)
    bold, text = workbook.add_format({"bold": True, "valign": "top"}), workbook.add_format({"text_wrap": True})
    lines: list[tuple[str, ...]] = [(str(note.title), note.text) for note in table.notes()]
    lines += [(), (_("Title of the column"), _("Its name in CSV and Parquet"), _("Meaning"))]
    shown = [column for column in table.columns if not column.is_context]
    lines += [(str(column.title), column.name, str(column.description)) for column in shown]
    for row, cells in enumerate(lines):
        for at, words in enumerate(cells):
            if sheet.write_string(row, at, words, bold if at == 0 else text) != 0:
                raise TextTooLong(cells[0])
