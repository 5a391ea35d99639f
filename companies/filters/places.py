"""Where seats lie: zones, circles around a place, the neighbourhood of a campus."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import DecimalField, ExpressionWrapper, F, Q, Value
from django.db.models.lookups import LessThanOrEqual

from registry.api.filters import CodeListFilter
from registry.models import Campus, District
from registry.models.entries import Distance

FEWEST_METRES_A_DEGREE, MOST_METRES_A_DEGREE = 111_000, 111_400
"""Of latitude, on the sphere that distances are measured on: 111,195."""
FARTHEST_NORTH, HALF_ROUND = 89, 180
"""Degrees, beyond which a square around a place has no sides of longitude."""


class ZoneFilter(CodeListFilter):
    """Zones, for the filter their districts: PostgreSQL misjudges how many seats a join by zone keeps."""

    def resolve(self, value: Any, valid_on: datetime.date | None) -> list[Any]:
        zones = self.zones(value, valid_on)
        return list(District.objects.filter(zone__in=zones).order_by("pk"))

    def zones(self, value: Any, valid_on: datetime.date | None = None) -> list[Any]:
        zones: list[Any] = super().resolve(value, valid_on)
        return zones


def degrees(value: Decimal) -> ExpressionWrapper[Value]:
    return ExpressionWrapper(Value(value), output_field=DecimalField())


SEAT_ON_DAY = "seat_on_day__"
"""The path from a firm to its seat on the day, with `__` at its end."""


def distance_of_seat(latitude: Decimal, longitude: Decimal, seat: str = SEAT_ON_DAY) -> Distance:
    """Whole metres between the seat on the day and a place."""
    return Distance(F(f"{seat}latitude"), F(f"{seat}longitude"), degrees(latitude), degrees(longitude))


def in_circle(latitude: Decimal, longitude: Decimal, metres: int, seat: str = SEAT_ON_DAY) -> Q:
    """Seated within so many metres (at most 1,000,000) of the place.

    An index finds a square around the circle; a seat in the square within the circle needs no distance, which is slow
    to compute.
    """
    distance = distance_of_seat(latitude, longitude, seat)
    near = within_circle(latitude, longitude, metres, seat) | Q(LessThanOrEqual(distance, metres))
    return around_circle(latitude, longitude, metres, seat) & near


def around_circle(latitude: Decimal, longitude: Decimal, metres: int, seat: str = SEAT_ON_DAY) -> Q:
    """Seated in a square that holds the circle."""
    margin = Decimal(metres + 1) / FEWEST_METRES_A_DEGREE  # a distance is rounded to whole metres
    sides = Q((f"{seat}latitude__range", (latitude - margin, latitude + margin)))
    # A circle around a pole, or across the 180th meridian, has no such sides.
    farthest = max(abs(latitude - margin), abs(latitude + margin))
    if farthest < FARTHEST_NORTH:
        wide = margin / Decimal(math.cos(math.radians(farthest)))
        if abs(longitude) + wide < HALF_ROUND:
            sides &= Q((f"{seat}longitude__range", (longitude - wide, longitude + wide)))
    return sides


def within_circle(latitude: Decimal, longitude: Decimal, metres: int, seat: str = SEAT_ON_DAY) -> Q:
    """Seated in a square that the circle holds: its half diagonal is 0.99 of the radius."""
    margin = Decimal(metres) * Decimal("0.7") / MOST_METRES_A_DEGREE
    nearest = max(Decimal(0), abs(latitude) - margin)  # to the equator, where a degree of longitude is longest
    wide = margin / Decimal(math.cos(math.radians(nearest)))
    north, east = (latitude - margin, latitude + margin), (longitude - wide, longitude + wide)
    return Q((f"{seat}latitude__range", north), (f"{seat}longitude__range", east))


def far_from_campus(seat: str = SEAT_ON_DAY) -> Q:
    farther = Q((f"{seat}campus_metres__gt", settings.ADJACENCY_RADIUS_METRES))
    return farther | Q((f"{seat}campus_metres__isnull", True))


def near_campus(universities: list[Any] | None = None, seat: str = SEAT_ON_DAY) -> Q:
    """A campus (of one of the universities) within the set radius of the seat on the day."""
    radius = settings.ADJACENCY_RADIUS_METRES
    near = Q((f"{seat}campus_metres__lte", radius))
    if universities is None:
        return near
    places = Campus.objects.filter(university__in=universities, latitude__isnull=False)
    circles = [in_circle(lat, lng, radius, seat) for lat, lng in places.values_list("latitude", "longitude")]
    return near & reduce(or_, circles, Q(pk__in=()))
