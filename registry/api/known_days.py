"""What the moment of knowing leaves unknown, and the answer says so: a later day, or all before the first record."""

from __future__ import annotations

import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registry.days import SHANGHAI
from registry.history import first_recorded_at

Flag = dict[str, str]
FUTURE_DAY = "future_day"
BEFORE_FIRST_RECORD = "before_first_record"


def day_of(moment: datetime.datetime) -> datetime.date:
    """The day in Shanghai that holds the moment."""
    return moment.astimezone(SHANGHAI).date()


def future_day(day: datetime.date, known_on: datetime.date) -> list[Flag]:
    """The flag of a `day` after `known_on`; of any other day none."""
    if day <= known_on:
        return []
    words = {"day": day.isoformat(), "known_on": known_on.isoformat()}
    detail = _("%(day)s lies after %(known_on)s: the answer holds only what was known by then.")
    return [{"code": FUTURE_DAY, "detail": detail % words}]


def before_first_record(known_at: datetime.datetime | None) -> list[Flag]:
    """The flag of a moment at which the register knew nothing yet; of any other, or none, no flag."""
    first = first_recorded_at() if known_at else None
    if known_at is None or first is None or known_at >= first:
        return []
    moments = {"moment": known_at, "first": first}
    words = {name: localtime(moment).isoformat(" ", "seconds") for name, moment in moments.items()}
    detail = _("The register knew nothing at %(moment)s: its first record is of %(first)s.")
    return [{"code": BEFORE_FIRST_RECORD, "detail": detail % words}]
