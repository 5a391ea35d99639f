"""How far the city is on its way to a target: computed and published figures side by side, never mixed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from companies.models import Company, Indicator, Observation, Target, TargetArea
from companies.rows import public_companies
from companies.statistics import standing
from companies.statistics.codes import HIGH_TECH_FIRMS
from registry.api.languages import name_in
from registry.models import District, Zone
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


def keys_of(area: TargetArea) -> dict[str, set[int]] | None:
    """The area as keys of the ledger; None for one of districts and of reporting units, which it keeps apart."""
    members = list(area.members.all())
    units = {member.reporting_unit_id for member in members if member.reporting_unit_id}
    zones = [member.zone_id for member in members if member.zone_id]
    districts = {member.district_id for member in members if member.district_id}
    if zones:
        districts |= set(District.objects.filter(zone__in=zones).values_list("pk", flat=True))
    if units and districts:
        return None
    if not members:
        return {}
    return {"reporting_unit": units} if units else {"district": districts}


def counted_firms(area: TargetArea, day: datetime.date) -> QuerySet[Company]:
    """The firms behind the register's own count for an area on a day."""
    firms: QuerySet[Company] = public_companies(day).seated(day).high_tech(day).filter(in_area(area))
    return firms


def computed_stocks(
    indicator: Indicator, area: TargetArea, days: Sequence[datetime.date], known_at: datetime.datetime | None
) -> dict[datetime.date, int] | None:
    """The register's own counts of an area on days; None for an indicator that it does not count."""
    if indicator.code != HIGH_TECH_INDICATOR:
        return None
    keys = keys_of(area)
    found = None if keys is None else standing.stocks(HIGH_TECH_FIRMS, days, known_at, keys=keys)
    if found is not None:
        return {day: stock[()] for day, stock in found.items()}
    return {day: counted_firms(area, day).order_by().values("pk").distinct().count() for day in days}


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


def beside(observation: Observation, computed: int | None) -> dict[str, Any]:
    """A published figure with the register's own count of the same day beside it."""
    return {
        "as_of": observation.as_of.isoformat(),
        "published": as_number(observation.value),
        "is_lower_bound": observation.is_lower_bound,
        "is_official": observation.is_official,
        "mark": observation.mark,
        "source": observation.source,
        "computed": computed,
    }


def compared(target: Target, parts: list[Target], counted: Sequence[int | None], language: str) -> Any:
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
                "computed": stock,
            }
            for part, stock in zip(parts, counted, strict=True)
        ],
        "sum": as_number(together),
        "difference": as_number(together - target.value),
    }


def names(area: TargetArea) -> dict[str, str]:
    return {"zh": area.name_zh, "en": area.name_en, "it": area.name_it}


def answer(target: Target, day: datetime.date, known_at: datetime.datetime | None, language: str) -> dict[str, Any]:
    """`computed` is the way from the register's own stock, `published` from the newest official figure."""
    observations, parts = published_stocks(target, day), parts_of(target)
    days = [day, *(row.as_of for row in observations)]
    counted = computed_stocks(target.indicator, target.area, days, known_at)
    of_parts = [computed_stocks(part.indicator, part.area, [day], known_at) for part in parts]
    newest = next((row for row in reversed(observations) if row.is_official), None)
    return {
        "due_on": due_day(target).isoformat(),
        "computed": None
        if counted is None
        else {
            **progress(target, Decimal(counted[day]), day),
            "includes_invented": counted_firms(target.area, day).filter(is_invented=True).exists(),
        },
        "published": None
        if newest is None
        else {"as_of": newest.as_of.isoformat(), **progress(target, newest.value, newest.as_of)},
        "parts": compared(target, parts, [None if found is None else found[day] for found in of_parts], language),
        "side_by_side": [beside(row, None if counted is None else counted[row.as_of]) for row in observations],
    }
