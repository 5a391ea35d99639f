"""Standing figures for the pages of districts, from the API's series: the ledger answers all groups at once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from companies.statistics.codes import STANDING
from companies.statistics.metrics import BY_CODE
from companies.statistics.over_time.in_force import NOT_IN_FORCE
from companies.views import CompanyListView
from registry.days import FIRST_YEAR
from registry.pages.asking import Asker


def listed_by(metric: str) -> dict[str, str]:
    """The filters of `/firms/` whose count is the metric: those that make it, but for what the list does by itself."""
    defaults = {parameter.name: parameter.default for parameter in CompanyListView.parameters()}
    return {name: text for name, text in BY_CODE[metric].implied.items() if defaults[name] != text}


def headings() -> dict[str, str]:
    return {metric: str(BY_CODE[metric].name) for metric in STANDING}


@dataclass(frozen=True)
class Stock:
    """A figure at the end of last year and on the day, whole and by group. Missing groups are none."""

    before: int
    now: int
    groups_before: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[Mapping[str, str], ...] = ()

    def of(self, key: str) -> int:
        return self.groups.get(key, 0)

    def change_of(self, key: str) -> int:
        return self.of(key) - self.groups_before.get(key, 0)


def series(ask: Asker, metric: str, first: datetime.date, last: datetime.date, **narrowed: str) -> dict[str, Any]:
    """The year-ends from `first`, and the day `last`."""
    period = {"from": first.isoformat(), "to": last.isoformat(), "by": "year"}
    return ask(f"statistics/{metric}/series/", {"valid_on": None, **period, **narrowed})


def end_of_last_year(day: datetime.date) -> datetime.date:
    return year_end(day, 1)


def year_end(day: datetime.date, years: int) -> datetime.date:
    """The last day of the year so many years before, or the first day that the register takes; never after the day."""
    if day.year - years < FIRST_YEAR:
        return min(day, datetime.date(FIRST_YEAR, 12, 31))
    return datetime.date(day.year - years, 12, 31)


def stock(ask: Asker, metric: str, day: datetime.date, group_by: str, **narrowed: str) -> Stock:
    """One figure on the day, with its change since the end of last year, by one dimension."""
    answer = series(ask, metric, end_of_last_year(day), day, group_by=group_by, **narrowed)
    return Stock(
        answer["points"][0]["value"],
        answer["points"][-1]["value"],
        {group["key"][group_by]: group["values"][0] or 0 for group in answer["groups"]},
        {group["key"][group_by]: group["values"][-1] or 0 for group in answer["groups"]},
        {group["key"][group_by]: group["label"][group_by] for group in answer["groups"]},
        # That a code was not in force the pages say in words of their own.
        tuple(flag for flag in answer["flags"] if flag["code"] != NOT_IN_FORCE),
    )


def page_of_part(address: str) -> str:
    """Where people read the firms behind a part of a bridge that the API gave the address of."""
    parts = urlsplit(address)
    reason = parts.path.rstrip("/").rsplit("/", 1)[-1]
    return f"{reverse('dashboard-bridge-part', args=[reason])}?{parts.query}"
