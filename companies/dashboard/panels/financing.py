"""Financings of the year by instrument: those that their parties have published."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from companies.dashboard.asking import Answer
from companies.dashboard.numbers import share
from companies.dashboard.panels.parts import Cell, Chart, Panel, Table, count, figure, heading, words
from companies.dashboard.readers_choice import ReadersChoice
from registry.pages.asking import API
from registry.templatetags.pages import money, number, percent

BY = "instrument"


@dataclass(frozen=True)
class Line:
    """One instrument: the amount in 10,000 yuan and the number of its financings."""

    name: str
    amount: Decimal
    occurrences: int
    url: str | None


def panel(asked: ReadersChoice) -> Panel:
    amounts = asked.ask("statistics/financing-amount/", group_by=BY, **asked.of_year)
    occurrences = asked.ask("statistics/financing-occurrences/", group_by=BY, **asked.of_year)
    found = lines(asked, amounts, occurrences)
    tables = _("What the other financings came to stands in the quarterly tables at %s.")
    label = _("Amount of published financings by instrument")
    return Panel(
        "financing",
        finding(asked, found, amounts, occurrences),
        _("Agreed amounts of published financings, %(from)s to %(to)s, by instrument.") % amounts.data,
        charts=[Chart("financing", "bars", label, drawn(found, amounts["unit"]))],
        tables=[of_lines(asked, found, amounts, occurrences)],
        metrics=["financing-amount", "financing-occurrences"],
        answers=[amounts, occurrences],
        period=(amounts["from"], amounts["to"]),
        notes=[tables % f"{API}statistics/financing-tables/"],
    )


def lines(asked: ReadersChoice, amounts: Answer, occurrences: Answer) -> list[Line]:
    """The largest amount first."""
    counted = {group["key"][BY]: group["value"] for group in occurrences["groups"]}
    found = [
        Line(
            group["label"][BY], Decimal(group["value"]), counted.get(group["key"][BY], 0), asked.page_of(group["list"])
        )
        for group in amounts["groups"]
    ]
    return sorted(found, key=lambda line: -line.amount)


def finding(asked: ReadersChoice, found: list[Line], amounts: Answer, occurrences: Answer) -> str:
    if not found:
        return _("No published financing in %s") % asked.year
    total = Decimal(amounts["total"])
    told = {
        "year": asked.year,
        "amount": money(total),
        "financings": number(occurrences["total"]),
        "instrument": found[0].name,
        "share": percent(share(float(found[0].amount), float(total)), 0),
    }
    return _("%(year)s: %(amount)s in %(financings)s published financings; %(instrument)s has %(share)s") % told


def drawn(found: list[Line], unit: str) -> dict[str, Any]:
    rows = [
        {"name": line.name, "value": float(line.amount), "label": money(line.amount), "url": line.url} for line in found
    ]
    return {"unit": unit, "rows": rows, "colour": "financing"}


def of_lines(asked: ReadersChoice, found: list[Line], amounts: Answer, occurrences: Answer) -> Table:
    total = Decimal(amounts["total"])
    rows = [
        [
            Cell(line.name),
            figure(money(line.amount)),
            figure(percent(share(float(line.amount), float(total)))),
            count(line.occurrences, line.url),
        ]
        for line in found
    ]
    head = [words(_("Instrument")), heading(_("Amount")), heading(_("Share")), heading(_("Financings"))]
    foot = [
        words(_("Total")),
        figure(money(total)),
        figure(percent(1)),
        count(occurrences["total"], asked.page_of(occurrences["list"])),
    ]
    return Table(_("Published financings by instrument"), head, rows, foot if rows else ())
