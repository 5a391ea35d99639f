"""The test on the past: what would have been projected for each published stock, one and three years before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from companies.models import Observation
from companies.statistics.projection.cohorts import Cohorts
from companies.statistics.projection.estimating import rates_of
from companies.statistics.projection.paths import Fan, Levers, fan
from companies.statistics.projection.telling import interval, year_end
from registry.resources import as_number

YEARS_AHEAD = (1, 3)
PATHS = 300
JUDGED = ("within_80", "within_95", "computed_within_80", "computed_within_95")


def back_test(cohorts: Cohorts, published: Sequence[Observation], last: int) -> dict[str, Any]:
    """Of the published stocks of ends of years up to `last`; “at least” and other days cannot be judged.

    The register's own count is judged beside each: where it is far from the published one, the projection that
    started from it cannot meet the published one either. `summary` counts the official ones only.
    """
    judged = [row for row in published if row.as_of == year_end(row.as_of.year) and not row.is_lower_bound]
    judged = [row for row in judged if row.as_of.year <= last]
    fans = {year: _made_at(cohorts, year) for year in _bases(judged)}
    points = [
        _point(row, cohorts, found, ahead)
        for row in judged
        for ahead in YEARS_AHEAD
        if (found := fans[row.as_of.year - ahead]) is not None
    ]
    return {"points": points, "summary": [_summary(points, ahead) for ahead in YEARS_AHEAD]}


def _bases(rows: Iterable[Observation]) -> set[int]:
    return {row.as_of.year - ahead for row in rows for ahead in YEARS_AHEAD}


@lru_cache(maxsize=64)
def _made_at(cohorts: Cohorts, base: int) -> Fan | None:
    """From the stock and the rates as they stood at the end of the year; none where the register was too young."""
    rates = rates_of(cohorts, base)
    if rates is None:
        return None
    years = range(base + 1, base + max(YEARS_AHEAD) + 1)
    return fan(cohorts.stocks[base], rates, Levers(), years, paths=PATHS)


def _point(row: Observation, cohorts: Cohorts, made: Fan, ahead: int) -> dict[str, Any]:
    year = row.as_of.year
    told, computed = interval(made, year), cohorts.stock(year)
    return {
        "as_of": row.as_of.isoformat(),
        "published": as_number(row.value),
        "is_official": row.is_official,
        "mark": row.mark,
        "computed": computed,
        "made_on": year_end(year - ahead).isoformat(),
        "years_ahead": ahead,
        **told,
        "is_within_80": told["low_80"] <= row.value <= told["high_80"],
        "is_within_95": told["low_95"] <= row.value <= told["high_95"],
        "is_computed_within_80": told["low_80"] <= computed <= told["high_80"],
        "is_computed_within_95": told["low_95"] <= computed <= told["high_95"],
    }


def _summary(points: Iterable[dict[str, Any]], ahead: int) -> dict[str, int]:
    official = [point for point in points if point["is_official"] and point["years_ahead"] == ahead]
    return {
        "years_ahead": ahead,
        "points": len(official),
        **{name: sum(point[f"is_{name}"] for point in official) for name in JUDGED},
    }
