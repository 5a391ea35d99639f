"""From the stock at one year's end to the next: who joined, who left, and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from companies.dashboard.asking import Answer
from companies.dashboard.panels.parts import Cell, Chart, Panel, Table, count, figure, heading, words
from companies.dashboard.readers_choice import ReadersChoice
from companies.pages.figures import page_of_part
from companies.statistics.codes import HIGH_TECH_FIRMS
from registry.templatetags.pages import number, signed


def panel(asked: ReadersChoice) -> Panel:
    answer = asked.ask(
        f"statistics/{HIGH_TECH_FIRMS}/bridge/", **{"valid_on": None, "from": asked.opens_on, "to": asked.closes_on}
    )
    parts = [part for part in answer["parts"] if part["joined"] or part["left"]]
    return Panel(
        "bridge",
        finding(asked, answer, parts),
        _("From %(from)s to %(to)s: each part opens to its firms.") % {"from": answer["from"], "to": answer["to"]},
        charts=[
            Chart("bridge", "waterfall", _("What led from one stock to the other"), waterfall(asked, answer, parts))
        ],
        tables=[of_parts(asked, answer, parts)],
        metrics=[HIGH_TECH_FIRMS],
        answers=[answer],
        period=(answer["from"], answer["to"]),
        notes=[] if asked.is_whole_year else [not_over(asked)],
    )


def not_over(asked: ReadersChoice) -> str:
    return _("%s is not over: most certificates are dated in a year's last quarter. Hatched: provisional.") % asked.year


def finding(asked: ReadersChoice, answer: Answer, parts: list[dict[str, Any]]) -> str:
    change = answer["closing"] - answer["opening"]
    told = {
        "year": asked.year,
        "change": number(abs(change)),
        "joined": number(sum(part["joined"] for part in parts)),
        "left": number(sum(part["left"] for part in parts)),
    }
    if change > 0:
        return _("%(year)s: %(change)s more high-tech firms: %(joined)s joined, %(left)s left") % told
    if change < 0:
        return _("%(year)s: %(change)s fewer high-tech firms: %(joined)s joined, %(left)s left") % told
    return _("%(year)s: as many high-tech firms as before: %(joined)s joined, %(left)s left") % told


def waterfall(asked: ReadersChoice, answer: Answer, parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "unit": answer["unit"],
        "opening": end(asked, answer["from"], answer["opening"]),
        "parts": [
            {"name": part["label"], "value": part["value"], "url": page_of_part(part["firms"])} for part in parts
        ],
        "closing": end(asked, answer["to"], answer["closing"]),
        "provisional": not asked.is_whole_year,
        "words": {"stock": _("High-tech firms")},
    }


def end(asked: ReadersChoice, day: str, firms: int) -> dict[str, Any]:
    return {"name": day, "value": firms, "url": asked.high_tech_on(day)}


def of_parts(asked: ReadersChoice, answer: Answer, parts: list[dict[str, Any]]) -> Table:
    opening, closing = (
        end(asked, answer[day], answer[firms]) for day, firms in (("from", "opening"), ("to", "closing"))
    )
    rows = [[Cell(_("Opening, %s") % answer["from"]), count(opening["value"], opening["url"])]]
    rows += [[Cell(part["label"]), figure(signed(part["value"]), page_of_part(part["firms"]))] for part in parts]
    foot = [Cell(_("Closing, %s") % answer["to"]), count(closing["value"], closing["url"])]
    return Table(_("Opening, parts and closing"), [words(_("Part")), heading(answer["unit"])], rows, foot)
