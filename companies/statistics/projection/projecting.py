"""The projection of a target's stock: paths, whether and when the target is reached, what it would take."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from companies.models import Target
from companies.statistics import targets
from companies.statistics.projection import telling
from companies.statistics.projection.back_test import back_test
from companies.statistics.projection.cohorts import Cohorts, read_cohorts
from companies.statistics.projection.estimating import Rates, rates_of
from companies.statistics.projection.paths import Levers, expected_path, fan
from registry.resources import as_number

MOST_YEARS_AHEAD = 10
HALVINGS = 24
FEWEST_HELD = 0.75
"""Of the official points of the test on the past; below, the 95 % interval is told to be too narrow."""


def is_projected(target: Target) -> bool:
    """Only what the register counts itself has cohorts."""
    return target.indicator.code == targets.HIGH_TECH_INDICATOR


def last_whole_year(day: datetime.date) -> int:
    """The year of the last 31 December on or before the day."""
    return day.year if day == telling.year_end(day.year) else day.year - 1


def base_of(day: datetime.date, known_on: datetime.date) -> int:
    """The year from whose end a day is projected: over by the day, and by the day of knowing."""
    return min(last_whole_year(day), last_whole_year(known_on))


NO_LEVERS = Levers()


@dataclass(frozen=True)
class Projection:
    """From the end of the year `base`. `rates` are none where the register is too young for any."""

    target: Target
    base: int
    cohorts: Cohorts
    rates: Rates | None
    levers: Levers

    @property
    def years(self) -> Sequence[int]:
        """Those after the base, to the target's year and at most ten; none when the target's day is over."""
        return range(self.base + 1, min(self.target.year, self.base + MOST_YEARS_AHEAD) + 1)

    @property
    def reaches_due_year(self) -> bool:
        return self.target.year in self.years

    def path(self) -> list[dict[str, Any]]:
        if self.rates is None or not self.years:
            return []
        drawn = fan(self.cohorts.stocks[self.base], self.rates, self.levers, self.years)
        return telling.path(drawn, float(self.target.value))

    def expected_when_due(self, levers: Levers) -> float:
        assert self.rates is not None
        return expected_path(self.cohorts.stocks[self.base], self.rates, levers, self.years)[-1]

    def needed(self) -> dict[str, float | int | None] | None:
        """What each lever alone would have to be so that the expected stock is the target on its day.

        `renewal_rate` is none where not even renewing all would do.
        """
        if self.rates is None or not self.reaches_due_year:
            return None
        return {"grants_per_year": self._needed_grants(), "renewal_rate": self._needed_renewal()}

    def _needed_grants(self) -> int:
        """The stock is linear in the grants."""
        none, thousand = (self.expected_when_due(replace(self.levers, grants_per_year=n)) for n in (0, 1000))
        return max(math.ceil(round((float(self.target.value) - none) / (thousand - none) * 1000, 6)), 0)

    def _needed_renewal(self) -> float | None:
        value, low, high = float(self.target.value), 0.0, 1.0
        if self.expected_when_due(replace(self.levers, renewal_rate=high)) < value:
            return None
        for _half in range(HALVINGS):
            middle = (low + high) / 2
            if self.expected_when_due(replace(self.levers, renewal_rate=middle)) < value:
                low = middle
            else:
                high = middle
        return math.ceil(high * 10_000 - 1e-3) / 10_000


def projection(target: Target, base: int, levers: Levers = NO_LEVERS) -> Projection:
    cohorts = read_cohorts(target.area, base)
    return Projection(target, base, cohorts, rates_of(cohorts, base), levers)


def answer(target: Target, base: int, levers: Levers) -> dict[str, Any]:
    """The whole answer: paths, what it would take, rates, the test on the past, the assumptions in words."""
    made = projection(target, base, levers)
    path = made.path()
    published = targets.published_stocks(target, telling.year_end(base))
    tested = back_test(made.cohorts, published, base)
    return {
        "target": target.code,
        "value": as_number(target.value),
        "due_on": targets.due_day(target).isoformat(),
        "base": telling.year_end(base).isoformat(),
        "stock": made.cohorts.stock(base),
        "levers": {
            "grants_per_year": levers.grants_per_year,
            "renewal_rate": levers.renewal_rate,
            "moves_in": levers.moves_in,
        },
        "path": path,
        "reached": {
            "first_day": next((point["day"] for point in path if point["median"] >= target.value), None),
            "probability": path[-1]["reached"] if path and made.reaches_due_year else None,
        },
        "needed": made.needed(),
        "rates": telling.rates(made.rates) if made.rates else None,
        "back_test": tested,
        "assumptions": telling.assumptions(),
        "flags": flags(made, tested["summary"]),
    }


def flags(made: Projection, tested: list[dict[str, int]]) -> list[dict[str, str]]:
    """What a reader of the projection has to know, each with a stable code."""
    words = []
    if made.cohorts.includes_invented:
        detail = _("Entries invented for demonstration are counted; the figure says nothing about the city.")
        words.append(("invented_data", detail))
    words.append(("sole_traders_left_out", _("Sole traders are persons; they are left out of public figures.")))
    if made.rates is None:
        detail = _("The register holds too few whole years, or no firm at the end of the last one, for a projection.")
        words.append(("history_too_short", detail))
    if any(row["computed_within_95"] < FEWEST_HELD * row["points"] for row in tested):
        detail = _(
            "In the test on the past the wide interval held less often than it promises: growth had changed its pace."
        )
        words.append(("past_outside_intervals", detail))
    if not made.years:
        words.append(("target_is_over", _("The target's day lies before the first end of a year to be projected.")))
    elif not made.reaches_due_year:
        detail = _("The target is due later than the %d years that are projected.") % MOST_YEARS_AHEAD
        words.append(("horizon_cut", detail))
    return [{"code": code, "detail": detail} for code, detail in words]
