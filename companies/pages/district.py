"""`/districts/{code}/`: one district or county, in force on the day or abolished before."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from companies.pages.charts import NARROW, Columns, columns, share_of
from companies.pages.codes import ended, listed
from companies.pages.districts import DISTRICTS, HIGH_TECH, query_of
from companies.pages.figures import STANDING, headings, series, stock, year_end
from companies.pages.targets import Parts, targets
from companies.statistics.groups import UNKNOWN
from registry.api.languages import name_in
from registry.pages.views import PageView
from registry.templatetags.pages import last_day, number, signed

YEARS, NARROW_YEARS = 10, 6
LATEST = "8"
FIRST_HOSTS = 8
"""Incubators that are shown at once; the others are opened."""
DIMENSIONS = {"hubs": "hub", "fields": "strategic_field"}


@dataclass(frozen=True)
class Group:
    code: str
    name: str
    firms: int
    certified: int
    bar: float
    is_known: bool


class DistrictPage(PageView):
    """The figures of the day, ten years of them, hubs and fields, incubators, the latest certificates."""

    template_name = "companies/pages/district.html"
    section = "districts"

    def content(self, **address: str) -> dict[str, Any]:
        row, is_in_force = self.district(address["code"])
        code = row["code"]
        last = datetime.date.fromisoformat(last_day(row["until"])) if row["until"] else self.asked.valid_on
        over_time = self.over_time(code, min(last, self.asked.valid_on))
        content = {
            "code": code,
            "name": name_in(self.language, row),
            "zone": row["zone"],
            "district": row,
            "is_in_force": is_in_force,
            "day": self.asked.valid_on.isoformat(),
            "first_day": row["from"],
            "last_day": last_day(row["until"]) if row["until"] else None,
            **over_time,
        }
        return content | (self.on_the_day(row, over_time["values"][HIGH_TECH][-1]) if is_in_force else {})

    def district(self, code: str) -> tuple[dict[str, Any], bool]:
        """The row of the code; in force on the day, else the one that ended last (a code may be given twice)."""
        for row in listed(self.ask, DISTRICTS):
            if row["code"] == code:
                return row, True
        others = [row for row in ended(self.ask, DISTRICTS) if row["code"] == code]
        if not others:
            raise Http404
        return max(others, key=lambda row: row["until"] or ""), False

    def over_time(self, code: str, last: datetime.date) -> dict[str, Any]:
        """Each figure at the ends of ten years and on the last day."""
        first = year_end(last, YEARS)
        answers = {metric: series(self.ask, metric, first, last, district=code) for metric in STANDING}
        values = {metric: [point["value"] for point in answer["points"]] for metric, answer in answers.items()}
        days = [point["day"] for point in answers[HIGH_TECH]["points"]]
        period = {"from": first.isoformat(), "to": last.isoformat(), "by": "year", "valid_on": None}
        return {
            "values": values,
            "figures": [
                {"words": words, "value": values[metric][-1], "change": values[metric][-1] - values[metric][-2:][0]}
                | {"query": query_of(metric, district=code)}
                for metric, words in headings().items()
            ],
            "finding": finding(days, values[HIGH_TECH]),
            "table": list(reversed(list(zip(days, *values.values(), strict=True)))),
            "headings": headings().values(),
            **charts(days, values[HIGH_TECH]),
            "last_point": days[-1],
            "last_year_end": days[-2:][0],
            "flags": answers[HIGH_TECH]["flags"],
            "unit": answers[HIGH_TECH]["unit"],
            "api_series": self.api_address(f"statistics/{HIGH_TECH}/series/", period | {"district": code}),
        }

    def on_the_day(self, row: Mapping[str, Any], high_tech: int) -> dict[str, Any]:
        """What is asked of a district by its code on the day; one that is no more has none of it."""
        code, day = row["code"], self.asked.valid_on
        residents = stock(self.ask, "incubated-firms", day, "incubator", district=code)
        hosts = self.ask("incubators/", {"district": code, "limit": "500"})["data"]
        hosts = sorted(
            (host | {"residents": residents.of(host["code"])} for host in hosts), key=lambda host: -host["residents"]
        )

        def stock_of(area: str, parts: Parts) -> int | None:
            members = [*parts.get("zone", []), *parts.get("reporting_unit", []), *parts.get("district", [])]
            return high_tech if members == [code] else None

        return {
            **self.groups(code),
            "hosts": hosts[:FIRST_HOSTS],
            "other_hosts": hosts[FIRST_HOSTS:],
            "hosts_count": len(hosts),
            "targets": targets(self.ask, day.year, stock_of),
            "zone_targets": self.zone_targets(row["zone"]["code"]),
            "certificates": self.latest(code),
        }

    def zone_targets(self, zone: str) -> list[Any]:
        """Of the area of zones that this one belongs to; the area of all zones is the city."""
        by_zone = stock(self.ask, HIGH_TECH, self.asked.valid_on, "zone")

        def stock_of(area: str, parts: Parts) -> int | None:
            zones = parts.get("zone", [])
            is_narrower = len(zones) < len(by_zone.groups.keys() - {UNKNOWN})
            return sum(map(by_zone.of, zones)) if zone in zones and is_narrower else None

        return targets(self.ask, self.asked.valid_on.year, stock_of)

    def groups(self, code: str) -> dict[str, list[Group]]:
        """High-tech firms beside all firms by hub and by field. A field has one hub: hubs are sums of their fields."""
        counted = [
            self.ask(f"statistics/{metric}/", {"district": code, "group_by": "hub,strategic_field"})["groups"]
            for metric in ("firms", HIGH_TECH)
        ]
        return {name: groups(dimension, *counted) for name, dimension in DIMENSIONS.items()}

    def latest(self, code: str) -> list[dict[str, Any]]:
        """High-tech certificates issued by the day to firms that sat here when they were issued."""
        until = self.asked.valid_on.isoformat()
        question = {"district": code, "kind": "high_tech", "issued_to": until, "order": "-issued_on", "limit": LATEST}
        found: list[dict[str, Any]] = self.ask("certifications/", question)["data"]
        return found


def groups(dimension: str, every: list[dict[str, Any]], certified: list[dict[str, Any]]) -> list[Group]:
    """Largest first, `unknown` last."""
    labels = {group["key"][dimension]: group["label"][dimension] for group in every}
    firms, high_tech = (summed(dimension, counted) for counted in (every, certified))
    most = max([*high_tech.values(), 1])
    keys = sorted(labels, key=lambda key: (key == UNKNOWN, -high_tech[key], -firms[key]))
    return [
        Group(key, labels[key], firms[key], high_tech[key], share_of(high_tech[key], most), key != UNKNOWN)
        for key in keys
    ]


def summed(dimension: str, counted: list[dict[str, Any]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for group in counted:
        sums[group["key"][dimension]] += group["value"]
    return sums


def charts(days: list[str], values: list[int]) -> dict[str, Columns]:
    """The columns of all years, and of the last few for a narrow screen."""
    labels, is_part = [day[:4] for day in days], not days[-1].endswith("-12-31")
    few = slice(-NARROW_YEARS, None)
    return {
        "chart": columns(values, labels, last_is_part=is_part),
        "narrow_chart": columns(values[few], labels[few], last_is_part=is_part, width=NARROW),
    }


def finding(days: list[str], values: list[int]) -> str:
    """What the columns show, as a sentence."""
    last, before = values[-1], values[-2:][0]
    words = {"firms": number(last), "change": signed(last - before), "day": days[-2:][0]}
    if last == before:
        return _("%(firms)s high-tech firms, as many as on %(day)s") % words
    return _("%(firms)s high-tech firms, %(change)s since %(day)s") % words
