"""Counting and paging at size: what makes them fast keeps their answers, and the indexes are walked."""

import datetime
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from companies.models import Seat
from registry.api.paging import Direction, Walk
from registry.api.parameters import Asked
from registry.models import Campus, University
from tests.api.addresses import LISTS, Endpoint, answer, named, walk
from tests.samples import saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAYS = ("2016-06-30", "2024-06-30", "2025-11-06", "2026-11-22")
NO_CAMPUS_NEAR = (Decimal("41.00000"), Decimal("-70.00000"))
KILOMETRE = Decimal("0.00900")
"""In degrees of latitude, a little more than a kilometre."""


def count(client: Client, **given: str) -> int:
    found: int = answer(client, named("companies/").url(count="exact", limit="1", **given))["meta"]["count"]
    return found


def metres(one: tuple[Any, Any], other: tuple[Any, Any]) -> int:
    """Between two positions on a sphere, by the cosine rule, where the database takes the haversine."""
    (north, east), (other_north, other_east) = ([math.radians(degrees) for degrees in place] for place in (one, other))
    cosine = math.sin(north) * math.sin(other_north) + math.cos(north) * math.cos(other_north) * math.cos(
        east - other_east
    )
    return round(6_371_000 * math.acos(min(1, cosine)))


def nearest_campus(place: tuple[Any, Any]) -> int | None:
    campuses = Campus.objects.filter(latitude__isnull=False).values_list("latitude", "longitude")
    nearest = min(metres(place, campus) for campus in campuses)
    return nearest if nearest <= 10_000 else None


@pytest.mark.parametrize("valid_on", DAYS)
def test_firms_are_seated_on_a_day_or_not(client: Client, valid_on: str) -> None:
    seated, others = (count(client, valid_on=valid_on, seated=seated) for seated in ("true", "false"))
    assert seated > 0
    assert others > 0
    assert seated + others == count(client, valid_on=valid_on, seated="any")


@pytest.mark.parametrize("valid_on", DAYS)
def test_firms_are_adjacent_to_a_university_or_not(client: Client, valid_on: str) -> None:
    for seated in ("true", "any"):
        near, far = (
            count(client, valid_on=valid_on, seated=seated, university_adjacent=word) for word in ("true", "false")
        )
        assert near > 0
        assert near + far == count(client, valid_on=valid_on, seated=seated)


def test_every_seat_knows_its_nearest_campus() -> None:
    seats: list[Any] = list(Seat.objects.filter(latitude__isnull=False))
    wrong = [seat for seat in seats if abs((nearest_campus(place_of(seat)) or 0) - (seat.campus_metres or 0)) > 1]
    assert wrong == []
    assert {seat.campus_metres is None for seat in seats} == {True, False}
    assert not Seat.objects.filter(latitude__isnull=True, campus_metres__isnull=False).exists()


def place_of(seat: Any) -> tuple[Any, Any]:
    return seat.latitude, seat.longitude


def test_a_seat_that_moves_is_measured_whatever_writes_it() -> None:
    campus = Campus.objects.filter(latitude__isnull=False).order_by("pk")[0]
    seat = saved(Seat, latitude=campus.latitude, longitude=campus.longitude)
    known_before = Seat.objects.get(pk=seat.pk)
    assert known_before.campus_metres == 0
    north = campus.latitude + KILOMETRE
    Seat.objects.filter(pk=seat.pk).update(latitude=north)
    measured: Any = Seat.objects.get(pk=seat.pk).campus_metres
    assert measured == pytest.approx(nearest_campus((north, campus.longitude)), abs=1)
    assert measured > 0
    known_before.latitude = north  # its distance is that of before
    known_before.save()
    assert Seat.objects.get(pk=seat.pk).campus_metres == measured
    Seat.objects.filter(pk=seat.pk).update(campus_metres=1)
    assert Seat.objects.get(pk=seat.pk).campus_metres == measured


def test_a_campus_that_moves_or_goes_is_followed() -> None:
    north, east = NO_CAMPUS_NEAR
    seat = saved(Seat, latitude=north, longitude=east)

    def measured() -> int | None:
        found: int | None = Seat.objects.get(pk=seat.pk).campus_metres
        return found

    assert measured() is None
    university = University.objects.order_by("pk")[0]
    campus = Campus.objects.create(university=university, name_zh="样本", latitude=north, longitude=east)
    assert measured() == 0
    Campus.objects.filter(pk=campus.pk).update(latitude=north + KILOMETRE)
    assert measured() == metres((north + KILOMETRE, east), (north, east))
    Campus.objects.filter(pk=campus.pk).update(latitude=north + 20 * KILOMETRE)
    assert measured() is None
    Campus.objects.filter(pk=campus.pk).update(latitude=north + KILOMETRE)
    campus.delete()
    assert measured() is None


PLACES = ("29.56,106.55,3", "29.56,106.55,0.2", "29.56,106.55,80", "31,109,120", "89.5,0,1000", "0,179.99,1000")


def test_near_keeps_exactly_the_seats_within_the_distance(client: Client) -> None:
    """Also around a pole and beyond the 180th meridian, where the square has no sides."""
    saved_places = [("89.90000", "-120.00000"), ("88.00000", "170.00000"), ("1.00000", "-179.90000")]
    uscc = {}
    for north, east in saved_places:
        seat = saved(Seat, latitude=Decimal(north), longitude=Decimal(east))
        uscc[seat.company.uscc] = (Decimal(north), Decimal(east))
    listed = {row["uscc"]: row for row in walk(client, named("companies/").url(limit=500))}
    for near in PLACES:
        latitude, longitude, kilometres = map(Decimal, near.split(","))
        kept = {row["uscc"] for row in walk(client, named("companies/").url(near=near, limit=500))}
        away = {
            code: metres((Decimal(row["latitude"]), Decimal(row["longitude"])), (latitude, longitude))
            for code, row in listed.items()
            if row["latitude"] is not None
        }
        surely = {code for code, distance in away.items() if distance <= kilometres * 1000 - 1}
        perhaps = {code for code, distance in away.items() if distance <= kilometres * 1000 + 1}
        assert surely <= kept <= perhaps, near
        assert surely or near == "29.56,106.55,0.2"
    assert uscc.keys() <= listed.keys()


# An order that computes its value for each row sorts them; the others are walks along an index.
SORTED = {"certified_until", "distance", "relevance"}
WALKED = [
    pytest.param(named(route), order, id=f"{route}{order.name}")
    for route in ("companies/", "certifications/", "residencies/", "financings/")
    for order in named(route).view.orders
    if order.name not in SORTED
]


@pytest.fixture
def only_walks() -> Iterator[None]:
    """The planner sorts and scans whole tables only where it has no other way."""
    with connection.cursor() as cursor:
        for way in ("sort", "seqscan", "hashjoin", "mergejoin", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        yield


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize(("endpoint", "order"), WALKED)
@pytest.mark.usefixtures("only_walks")
def test_an_order_is_a_walk_along_an_index(endpoint: Endpoint, order: Any, is_descending: bool) -> None:
    view, day = endpoint.view(), datetime.date(2026, 11, 22)
    view.asked, view.kwargs = Asked({"valid_on": day}), {}
    direction = Direction(order, is_descending)
    plan = Walk(view.rows, direction, 100).query(0, day, None).explain()
    assert "->  Sort" not in plan, plan
    assert "Seq Scan on companies" not in plan, plan


def test_a_capped_count_of_any_two_filters_is_the_exact_one(client: Client) -> None:
    """Of a set that is smaller than the cap."""
    asked = {
        "zone": "central_urban",
        "hub": "H1",
        "certified": "high_tech",
        "resident": "true",
        "university_adjacent": "true",
        "seated": "false",
        "financed": "true",
        "near": "29.56,106.55,30",
        "established_to": "2020-01-01",
    }
    for one, value in asked.items():
        for other, another in asked.items():
            address = LISTS[0].url(limit="500", count="capped", **{one: value, other: another})
            meta = answer(client, address)["meta"]
            assert meta["count"] == len(walk(client, address)), address
            assert meta["count_is_lower_bound"] is False
