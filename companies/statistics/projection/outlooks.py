"""The projection in one line, for a target's own page: the stock of the target's day, with its intervals."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from companies.models import Target
from companies.statistics.projection import telling
from companies.statistics.projection.projecting import base_of, is_projected, projection
from registry.api.parameters import Asked
from registry.history import last_recorded_at

MOST_KEPT = 64
"""Outlooks in the memory of a process: a few targets, from the ends of a few years."""


def outlook(target: Target, asked: Asked) -> dict[str, Any] | None:
    """`{"base", "stock", "day", "median", "low_80", "high_80", "low_95", "high_95", "reached"}`.

    None for what is not projected, a target whose day is over or more than ten years off, and a register that is too
    young. It is kept until the next change is committed, for it takes more than a second in a register of a city.
    """
    if not is_projected(target):
        return None
    base = base_of(asked.valid_on, asked.known_on)
    if not _sees_committed_changes_only():
        return _outlook(target, base)
    kept: dict[str, Any] | None = _kept(Question(target, (target.pk, base, asked.known_at, last_recorded_at())))
    return kept


class Question:
    """A target with what its outlook depends on; equal by that alone.

    The last change belongs to it also where the past is asked: who is withdrawn is missing from then on.
    """

    def __init__(self, target: Target, depends_on: tuple[int, int, datetime.datetime | None, datetime.datetime | None]):
        self.target, self.depends_on = target, depends_on

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Question) and other.depends_on == self.depends_on

    def __hash__(self) -> int:
        return hash(self.depends_on)


@lru_cache(maxsize=MOST_KEPT)
def _kept(question: Question) -> dict[str, Any] | None:
    return _outlook(question.target, question.depends_on[1])


def _outlook(target: Target, base: int) -> dict[str, Any] | None:
    made = projection(target, base)
    path = made.path() if made.reaches_due_year else []
    if not path:
        return None
    return {"base": telling.year_end(made.base).isoformat(), "stock": made.cohorts.stock(made.base), **path[-1]}


def _sees_committed_changes_only() -> bool:
    """A transaction that writes has a state that no committed change tells."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone()[0] == "on")
