"""The renewal cliff: in which quarter the validity of the day's firms ends."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from companies.dashboard.asking import Answer
from companies.dashboard.numbers import share
from companies.dashboard.panels.parts import Cell, Chart, Panel, Table, count, figure, heading, words
from companies.dashboard.readers_choice import ReadersChoice
from companies.statistics.codes import HIGH_TECH_FIRMS
from registry.templatetags.pages import number, percent

A_YEAR = 4  # quarters
MONTHS_OF_QUARTER = 3


def panel(asked: ReadersChoice) -> Panel:
    answer = asked.ask(f"statistics/{HIGH_TECH_FIRMS}/renewal-cliff/", by="quarter")
    buckets = answer["buckets"]
    return Panel(
        "cliff",
        finding(asked, answer, buckets[:A_YEAR]),
        _("High-tech firms by the quarter in which their last certificate ends, unless they renew."),
        charts=[Chart("cliff", "columns", _("Firms whose validity ends, by quarter"), columns(asked, buckets, answer))],
        tables=[of_quarters(asked, answer)],
        metrics=[HIGH_TECH_FIRMS],
        answers=[answer],
    )


def finding(asked: ReadersChoice, answer: Answer, soon: list[dict[str, Any]]) -> str:
    firms = sum(bucket["firms"] for bucket in soon)
    told = {
        "firms": number(firms),
        "share": percent(share(firms, answer["total"]), 0),
        "day": soon[-1]["to"] if soon else asked.day.isoformat(),
    }
    return _("%(firms)s firms, %(share)s of the stock, must renew by %(day)s to stay in it") % told


def quarter(bucket: dict[str, Any]) -> str:
    """2027 Q1; the last one, without an end, from its first day."""
    year, month = bucket["from"][:4], int(bucket["from"][5:7])
    name = _("%(year)s Q%(quarter)s") % {"year": year, "quarter": (month - 1) // MONTHS_OF_QUARTER + 1}
    return name if bucket["to"] else _("%s or later") % name


def short_quarter(bucket: dict[str, Any]) -> str:
    """In two lines, for an axis."""
    place = (int(bucket["from"][5:7]) - 1) // MONTHS_OF_QUARTER + 1
    name = _("Q%(quarter)s") % {"quarter": place}
    return f"{name}\n{bucket['from'][:4]}{'' if bucket['to'] else '+'}"


def columns(asked: ReadersChoice, buckets: list[dict[str, Any]], answer: Answer) -> dict[str, Any]:
    rows = [
        {
            "name": quarter(bucket),
            "short": short_quarter(bucket),
            "value": bucket["firms"],
            "url": asked.page_of(bucket["list"]),
            "soon": place < A_YEAR,
        }
        for place, bucket in enumerate(buckets)
    ]
    return {"unit": _("firms"), "rows": rows, "words": {"soon": _("within four quarters"), "later": _("later")}}


def of_quarters(asked: ReadersChoice, answer: Answer) -> Table:
    total = answer["total"]
    rows = [
        [
            Cell(quarter(bucket)),
            Cell(f"{bucket['from']} – {bucket['to'] or ''}"),
            count(bucket["firms"], asked.page_of(bucket["list"])),
            count(bucket["certificates"]),
            figure(percent(share(bucket["firms"], total))),
        ]
        for bucket in answer["buckets"]
    ]
    head = [words(_("Quarter")), words(_("Days")), heading(_("Firms")), heading(_("Certificates")), heading(_("Share"))]
    certificates = sum(bucket["certificates"] for bucket in answer["buckets"])
    foot = [words(_("Total")), Cell(""), count(total), count(certificates), figure(percent(1))]
    return Table(_("When validity ends"), head, rows, foot if rows else ())
