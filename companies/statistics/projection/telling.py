"""A projection in words and members of an answer."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.statistics.projection.estimating import Rates
from companies.statistics.projection.paths import Fan
from companies.statistics.projection.rates import Inflow, Share

VERSION = 1
"""Grows when the assumptions change."""
ASSUMPTIONS = (
    _(
        "The projection starts from the register's own count at the end of the last whole year; what has "
        "happened since is left out."
    ),
    _(
        "A firm whose validity ends within a year and that stays in the city holds a certificate again at "
        "the year's end with the renewal rate of the past, told apart by its first, second and later "
        "certificates."
    ),
    _(
        "Firms are dissolved, move out or lose a certificate by revocation at the rate of the past, whatever "
        "their age. Of those due a year later, some renew ahead of time."
    ),
    _(
        "Certificates to firms that hold none (first ones, and those after a gap) go on along the straight "
        "line of the past; firms that move in with a certificate stay at their mean."
    ),
    _(
        "The intervals hold the uncertainty of the rates and of the line, and that single years differ, as "
        "much as they did in the past. They foresee no change of rules, policy or economy."
    ),
    _("A lever that is given is held to exactly in every year; for renewal, each firm is still left to chance."),
    _(
        "The test on the past uses only what had happened by its day, but as it is known today, later "
        "corrections included."
    ),
)


def year_end(year: int) -> datetime.date:
    return datetime.date(year, 12, 31)


def interval(drawn: Fan, year: int) -> dict[str, int]:
    """Median and both intervals of a year's end."""
    (low_80, high_80), (low_95, high_95) = drawn.interval(year, 80), drawn.interval(year, 95)
    return {
        "median": drawn.quantile(year, 0.5),
        "low_80": low_80,
        "high_80": high_80,
        "low_95": low_95,
        "high_95": high_95,
    }


def path(drawn: Fan, value: float) -> list[dict[str, Any]]:
    return [
        {"day": year_end(year).isoformat(), **interval(drawn, year), "reached": round(drawn.reached_by(year, value), 3)}
        for year in drawn.years
    ]


def rates(found: Rates) -> dict[str, Any]:
    """The rates of the past, as the projection without levers has them."""
    return {
        "from_year": found.years[0],
        "to_year": found.years[-1],
        "renewal": [{"certificates": place, **_share(share)} for place, share in enumerate(found.renewal, 1)],
        "gone": _share(found.gone),
        "renewed_ahead": _share(found.ahead),
        "grants": _inflow(found.granted, found.years[-1] + 1),
        "moves_in": _inflow(found.moved_in, found.years[-1] + 1),
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "rate": round(share.mean, 4),
        "cases": share.cases,
        "firms": share.firms,
        "dispersion": round(share.dispersion, 2),
    }


def _inflow(inflow: Inflow, year: int) -> dict[str, Any]:
    return {
        "next_year": round(inflow.expected().of(year, 0.0), 1),
        "change_per_year": round(inflow.slope, 1),
        "dispersion": round(inflow.dispersion, 2),
    }


def assumptions() -> dict[str, Any]:
    return {"version": VERSION, "text": [str(one) for one in ASSUMPTIONS]}
