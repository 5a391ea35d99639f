"""The projection to the goal's day: median, intervals, the chance to reach it, and what it would take."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from companies.dashboard.numbers import goal
from companies.dashboard.panels.parts import Cell, Chart, Panel, Table, count, day, figure, heading, words
from companies.dashboard.panels.way import TARGET
from companies.dashboard.readers_choice import ReadersChoice
from companies.statistics.codes import HIGH_TECH_FIRMS
from registry.templatetags.pages import number, percent


def panel(asked: ReadersChoice) -> Panel:
    answer = asked.ask(f"targets/{TARGET}/projection/")
    told = answer["data"]
    return Panel(
        "projection",
        finding(told),
        _("Projected from the cohorts at %(base)s; the intervals hold what years have differed by so far.") % told,
        charts=[Chart("projection", "fan", _("Projection with its intervals"), drawn(told))] if told["path"] else [],
        tables=[of_path(told), *of_needed(told)],
        metrics=[HIGH_TECH_FIRMS],
        answers=[answer],
        is_open=True,
        notes=told["assumptions"]["text"],
    )


def finding(told: dict[str, Any]) -> str:
    if not told["path"]:
        return _("There is nothing to project from, or nothing to project to")
    last = told["path"][-1]
    known = {
        "goal": goal(told["value"]),
        "median": number(last["median"]),
        "low": number(last["low_95"]),
        "high": number(last["high_95"]),
        "day": last["day"],
    }
    if last["low_95"] > told["value"]:
        return _("If the past goes on, %(goal)s are passed: %(median)s by %(day)s (95 %%: %(low)s to %(high)s)") % known
    if last["high_95"] < told["value"]:
        return (
            _("If the past goes on, %(goal)s stay out of reach: %(median)s by %(day)s (95 %%: %(low)s to %(high)s)")
            % known
        )
    return (
        _("If the past goes on, %(goal)s are within reach: %(median)s by %(day)s (95 %%: %(low)s to %(high)s)") % known
    )


def drawn(told: dict[str, Any]) -> dict[str, Any]:
    """The fan, from the last count that it starts from."""
    start = dict.fromkeys(("median", "low_80", "high_80", "low_95", "high_95"), told["stock"])
    return {"path": [{"day": told["base"], **start}, *told["path"]]}


def of_path(told: dict[str, Any]) -> Table:
    rows = [
        [
            day(point["day"]),
            count(point["median"]),
            figure(f"{number(point['low_80'])} – {number(point['high_80'])}"),
            figure(f"{number(point['low_95'])} – {number(point['high_95'])}"),
            figure(percent(point["reached"])),
        ]
        for point in told["path"]
    ]
    head = [
        words(_("Day")),
        heading(_("Median")),
        heading(_("80 % interval")),
        heading(_("95 % interval")),
        heading(_("Chance to have reached %s") % goal(told["value"])),
    ]
    return Table(_("The projected stock at each year's end"), head, rows)


def of_needed(told: dict[str, Any]) -> list[Table]:
    """What each lever alone would have to be."""
    if not (needed := told["needed"]):
        return []
    rates = told["rates"]
    renewal = needed["renewal_rate"]
    past = share_of_renewal(rates)
    rows = [
        [
            Cell(_("New certificates a year, renewals left out")),
            count(round(rates["grants"]["next_year"])),
            count(needed["grants_per_year"]),
        ],
        [
            Cell(_("Share of expiring firms that renew")),
            figure(percent(past)),
            figure(percent(renewal) if renewal is not None else _("not even all would do")),
        ],
    ]
    head = [words(_("Lever")), heading(_("As in the past")), heading(_("Needed, this lever alone"))]
    return [Table(_("What it would take to reach %s") % goal(told["value"]), head, rows)]


def share_of_renewal(rates: dict[str, Any]) -> float:
    """Of all firms whose validity ended, however often they had renewed."""
    cases, firms = (sum(row[name] for row in rates["renewal"]) for name in ("cases", "firms"))
    return cases / firms if firms else 0.0
