"""`/districts/`: every district and county in force on the day, by zone."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from companies.pages.charts import share_of
from companies.pages.codes import ended, listed
from companies.pages.figures import Stock, end_of_last_year, headings, listed_by, stock
from companies.pages.succession import DISTRICTS
from companies.pages.targets import Area, AreaTarget, Stocks, targets
from companies.statistics.codes import HIGH_TECH_FIRMS, STANDING
from companies.statistics.groups import UNKNOWN
from registry.api.languages import name_in
from registry.pages.views import PageView
from registry.templatetags.pages import number

PLACE_OF_HIGH_TECH = STANDING.index(HIGH_TECH_FIRMS)


@dataclass(frozen=True)
class Figure:
    """One number of a table, with the filters of the list of firms that it counts.

    `change` is None where the place did not exist at the end of the year before.
    """

    value: int
    change: int | None
    query: str


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    figures: list[Figure]
    incubators: int
    bar: float


@dataclass(frozen=True)
class Zone:
    code: str
    name: str
    districts: list[Line]
    totals: list[Figure]
    incubators: int


class DistrictsPage(PageView):
    """The figures of the day by district, with the totals and the targets of the zones."""

    template_name = "companies/pages/districts.html"
    section = "districts"
    data_sets = tuple(f"statistics/{metric}/" for metric in STANDING)

    def content(self, **address: str) -> dict[str, Any]:
        stocks = {metric: stock(self.ask, metric, self.asked.valid_on, "district") for metric in STANDING}
        incubators = self.incubators()
        rows = listed(self.ask, DISTRICTS)
        zones, today = self.zones(rows, stocks, incubators), self.asked.valid_on.isoformat()
        return {
            "zones": zones,
            "headings": headings().values(),
            "totals": [Figure(one.now, one.now - one.before, query_of(metric)) for metric, one in stocks.items()],
            "incubators": sum(incubators.values()),
            "unknown": [stocks[metric].of(UNKNOWN) for metric in STANDING],
            "flags": stocks[HIGH_TECH_FIRMS].flags,
            "targets": self.targets(zones, stocks[HIGH_TECH_FIRMS].now),
            "has_unknown": any(stocks[metric].of(UNKNOWN) for metric in STANDING),
            "leader": leader([line for zone in zones for line in zone.districts]),
            "abolished": [followed(row, self.language) for row in ended(self.ask, DISTRICTS) if is_over(row, today)],
            "api": self.api_address(f"statistics/{HIGH_TECH_FIRMS}/", {"group_by": "district"}),
        }

    def incubators(self) -> dict[str, int]:
        groups = self.ask("statistics/incubators/", {"group_by": "district"})["groups"]
        return {group["key"]["district"]: group["value"] for group in groups}

    def zones(
        self, rows: list[dict[str, Any]], stocks: Mapping[str, Stock], incubators: Mapping[str, int]
    ) -> list[Zone]:
        """Zones by code, their districts by their high-tech firms."""
        most = max([stocks[HIGH_TECH_FIRMS].of(row["code"]) for row in rows], default=0)
        found, gone = [], ended(self.ask, DISTRICTS)
        for code, name in sorted({(row["zone"]["code"], row["zone"]["name"]) for row in rows}):
            within = [row for row in rows if row["zone"]["code"] == code]
            lines = [self.line(row, stocks, incubators.get(row["code"], 0), most) for row in within]
            lines.sort(key=high_tech_of, reverse=True)
            codes = {row["code"] for row in (*within, *gone) if row["zone"]["code"] == code}
            totals = [total_of(metric, one, code, codes) for metric, one in stocks.items()]
            found.append(Zone(code, name, lines, totals, sum(line.incubators for line in lines)))
        return found

    def line(self, row: Mapping[str, Any], stocks: Mapping[str, Stock], incubators: int, most: int) -> Line:
        code = row["code"]
        existed = datetime.date.fromisoformat(row["from"] or "0001-01-01") <= end_of_last_year(self.asked.valid_on)
        figures = [
            Figure(one.of(code), one.change_of(code) if existed else None, query_of(metric, district=code))
            for metric, one in stocks.items()
        ]
        bar = share_of(stocks[HIGH_TECH_FIRMS].of(code), most)
        return Line(code, name_in(self.language, row), figures, incubators, bar)

    def targets(self, zones: list[Zone], city: int) -> list[AreaTarget]:
        """Of the city and of areas that are made of zones."""

        def is_shown(area: Area) -> bool:
            return area.is_city or bool(area.zones)

        stocks = Stocks(city, {zone.code: zone.totals[PLACE_OF_HIGH_TECH].value for zone in zones})
        return targets(self.ask, self.asked.valid_on.year, stocks, is_shown)


def high_tech_of(line: Line) -> int:
    return line.figures[PLACE_OF_HIGH_TECH].value


def leader(lines: list[Line]) -> str:
    """The finding of the page; nothing where no district has a high-tech firm."""
    most = max(lines, key=high_tech_of, default=None)
    if most is None or not high_tech_of(most):
        return ""
    words = {"district": most.name, "firms": number(high_tech_of(most))}
    return _("%(district)s has most high-tech firms: %(firms)s.") % words


def query_of(metric: str, **place: str) -> str:
    """The filters of `/firms/` whose count is the metric at a place."""
    return "&".join(f"{name}={text}" for name, text in {**place, **listed_by(metric)}.items())


def total_of(metric: str, one: Stock, zone: str, codes: set[str]) -> Figure:
    """Of a zone's districts, those that are no more among them, so that the change is that of the zone."""
    return Figure(sum(map(one.of, codes)), sum(map(one.change_of, codes)), query_of(metric, zone=zone))


def is_over(row: Mapping[str, Any], day: str) -> bool:
    return row["until"] is not None and row["until"] <= day


def followed(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A district that is no more, with what followed it."""
    return {"code": row["code"], "name": name_in(language, row), "until": row["until"], "successor": row["successor"]}
