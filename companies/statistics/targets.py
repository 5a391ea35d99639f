"""How far the city is on its way to a target: computed and published figures side by side, never mixed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, Q, QuerySet, Value

from companies.models import Company, Indicator, Observation, Target, TargetArea
from companies.views import public_companies
from registry.api.languages import name_in
from registry.models import Zone
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


class Counted(NamedTuple):
    """The register's own count, and how many of it are invented for demonstration."""

    firms: int
    invented: int


Asked = tuple[TargetArea, datetime.date]


def counted_firms(area: TargetArea, day: datetime.date) -> QuerySet[Company]:
    """The firms behind the register's own count for an area on a day."""
    firms: QuerySet[Company] = public_companies(day).seated(day).high_tech(day).filter(in_area(area))
    return firms


def computed_stocks(indicator: Indicator, asked: Sequence[Asked]) -> list[Counted | None]:
    """The register's own counts of areas on days, in one query; none for an indicator that it does not count."""
    if indicator.code != HIGH_TECH_INDICATOR or not asked:
        return [None] * len(asked)
    counts = [_count(area, day, place) for place, (area, day) in enumerate(asked)]
    found = dict.fromkeys(range(len(asked)), Counted(0, 0))
    for place, firms, invented in counts[0].union(*counts[1:], all=True):
        found[place] = Counted(firms, invented)
    return list(found.values())


def _count(area: TargetArea, day: datetime.date, place: int) -> Any:
    firms = counted_firms(area, day).order_by().annotate(place=Value(place, IntegerField())).values("place")
    invented = Count("pk", distinct=True, filter=Q(is_invented=True))
    return firms.annotate(firms=Count("pk", distinct=True), invented=invented).values_list("place", "firms", "invented")


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
        "status": status(gap, years),
        "years_left": float(round(max(years, Decimal(0)), 2)),
        "needed_per_year": float(round(gap / years, 1)) if is_open else None,
        "needed_growth": growth_a_year(stock, target.value, years) if is_open and years >= ONE_MONTH else None,
    }


def status(gap: Decimal, years: Decimal) -> str:
    """`reached`, `open` while there is time, or `missed`."""
    if gap <= 0:
        return "reached"
    return "open" if years > 0 else "missed"


def growth_a_year(stock: Decimal, goal: Decimal, years: Decimal) -> float | None:
    """Percent a year that leads from the stock to the goal; none from a stock of nothing."""
    return round(((float(goal / stock)) ** float(1 / years) - 1) * 100, 2) if stock > 0 else None


def published_stocks(target: Target, day: datetime.date) -> list[Observation]:
    """Published stocks of the target's indicator and area by the day, oldest first."""
    rows = Observation.objects.filter(
        indicator=target.indicator, area=target.area, as_of__lte=day, period_from__isnull=True
    )
    return list(rows.order_by("as_of", "id"))


def parts_of(target: Target) -> list[Target]:
    """Targets of the same indicator and year whose areas together are exactly this target's area, by whole zones."""
    every = set(Zone.objects.on(due_day(target)).values_list("pk", flat=True))
    whole = zones_of(target.area, every)
    others = Target.objects.filter(indicator=target.indicator, year=target.year, superseded_by__isnull=True)
    found = others.exclude(area=target.area).select_related("area").prefetch_related("area__members").order_by("code")
    parts = {part: zones for part in found if (zones := zones_of(part.area, every)) and zones < whole}
    together = [zone for zones in parts.values() for zone in zones]
    return list(parts) if sorted(together) == sorted(whole) else []


def zones_of(area: TargetArea, every: set[int]) -> set[int]:
    """The zones that an area is made of, all of them without members; none for one that is made of other parts."""
    zones = [member.zone_id for member in area.members.all()]
    return every if not zones else {zone for zone in zones if zone} if all(zones) else set()


def beside(observation: Observation, computed: Counted | None) -> dict[str, Any]:
    """A published figure with the register's own count of the same day beside it."""
    return {
        "as_of": observation.as_of.isoformat(),
        "published": as_number(observation.value),
        "is_lower_bound": observation.is_lower_bound,
        "is_official": observation.is_official,
        "mark": observation.mark,
        "source": observation.source,
        "computed": computed and computed.firms,
    }


def compared(target: Target, parts: list[Target], counted: Sequence[Counted | None], language: str) -> Any:
    """The parts' own targets beside the whole's, as they were published: sums are compared, never adjusted."""
    if not parts:
        return None
    together = sum((part.value for part in parts), Decimal(0))
    return {
        "targets": [
            {
                "code": part.code,
                "area": {"code": part.area.code, "name": name_in(language, names(part.area))},
                "value": as_number(part.value),
                "computed": stock and stock.firms,
            }
            for part, stock in zip(parts, counted, strict=True)
        ],
        "sum": as_number(together),
        "difference": as_number(together - target.value),
    }


def names(area: TargetArea) -> dict[str, str]:
    return {"zh": area.name_zh, "en": area.name_en, "it": area.name_it}


def answer(target: Target, day: datetime.date, language: str) -> dict[str, Any]:
    """`computed` is the way from the register's own stock, `published` from the newest official figure."""
    observations, parts = published_stocks(target, day), parts_of(target)
    of_days = [(target.area, row.as_of) for row in observations]
    counted = computed_stocks(target.indicator, [(target.area, day), *of_days, *((part.area, day) for part in parts)])
    stock, of_observations, of_parts = counted[0], counted[1 : 1 + len(of_days)], counted[1 + len(of_days) :]
    newest = next((row for row in reversed(observations) if row.is_official), None)
    return {
        "due_on": due_day(target).isoformat(),
        "computed": None
        if stock is None
        else {**progress(target, Decimal(stock.firms), day), "includes_invented": stock.invented > 0},
        "published": None
        if newest is None
        else {"as_of": newest.as_of.isoformat(), **progress(target, newest.value, newest.as_of)},
        "parts": compared(target, parts, of_parts, language),
        "side_by_side": [beside(row, own) for row, own in zip(observations, of_observations, strict=True)],
    }
