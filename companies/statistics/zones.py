"""Zones in figures from the ledger, which keeps districts only: a zone is its districts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from companies.statistics.ledger.reading import Stock
from registry.models import District

ZONE = "zone"
"""The one dimension and filter of which the ledger holds no keys."""


def as_districts(keys: Mapping[str, Collection[int]]) -> dict[str, set[int]]:
    """Keys by dimension, where those of `zone` are its districts (so `ZoneFilter` reads it): a district within it."""
    found = {name: set(asked) for name, asked in keys.items()}
    if ZONE in found:
        within = found.pop(ZONE)
        found["district"] = within & found.get("district", within)
    return found


def behind(names: Iterable[str]) -> tuple[str, ...]:
    """The dimensions of the ledger behind these dimensions."""
    return tuple(dict.fromkeys("district" if name == ZONE else name for name in names))


def regrouped(stock: Stock, names: Sequence[str]) -> Stock:
    """Groups by the ledger's dimensions behind `names` as groups by `names`."""
    if ZONE not in names:
        return stock
    by = behind(names)
    zones: dict[int | None, int | None] = dict(District.objects.values_list("pk", "zone"))
    found: Stock = defaultdict(int)
    for group, value in stock.items():
        at = dict(zip(by, group, strict=True))
        found[tuple(zones.get(at["district"]) if name == ZONE else at[name] for name in names)] += value
    return dict(found)
