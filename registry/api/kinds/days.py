"""Days and moments."""

from __future__ import annotations

import datetime
import re
from typing import ClassVar

from django.utils.translation import gettext as _

from registry.api.kinds.base import Kind, Refused, Schema
from registry.days import FIRST_YEAR, LAST_YEAR, DayError, parse_day
from registry.names import shown

LARGEST_OFFSET = datetime.timedelta(hours=14)

_DAY_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayKind(Kind):
    """YYYY-MM-DD, a day in Shanghai."""

    def parse(self, text: str) -> datetime.date:
        try:
            return parse_day(text)
        except DayError as error:
            raise Refused("not_a_day", str(error)) from None

    def schema(self) -> Schema:
        return {"type": "string", "format": "date"}


class MomentKind(Kind):
    """ISO 8601 with date, time and offset, such as 2026-01-31T08:00:00+08:00 or …Z."""

    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
    )

    def parse(self, text: str) -> datetime.datetime:
        try:
            moment = datetime.datetime.fromisoformat(text) if self.pattern.fullmatch(text) else None
        except ValueError:
            moment = None
        if moment is None:
            raise Refused("not_a_moment", self._form(text), self._nearest(text))
        offset = moment.utcoffset()
        if not FIRST_YEAR < moment.year < LAST_YEAR or offset is None or abs(offset) > LARGEST_OFFSET:
            raise Refused("out_of_range", _("“%s” lies outside the moments that the register keeps.") % shown(text))
        return moment

    def _form(self, text: str) -> str:
        # A bare + in an address arrives as a blank; the usual slip deserves its own words.
        if " " in text and self.pattern.fullmatch(text.replace(" ", "+")):
            return _("“%s” holds a blank: write the + of the offset as %%2B.") % shown(text)
        return _("“%s” is not a moment such as 2026-01-31T08:00:00Z.") % shown(text)

    def _nearest(self, text: str) -> str | None:
        return None

    def schema(self) -> Schema:
        return {"type": "string", "format": "date-time"}


class KnownAtKind(MomentKind):
    """A moment of knowing. A day alone says too little: at its beginning less was known than at its end."""

    def _form(self, text: str) -> str:
        if _DAY_ALONE.fullmatch(text):
            return _("“%s” is a day; what was known changes within a day, so write a moment.") % shown(text)
        return super()._form(text)

    def _nearest(self, text: str) -> str | None:
        return f"{text}T15:59:59Z" if _DAY_ALONE.fullmatch(text) else None  # the end of the day in Shanghai
