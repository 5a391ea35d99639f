"""Tables as files, cell by cell: what a spreadsheet would run or spoil, and what each reader gets back."""

import datetime
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest

from registry import credit_code
from registry.downloads.delimited import as_spreadsheet_text, write_delimited
from registry.downloads.parquet import ROWS_A_GROUP, write_parquet
from registry.downloads.tables import Column, Datatype, Note, Table, TextTooLong
from registry.downloads.workbooks import write_workbook
from registry.sheets.delimited import read_delimited

ALL_DIGITS = "915001123456789014"
COLUMNS = (
    Column("code", "代码", description="The code."),
    Column("amount", "金额", Datatype.DECIMAL),
    Column("day", "日期", Datatype.DAY),
    Column("at", "时刻", Datatype.MOMENT),
    Column("count", "数量", Datatype.INTEGER),
    Column("holds", "是否", Datatype.BOOLEAN),
    Column("metric", "指标", is_context=True),
)
ROWS = (
    (ALL_DIGITS, "12.5000", "2024-02-29", "2026-11-23T00:00:00+08:00", -3, True, "firms"),
    ("=1+1", None, None, None, None, False, "firms"),
    ("", "123456789012.1234", "1950-01-01", "2026-11-23T00:00:00.5+08:00", 0, None, "firms"),
)


def table(rows: Any = ROWS, columns: Any = COLUMNS) -> Table:
    return Table("a_file", "一个文件", columns, [rows[:1], rows[1:]], lambda: [Note("digest", "摘要", "sha256:1")])


def written(write: Any, made: Table) -> bytes:
    file = io.BytesIO()
    write(made, file)
    return file.getvalue()


def test_csv_is_as_a_chinese_spreadsheet_wants_it() -> None:
    data = written(write_delimited, table())
    assert (
        data
        == (
            "\ufeffcode,amount,day,at,count,holds,metric\r\n"
            f'"{ALL_DIGITS}\t",12.5000,2024-02-29,2026-11-23T00:00:00+08:00,-3,true,firms\r\n'
            "'=1+1,,,,,false,firms\r\n"
            '"",123456789012.1234,1950-01-01,2026-11-23T00:00:00.5+08:00,0,,firms\r\n'
        ).encode()
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_a_text_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert as_spreadsheet_text(text) == f"'{text}"


@pytest.mark.parametrize("text", [ALL_DIGITS, "007", "9150E10", "1e5", "3-4", "2024/5", "1.2", "123456789012"])
def test_a_text_that_would_become_another_number_or_a_day_gets_a_tab_after_it(text: str) -> None:
    assert as_spreadsheet_text(text) == f"{text}\t"


@pytest.mark.parametrize(
    "text", ["500106", "0", "91500112MA605MRG8L", "H1", "GR202451100001", "2024-02-29", "重庆", ""]
)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert as_spreadsheet_text(text) == text


def test_the_register_reads_its_own_codes_back() -> None:
    grid = read_delimited(written(write_delimited, table()))
    assert credit_code.normalise(str(grid.rows[1][0])) == ALL_DIGITS


def test_quotes_commas_and_lines_stay_in_their_cell() -> None:
    rows = (('a "b", c\r\nd',), (" x",))
    data = written(write_delimited, table(rows, COLUMNS[:1])).decode("utf-8-sig")
    assert data == 'code\r\n"a ""b"", c\r\nd"\r\n" x"\r\n'


def test_a_workbook_says_once_what_is_the_same_in_every_row() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(write_workbook, table())))
    data, notes = book.worksheets
    assert [cell.value for cell in data[1]] == ["代码", "金额", "日期", "时刻", "数量", "是否"]
    first, second, third = ([cell.value for cell in row] for row in data.iter_rows(min_row=2))
    day = datetime.datetime(2024, 2, 29)
    assert first == [ALL_DIGITS, 12.5, day, "2026-11-23T00:00:00+08:00", -3, True]
    assert second == ["=1+1", None, None, None, None, False]
    assert third == ["", "123456789012.1234", datetime.datetime(1950, 1, 1), "2026-11-23T00:00:00.5+08:00", 0, None]
    assert data["A3"].data_type == "s" and data["A2"].number_format == "@"
    assert [cell.value for cell in notes[1]][:2] == ["摘要", "sha256:1"]
    assert ["代码", "code", "The code."] in [[cell.value for cell in row] for row in notes.iter_rows()]


def test_a_decimal_of_more_digits_than_a_spreadsheet_keeps_is_a_text() -> None:
    rows = (("a", "123456789012.1234"), ("b", "12345678901.1234"))
    sheet = openpyxl.load_workbook(io.BytesIO(written(write_workbook, table(rows, COLUMNS[:2])))).worksheets[0]
    assert (sheet["B2"].value, sheet["B3"].value) == ("123456789012.1234", 12345678901.1234)


def test_equal_tables_are_equal_files() -> None:
    for write in (write_delimited, write_workbook, write_parquet):
        assert written(write, table()) == written(write, table())


def test_a_text_that_no_cell_holds_is_named_and_not_cut() -> None:
    with pytest.raises(TextTooLong, match="code"):
        written(write_workbook, table((("x" * 40_000,),), COLUMNS[:1]))


def test_parquet_has_types_and_notes() -> None:
    found = pyarrow.parquet.read_table(pyarrow.BufferReader(written(write_parquet, table())))
    kinds = {field.name: str(field.type) for field in found.schema}
    assert kinds == {
        "code": "string",
        "amount": "decimal128(18, 4)",
        "day": "date32[day]",
        "at": "timestamp[us, tz=Asia/Shanghai]",
        "count": "int64",
        "holds": "bool",
        "metric": "string",
    }
    assert found.column("amount").to_pylist() == [Decimal("12.5000"), None, Decimal("123456789012.1234")]
    assert found.column("code").to_pylist() == [ALL_DIGITS, "=1+1", ""]
    metadata = pyarrow.parquet.read_metadata(pyarrow.BufferReader(written(write_parquet, table()))).metadata
    assert metadata[b"digest"] == b"sha256:1"


def test_a_long_table_is_written_in_parts() -> None:
    rows = [(str(number),) for number in range(ROWS_A_GROUP + 1)]
    data = written(write_parquet, table(rows, COLUMNS[:1]))
    assert pyarrow.parquet.read_metadata(pyarrow.BufferReader(data)).num_row_groups == 2
    assert pyarrow.parquet.read_table(pyarrow.BufferReader(data)).column("code").to_pylist()[-1] == str(ROWS_A_GROUP)
