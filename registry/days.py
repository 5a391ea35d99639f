"""Days: calendar arithmetic of half-open periods, and reading a day strictly (API) or as sheets write it.

Every day is a day in Asia/Shanghai.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.names import drop_invisible, shown

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1900, 2200

_STRICT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = r"(?:\s*[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?"
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0+)?")
_SEPARATED = re.compile(r"([0-9]{4})\s*([-/.])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})" + _CLOCK)
_CHINESE = re.compile(r"([0-9]{4})\s*(年)\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?" + _CLOCK)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:.*")
_YEAR_NOT_FIRST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{1,2}|[0-9]{4})")
_SERIAL = re.compile(r"[0-9]{5,6}(?:\.[0-9]+)?")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")

# Excel counts a 29 February 1900 that never was: serials are right from 61, 1900-03-01.
_SERIAL_ORIGIN = date(1899, 12, 30)
_FIRST_SERIAL = 61
_LAST_SERIAL = (date(LAST_YEAR, 12, 31) - _SERIAL_ORIGIN).days


class DayError(ValidationError, ValueError):
    """A value that is no day of the register. `code` is empty, form, ambiguous, impossible or range."""

    def __str__(self) -> str:
        return str(self.messages[0])


def today() -> date:
    """The present day in Shanghai, whatever the clock of the machine is set to."""
    return datetime.now(SHANGHAI).date()


def add_months(day: date, months: int) -> date:
    """The day with the same number `months` later, as the end of a half-open period.

    Where that month is too short the period ends with the month: 2024-01-31 and one month give 2024-03-01.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return _same_day(year, month + 1, day.day)
    except (ValueError, OverflowError):
        raise _out_of_range(f"{day.isoformat()} + {months}") from None


def _same_day(year: int, month: int, number: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=number - 1), following)


def add_years(day: date, years: int) -> date:
    """The first day after `years` years: three years from 2024-02-29 end at 2027-03-01."""
    return add_months(day, 12 * years)


def last_included(until: date) -> date:
    """The last day inside a period that ends before `until`: what forms and sheets show."""
    return until - timedelta(days=1)


def until_from_last(day: date) -> date:
    """The open end of a period whose last day is `day`."""
    return day + timedelta(days=1)


def parse_day(text: str) -> date:
    """A day written YYYY-MM-DD, from 1900 to 2200; DayError for anything else."""
    found = _STRICT.fullmatch(text)
    if not found:
        raise _problem(_("“%(value)s” is not a day written as YYYY-MM-DD."), "form", text)
    return _day(text, *found.groups())


def parse_loose_day(value: object) -> date:
    """A day as a sheet holds it: a date, an Excel serial (1900 system), 20240305, or text, year first.

    A moment with an offset is taken to Shanghai. What could mean two days, or only a month, is a DayError.
    """
    if isinstance(value, datetime):
        return _day_of_moment(value)
    if isinstance(value, date):
        return _within_range(value, value.isoformat())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _day_of_number(value)
    if isinstance(value, str):
        return _day_of_text(value)
    if value is None:
        raise _problem(_("There is no day here."), "empty", "")
    raise _problem(_("“%(value)s” is not a day."), "form", shown(value))


def _day_of_moment(moment: datetime) -> date:
    try:
        local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    except OverflowError:
        raise _out_of_range(moment.isoformat()) from None
    return _within_range(local.date(), moment.isoformat())


def _day_of_number(number: float) -> date:
    text = shown(number)
    if not _FIRST_SERIAL <= number < 10**8:  # so NaN as well
        raise _out_of_range(text)
    whole = math.floor(number)
    if FIRST_YEAR <= whole <= LAST_YEAR:
        raise _problem(_("“%(value)s” may be only a year; write the day too."), "ambiguous", text)
    if whole <= _LAST_SERIAL:
        return _SERIAL_ORIGIN + timedelta(days=whole)
    compact = _COMPACT.fullmatch(str(whole)) if whole == number else None
    if compact:
        return _day(text, *compact.groups())
    raise _out_of_range(text)


def _day_of_text(value: str) -> date:
    text = drop_invisible(unicodedata.normalize("NFKC", value[:100])).translate(_DASHES).strip()
    if not text:
        raise _problem(_("There is no day here."), "empty", value)
    for found in _readings(text):
        return _day(value, *found)
    if _MOMENT.fullmatch(text):
        return _day_of_written_moment(text, value)
    if _SERIAL.fullmatch(text):
        return _day_of_number(float(text))
    if _YEAR_NOT_FIRST.fullmatch(text):
        raise _problem(_("“%(value)s” can be read as several days; write the year first."), "ambiguous", value)
    raise _problem(_("“%(value)s” is not a day."), "form", value)


def _readings(text: str) -> Iterator[tuple[str, str, str]]:
    if found := _COMPACT.fullmatch(text):
        yield found[1], found[2], found[3]
    elif found := (_SEPARATED.fullmatch(text) or _CHINESE.fullmatch(text)):
        yield found[1], found[3], found[4]


def _day_of_written_moment(text: str, value: str) -> date:
    try:
        return _day_of_moment(datetime.fromisoformat(text))
    except DayError:
        raise
    except ValueError:
        raise _problem(_("“%(value)s” is not a day."), "form", value) from None


def _day(text: str, year: str, month: str, day: str) -> date:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise _out_of_range(text)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _problem(_("“%(value)s” is a day that no calendar has."), "impossible", text) from None


def _within_range(day: date, text: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _out_of_range(text)
    return day


def _out_of_range(text: str) -> DayError:
    return DayError(
        _("“%(value)s” lies outside the years %(first)d to %(last)d."),
        code="range",
        params={"value": shown(text), "first": FIRST_YEAR, "last": LAST_YEAR},
    )


def _problem(message: "StrOrPromise", code: str, text: str) -> DayError:
    return DayError(message, code=code, params={"value": shown(text)})
