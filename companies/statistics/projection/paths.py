"""The stock, year after year: one step of the cohorts, the expected path, and many drawn paths with their intervals.

Paths are drawn with a fixed seed. What is drawn for the rates, and the shocks of the years, are the same whatever the
levers say, so that two answers differ by the levers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from companies.statistics.projection.estimating import Rates
from companies.statistics.projection.lives import CELLS, OLDEST, Cell
from companies.statistics.projection.rates import DrawnInflow, DrawnShare, Given, YearlyShare

SEED = "high-tech-firms"
PATHS = 1000
INTERVALS = {80: (0.1, 0.9), 95: (0.025, 0.975)}


Stock = Sequence[float]
"""Firms by cell, in the order of `CELLS`."""


def in_cells(firms: Mapping[Cell, float]) -> tuple[float, ...]:
    return tuple(float(firms.get(cell, 0)) for cell in CELLS)


@dataclass(frozen=True)
class Levers:
    """What a caller wants held instead of the rates of the past; None leaves a rate as it was."""

    grants_per_year: int | None = None
    renewal_rate: float | None = None
    moves_in: int | None = None


@dataclass(frozen=True)
class Course:
    """The rates of one path."""

    renewal: Sequence[DrawnShare]
    gone: DrawnShare
    ahead: DrawnShare
    granted: DrawnInflow
    moved_in: DrawnInflow
    granted_to: Stock
    moved_in_as: Stock


def course(rates: Rates, levers: Levers, chance: Random | None = None) -> Course:
    """The expected rates, or with `chance` drawn ones. Levers replace what was drawn, they do not spare the draw."""
    renewal: Sequence[DrawnShare] = [share.drawn(chance) if chance else share.expected() for share in rates.renewal]
    gone, ahead = (share.drawn(chance) if chance else share.expected() for share in (rates.gone, rates.ahead))
    granted, moved_in = (flow.drawn(chance) if chance else flow.expected() for flow in (rates.granted, rates.moved_in))
    if levers.renewal_rate is not None:
        renewal = [YearlyShare(levers.renewal_rate)] * len(renewal)
    return Course(
        renewal,
        gone,
        ahead,
        granted if levers.grants_per_year is None else Given(levers.grants_per_year),
        moved_in if levers.moves_in is None else Given(levers.moves_in),
        in_cells(rates.granted_to),
        in_cells(rates.moved_in_as),
    )


NO_SHOCK = (0.0,) * (OLDEST + 4)
"""Of one year: renewal by age, gone, ahead, granted, moved in."""


def step(stock: Stock, course: Course, year: int, shocks: Sequence[float]) -> list[float]:
    """The stock at the end of the year from that at the end of the year before."""
    of_gone, of_ahead, of_granted, of_moved_in = shocks[OLDEST:]
    stays = 1 - course.gone.of(sum(stock), of_gone)
    staying = [firms * stays for firms in stock]
    due, due_next, fresh, open_ended = staying[0:3], staying[3:6], staying[6:9], staying[9:12]
    ahead = course.ahead.of(sum(due_next), of_ahead)
    first, second, later = (
        firms * share.of(firms, shock) + ahead * early
        for firms, share, shock, early in zip(due, course.renewal, shocks, due_next, strict=False)
    )
    waiting = [firms * (1 - ahead) for firms in due_next]
    before = (*waiting, *fresh, 0.0, first, second + later, *open_ended)
    granted, moved_in = course.granted.of(year, of_granted), course.moved_in.of(year, of_moved_in)
    return [
        firms + granted * new + moved_in * come
        for firms, new, come in zip(before, course.granted_to, course.moved_in_as, strict=True)
    ]


def expected_path(stock: Mapping[Cell, float], rates: Rates, levers: Levers, years: Sequence[int]) -> list[float]:
    """The stock at the end of each year when every rate is as expected and no year differs from another."""
    found, now, expected = [], list(in_cells(stock)), course(rates, levers)
    for year in years:
        now = step(now, expected, year, NO_SHOCK)
        found.append(sum(now))
    return found


@dataclass(frozen=True)
class Fan:
    """Drawn stocks at the ends of `years`: one list a year, each in order of size, and the paths as they were drawn."""

    years: Sequence[int]
    paths: Sequence[Sequence[int]]
    in_order: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def quantile(self, year: int, share: float) -> int:
        stocks = self.in_order[year]
        return stocks[round(share * (len(stocks) - 1))]

    def interval(self, year: int, percent: int) -> tuple[int, int]:
        """The stocks between which the middle `percent` of the paths lie, both included."""
        low, high = INTERVALS[percent]
        return self.quantile(year, low), self.quantile(year, high)

    def reached_by(self, year: int, value: float) -> float:
        """The share of the paths whose stock at the end of the year is at least the value."""
        return sum(stock >= value for stock in self.in_order[year]) / len(self.in_order[year])


def fan(stock: Mapping[Cell, float], rates: Rates, levers: Levers, years: Sequence[int], *, paths: int = PATHS) -> Fan:
    """Paths over the years that follow each other from the one after the stock's."""
    of_rates, shock = Random(f"{SEED}:rates"), Random(f"{SEED}:years").gauss
    first, drawn = in_cells(stock), []
    for _ in range(paths):
        now, rates_drawn, path = list(first), course(rates, levers, of_rates), []
        for year in years:
            now = step(now, rates_drawn, year, [shock() for _ in NO_SHOCK])
            path.append(round(sum(now)))
        drawn.append(path)
    by_year = zip(*drawn, strict=True)
    return Fan(years, drawn, {year: sorted(stocks) for year, stocks in zip(years, by_year, strict=True)})
