"""Asking the ledger: stocks and series of the metrics that count firms, on both clocks (`changes`: why they differ).

Every function takes a metric's code and, by name, the base keys that narrow it: `district=[3, 7]`, `hub=[None]` for
firms without one. `known_at` (default: now) leaves out what was recorded later. Keys are primary keys.
`LedgerCannotAnswer` is raised for what the ledger does not keep; the list's own query then answers.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from companies.statistics.codes import ADJACENT_FIRMS
from companies.statistics.ledger.questions import UNKNOWN, LedgerCannotAnswer, Question, split_months
from companies.statistics.ledger.rebuilding import rule

Group = tuple[int | None, ...]
"""A key for each dimension of `by`, None for unknown; `()` without dimensions."""
Stock = dict[Group, int]
"""Firms by group; groups without firms are left out, but for `()`."""


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
    place = "width_bucket(day - 1, %(days)s::date[])" if len(asked) > 1 else "0"
    statement = f"SELECT {place} AS place{names}, sum(delta)::bigint FROM ({question.turns()}) turns GROUP BY 1{places}"
    first_of_year = asked[0].replace(month=1, day=1)
    found = rows(
        question, statement, days=asked, first_of_year=first_of_year, last=asked[-1], split=split_months(asked)
    )
    stocks = _running(asked, found)
    return stocks if by else {day: held or {(): 0} for day, held in stocks.items()}


def holds_firms_without_versions() -> bool:
    """Whether firms were there before versions were kept: the ledger always knew them, the lists of the past do not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger.entry WHERE recorded_at = to_timestamp(0))")
        (found,) = cursor.fetchone() or (False,)
    return bool(found)


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


def rows(question: Question, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement over the question's entries; LedgerCannotAnswer while these are not whole."""
    with connection.cursor() as cursor:
        _refuse_what_is_not_whole(cursor, question.metric)
        cursor.execute(statement, question.parameters() | parameters)
        return list(cursor.fetchall())


def _refuse_what_is_not_whole(cursor: Any, metric: str) -> None:
    """No rule stands while the ledger is derived for the first time, or anew by another definition."""
    cursor.execute("SELECT definition, adjacency_metres FROM ledger.rule")
    definition, metres = cursor.fetchone() or (None, None)
    ours, our_metres = rule()
    if definition != ours:
        raise LedgerCannotAnswer("The ledger is being derived by another definition: run manage.py migrate.")
    if metric == ADJACENT_FIRMS and metres != our_metres:
        raise LedgerCannotAnswer("The distance to a campus was set anew: run manage.py rebuild_ledger.")
