"""The city's curve: how many firms hold a valid certificate at the end of each year, and how many were granted in it.

Where a year has a published figure the curve goes through it exactly; between two it bends with its neighbours, before
the first it keeps the first rate of growth, and after the last it gains each year what it gained in the last.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

YEARS_BEFORE = 6  # renewals come back every three years: two rounds of them before the first figure
NEIGHBOURS = 2


@dataclass(frozen=True)
class Curve:
    """`stocks` at the ends of years, `floors` where only “at least” was published, `flows` of whole years."""

    stocks: Mapping[int, float]
    floors: Mapping[int, float] = field(default_factory=dict)
    flows: Mapping[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.stocks) < 2:
            raise ValueError("A curve needs the figures of two years.")

    @property
    def first_year(self) -> int:
        """The year of the first stock that the simulation starts from."""
        return self._known[0] - YEARS_BEFORE

    @property
    def last_known_year(self) -> int:
        return self._known[-1]

    @cached_property
    def _known(self) -> list[int]:
        return sorted(self.stocks)

    def scaled(self, scale: float) -> "Curve":
        return Curve(*({y: value * scale for y, value in of.items()} for of in (self.stocks, self.floors, self.flows)))

    def stock(self, year: int) -> int:
        """Firms with a valid certificate at the end of the year."""
        return round(self._stock(year))

    def flow(self, year: int) -> int | None:
        """Certificates granted in the year, where a figure was published."""
        return round(self.flows[year]) if year in self.flows else None

    def _stock(self, year: int) -> float:
        known = self._known
        if year in self.stocks:
            return self.stocks[year]
        if year > known[-1]:
            gain = (self.stocks[known[-1]] - self.stocks[known[-2]]) / (known[-1] - known[-2])
            return self.stocks[known[-1]] + gain * (year - known[-1])
        if year < known[0]:
            growth = (self.stocks[known[1]] / self.stocks[known[0]]) ** (1 / (known[1] - known[0]))
            return float(self.stocks[known[0]] * growth ** (year - known[0]))
        return max(self._between(year), self.floors.get(year, 0))

    def _between(self, year: int) -> float:
        """Through the logarithms of two figures on each side; through one on each where there are no two."""
        before = [known for known in self._known if known < year][-NEIGHBOURS:]
        after = [known for known in self._known if known > year][:NEIGHBOURS]
        if min(len(before), len(after)) < NEIGHBOURS:
            before, after = before[-1:], after[:1]
        return math.exp(_through({known: math.log(self.stocks[known]) for known in before + after}, year))


def _through(points: Mapping[int, float], at: int) -> float:
    """Lagrange's polynomial through the points."""
    return sum(
        value * math.prod((at - other) / (place - other) for other in points if other != place)
        for place, value in points.items()
    )
