"""Circles around a place: the squares that stand in for most of a circle never say more or less than the distance."""

import random
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Q

from companies.filters.places import around_circle, within_circle

CHANCE = random.Random(20261123)
Range = tuple[Decimal, Decimal]
PLACES = [
    (Decimal(latitude), Decimal(longitude), metres)
    for latitude in ("-89.5", "-60", "-0.001", "0", "29.56", "31.9", "75", "89.99")
    for longitude in ("-179.9", "0", "106.55")
    for metres in (1, 700, 30_000, 1_000_000)
]


def sides(square: Q) -> tuple[Range, Range]:
    """Both ranges of a square; the whole circle of latitude where it has no sides."""
    found: dict[str, Range] = dict(square.children)  # type: ignore[arg-type]
    whole = (Decimal(-180), Decimal(180))
    return found["seat_on_day__latitude__range"], found.get("seat_on_day__longitude__range", whole)


def metres_between(points: list[tuple[Decimal, ...]]) -> list[int]:
    values = ", ".join(["(%s::numeric, %s::numeric, %s::numeric, %s::numeric)"] * len(points))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT registry_distance(a, b, c, d) FROM (VALUES {values}) v(a, b, c, d)",
            [number for point in points for number in point],
        )
        return [metres for (metres,) in cursor.fetchall()]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_point_of_the_inner_square_lies_in_the_circle(db: None, place: tuple[Decimal, Decimal, int]) -> None:
    latitude, longitude, metres = place
    (south, north), (west, east) = sides(within_circle(*place))
    corners = [(lat, lng) for lat in (south, latitude, north) for lng in (west, longitude, east)]
    inside = [point for point in corners if abs(point[0]) <= 90]
    found = metres_between([(latitude, longitude, *point) for point in inside])
    assert max(found) <= metres


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_no_point_of_the_circle_lies_outside_the_outer_square(db: None, place: tuple[Decimal, Decimal, int]) -> None:
    latitude, longitude, metres = place
    (south, north), (west, east) = sides(around_circle(*place))
    margin = Decimal(metres) / 100_000
    around = [
        (latitude + margin * Decimal(CHANCE.uniform(-1.2, 1.2)), longitude + margin * Decimal(CHANCE.uniform(-3, 3)))
        for _ in range(400)
    ]
    points = [point for point in around if abs(point[0]) <= 90 and abs(point[1]) <= 180]
    near = [
        point
        for point, found in zip(points, metres_between([(latitude, longitude, *p) for p in points]), strict=True)
        if found <= metres
    ]
    assert near
    assert [p for p in near if not (south <= p[0] <= north and west <= p[1] <= east)] == []
