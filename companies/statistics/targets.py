"""How far the city is on its way to a target: computed and published figures side by side, never mixed."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from companies.models import Company, Observation, Target, TargetArea
from companies.statistics import counting
from companies.views import public_companies
from registry.resources import as_number

HIGH_TECH_INDICATOR = "high_tech_firms"
"""The indicator that the register counts itself; all others are only observed."""
DAYS_A_YEAR = Decimal("365.25")
ONE_MONTH = 30 / DAYS_A_YEAR


def due_day(target: Target) -> datetime.date:
    """A target is due at the end of its year."""
    return datetime.date(target.year, 12, 31)


def in_area(area: TargetArea) -> Q:
    """Seats on the day in one of the area's members; an area without members is the whole city."""
    members = list(area.members.all())
    if not members:
        return Q()
    inside = Q()
    for member in members:
        if member.zone_id:
            inside |= Q(seat_on_day__district__zone=member.zone_id)
        elif member.district_id:
            inside |= Q(seat_on_day__district=member.district_id)
        else:
            inside |= Q(seat_on_day__reporting_unit=member.reporting_unit_id)
    return inside


def counted_firms(target: Target, day: datetime.date) -> QuerySet[Company]:
    """The firms behind the register's own count for the target on the day."""
    firms: QuerySet[Company] = public_companies(day).seated(day).high_tech(day).filter(in_area(target.area))
    return firms


def computed_stock(target: Target, day: datetime.date) -> int | None:
    """The register's own count on the day; none for an indicator that it does not count."""
    if target.indicator.code != HIGH_TECH_INDICATOR:
        return None
    return counting.total(counted_firms(target, day))


def progress(target: Target, stock: Decimal, day: datetime.date) -> dict[str, Any]:
    """From a stock on a day to the target: the gap, and the pace needed.

    `needed_per_year` is in the indicator's unit, `needed_growth` in percent a year, compounded to the due day; both
    are empty when the target is reached or its day is over, and the growth when less than a month is left.
    """
    years = Decimal((due_day(target) - day).days) / DAYS_A_YEAR
    gap = target.value - stock
    is_open = years > 0 and gap > 0
    return {
        "stock": as_number(stock),
        "gap": as_number(gap),
        "is_reached": gap <= 0,
        "years_left": float(round(max(years, Decimal(0)), 2)),
        "needed_per_year": float(round(gap / years, 1)) if is_open else None,
        "needed_growth": growth_a_year(stock, target.value, years) if is_open and years >= ONE_MONTH else None,
    }


def growth_a_year(stock: Decimal, goal: Decimal, years: Decimal) -> float | None:
    """Percent a year that leads from the stock to the goal; none from a stock of nothing."""
    return round(((float(goal / stock)) ** float(1 / years) - 1) * 100, 2) if stock > 0 else None


def published_stocks(target: Target, day: datetime.date) -> list[Observation]:
    """Published stocks of the target's indicator and area by the day, oldest first."""
    rows = Observation.objects.filter(
        indicator=target.indicator, area=target.area, as_of__lte=day, period_from__isnull=True
    )
    return list(rows.order_by("as_of", "id"))


def beside(target: Target, observation: Observation) -> dict[str, Any]:
    """A published figure with the register's own count of the same day beside it."""
    return {
        "as_of": observation.as_of.isoformat(),
        "published": as_number(observation.value),
        "is_lower_bound": observation.is_lower_bound,
        "is_official": observation.is_official,
        "mark": observation.mark,
        "source": observation.source,
        "computed": computed_stock(target, observation.as_of),
    }


def answer(target: Target, day: datetime.date) -> dict[str, Any]:
    """`computed` is the way from the register's own stock, `published` from the newest official figure."""
    stock = computed_stock(target, day)
    observations = published_stocks(target, day)
    newest = next((row for row in reversed(observations) if row.is_official), None)
    return {
        "due_on": due_day(target).isoformat(),
        "computed": None
        if stock is None
        else {
            **progress(target, Decimal(stock), day),
            "includes_invented": counted_firms(target, day).filter(is_invented=True).exists(),
        },
        "published": None
        if newest is None
        else {"as_of": newest.as_of.isoformat(), **progress(target, newest.value, newest.as_of)},
        "side_by_side": [beside(target, row) for row in observations],
    }
