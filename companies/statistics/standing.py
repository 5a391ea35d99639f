"""Figures of a day from the ledger, where it holds all that is asked; the list's own query answers everything else."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from companies.statistics import ledger
from companies.statistics.codes import STANDING
from companies.statistics.counting import Counted
from companies.statistics.dimensions import Dimension
from companies.statistics.ledger.questions import DIMENSIONS
from companies.statistics.ledger.reading import Stock
from companies.statistics.metrics import Metric
from companies.statistics.zones import ZONE, as_districts, behind, regrouped
from registry.api.filtersets import StrictFilterSet
from registry.history.acting import has_uncommitted


def counted(metric: Metric, filterset: StrictFilterSet, dimensions: Sequence[Dimension]) -> Counted | None:
    """The same as the list's query would count, on both clocks; None for what the ledger cannot answer."""
    asked = filterset.resolved()
    if not metric.implied.keys() <= asked.keys():  # a code that was not known narrows nothing
        return None
    keys = keys_of({name: value for name, value in asked.items() if name not in metric.implied})
    names = [dimension.name for dimension in dimensions]
    by = behind(names)
    if keys is None or not {*names} <= {*DIMENSIONS, ZONE} or not is_worthwhile(by, keys):
        return None
    day, known_at = filterset.valid_on, filterset.asked.known_at
    found = stocks(metric.code, [day], known_at, by, keys)
    if found is None:
        return None
    overlaps = "technology_field" in by
    whole = stocks(metric.code, [day], known_at, (), keys) if overlaps else None
    total = whole[day][()] if whole else sum(found[day].values())
    return Counted(total, dict(regrouped(found[day], names)) if names else {})


def stocks(
    metric: str,
    days: Sequence[datetime.date],
    known_at: datetime.datetime | None,
    by: Sequence[str] = (),
    keys: Mapping[str, Collection[int]] | None = None,
) -> dict[datetime.date, Stock] | None:
    """The ledger's stocks on days, by groups; None where it would not say what the lists say at that moment."""
    if metric not in STANDING or (known_at is not None and ledger.holds_firms_without_versions()):
        return None
    if has_uncommitted():  # the ledger learns of it at the commit
        return None
    narrowed: dict[str, Any] = {name: list(found) for name, found in (keys or {}).items()}
    try:
        return ledger.series(metric, days, known_at=known_at, by=by, **narrowed)
    except ledger.LedgerCannotAnswer:
        return None


def keys_of(asked: Mapping[str, Any]) -> dict[str, set[int]] | None:
    """The rows that filters were given as keys of the ledger, a district within its zone; None for other filters."""
    if not asked.keys() <= {*DIMENSIONS, ZONE}:
        return None
    return as_districts({name: [row.pk for row in rows] for name, rows in asked.items()})


def is_worthwhile(by: Collection[str], keys: Collection[str]) -> bool:
    """Sums are kept of one dimension at a time; of several the ledger reads every entry, the list but a few firms."""
    return not keys or len({*by, *keys}) == 1
