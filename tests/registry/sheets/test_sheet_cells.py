"""Cells: what a person typed, and what is read from it."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from registry import credit_code
from registry.sheets.cells import (
    CellError,
    cell_of,
    parse_amount,
    parse_boolean,
    parse_code,
    parse_day,
    parse_integer,
    parse_last_day,
    parse_name,
    parse_text,
)
from registry.sheets.grid import CellValue

CODE = credit_code.complete("91500112", "MA5X0001")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3392.0, "3392"),
        (118971.2382, "118971.2382"),
        (0.1 + 0.2, "0.3"),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29, 8, 30), "2024-02-29 08:30:00"),
        (9.15e17, "9.15000000000000E+17"),
        (float("nan"), "nan"),
        (" 甲 ", " 甲 "),
        (None, ""),
    ],
)
def test_value_is_shown_as_in_excel(value: CellValue, text: str) -> None:
    assert cell_of(value).text == text


@pytest.mark.parametrize(
    "value", [915001126912345678.0, 9.15e17, 10**15, "9.15001E+17", "９.15E＋17", "9E17", float("inf")]
)
def test_number_of_too_many_digits_is_damaged_for_every_reader(value: CellValue) -> None:
    cell = cell_of(value)
    assert "last digits are lost" in cell.damage
    for read in (parse_code, parse_text, parse_amount, parse_day, parse_integer, parse_name):
        with pytest.raises(CellError, match="last digits"):
            read(cell)


@pytest.mark.parametrize("value", [999999999999999, 1.5, "1.5E3", "915001126912345678", CODE])
def test_exact_values_are_not_damaged(value: CellValue) -> None:
    assert cell_of(value).damage == ""


def test_code_in_the_ways_that_sheets_write_it() -> None:
    for typed in (
        CODE,
        CODE.lower(),
        f"'{CODE}",
        f'="{CODE}"',
        f" {CODE[:4]} {CODE[4:]} ",
        CODE[:9] + "\u200b" + CODE[9:],
    ):
        assert parse_code(cell_of(typed)) == CODE
    assert parse_code(cell_of("")) == ""


def test_code_with_one_slip_brings_the_right_one_as_suggestion() -> None:
    wrong = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")
    with pytest.raises(CellError) as caught:
        parse_code(cell_of(wrong))
    assert CODE in caught.value.suggestion
    assert wrong in caught.value.reason


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", f"=HYPERLINK({CODE})"])
def test_formula_in_a_code_column_is_no_code(value: str) -> None:
    with pytest.raises(CellError):
        parse_code(cell_of(value))


def test_name_is_cleaned_and_formula_stays_text() -> None:
    assert parse_name(cell_of("重庆山城(集团)有限\n公司 ")) == "重庆山城（集团）有限公司"
    assert parse_name(cell_of("=cmd|x")) == "=cmd|x"
    with pytest.raises(CellError):
        parse_name(cell_of("重庆\x00公司"))
    with pytest.raises(CellError, match="cannot be stored"):
        parse_text(cell_of("a\x00b"))


@pytest.mark.parametrize(
    "value", [date(2026, 10, 15), "2026-10-15", "2026年10月15日", "2026/10/15", 46310.0, 20261015.0]
)
def test_last_day_included_becomes_the_open_end(value: CellValue) -> None:
    assert parse_day(cell_of(value)) == date(2026, 10, 15)
    assert parse_last_day(cell_of(value)) == date(2026, 10, 16)


@pytest.mark.parametrize("value", ["2023-02-29", "昨天", "2023", True, float("nan")])
def test_what_is_no_day_is_refused(value: CellValue) -> None:
    with pytest.raises(CellError):
        parse_day(cell_of(value))


@pytest.mark.parametrize(
    ("value", "unit", "amount"),
    [
        ("1,234.5", "", "1234.5000"),
        (1234.5, "", "1234.5000"),
        ("1.2亿", "", "12000.0000"),
        ("１，２３４．５", "", "1234.5000"),
        ("500万", "", "500.0000"),
        ("500万元人民币", "", "500.0000"),
        ("人民币500万元", "元", "500.0000"),
        ("￥ 1 000 000 元", "", "100.0000"),
        ("5000000", "元", "500.0000"),
        ("1.5", "亿元", "15000.0000"),
        (0.0, "", "0.0000"),
        ("12345.6", "元", "1.2346"),
        ("", "", None),
    ],
)
def test_amount_in_ten_thousand_yuan(value: CellValue, unit: str, amount: str | None) -> None:
    found = parse_amount(cell_of(value), unit)
    assert (None if found is None else str(found)) == amount


@pytest.mark.parametrize(
    "value",
    [
        *("NaN", "1e-1000000", "-1e1000000", "Infinity", "1,23", "12,34.5", "500万美元", "约500", "1..2", "--5", "-3"),
        *("9" * 60, "9999999999999", "٣", True, date(2024, 1, 1), float("nan")),
    ],
)
def test_what_is_no_amount_is_refused(value: CellValue) -> None:
    with pytest.raises(CellError):
        parse_amount(cell_of(value))


@pytest.mark.parametrize(
    ("value", "number"), [("1,234", 1234), (3392.0, 3392), ("320人", 320), ("２３", 23), ("12.0", 12), ("", None)]
)
def test_integer(value: CellValue, number: int | None) -> None:
    assert parse_integer(cell_of(value)) == number


@pytest.mark.parametrize("value", ["12.5", 12.5, "-1", str(2**31), "1万", "many", "1e5", True, "NaN", "٣"])
def test_what_is_no_integer_is_refused(value: CellValue) -> None:
    with pytest.raises(CellError):
        parse_integer(cell_of(value))


@pytest.mark.parametrize(
    ("value", "answer"),
    [("是", True), ("否", False), (True, True), ("Ｙ", True), (0.0, False), ("√", True), ("", None)],
)
def test_boolean(value: CellValue, answer: bool | None) -> None:
    assert parse_boolean(cell_of(value)) is answer


@pytest.mark.parametrize("value", ["maybe", "2", "是否"])
def test_what_is_neither_yes_nor_no_is_refused(value: str) -> None:
    with pytest.raises(CellError):
        parse_boolean(cell_of(value))


def test_damaged_cell_is_never_blank() -> None:
    readers: list[Callable[..., object]] = [parse_text, parse_day, parse_boolean]
    broken = cell_of(None, is_error=True)
    assert not broken.is_blank
    for read in readers:
        with pytest.raises(CellError, match="shows an error"):
            read(broken)
