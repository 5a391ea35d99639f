"""Sheets made on the spot, in each of the formats and encodings that staff upload."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

Value = str | int | float | date | None
Rows = Sequence[Sequence[Value]]
SheetMaker = Callable[..., Path]


def _write_xlsx(path: Path, sheets: dict[str, Rows], merges: Sequence[tuple[int, int, int, int, str]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, date):
                        sheet.write_datetime(row, column, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif value is not None:
                        sheet.write(row, column, value)
            for merge in merges:
                sheet.merge_range(*merge)


def _write_xls(path: Path, sheets: dict[str, Rows], merges: Sequence[tuple[int, int, int, int, str]]) -> None:
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name, cell_overwrite_ok=True)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, date):
                    sheet.write(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)
        for top, left, bottom, right, text in merges:
            sheet.write_merge(top, bottom, left, right, text)
    book.save(str(path))


def _write_csv(path: Path, rows: Rows, encoding: str, delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["" if v is None else str(v) for v in row] for row in rows])
    path.write_bytes(text.getvalue().encode(encoding))


@pytest.fixture
def sheet_file(tmp_path: Path) -> SheetMaker:
    """`sheet_file("a.xlsx", rows)`; merges are (top, left, bottom, right, text) counted from 0."""

    def make(
        name: str,
        rows: Rows | dict[str, Rows],
        merges: Sequence[tuple[int, int, int, int, str]] = (),
        encoding: str = "utf-8",
        delimiter: str = ",",
    ) -> Path:
        path = tmp_path / name
        sheets = rows if isinstance(rows, dict) else {"名单": rows}
        if path.suffix == ".csv":
            _write_csv(path, next(iter(sheets.values())), encoding, delimiter)
        else:
            (_write_xlsx if path.suffix == ".xlsx" else _write_xls)(path, sheets, merges)
        return path

    return make


@pytest.fixture
def repack(tmp_path: Path) -> Callable[[Path, Callable[[str, bytes], bytes], dict[str, bytes]], Path]:
    """A copy of an .xlsx with its parts changed one by one and others added."""

    def make(path: Path, change: Callable[[str, bytes], bytes], added: dict[str, bytes]) -> Path:
        target = tmp_path / f"repacked-{path.name}"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, change(name, old.read(name)))
            for name, content in added.items():
                new.writestr(name, content)
        return target

    return make
