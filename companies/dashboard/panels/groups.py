"""The groups of a figure as rows: name, number, share, and the list of the entries behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from companies.dashboard.asking import Answer
from companies.dashboard.numbers import share
from companies.dashboard.panels.parts import Cell, Table, count, figure, heading, words
from companies.dashboard.readers_choice import ReadersChoice
from companies.pages.ranking import largest_first
from companies.statistics.groups import UNKNOWN
from registry.templatetags.pages import percent


@dataclass(frozen=True)
class Group:
    """`key` is the code; `within` that of the second dimension, where there are two."""

    key: str
    name: str
    value: int
    url: str | None
    within: str | None = None
    within_name: str | None = None


NOBODY = Group(UNKNOWN, "–", 0, None)


def ranked(asked: ReadersChoice, answer: Answer, by: str, within: str | None = None) -> list[Group]:
    """The largest first, `unknown` last."""
    found = [group(asked, row, by, within) for row in answer.data.get("groups", ())]
    return sorted(found, key=lambda one: largest_first(one.key, one.value))


def group(asked: ReadersChoice, row: dict[str, Any], by: str, within: str | None) -> Group:
    key, label = row["key"], row["label"]
    url = asked.page_of(row["list"])
    if within is None:
        return Group(key[by], label[by], row["value"], url)
    return Group(key[by], label[by], row["value"], url, key[within], label[within])


def known(groups: list[Group]) -> list[Group]:
    return [one for one in groups if one.key != UNKNOWN]


def bars(groups: list[Group], unit: str) -> dict[str, Any]:
    """What a chart of ranked bars draws."""
    rows = [
        {"name": one.name, "value": one.value, "url": one.url, "unknown": one.key == UNKNOWN}
        for one in groups
        if one.value
    ]
    return {"unit": unit, "rows": rows}


def table(asked: ReadersChoice, caption: str, dimension: str, groups: list[Group], answer: Answer) -> Table:
    """Name, number and share of the total; the foot is the figure's own total."""
    total = answer["total"]
    rows = [[Cell(one.name), count(one.value, one.url), figure(percent(share(one.value, total)))] for one in groups]
    foot = [words(_("Total")), count(total, asked.page_of(answer["list"])), figure(percent(1))]
    return Table(caption, [words(dimension), heading(answer["unit"]), heading(_("Share"))], rows, foot if rows else ())
