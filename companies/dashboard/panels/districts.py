"""High-tech firms by district, and the zones beside their targets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from companies.dashboard.asking import Answer
from companies.dashboard.numbers import share
from companies.dashboard.panels import groups
from companies.dashboard.panels.groups import Group
from companies.dashboard.panels.parts import Cell, Chart, Panel, Table, count, figure, heading, words
from companies.dashboard.question import Question
from companies.dashboard.tiles import placed, short_name
from registry.templatetags.pages import number, percent

METRIC = "high-tech-firms"
ZONE_TARGET = "high-tech-2027"
"""The target whose parts are targets of zones."""
FIRST_FEW = 5


def panel(asked: Question) -> Panel:
    answer = asked.ask(f"statistics/{METRIC}/", group_by="district,zone")
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
        metrics=[METRIC],
        answers=[answer],
    )


def finding(asked: Question, found: list[Group], total: int) -> str:
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


def of_districts(asked: Question, found: list[Group], answer: Answer) -> Table:
    total = answer["total"]
    rows = []
    for place, one in enumerate(found, 1):
        zone = one.within_name if one.key != groups.UNKNOWN else "–"
        share_of = figure(percent(share(one.value, total)))
        rows.append([figure(str(place)), Cell(one.name), Cell(zone or "–"), count(one.value, one.url), share_of])
    head = [
        heading(_("Place")),
        words(_("District")),
        words(_("Zone")),
        heading(_("High-tech firms")),
        heading(_("Share")),
    ]
    foot = [words(_("Total")), Cell(""), Cell(""), count(total, asked.firms(answer["list"])), figure(percent(1))]
    return Table(_("High-tech firms by district"), head, rows, foot if rows else ())


def zones(asked: Question) -> Panel:
    """The zones' counts beside their targets, as the plan set them."""
    target = asked.ask(f"targets/{ZONE_TARGET}/")
    parts = (target["data"]["parts"] or {}).get("targets", [])
    told = {"year": target["data"]["year"]}
    return Panel(
        "zones",
        zone_finding(asked, parts, target["data"]["year"]),
        _("High-tech firms by zone beside the zone's target for %(year)s.") % told,
        charts=[
            Chart("zones", "bullets", _("High-tech firms by zone beside their targets"), bullets(asked, parts, target))
        ],
        tables=[of_zones(asked, parts, target)],
        metrics=[METRIC],
        answers=[target],
        notes=[
            _("Firms whose district is unknown stand in no zone."),
            _("Targets are shown as published: those of the zones may not add up to that of the city."),
        ],
    )


def zone_finding(asked: Question, parts: list[dict[str, Any]], year: int) -> str:
    behind = [part for part in parts if part["computed"] < part["value"]]
    if not parts:
        return _("No targets of zones were known")
    if not behind:
        return _("Every zone has reached its target for %s") % year
    nearest = max(behind, key=lambda part: share(part["computed"], part["value"]))
    told = {
        "zone": nearest["area"]["name"],
        "year": year,
        "share": percent(share(nearest["computed"], nearest["value"]), 0),
    }
    return _("Nearest to its target for %(year)s: %(zone)s, at %(share)s of it") % told


def bullets(asked: Question, parts: list[dict[str, Any]], target: Answer) -> dict[str, Any]:
    rows = [
        {
            "name": part["area"]["name"],
            "value": part["computed"],
            "goal": part["value"],
            "url": None,
            "share": percent(share(part["computed"], part["value"]), 0),
        }
        for part in parts
    ]
    return {
        "rows": rows,
        "words": {"target": pgettext("chart", "target"), "computed": _("High-tech firms")},
        "year": target["data"]["year"],
    }


def of_zones(asked: Question, parts: list[dict[str, Any]], target: Answer) -> Table:
    rows = [zone_row(part["area"]["name"], part["computed"], part["value"]) for part in parts]
    told, due = target["data"]["parts"], target["data"]["year"]
    head = [
        words(_("Zone")),
        heading(_("High-tech firms")),
        heading(_("Target for %s") % due),
        heading(_("Share")),
        heading(_("Still to go")),
    ]
    foot = []
    if told:
        whole = target["data"]["computed"]["stock"]
        foot = zone_row(_("Whole city"), whole, target["data"]["value"])
    return Table(_("Zones beside their targets"), head, rows, foot)


def zone_row(name: str, firms: int, goal: float) -> list[Cell]:
    gap = number(max(goal - firms, 0))
    return [words(name), count(firms), count(goal), figure(percent(share(firms, goal))), figure(gap)]
