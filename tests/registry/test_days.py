"""Days: ends of periods, and what a day may look like in the API and in a sheet."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.days import (
    SHANGHAI,
    DayError,
    add_months,
    add_years,
    last_included,
    parse_day,
    parse_loose_day,
    today,
    until_from_last,
)

days = st.dates(date(1900, 3, 1), date(2200, 12, 31))
FIFTH_OF_MARCH = date(2024, 3, 5)


def problem_of(parse: Callable[[object], date], value: object) -> str | None:
    with pytest.raises(DayError) as caught:
        parse(value)
    with override("en"):
        assert str(caught.value).encode().endswith(b".")
    return caught.value.code


@pytest.mark.parametrize(
    ("issued", "years", "until"),
    [
        (date(2024, 2, 29), 3, date(2027, 3, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2023, 10, 16), 3, date(2026, 10, 16)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2024, 12, 31), 1, date(2025, 12, 31)),
        (date(2027, 3, 1), -3, date(2024, 3, 1)),
    ],
)
def test_years_end_on_the_first_day_after_them(issued: date, years: int, until: date) -> None:
    assert add_years(issued, years) == until


@pytest.mark.parametrize(
    ("entered", "months", "until"),
    [
        (date(2024, 1, 31), 1, date(2024, 3, 1)),
        (date(2023, 1, 31), 1, date(2023, 3, 1)),
        (date(2023, 1, 29), 1, date(2023, 3, 1)),
        (date(2024, 1, 29), 1, date(2024, 2, 29)),
        (date(2024, 3, 31), 1, date(2024, 5, 1)),
        (date(2024, 11, 30), 3, date(2025, 3, 1)),
        (date(2024, 12, 15), 48, date(2028, 12, 15)),
        (date(2024, 12, 15), 0, date(2024, 12, 15)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
    ],
)
def test_months_end_with_a_short_month(entered: date, months: int, until: date) -> None:
    assert add_months(entered, months) == until


@settings(deadline=None)
@given(days, st.integers(0, 1200))
def test_months_keep_the_number_of_the_day_or_begin_the_next_month(day: date, months: int) -> None:
    until = add_months(day, months)
    assert until.day in (day.day, 1)
    assert add_months(day, months) >= day


@settings(deadline=None)
@given(days, days, st.integers(-120, 120))
def test_a_later_start_never_ends_earlier(one: date, other: date, months: int) -> None:
    earlier, later = sorted([one, other])
    assert add_months(earlier, months) <= add_months(later, months)


@pytest.mark.parametrize("years", [8000, -2024, 10**9, 10**30])
def test_end_beyond_the_calendar_is_a_day_error(years: int) -> None:
    assert problem_of(lambda _value: add_years(FIFTH_OF_MARCH, years), None) == "range"


def test_end_at_the_very_last_month_of_the_calendar_is_a_day_error_or_a_day() -> None:
    assert add_years(date(2024, 11, 30), 7975) == date(9999, 11, 30)
    assert problem_of(lambda _value: add_years(date(2024, 12, 30), 7976), None) == "range"


@settings(deadline=None)
@given(days)
def test_last_day_and_open_end_undo_each_other(day: date) -> None:
    assert last_included(until_from_last(day)) == day
    assert until_from_last(day) == day + timedelta(days=1)


def test_today_is_the_day_in_shanghai() -> None:
    before = datetime.now(timezone(timedelta(hours=8))).date()
    assert today() in (before, before + timedelta(days=1))
    assert datetime(2024, 3, 4, 16, tzinfo=UTC).astimezone(SHANGHAI).date() == FIFTH_OF_MARCH


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_day_of_the_register_is_read_back(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    assert parse_loose_day(day.isoformat()) == day
    assert parse_loose_day(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse_loose_day(f"{day:%Y%m%d}") == day
    assert parse_loose_day(int(f"{day:%Y%m%d}")) == day
    assert parse_loose_day(day) == day


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "form"),
        ("2024-3-5", "form"),
        ("2024/03/05", "form"),
        ("20240305", "form"),
        (" 2024-03-05", "form"),
        ("2024-03-05\n", "form"),
        ("２０２４-03-05", "form"),
        ("2024-03-05T00:00:00", "form"),
        ("2024-03-05\x00", "form"),
        ("\ud800", "form"),
        ("-2024-03-05", "form"),
        ("10000-01-01", "form"),
        ("0000-01-01", "range"),
        ("0001-01-01", "range"),
        ("1899-12-31", "range"),
        ("2201-01-01", "range"),
        ("9999-12-31", "range"),
        ("2023-02-29", "impossible"),
        ("2024-13-01", "impossible"),
        ("2024-00-10", "impossible"),
    ],
)
def test_strict_day_is_refused_for_its_reason(text: str, problem: str) -> None:
    assert problem_of(lambda value: parse_day(str(value)), text) == problem


@pytest.mark.parametrize(
    "value",
    [
        date(2024, 3, 5),
        datetime(2024, 3, 5, 23, 59),
        datetime(2024, 3, 4, 16, tzinfo=UTC),
        45356,
        45356.0,
        45356.75,
        20240305,
        20240305.0,
        "45356",
        "45356.5",
        "20240305",
        "20240305.0",
        "2024-03-05",
        "2024-3-5",
        "2024/3/5",
        "2024.3.5",
        "2024.03.05",
        "2024年3月5日",
        "2024 年 03 月 05 日",
        "2024年3月5号",
        "２０２４年３月５日",
        "２０２４／３／５",
        "2024\u20133\u20135",
        " 2024-03-05\u200b\n",
        "2024/3/5 0:00:00",
        "2024-03-05 00:00:00",
        "2024-03-05T08:00:00",
        "2024-03-04T16:00:00Z",
        "2024-03-04T23:30:00+00:00",
    ],
)
def test_day_of_a_sheet_is_read(value: object) -> None:
    assert parse_loose_day(value) == FIFTH_OF_MARCH


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, "empty"),
        ("", "empty"),
        (" \u200b", "empty"),
        (2024, "ambiguous"),
        (2024.0, "ambiguous"),
        (2024.3, "ambiguous"),
        ("3/5/2024", "ambiguous"),
        ("05.03.2024", "ambiguous"),
        ("24/3/5", "ambiguous"),
        ("2024", "form"),
        ("2024年3月", "form"),
        ("2024.3", "form"),
        ("2024-3/5", "form"),
        ("长期", "form"),
        ("#N/A", "form"),
        ("2024-03-05\x00", "form"),
        ("2024-03-05T99:00:00", "form"),
        ("\ud800", "form"),
        pytest.param("9" * 100_000, "form", id="100000-characters"),
        (True, "form"),
        (time(8, 0), "form"),
        (b"2024-03-05", "form"),
        (0, "range"),
        (1, "range"),
        (60, "range"),
        (-5, "range"),
        (202403, "range"),
        pytest.param(10**400, "range", id="401-digits"),
        pytest.param(10**5000, "range", id="5001-digits"),
        (float("nan"), "range"),
        (float("inf"), "range"),
        ("0001-01-01", "range"),
        ("2201/1/1", "range"),
        (date(1, 1, 1), "range"),
        (date(9999, 12, 31), "range"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23, minutes=59))), "range"),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), "range"),
        ("0001-01-01T00:00:00+23:59", "range"),
        ("2023-02-29", "impossible"),
        ("2024年13月1日", "impossible"),
        (20240230, "impossible"),
    ],
)
def test_cell_that_is_no_day_is_refused_for_its_reason(value: object, problem: str) -> None:
    assert problem_of(parse_loose_day, value) == problem


@settings(deadline=None)
@given(days)
def test_serial_of_a_day_after_the_false_leap_day_is_read_back(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    if not 1900 <= serial <= 2200:
        assert parse_loose_day(serial) == day


@settings(deadline=None)
@given(st.text() | st.integers() | st.floats() | st.datetimes() | st.dates() | st.binary() | st.booleans())
def test_any_cell_is_a_day_of_the_register_or_a_day_error(value: object) -> None:
    try:
        day = parse_loose_day(value)
    except DayError:
        return
    assert 1900 <= day.year <= 2200


def test_message_names_the_value() -> None:
    with pytest.raises(DayError) as caught:
        parse_loose_day("2024年2月30日")
    with override("en"):
        assert str(caught.value) == "“2024年2月30日” is a day that no calendar has."
