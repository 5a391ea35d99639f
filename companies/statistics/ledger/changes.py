"""Why the ledger's figures differ: between two days (bridge) and between two moments of knowing (revisions).

Keys that narrow are given as for `reading`; lists are paged by the last entry that was read (`after`) and a `limit`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from companies.statistics.ledger.questions import Question
from companies.statistics.ledger.reading import rows, series
from companies.statistics.ledger.reasons import Reason

Moment = datetime.datetime


@dataclass(frozen=True)
class Part:
    """How often, for one reason, a firm joined a figure or left it between two days; `value` is what that came to.

    A firm whose certificate expires twice leaves twice. Only a narrowed figure has firms that joined and firms that
    left for one reason, such as a move.
    """

    reason: Reason
    joined: int
    left: int

    @property
    def value(self) -> int:
        return self.joined - self.left


@dataclass(frozen=True)
class Bridge:
    """From the stock at the end of one day to that of another: `opening` and all parts make `closing`."""

    opening: int
    parts: tuple[Part, ...]
    closing: int


@dataclass(frozen=True)
class Turn:
    """A firm that joined a figure (1) or left it (-1) on a day, for a reason."""

    company: int
    day: datetime.date
    delta: int
    reason: Reason


@dataclass(frozen=True)
class Revision:
    """A firm that a change-set brought into a figure (1) or took out of it (-1).

    `changeset` and `sequence` are None for what was there before versions were kept. `is_entered` tells whether it
    came from a form; if not, a file or a program loaded it.
    """

    company: int
    delta: int
    changeset: int | None
    recorded_at: Moment
    sequence: int | None
    is_entered: bool


BETWEEN = "e.day > %(first)s AND e.day <= %(last)s"
# Corrections of one day cancel out, and so do both sides of a move within what is asked.
TURNS = """
SELECT reason, day, company_id, sum(delta)::integer AS delta FROM ({entries}) entries
GROUP BY reason, day, company_id HAVING sum(delta) <> 0
"""
KNOWN_BETWEEN = " AND e.recorded_at > %(known_from)s AND e.recorded_at <= %(known_to)s"
REVISIONS = """
SELECT company_id, sum(delta)::integer AS delta, changeset_id, recorded_at FROM ({entries}) entries
GROUP BY company_id, changeset_id, recorded_at HAVING sum(delta) <> 0
"""


def bridge(
    metric: str,
    opening_day: datetime.date,
    closing_day: datetime.date,
    *,
    known_at: Moment | None = None,
    **keys: Collection[int | None],
) -> Bridge:
    """What happened after the opening day, up to and with the closing day; ValueError for days out of order."""
    if closing_day < opening_day:
        raise ValueError(f"The closing day {closing_day} lies before the opening day {opening_day}.")
    question = Question(metric, (), keys, known_at)
    turns = TURNS.format(entries=question.entries(BETWEEN, columns=", e.reason, e.company_id"))
    statement = (
        "SELECT reason, COALESCE(sum(delta) FILTER (WHERE delta > 0), 0)::integer,"
        f" COALESCE(-sum(delta) FILTER (WHERE delta < 0), 0)::integer FROM ({turns}) turns GROUP BY reason"
    )
    found = {
        reason: Part(Reason(reason), joined, left)
        for reason, joined, left in rows(question, statement, first=opening_day, last=closing_day)
    }
    stocks = series(metric, [opening_day, closing_day], known_at=known_at, by=(), **keys)
    parts = tuple(found[reason] for reason in Reason.values if reason in found)
    return Bridge(stocks[opening_day][()], parts, stocks[closing_day][()])


def turns_of_part(
    metric: str,
    opening_day: datetime.date,
    closing_day: datetime.date,
    reason: Reason,
    *,
    known_at: Moment | None = None,
    after: tuple[datetime.date, int] | None = None,
    limit: int | None = None,
    **keys: Collection[int | None],
) -> list[Turn]:
    """The turns that make one part of the bridge, by day and firm; `after` is the day and the firm of one of them."""
    question = Question(metric, (), keys, known_at)
    entries = question.entries(f"{BETWEEN} AND e.reason = %(reason)s", columns=", e.reason, e.company_id")
    statement = f"SELECT company_id, day, delta, reason FROM ({TURNS.format(entries=entries)}) turns"
    if after is not None:
        statement += " WHERE (day, company_id) > (%(after_day)s, %(after_company)s)"
    statement += " ORDER BY day, company_id LIMIT %(limit)s"
    day, company = after or (None, None)
    found = rows(
        question,
        statement,
        **{"first": opening_day, "last": closing_day, "reason": reason.value, "limit": limit},
        **{"after_day": day, "after_company": company},
    )
    return [Turn(firm, on, delta, Reason(why)) for firm, on, delta, why in found]


def revisions(
    metric: str,
    day: datetime.date,
    known_from: Moment,
    known_to: Moment,
    *,
    after: tuple[Moment, int] | None = None,
    limit: int | None = None,
    **keys: Collection[int | None],
) -> list[Revision]:
    """The firms that changes recorded after `known_from`, up to and with `known_to`, brought into the figure of the
    day or took out of it, in the order of recording; `after` is the moment and the firm of one of them."""
    question = Question(metric, (), keys)
    statement = (
        "SELECT company_id, delta, changeset_id, r.recorded_at, c.sequence, COALESCE(c.request_id <> '', false)"
        f" FROM ({_revised(question)}) r LEFT JOIN public.registry_changeset c ON c.id = r.changeset_id"
    )
    if after is not None:
        statement += " WHERE (r.recorded_at, company_id) > (%(after_moment)s, %(after_company)s)"
    statement += " ORDER BY r.recorded_at, company_id LIMIT %(limit)s"
    moment, company = after or (None, None)
    found = rows(
        question,
        statement,
        **{"last": day, "known_from": known_from, "known_to": known_to, "limit": limit},
        **{"after_moment": moment, "after_company": company},
    )
    return [Revision(*row) for row in found]


def joined_and_left(
    metric: str, day: datetime.date, known_from: Moment, known_to: Moment, **keys: Collection[int | None]
) -> tuple[int, int]:
    """How often the revisions brought a firm into the figure, and how often they took one out."""
    question = Question(metric, (), keys)
    statement = (
        "SELECT COALESCE(sum(delta) FILTER (WHERE delta > 0), 0)::integer,"
        f" COALESCE(-sum(delta) FILTER (WHERE delta < 0), 0)::integer FROM ({_revised(question)}) revisions"
    )
    ((joined, left),) = rows(question, statement, last=day, known_from=known_from, known_to=known_to)
    return joined, left


def turns_revised(
    metric: str, day: datetime.date, revised: Sequence[Revision], **keys: Collection[int | None]
) -> dict[Revision, list[Turn]]:
    """What each of the revisions wrote anew or took back, as far as it matters for the figure of the day."""
    question = Question(metric, (), keys)
    entries = question.entries(
        "e.day <= %(last)s AND e.company_id = ANY(%(firms)s)", columns=", e.company_id, e.reason, e.recorded_at"
    )
    statement = (
        f"SELECT company_id, recorded_at, day, sum(delta)::integer, reason FROM ({entries}) entries"
        " WHERE recorded_at = ANY(%(moments)s) GROUP BY company_id, recorded_at, day, reason HAVING sum(delta) <> 0"
        " ORDER BY day, sum(delta)"
    )
    asked = {"firms": [one.company for one in revised], "moments": list({one.recorded_at for one in revised})}
    found: dict[tuple[int, Moment], list[Turn]] = defaultdict(list)
    for company, recorded_at, on, delta, reason in rows(question, statement, last=day, **asked):
        found[company, recorded_at].append(Turn(company, on, delta, Reason(reason)))
    return {one: found[one.company, one.recorded_at] for one in revised}


def _revised(question: Question) -> str:
    entries = question.entries(
        "e.day <= %(last)s", columns=", e.company_id, e.changeset_id, e.recorded_at", known=KNOWN_BETWEEN
    )
    return REVISIONS.format(entries=entries)


def counts_invented(
    metric: str, day: datetime.date, known_at: Moment | None = None, **keys: Collection[int | None]
) -> bool:
    """Whether a firm invented for demonstration began to count by the day."""
    question = Question(metric, (), keys, known_at)
    entries = question.entries("e.day <= %(last)s", columns=", e.company_id")
    statement = (
        f"SELECT EXISTS (SELECT FROM ({entries}) entries JOIN companies_company c ON c.id = company_id"
        " WHERE c.is_invented)"
    )
    ((found,),) = rows(question, statement, last=day)
    return bool(found)
