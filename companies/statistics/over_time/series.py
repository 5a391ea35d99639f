"""`statistics/{metric}/series/`: the stock at the end of each month, quarter or year."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from companies.statistics import ledger
from companies.statistics.dimensions import Dimension
from companies.statistics.downloads import tables
from companies.statistics.downloads.answering import answered
from companies.statistics.groups import UNKNOWN, labels_of
from companies.statistics.ledger.reading import Stock
from companies.statistics.over_time import in_force
from companies.statistics.over_time.answers import SeriesSerializer
from companies.statistics.over_time.parameters import BY, GROUP_BY, GROUPED_BY, SERIES_FROM, SERIES_TO
from companies.statistics.over_time.views import StandingView, rendered
from companies.statistics.zones import behind, regrouped
from registry.api.languages import language_of
from registry.api.parameters import KNOWN_AT, LANG
from registry.api.refusals import Mistake, ParameterProblem
from registry.api.snapshots import in_one_snapshot
from registry.downloads.tables import Column

MOST_POINTS = 400
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class SeriesView(StandingView):
    """The stock at the last day of each month, quarter or year, without gaps, and on the last day asked for."""

    answer_serializer = SeriesSerializer
    own = (SERIES_FROM, SERIES_TO, BY, GROUP_BY, KNOWN_AT, LANG)

    title = gettext_lazy("%(name)s: over time")

    def file_columns(self) -> Sequence[Column]:
        return tables.of_series(self.metric, GROUPED_BY, tables.blank(SeriesSerializer()))[0]

    @in_one_snapshot
    def get(self, request: Request) -> HttpResponseBase:
        days = self.days()
        stocks = ledger.series(self.metric.code, days, **self.narrowing)
        points = [{"day": day.isoformat(), "value": stocks[day].get((), 0)} for day in days]
        answer: dict[str, Any] = {**self.heading(), "by": self.asked.values["by"], "points": points}
        name = self.asked.values.get("group_by")
        groups = self.groups(self.metric.dimension(name), days) if name else []
        if name:
            answer["groups"] = groups
        told = [{"key": group["key"], "values": group["values"]} for group in groups]
        answer["flags"] = self.flags()
        if name:
            answer["flags"] += in_force.of_groups(self.metric.dimension(name), groups)
        answer |= self.digest(rendered({"points": points, "groups": told}))
        names = [name] if name else []
        return answered(self, self.file_title(), answer, lambda: tables.of_series(self.metric, names, answer))

    def days(self) -> list[datetime.date]:
        first, last = self.asked.values["from"], self.asked.values["to"]
        days = days_of(first, last, MONTHS[self.asked.values["by"]])
        if len(days) > MOST_POINTS:
            words = {"points": len(days), "most": MOST_POINTS}
            detail = _("by: the period has %(points)d points, more than %(most)d; take longer steps or less time.")
            raise ParameterProblem([Mistake("too_many_points", detail % words, parameter="by", nearest="year")])
        return days

    def groups(self, dimension: Dimension, days: list[datetime.date]) -> list[dict[str, Any]]:
        """The values of each group in the order of the points; by key, `unknown` last. Nothing is cut.

        None where the code of the group is not in force on the day of the point.
        """
        found = self.grouped(dimension.name, days)
        keys = {key for stock in found.values() for (key,) in stock}
        labels = labels_of(keys, dimension, language_of(self.request._request))
        words: dict[Any, str] = {labels[key].key: labels[key].words for key in keys}
        values = {code: [0] * len(days) for code in sorted(words, key=lambda code: (code == UNKNOWN, code))}
        for place, day in enumerate(days):
            for (key,), value in found[day].items():
                values[labels[key].key][place] += value  # a code that was given twice stands for both of its rows
        name, rows = dimension.name, in_force.rows_of(dimension, values)
        return [
            {
                "key": {name: code},
                "label": {name: words[code]},
                "values": in_force.left_empty(found_of_code, rows.get(code, []), days),
            }
            for code, found_of_code in values.items()
        ]

    def grouped(self, name: str, days: list[datetime.date]) -> dict[datetime.date, Stock]:
        found = ledger.series(self.metric.code, days, by=behind([name]), **self.narrowing)
        return {day: regrouped(stock, [name]) for day, stock in found.items()}


def days_of(first: datetime.date, last: datetime.date, months: int) -> list[datetime.date]:
    """The last days of the steps of so many months (1, 3 or 12) that hold a day of the period, none after its last."""
    begin, end = ((day.year * 12 + day.month - 1) // months for day in (first, last))
    return [min(last, last_day((step + 1) * months - 1)) for step in range(begin, end + 1)]


def last_day(month: int) -> datetime.date:
    """The last day of a month, counted from January of the year 0."""
    year, number = divmod(month, 12)
    return datetime.date(year, number + 1, calendar.monthrange(year, number + 1)[1])
