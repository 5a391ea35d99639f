"""`/districts/`: every district and county in force on the day, by zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from companies.pages.charts import share_of
from companies.pages.codes import ended, listed
from companies.pages.figures import LISTED_BY, STANDING, Stock, headings, stock
from companies.pages.targets import CITY, Parts, targets
from companies.statistics.groups import UNKNOWN
from registry.api.languages import name_in
from registry.pages.views import PageView
from registry.templatetags.pages import number

DISTRICTS = "codes/districts/"
HIGH_TECH = "high-tech-firms"
METRICS = tuple(enumerate(STANDING))


@dataclass(frozen=True)
class Figure:
    """One number of a table, with the filters of the list of firms that it counts."""

    value: int
    change: int
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

    def content(self, **address: str) -> dict[str, Any]:
        stocks = {metric: stock(self.ask, metric, self.asked.valid_on, "district") for metric in STANDING}
        incubators = self.incubators()
        rows = listed(self.ask, DISTRICTS)
        zones = self.zones(rows, stocks, incubators)
        return {
            "zones": zones,
            "headings": headings().values(),
            "totals": [Figure(one.now, one.now - one.before, query_of(metric)) for metric, one in stocks.items()],
            "incubators": sum(incubators.values()),
            "unknown": [stocks[metric].of(UNKNOWN) for metric in STANDING],
            "flags": stocks[HIGH_TECH].flags,
            "targets": self.targets(rows, stocks[HIGH_TECH]),
            "has_unknown": any(stocks[metric].of(UNKNOWN) for metric in STANDING),
            "leader": leader([line for zone in zones for line in zone.districts]),
            "abolished": [followed(row, self.language) for row in ended(self.ask, DISTRICTS) if row["until"]],
            "api": self.api_address(f"statistics/{HIGH_TECH}/", {"group_by": "district"}),
        }

    def incubators(self) -> dict[str, int]:
        groups = self.ask("statistics/incubators/", {"group_by": "district"})["groups"]
        return {group["key"]["district"]: group["value"] for group in groups}

    def zones(
        self, rows: list[dict[str, Any]], stocks: Mapping[str, Stock], incubators: Mapping[str, int]
    ) -> list[Zone]:
        """Zones by code, their districts by their high-tech firms."""
        most = max([stocks[HIGH_TECH].of(row["code"]) for row in rows], default=0)
        found = []
        for code, name in sorted({(row["zone"]["code"], row["zone"]["name"]) for row in rows}):
            within = [row for row in rows if row["zone"]["code"] == code]
            lines = [self.line(row, stocks, incubators.get(row["code"], 0), most) for row in within]
            lines.sort(key=high_tech_of, reverse=True)
            totals = [total_of(metric, code, [line.figures[place] for line in lines]) for place, metric in METRICS]
            found.append(Zone(code, name, lines, totals, sum(line.incubators for line in lines)))
        return found

    def line(self, row: Mapping[str, Any], stocks: Mapping[str, Stock], incubators: int, most: int) -> Line:
        code = row["code"]
        figures = [
            Figure(stocks[metric].of(code), stocks[metric].change_of(code), query_of(metric, district=code))
            for metric in STANDING
        ]
        return Line(code, name_in(self.language, row), figures, incubators, share_of(stocks[HIGH_TECH].of(code), most))

    def targets(self, rows: list[dict[str, Any]], high_tech: Stock) -> list[Any]:
        """Of the city and of areas that are made of zones."""

        def stock_of(area: str, parts: Parts) -> int | None:
            if area == CITY:
                return high_tech.now
            zones = parts.get("zone", [])
            is_whole = parts.get("district") or parts.get("reporting_unit") or not zones
            return None if is_whole else sum(high_tech.of(row["code"]) for row in rows if row["zone"]["code"] in zones)

        return targets(self.ask, self.asked.valid_on.year, stock_of)


def high_tech_of(line: Line) -> int:
    return line.figures[STANDING.index(HIGH_TECH)].value


def leader(lines: list[Line]) -> str:
    """The finding of the page; nothing where no district has a high-tech firm."""
    most = max(lines, key=high_tech_of, default=None)
    if most is None or not high_tech_of(most):
        return ""
    words = {"district": most.name, "firms": number(high_tech_of(most))}
    return _("%(district)s has most high-tech firms: %(firms)s.") % words


def query_of(metric: str, **place: str) -> str:
    """The filters of `/firms/` whose count is the metric at a place."""
    return "&".join(f"{name}={text}" for name, text in {**place, **LISTED_BY[metric]}.items())


def total_of(metric: str, zone: str, figures: list[Figure]) -> Figure:
    value, change = sum(figure.value for figure in figures), sum(figure.change for figure in figures)
    return Figure(value, change, query_of(metric, zone=zone))


def followed(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A district that is no more, with what followed it."""
    return {"code": row["code"], "name": name_in(language, row), "until": row["until"], "successor": row["successor"]}
