"""The way to the goal: what the register counts, what was published, and the steps of the targets."""

from __future__ import annotations

import datetime
import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from companies.dashboard.asking import Answer
from companies.dashboard.numbers import goal
from companies.dashboard.panels.parts import Chart, Large, Panel, Table, count, day, figure, heading, words
from companies.dashboard.readers_choice import ReadersChoice
from companies.pages.documents import document_in_words
from companies.statistics.codes import HIGH_TECH_FIRMS
from companies.statistics.over_time.series import MONTHS, MOST_POINTS
from registry.templatetags.pages import number, percent

TARGET = "high-tech-2030"


def panel(asked: ReadersChoice) -> Panel:
    target = asked.ask(f"targets/{TARGET}/")
    steps = asked.ask("targets/", indicator=target["data"]["indicator"]["code"], area="city", superseded="false")
    published = target["data"]["side_by_side"]
    series = asked.ask(f"statistics/{HIGH_TECH_FIRMS}/series/", **period(asked, published))
    label = _("High-tech firms over time, with published figures, targets and projection")
    return Panel(
        "way",
        finding(target["data"]),
        _("%s; hollow points: published figures; steps: the city's targets.") % points_words(series),
        charts=[Chart("way", "way", label, drawn(asked, target, steps, series))],
        tables=[of_points(asked, published), of_targets(steps), of_months(asked, series)],
        metrics=[HIGH_TECH_FIRMS],
        answers=[series, target, steps],
        large=headline(target["data"], series["unit"]),
    )


def period(asked: ReadersChoice, published: list[dict[str, Any]]) -> dict[str, str | None]:
    """From the first published figure to the day."""
    first = published[0]["as_of"] if published else datetime.date(asked.day.year - 10, 12, 31).isoformat()
    first = min(first, asked.day.isoformat())
    return {"valid_on": None, "from": first, "to": asked.day.isoformat(), "by": step(int(first[:4]), asked.day.year)}


def step(first: int, last: int) -> str:
    """The shortest one of which an answer holds all between two years."""
    return next(name for name, months in MONTHS.items() if (last - first + 1) * 12 // months <= MOST_POINTS)


def points_words(series: Answer) -> str:
    return {
        "month": _("High-tech firms at the end of each month"),
        "quarter": _("High-tech firms at the end of each quarter"),
        "year": _("High-tech firms at the end of each year"),
    }[series["by"]]


def finding(target: dict[str, Any]) -> str:
    way = target["computed"]
    told = {
        "stock": number(way["stock"]),
        "goal": goal(target["value"]),
        "year": target["year"],
    }
    if way["status"] == "reached":
        return _("%(stock)s high-tech firms: the goal of %(goal)s by %(year)s is reached") % told
    if way["status"] == "missed":
        return _("%(stock)s high-tech firms: the goal of %(goal)s by %(year)s was missed") % told
    told["pace"] = number(math.ceil(way["needed_per_year"]))
    return _("%(stock)s of %(goal)s: %(pace)s more a year are needed until %(year)s") % told


def headline(target: dict[str, Any], unit: str) -> list[Large]:
    """The large numbers: name, number, unit, and a line that explains it."""
    way = target["computed"]
    told = {"goal": goal(target["value"]), "due": target["due_on"]}
    share = percent(way["stock"] / float(target["value"]))
    found = [
        Large(_("High-tech firms"), number(way["stock"]), unit, _("%s of the goal") % share),
        Large(_("Still to go"), number(max(way["gap"], 0)), unit, _("to %(goal)s by %(due)s") % told),
    ]
    if way["needed_per_year"] is not None:
        line = ""
        if way["needed_growth"] is not None:
            line = _("%s a year, compounded") % percent(way["needed_growth"] / 100, 2)
        found.append(Large(_("Pace needed a year"), number(math.ceil(way["needed_per_year"])), unit, line))
    status = {
        "reached": pgettext("target", "Reached"),
        "open": pgettext("target", "Open"),
        "missed": pgettext("target", "Missed"),
    }[way["status"]]
    years = _("%s years left") % number(way["years_left"], 1)
    found.append(Large(_("Status"), status, "", years if way["status"] == "open" else ""))
    if official := target["published"]:
        found.append(
            Large(_("Newest official figure"), number(official["stock"]), unit, _("as of %s") % official["as_of"])
        )
    return found


def drawn(asked: ReadersChoice, target: Answer, steps: Answer, series: Answer) -> dict[str, Any]:
    """What the chart shows; the projection's fan is added by its own part of the page."""
    points = [[point["day"], point["value"]] for point in series["points"]]
    return {
        "unit": series["unit"],
        "points": points,
        "published": [[row["as_of"], row["published"], row["is_official"]] for row in target["data"]["side_by_side"]],
        "targets": [[f"{row['year']}-12-31", row["value"], goal(row["value"])] for row in steps["data"]],
        "day": asked.day.isoformat(),
        "firms": asked.high_tech_on("DAY"),
        "words": {
            "computed": _("the register's own count"),
            "published": _("published, unofficial"),
            "official": _("published, official"),
            "target": _("target of the city"),
            "median": _("projection, median"),
            "interval_80": _("80 % interval"),
            "interval_95": _("95 % interval"),
        },
    }


def of_points(asked: ReadersChoice, published: list[dict[str, Any]]) -> Table:
    rows = []
    for row in published:
        least = "≥\u00a0" if row["is_lower_bound"] else ""
        standing = _("official") if row["is_official"] else _("unofficial")
        listed = asked.high_tech_on(row["as_of"])
        cells = [day(row["as_of"]), figure(least + number(row["published"]))]
        rows.append([*cells, count(row["computed"], listed), words(standing)])
    head = [words(_("Day")), heading(_("Published")), heading(_("The register's own count")), words(_("Standing"))]
    return Table(_("Published figures beside the register's own count"), head, rows)


def of_targets(steps: Answer) -> Table:
    ordered = sorted(steps["data"], key=lambda row: row["year"])
    rows = [
        [day(f"{row['year']}-12-31"), count(row["value"]), words(document_in_words(row["document"]) or "–")]
        for row in ordered
    ]
    return Table(_("The city's targets"), [words(_("Due on")), heading(_("Target")), words(_("Document"))], rows)


def of_months(asked: ReadersChoice, series: Answer) -> Table:
    rows = []
    for point in reversed(series["points"]):
        listed = asked.high_tech_on(point["day"])
        rows.append([day(point["day"]), count(point["value"], listed)])
    return Table(points_words(series), [words(_("Day")), heading(_("High-tech firms"))], rows)
