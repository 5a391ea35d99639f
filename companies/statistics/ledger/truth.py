"""The ledger against the slow truth: the list's own count of today's rows, on any day and by any group."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import connection

from companies.statistics import counting
from companies.statistics.codes import HIGH_TECH_FIRMS, STANDING
from companies.statistics.ledger.questions import DIMENSIONS
from companies.statistics.ledger.reading import Stock, stock
from companies.statistics.metrics import BY_CODE
from registry.api.parameters import Asked
from registry.days import today

PAIRS = tuple(pair for pair in combinations(DIMENSIONS, 2) if "technology_field" not in pair)


@dataclass(frozen=True)
class Difference:
    """A figure of which ledger and list do not say the same; only the groups that differ."""

    metric: str
    day: datetime.date
    by: tuple[str, ...]
    ledger: Stock
    listed: Stock

    def __str__(self) -> str:
        groups = f" by {', '.join(self.by)}" if self.by else ""
        return f"{self.metric} on {self.day}{groups}: the ledger says {self.ledger}, the list {self.listed}"


def listed(metric: str, day: datetime.date, by: Sequence[str] = ()) -> Stock:
    """Firms by group, counted by the query of the list with the filters that the metric implies."""
    declared = BY_CODE[metric]
    kinds = {parameter.name: parameter.kind for parameter in declared.filterset.parameters()}
    implied = {name: kinds[name].parse(text) for name, text in declared.implied.items()}
    filterset = declared.filterset(Asked({"valid_on": day, **implied}), declared.rows(day))
    if not by:
        return {(): int(counting.total(filterset.qs))}
    dimensions = [declared.dimension(name) for name in by]
    found: Stock = counting.count_by(filterset.qs, dimensions, day, filterset.resolved())  # type: ignore[assignment]
    return found


def differences(days: int, seed: int) -> Iterator[Difference]:
    """Of every metric, on so many random days: the total, each dimension, and a pair of dimensions."""
    chance = random.Random(seed)
    for metric in STANDING:
        for day in days_of(metric, days, chance):
            for by in [(), *((name,) for name in kept(metric)), chance.choice(PAIRS)]:
                yield from compare(metric, day, by)


def compare(metric: str, day: datetime.date, by: tuple[str, ...]) -> Iterator[Difference]:
    ours, truth = stock(metric, day, by=by), listed(metric, day, by)
    groups = [group for group in {**ours, **truth} if ours.get(group, 0) != truth.get(group, 0)]
    if groups:
        ours, truth = ({group: side.get(group, 0) for group in groups} for side in (ours, truth))
        yield Difference(metric, day, by, ours, truth)


def kept(metric: str) -> Iterator[str]:
    return (name for name in DIMENSIONS if name != "technology_field" or metric == HIGH_TECH_FIRMS)


def days_of(metric: str, number: int, chance: random.Random) -> list[datetime.date]:
    """Today, and random days on which, or before which, something begins or ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT day FROM ledger.entry WHERE metric = %s ORDER BY day", [metric])
        turns = [day for (day,) in cursor.fetchall()]
    found = chance.sample(turns, min(number, len(turns)))
    return sorted({today(), *(day - datetime.timedelta(days=chance.randint(0, 1)) for day in found)})
