"""Incubators: who is in residence, how many of these hold a high-tech certificate, and who graduated in the year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from companies.dashboard.asking import Answer
from companies.dashboard.numbers import share
from companies.dashboard.panels import groups
from companies.dashboard.panels.parts import Cell, Chart, Panel, Table, count, figure, heading, words
from companies.dashboard.readers_choice import ReadersChoice
from companies.models.questions import HIGH_TECH
from companies.statistics.codes import INCUBATED_FIRMS
from registry.templatetags.pages import number, percent

DRAWN = 15
"""How many of the largest incubators the chart shows; the table has all."""
BY = "incubator"


@dataclass(frozen=True)
class Host:
    """One incubator: its firms in residence and the high-tech ones among them on the day, its graduates of the year."""

    name: str
    residents: int
    high_tech: int
    graduates: int
    residents_url: str | None
    high_tech_url: str | None
    graduates_url: str | None


def panel(asked: ReadersChoice) -> Panel:
    residents = asked.ask(f"statistics/{INCUBATED_FIRMS}/", group_by=BY)
    high_tech = asked.ask(f"statistics/{INCUBATED_FIRMS}/", certified=HIGH_TECH, group_by=BY)
    graduates = asked.ask("statistics/graduates/", group_by=BY, **asked.of_year)
    incubators = asked.ask("statistics/incubators/", group_by="incubator_level")
    found = hosts(asked, residents, high_tech, graduates)
    return Panel(
        "incubators",
        finding(residents, high_tech, incubators),
        _("Firms in residence on the day, by incubator; graduations in %s.") % asked.year,
        charts=[
            Chart("incubators", "residents", _("Firms in residence in the largest incubators"), drawn(found, residents))
        ],
        tables=[of_hosts(asked, found, residents, high_tech, graduates), of_levels(asked, incubators)],
        metrics=[INCUBATED_FIRMS, "graduates", "incubators"],
        answers=[residents, high_tech, graduates, incubators],
    )


def hosts(asked: ReadersChoice, residents: Answer, high_tech: Answer, graduates: Answer) -> list[Host]:
    """The largest first; one that only had graduates is there too."""
    of_day, of_high_tech, of_year = (
        {one.key: one for one in groups.known(groups.ranked(asked, answer, BY))}
        for answer in (residents, high_tech, graduates)
    )
    found = []
    for key in {**of_day, **of_year}:
        held, certified, left = (of.get(key, groups.NOBODY) for of in (of_day, of_high_tech, of_year))
        name = left.name if held is groups.NOBODY else held.name
        numbers = held.value, certified.value, left.value
        found.append(Host(name, *numbers, held.url, certified.url, left.url))
    return sorted(found, key=lambda one: (-one.residents, -one.graduates, one.name))


def finding(residents: Answer, high_tech: Answer, incubators: Answer) -> str:
    told = {
        "firms": number(residents["total"]),
        "incubators": number(incubators["total"]),
        "share": percent(share(high_tech["total"], residents["total"]), 0),
    }
    return _("%(firms)s firms in residence in %(incubators)s incubators; %(share)s of them are high-tech") % told


def drawn(found: list[Host], residents: Answer) -> dict[str, Any]:
    rows = [
        {"name": one.name, "value": one.residents, "part": one.high_tech, "url": one.residents_url}
        for one in found[:DRAWN]
        if one.residents
    ]
    told = {"high_tech": _("high-tech"), "others": _("others in residence")}
    return {"unit": residents["unit"], "rows": rows, "words": told}


def of_hosts(asked: ReadersChoice, found: list[Host], residents: Answer, high_tech: Answer, graduates: Answer) -> Table:
    rows = [
        [
            Cell(one.name),
            count(one.residents, one.residents_url),
            count(one.high_tech, one.high_tech_url),
            figure(percent(share(one.high_tech, one.residents))),
            count(one.graduates, one.graduates_url),
        ]
        for one in found
    ]
    head = [
        words(_("Incubator")),
        heading(_("In residence")),
        heading(_("High-tech")),
        heading(_("Share")),
        heading(_("Graduations in %s") % asked.year),
    ]
    foot = [
        words(_("Total")),
        count(residents["total"], asked.page_of(residents["list"])),
        count(high_tech["total"], asked.page_of(high_tech["list"])),
        figure(percent(share(high_tech["total"], residents["total"]))),
        count(graduates["total"], asked.page_of(graduates["list"])),
    ]
    return Table(_("Incubators and their firms"), head, rows, foot if rows else ())


def of_levels(asked: ReadersChoice, incubators: Answer) -> Table:
    found = groups.ranked(asked, incubators, "incubator_level")
    return groups.table(asked, _("Incubators by level"), _("Level"), found, incubators)
