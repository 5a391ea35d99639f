"""Asking the ledger: stocks, series, bridges and revisions of the metrics that count firms, on both clocks.

Every function takes a metric's code and, by name, the base keys that narrow it: `district=[3, 7]`, `hub=[None]` for
firms without one. `known_at` (default: now) leaves out what was recorded later. Keys are primary keys.
`LedgerCannotAnswer` is raised for what the ledger does not keep; the list's own query then answers.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from companies.statistics.ledger.questions import UNKNOWN, LedgerCannotAnswer, Question, split_months
from companies.statistics.ledger.reasons import Reason
from companies.statistics.ledger.rebuilding import rule

Group = tuple[int | None, ...]
"""A key for each dimension of `by`, None for unknown; `()` without dimensions."""
Stock = dict[Group, int]
"""Firms by group; groups without firms are left out, but for `()`."""


@dataclass(frozen=True)
class Part:
    """What one reason did to a figure between two days: firms that joined less firms that left, as `value`.

    Only a narrowed figure has firms that joined and firms that left for one reason, such as a move.
    """

    reason: Reason
    joined: tuple[int, ...]
    left: tuple[int, ...]

    @property
    def value(self) -> int:
        return len(self.joined) - len(self.left)


@dataclass(frozen=True)
class Bridge:
    """From the stock at the end of one day to that of another: `opening` and all parts make `closing`."""

    opening: int
    parts: tuple[Part, ...]
    closing: int


@dataclass(frozen=True)
class Revision:
    """A firm that a change-set brought into a figure (1) or took out of it (-1).

    `changeset` is None for what was there before versions were kept.
    """

    company: int
    delta: int
    changeset: int | None
    recorded_at: datetime.datetime


def stock(
    metric: str,
    day: datetime.date,
    *,
    known_at: datetime.datetime | None = None,
    by: Sequence[str] = (),
    **keys: Collection[int | None],
) -> Stock:
    """Firms that count on the day, by group."""
    return series(metric, [day], known_at=known_at, by=by, **keys)[day]


def series(
    metric: str,
    days: Sequence[datetime.date],
    *,
    known_at: datetime.datetime | None = None,
    by: Sequence[str] = (),
    **keys: Collection[int | None],
) -> dict[datetime.date, Stock]:
    """The stock on each of the days, in the order of the days."""
    question = Question(metric, tuple(by), keys, known_at)
    asked = sorted(set(days))
    if not asked:
        return {}
    names = "".join(f", {name}" for name in question.by)
    places = "".join(f", {number}" for number in range(2, 2 + len(question.by)))
    # Each turn falls to the first asked day that does not lie before it.
    statement = (
        f"SELECT width_bucket(day - 1, %(days)s::date[]) AS place{names}, sum(delta)::bigint"
        f" FROM ({question.turns()}) turns GROUP BY 1{places}"
    )
    found = _rows(question, statement, days=asked, last=asked[-1], split=split_months(asked))
    stocks = _running(asked, found)
    return stocks if by else {day: held or {(): 0} for day, held in stocks.items()}


def _running(days: Sequence[datetime.date], found: Sequence[tuple[Any, ...]]) -> dict[datetime.date, Stock]:
    changes: dict[int, list[tuple[Group, int]]] = defaultdict(list)
    for place, *keys, delta in found:
        changes[place].append((tuple(None if key == UNKNOWN else key for key in keys), delta))
    now: dict[Group, int] = defaultdict(int)
    stocks = {}
    for place, day in enumerate(days):
        for group, delta in changes[place]:
            now[group] += delta
        stocks[day] = {group: number for group, number in now.items() if number}
    return stocks


def bridge(
    metric: str,
    opening_day: datetime.date,
    closing_day: datetime.date,
    *,
    known_at: datetime.datetime | None = None,
    **keys: Collection[int | None],
) -> Bridge:
    """What happened after the opening day, up to and with the closing day; ValueError for days out of order."""
    if closing_day < opening_day:
        raise ValueError(f"The closing day {closing_day} lies before the opening day {opening_day}.")
    question = Question(metric, (), keys, known_at)
    turns = question.entries("e.day > %(first)s AND e.day <= %(last)s", columns=", e.reason, e.company_id")
    statement = (
        "SELECT reason, array_agg(company_id ORDER BY company_id) FILTER (WHERE delta > 0),"
        " array_agg(company_id ORDER BY company_id) FILTER (WHERE delta < 0) FROM"
        f" (SELECT reason, company_id, sum(delta) AS delta FROM ({turns}) turns"
        " GROUP BY reason, company_id HAVING sum(delta) <> 0) firms GROUP BY reason"
    )
    found = {
        reason: Part(Reason(reason), tuple(joined or ()), tuple(left or ()))
        for reason, joined, left in _rows(question, statement, first=opening_day, last=closing_day)
    }
    stocks = series(metric, [opening_day, closing_day], known_at=known_at, by=(), **keys)
    parts = tuple(found[reason] for reason in Reason.values if reason in found)
    return Bridge(stocks[opening_day].get((), 0), parts, stocks[closing_day].get((), 0))


def revisions(
    metric: str,
    day: datetime.date,
    known_from: datetime.datetime,
    known_to: datetime.datetime,
    **keys: Collection[int | None],
) -> list[Revision]:
    """The firms that changes recorded after `known_from`, up to and with `known_to`, brought into the figure of the
    day or took out of it, in the order of recording."""
    question = Question(metric, (), keys)
    known = " AND e.recorded_at > %(known_from)s AND e.recorded_at <= %(known_to)s"
    turns = question.entries("e.day <= %(last)s", columns=", e.company_id, e.changeset_id, e.recorded_at", known=known)
    statement = (
        f"SELECT company_id, sum(delta)::bigint, changeset_id, recorded_at FROM ({turns}) turns"
        " GROUP BY company_id, changeset_id, recorded_at HAVING sum(delta) <> 0 ORDER BY recorded_at, company_id"
    )
    found = _rows(question, statement, last=day, known_from=known_from, known_to=known_to)
    return [Revision(*row) for row in found]


def _rows(question: Question, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        if question.metric == "university-adjacent-firms":
            _refuse_another_rule(cursor)
        cursor.execute(statement, question.parameters() | parameters)
        return list(cursor.fetchall())


def _refuse_another_rule(cursor: Any) -> None:
    cursor.execute("SELECT definition, adjacency_metres FROM ledger.rule")
    if cursor.fetchone() != rule():
        raise LedgerCannotAnswer("The distance to a campus was set anew: run manage.py rebuild_ledger.")
