"""Figures of a day from the ledger, where it holds all that is asked; the list's own query answers everything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from companies.statistics import ledger
from companies.statistics.counting import Counted, Found, Number
from companies.statistics.dimensions import Dimension
from companies.statistics.ledger.questions import DIMENSIONS, METRICS
from companies.statistics.metrics import Metric
from registry.api.filtersets import StrictFilterSet
from registry.models import District

ZONE = "zone"
"""Of which the ledger holds no keys: a zone is its districts."""


def counted(metric: Metric, filterset: StrictFilterSet, dimensions: Sequence[Dimension]) -> Counted | None:
    """The same as the list's query would count, on both clocks; None for what the ledger cannot answer."""
    asked = filterset.resolved()
    if (
        metric.code not in METRICS or not metric.implied.keys() <= asked.keys()
    ):  # a code that was not known narrows nothing
        return None
    keys = keys_of({name: value for name, value in asked.items() if name not in metric.implied})
    names = [dimension.name for dimension in dimensions]
    if keys is None or not {*names} <= {*DIMENSIONS, ZONE} or not is_worthwhile(by_keys(names), keys):
        return None
    if filterset.asked.known_at is not None and ledger.holds_firms_without_versions():
        return None
    if ledger.lies_behind():
        return None
    clocks = {"day": filterset.valid_on, "known_at": filterset.asked.known_at}
    try:
        return _asked(metric.code, names, clocks, keys)
    except ledger.LedgerCannotAnswer:
        return None


def keys_of(asked: Mapping[str, Any]) -> dict[str, set[int]] | None:
    """The rows that filters were given as keys of the ledger, a district within its zone; None for other filters."""
    if not asked.keys() <= {*DIMENSIONS, ZONE}:
        return None
    keys = {name: {row.pk for row in rows} for name, rows in asked.items()}
    if ZONE in keys:
        districts = keys.pop(ZONE)
        keys["district"] = districts & keys.get("district", districts)
    return keys


def by_keys(names: Iterable[str]) -> tuple[str, ...]:
    """The dimensions of the ledger behind these dimensions."""
    return tuple(dict.fromkeys("district" if name == ZONE else name for name in names))


def is_worthwhile(by: Collection[str], keys: Collection[str]) -> bool:
    """Sums are kept of one dimension at a time; of several the ledger reads every entry, the list but a few firms."""
    return not keys or len({*by, *keys}) == 1


def _asked(metric: str, names: Sequence[str], clocks: dict[str, Any], keys: dict[str, set[int]]) -> Counted:
    by = by_keys(names)
    narrowed: dict[str, Any] = {name: list(found) for name, found in keys.items()}
    stock = ledger.stock(metric, by=by, **clocks, **narrowed)
    overlaps = "technology_field" in by
    total = ledger.stock(metric, **clocks, **narrowed)[()] if overlaps else sum(stock.values())
    return Counted(total, regrouped(stock, by, names) if names else {})


def regrouped(stock: Mapping[tuple[int | None, ...], Number], by: Sequence[str], names: Iterable[str]) -> Found:
    """Groups by the keys of the ledger as groups by dimensions."""
    names = list(names)
    zones: dict[int | None, int | None] = {}
    if ZONE in names:
        zones = dict(District.objects.values_list("pk", "zone"))
    found: Found = defaultdict(int)
    for group, value in stock.items():
        at = dict(zip(by, group, strict=True))
        found[tuple(zones.get(at["district"]) if name == ZONE else at[name] for name in names)] += value
    return dict(found)
