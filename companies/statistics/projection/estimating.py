"""From cohorts to the rates of the projection: those of the last years that the register knows whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from companies.statistics.projection.cohorts import Cohorts
from companies.statistics.projection.lives import (
    AHEAD,
    GONE,
    GRANTED,
    LAPSED,
    MOVED_IN,
    OLDEST,
    RENEWED,
    Cell,
)
from companies.statistics.projection.rates import Inflow, Share, inflow_of, share_of

MOST_YEARS, FEWEST_YEARS = 8, 4
DUE_NEXT = 2
FRESH: Cell = (3, 1)
"""Where a firm stands that was granted its first certificate, unless the past says otherwise."""


@dataclass(frozen=True)
class Rates:
    """What happens to a stock within a year.

    `renewal` by age: of those whose validity ends and that are neither dissolved nor gone; `gone`: of the whole stock,
    dissolved, moved out or revoked; `ahead`: of those whose validity ends the year after. `granted_to` and
    `moved_in_as` say in which cells new firms begin, as shares.
    """

    years: tuple[int, ...]
    renewal: tuple[Share, ...]
    gone: Share
    ahead: Share
    granted: Inflow
    moved_in: Inflow
    granted_to: Mapping[Cell, float]
    moved_in_as: Mapping[Cell, float]


def years_of(cohorts: Cohorts, last: int) -> list[int]:
    """The years from which rates up to the end of `last` are taken; too few when there are less than `FEWEST_YEARS`."""
    return cohorts.whole_years(last)[-MOST_YEARS:]


def rates_of(cohorts: Cohorts, last: int) -> Rates | None:
    """The rates as they could be known at the end of the year `last`; none where the register is too young."""
    years = years_of(cohorts, last)
    if len(years) < FEWEST_YEARS or not cohorts.stock(last):
        return None
    return Rates(
        years=tuple(years),
        renewal=tuple(renewal_of(cohorts, years, age) for age in range(1, OLDEST + 1)),
        gone=share_of([(cohorts.moved(year, *GONE), cohorts.at_risk(year)) for year in years]),
        ahead=share_of(
            [(cohorts.moved(year, AHEAD, left=DUE_NEXT), cohorts.at_risk(year, DUE_NEXT)) for year in years]
        ),
        granted=inflow_of([(year, cohorts.moved(year, *GRANTED)) for year in years], has_trend=True),
        moved_in=inflow_of([(year, cohorts.moved(year, MOVED_IN)) for year in years], has_trend=False),
        granted_to=cells_of(cohorts, years, *GRANTED),
        moved_in_as=cells_of(cohorts, years, MOVED_IN),
    )


def renewal_of(cohorts: Cohorts, years: list[int], age: int) -> Share:
    """Renewed by the end of the year, in time or late, of those renewed or lapsed; all ages where this one has none."""
    of_age = [_renewed_and_due(cohorts, year, age) for year in years]
    if not any(due for _renewed, due in of_age):
        of_age = [_renewed_and_due(cohorts, year, None) for year in years]
    return share_of(of_age)


def _renewed_and_due(cohorts: Cohorts, year: int, age: int | None) -> tuple[int, int]:
    renewed = cohorts.moved(year, *RENEWED, age=age)
    return renewed, renewed + cohorts.moved(year, LAPSED, age=age)


def cells_of(cohorts: Cohorts, years: list[int], *what: str) -> dict[Cell, float]:
    """The cells in which firms that came so began, as shares that add up to 1."""
    found: Counter[Cell] = Counter()
    for year in years:
        for name in what:
            found.update(cohorts.moves.get((year, name), {}))
    total = sum(found.values())
    return {cell: firms / total for cell, firms in sorted(found.items())} if total else {FRESH: 1.0}
