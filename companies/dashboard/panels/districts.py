"""High-tech firms by district, ranked and near their places."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from companies.dashboard.asking import Answer
from companies.dashboard.numbers import share
from companies.dashboard.panels import groups
from companies.dashboard.panels.groups import Group
from companies.dashboard.panels.parts import Cell, Chart, Panel, Table, count, figure, heading, words
from companies.dashboard.readers_choice import ReadersChoice
from companies.dashboard.tiles import placed, short_name
from companies.pages.codes import WHOLE
from companies.pages.succession import DISTRICTS, predecessors, sentence
from companies.statistics.codes import HIGH_TECH_FIRMS
from companies.statistics.groups import UNKNOWN
from registry.api.languages import name_in
from registry.templatetags.pages import number, percent

FIRST_FEW = 5


def panel(asked: ReadersChoice) -> Panel:
    answer = asked.ask(f"statistics/{HIGH_TECH_FIRMS}/", group_by="district,zone")
    found = groups.ranked(asked, answer, "district", "zone")
    return Panel(
        "districts",
        finding(asked, found, answer["total"]),
        _("High-tech firms by the legal district of their seat."),
        charts=[
            Chart(
                "districts",
                "bars",
                _("High-tech firms by district, ranked"),
                groups.bars(found, answer["unit"]),
                _("Ranked"),
            ),
            Chart(
                "tiles",
                "tiles",
                _("High-tech firms by district, each tile near its place"),
                tiles(found, answer),
                _("By place"),
            ),
        ],
        tables=[of_districts(asked, found, answer)],
        metrics=[HIGH_TECH_FIRMS],
        answers=[answer],
        notes=boundaries(asked),
    )


def boundaries(asked: ReadersChoice) -> list[str]:
    """A sentence for each district that followed others: before its first day it had no firms."""
    language = asked.ask.ask.said["lang"]
    in_force, ended = (asked.ask(DISTRICTS, limit=WHOLE, in_force=told)["data"] for told in ("true", "false"))
    found = [(row, [name_in(language, one) for one in predecessors(row, ended)]) for row in in_force]
    return [sentence(name_in(language, row), row["from"], before) for row, before in found if before]


def finding(asked: ReadersChoice, found: list[Group], total: int) -> str:
    first = groups.known(found)[:FIRST_FEW]
    if not first or not total:
        return _("No district has a high-tech firm on this day")
    part = share(sum(one.value for one in first), total)
    told = {
        "district": first[0].name,
        "firms": number(first[0].value),
        "few": len(first),
        "share": percent(part, 0),
    }
    return _("%(district)s leads with %(firms)s; the first %(few)s districts hold %(share)s") % told


def tiles(found: list[Group], answer: Answer) -> dict[str, Any]:
    known = {one.key: one for one in groups.known(found)}
    rows = [
        {
            "name": known[code].name,
            "short": short_name(known[code].name),
            "within": known[code].within_name,
            "value": known[code].value,
            "url": known[code].url,
            "at": place,
        }
        for code, place in placed(sorted(known)).items()
    ]
    return {"unit": answer["unit"], "rows": rows}


def of_districts(asked: ReadersChoice, found: list[Group], answer: Answer) -> Table:
    total = answer["total"]
    rows = []
    for place, one in enumerate(found, 1):
        zone = one.within_name if one.key != UNKNOWN else "–"
        share_of = figure(percent(share(one.value, total)))
        rows.append([figure(str(place)), Cell(one.name), Cell(zone or "–"), count(one.value, one.url), share_of])
    head = [
        heading(_("Place")),
        words(_("District")),
        words(_("Zone")),
        heading(_("High-tech firms")),
        heading(_("Share")),
    ]
    foot = [words(_("Total")), Cell(""), Cell(""), count(total, asked.page_of(answer["list"])), figure(percent(1))]
    return Table(_("High-tech firms by district"), head, rows, foot if rows else ())
