"""What the past says of the years to come: shares and inflows, each with how uncertain it is.

Shares are beta-binomial, inflows overdispersed Poisson counts along a level or a straight line. Both know two kinds of
uncertainty: that of the rate itself, drawn once for a path, and that of a single year around it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

JEFFREYS = 0.5
"""Half a case for and half a case against stand for no knowledge."""


class DrawnShare(Protocol):
    """A share on one path; `of` gives that of one year, `shock` being a standard normal draw."""

    def of(self, firms: float, shock: float) -> float: ...


class DrawnInflow(Protocol):
    """An inflow on one path; `of` gives the firms of one year."""

    def of(self, year: int, shock: float) -> float: ...


def dispersion_drawn(chance: Random, dispersion: float, degrees: int) -> float:
    """How much wider than pure chance the years vary: at least 1, by the chi-square of so many degrees of freedom."""
    if degrees < 1:
        return 1.0
    return max(1.0, dispersion * degrees / (2 * chance.gammavariate(degrees / 2, 1)))


@dataclass(frozen=True)
class YearlyShare:
    """`mean` with the correlation of firms within a year, which makes years differ more than chance would."""

    mean: float
    correlation: float = 0.0

    def of(self, firms: float, shock: float) -> float:
        if shock == 0.0 or firms <= 0:
            return self.mean
        spread = self.correlation + (1 - self.correlation) / firms if firms > 1 else 1.0
        share = self.mean + shock * math.sqrt(self.mean * (1 - self.mean) * spread)
        return 0.0 if share < 0 else 1.0 if share > 1 else share


@dataclass(frozen=True)
class Share:
    """So many `cases` of so many `firms` in all years together; `per_year` is the mean of firms a year."""

    cases: int
    firms: int
    per_year: float
    dispersion: float
    degrees: int

    @property
    def mean(self) -> float:
        return (self.cases + JEFFREYS) / (self.firms + 2 * JEFFREYS)

    def expected(self) -> YearlyShare:
        return YearlyShare(self.mean)

    def drawn(self, chance: Random) -> YearlyShare:
        dispersion = dispersion_drawn(chance, self.dispersion, self.degrees)
        others = self.firms - self.cases
        mean = chance.betavariate(JEFFREYS + self.cases / dispersion, JEFFREYS + others / dispersion)
        correlation = min((dispersion - 1) / max(self.per_year - 1, 1), 1)
        return YearlyShare(mean, correlation)


def share_of(years: Sequence[tuple[int, int]]) -> Share:
    """From `(cases, firms)` of each year; years without firms say nothing."""
    told = [(cases, firms) for cases, firms in years if firms]
    cases, firms = sum(row[0] for row in told), sum(row[1] for row in told)
    mean, degrees = cases / firms if firms else 0.0, max(len(told) - 1, 0)
    spread = mean * (1 - mean)
    squares = sum((c - n * mean) ** 2 / (n * spread) for c, n in told) if spread else 0.0
    return Share(cases, firms, firms / max(len(told), 1), squares / degrees if degrees else 1.0, degrees)


@dataclass(frozen=True)
class YearlyInflow:
    level: float
    slope: float
    middle: float
    dispersion: float

    def of(self, year: int, shock: float) -> float:
        mean = max(self.level + self.slope * (year - self.middle), 0.0)
        return max(mean + shock * math.sqrt(self.dispersion * mean), 0.0)


@dataclass(frozen=True)
class Given:
    """A lever of a what-if: held to exactly, every year."""

    firms: float

    def of(self, year: int, shock: float) -> float:
        return self.firms


@dataclass(frozen=True)
class Inflow:
    """`level` firms in the `middle` year and `slope` more each year; the errors are for a dispersion of 1."""

    level: float
    slope: float
    middle: float
    level_error: float
    slope_error: float
    dispersion: float
    degrees: int

    def expected(self) -> YearlyInflow:
        return YearlyInflow(self.level, self.slope, self.middle, self.dispersion)

    def drawn(self, chance: Random) -> YearlyInflow:
        dispersion = dispersion_drawn(chance, self.dispersion, self.degrees)
        root = math.sqrt(dispersion)
        level = self.level + root * self.level_error * chance.gauss()
        slope = self.slope + root * self.slope_error * chance.gauss()
        return YearlyInflow(level, slope, self.middle, dispersion)


def inflow_of(years: Sequence[tuple[int, int]], *, has_trend: bool) -> Inflow:
    """From `(year, firms)`: a level or, weighted by the variance of counts, a straight line; needs a year for each."""
    weights = [1.0] * len(years)
    for _ in range(3):  # the weights settle at once
        middle = sum(w * t for w, (t, _n) in zip(weights, years, strict=True)) / sum(weights)
        level = sum(w * n for w, (_t, n) in zip(weights, years, strict=True)) / sum(weights)
        width = sum(w * (t - middle) ** 2 for w, (t, _n) in zip(weights, years, strict=True))
        tilt = sum(w * (t - middle) * n for w, (t, n) in zip(weights, years, strict=True))
        slope = tilt / width if has_trend else 0.0
        fitted = [level + slope * (t - middle) for t, _n in years]
        weights = [1 / max(mean, 1.0) for mean in fitted]
    degrees = len(years) - (2 if has_trend else 1)
    squares = sum(w * (n - mean) ** 2 for w, (_t, n), mean in zip(weights, years, fitted, strict=True))
    level_error = math.sqrt(1 / sum(weights))
    slope_error = math.sqrt(1 / sum(w * (t - middle) ** 2 for w, (t, _n) in zip(weights, years, strict=True)))
    return Inflow(
        level, slope, middle, level_error, slope_error if has_trend else 0.0, squares / max(degrees, 1), degrees
    )
