"""`/districts/{code}/`: one district or county, in force on the day or abolished before."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from companies.models.questions import HIGH_TECH
from companies.pages.charts import NARROW, Columns, columns, share_of
from companies.pages.codes import WHOLE, ended, listed
from companies.pages.districts import query_of
from companies.pages.figures import headings, page_of_part, series, stock, year_end
from companies.pages.ranking import largest_first
from companies.pages.succession import DISTRICTS, predecessors, sentence
from companies.pages.targets import Area, AreaTarget, Stocks, targets
from companies.statistics.codes import FIRMS, HIGH_TECH_FIRMS, INCUBATED_FIRMS, STANDING
from companies.statistics.groups import UNKNOWN
from registry.api.languages import name_in
from registry.pages.views import PageView
from registry.templatetags.pages import last_day, number, signed

YEARS, NARROW_YEARS = 10, 6
MINIMUM = datetime.date.min
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
    data_sets = tuple(f"statistics/{metric}/series/" for metric in STANDING)

    def content(self, **address: str) -> dict[str, Any]:
        row, is_in_force = self.district(address["code"])
        day = self.asked.valid_on.isoformat()
        is_ahead = bool(row["from"]) and row["from"] > day
        content = {
            "code": row["code"],
            "name": name_in(self.language, row),
            "zone": row["zone"],
            "district": row,
            "is_in_force": is_in_force,
            "day": day,
            "last_day": last_day(row["until"]) if row["until"] else None,
            "is_ahead": is_ahead,
            "succession": self.succession(row, is_ahead=is_ahead),
        }
        if is_ahead:
            return content
        content |= self.over_time(row)
        return content | (self.on_the_day(row, content["values"][HIGH_TECH_FIRMS][-1]) if is_in_force else {})

    def district(self, code: str) -> tuple[dict[str, Any], bool]:
        """The row of the code; in force on the day, else the one that ended last (a code may be given twice)."""
        for row in listed(self.ask, DISTRICTS):
            if row["code"] == code:
                return row, True
        others = [row for row in ended(self.ask, DISTRICTS) if row["code"] == code]
        if not others:
            raise Http404
        return max(others, key=lambda row: row["until"] or ""), False

    def succession(self, row: Mapping[str, Any], *, is_ahead: bool) -> SafeString | str:
        """Since when the district exists and what stood in its place before; empty where nothing is known of that."""
        every = [*listed(self.ask, DISTRICTS), *ended(self.ask, DISTRICTS)]
        before = [self.link_to(one, is_ahead=is_ahead) for one in predecessors(row, every)]
        if not before and not is_ahead:
            return ""
        return sentence(name_in(self.language, row), row["from"], before, is_ahead=is_ahead)

    def link_to(self, row: Mapping[str, Any], *, is_ahead: bool) -> SafeString:
        """To a district of before: on the reader's day if it was in force on it, else on its own last day."""
        clocks = self.given_clocks() if is_ahead else {"valid_on": last_day(row["until"]), **self.given_moment()}
        query = f"?{urlencode(clocks, safe=',:')}" if clocks else ""
        address = reverse("district", args=[row["code"]])
        return format_html('<a href="{}{}">{}</a>', address, query, name_in(self.language, row))

    def over_time(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Each figure at the ends of ten years and on the last day; no day on which the district did not exist."""
        code, day = row["code"], self.asked.valid_on
        last = min(datetime.date.fromisoformat(last_day(row["until"])), day) if row["until"] else day
        first = max(year_end(last, YEARS), datetime.date.fromisoformat(row["from"]) if row["from"] else MINIMUM)
        answers = {metric: series(self.ask, metric, first, last, district=code) for metric in STANDING}
        values = {metric: [point["value"] for point in answer["points"]] for metric, answer in answers.items()}
        days = [point["day"] for point in answers[HIGH_TECH_FIRMS]["points"]]
        period = {"from": first.isoformat(), "to": last.isoformat(), "by": "year", "valid_on": None}
        names = headings() | {FIRMS: _("Firms of this district")}
        return {
            "values": values,
            "figures": [
                {"words": names[metric], "value": found[-1], "query": query_of(metric, district=code)}
                | {"change": found[-1] - found[-2] if found[1:] else None}
                for metric, found in values.items()
            ],
            "finding": finding(days, values[HIGH_TECH_FIRMS]),
            "table": list(reversed(list(zip(days, *values.values(), strict=True)))),
            "headings": names.values(),
            **charts(days, values[HIGH_TECH_FIRMS]),
            "last_point": days[-1],
            "last_year_end": days[-2:][0],
            "parts": self.parts(code, *days[-2:]) if days[1:] else [],
            "flags": answers[HIGH_TECH_FIRMS]["flags"],
            "unit": answers[HIGH_TECH_FIRMS]["unit"],
            "api_series": self.api_address(f"statistics/{HIGH_TECH_FIRMS}/series/", period | {"district": code}),
        }

    def parts(self, code: str, opening: str, closing: str) -> list[dict[str, Any]]:
        """What led from the last year's end to the day, each part with the page of its firms."""
        question = {"valid_on": None, "from": opening, "to": closing, "district": code}
        found = self.ask(f"statistics/{HIGH_TECH_FIRMS}/bridge/", question)["parts"]
        return [part | {"page": page_of_part(part["firms"])} for part in found if part["joined"] or part["left"]]

    def on_the_day(self, row: Mapping[str, Any], high_tech: int) -> dict[str, Any]:
        """What is asked of a district by its code on the day; one that is no more has none of it."""
        code, day = row["code"], self.asked.valid_on
        residents = stock(self.ask, INCUBATED_FIRMS, day, "incubator", district=code)
        hosts = self.ask("incubators/", {"district": code, "limit": WHOLE})["data"]
        hosts = sorted(
            (host | {"residents": residents.of(host["code"])} for host in hosts), key=lambda host: -host["residents"]
        )
        return {
            **self.groups(code),
            "hosts": hosts[:FIRST_HOSTS],
            "other_hosts": hosts[FIRST_HOSTS:],
            "hosts_count": len(hosts),
            "targets": self.targets(code, row["zone"]["code"], high_tech),
            "certificates": self.latest(code),
        }

    def targets(self, code: str, zone: str, high_tech: int) -> list[AreaTarget]:
        """Of the district first, then of the area of zones that its own belongs to; not of all zones together."""
        by_zone = stock(self.ask, HIGH_TECH_FIRMS, self.asked.valid_on, "zone")
        stocks = Stocks(by_zone.now, by_zone.groups, {code: high_tech})
        every = len(by_zone.groups.keys() - {UNKNOWN})

        def is_shown(area: Area) -> bool:
            return area.is_district(code) or (zone in area.zones and len(area.zones) < every)

        found = targets(self.ask, self.asked.valid_on.year, stocks, is_shown)
        return sorted(found, key=lambda target: not target.is_of_district)

    def groups(self, code: str) -> dict[str, list[Group]]:
        """High-tech firms beside all firms by hub and by field. A field has one hub: hubs are sums of their fields."""
        counted = [
            self.ask(f"statistics/{metric}/", {"district": code, "group_by": "hub,strategic_field"})["groups"]
            for metric in (FIRMS, HIGH_TECH_FIRMS)
        ]
        return {name: groups(dimension, *counted) for name, dimension in DIMENSIONS.items()}

    def latest(self, code: str) -> list[dict[str, Any]]:
        """High-tech certificates issued by the day to firms that sat here when they were issued."""
        until = self.asked.valid_on.isoformat()
        question = {"district": code, "kind": HIGH_TECH, "issued_to": until, "order": "-issued_on", "limit": LATEST}
        found: list[dict[str, Any]] = self.ask("certifications/", question)["data"]
        return found


def groups(dimension: str, every: list[dict[str, Any]], certified: list[dict[str, Any]]) -> list[Group]:
    """Largest first, `unknown` last."""
    labels = {group["key"][dimension]: group["label"][dimension] for group in every}
    firms, high_tech = (summed(dimension, counted) for counted in (every, certified))
    most = max([*high_tech.values(), 1])
    keys = sorted(labels, key=lambda key: largest_first(key, high_tech[key], firms[key]))
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
    if not values[1:]:
        return _("%(firms)s high-tech firms on %(day)s") % {"firms": number(values[-1]), "day": days[-1]}
    last, before = values[-1], values[-2:][0]
    words = {"firms": number(last), "change": signed(last - before), "day": days[-2:][0]}
    if last == before:
        return _("%(firms)s high-tech firms, as many as on %(day)s") % words
    return _("%(firms)s high-tech firms, %(change)s since %(day)s") % words
