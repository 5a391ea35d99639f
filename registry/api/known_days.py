"""A day that lies after the moment of knowing: what happens until then is not known, and the answer says so."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from registry.days import SHANGHAI

Flag = dict[str, str]
FUTURE_DAY = "future_day"


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
