"""The radius of adjacency stays within what the database knows of a seat's nearest campus."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from companies.models.seats import FARTHEST_CAMPUS_METRES
from registry.models import Campus
from tests.samples import saved

NORTH, EAST = Decimal("28.50000"), Decimal("105.50000")


@pytest.mark.parametrize("radius", [0, 3_000, FARTHEST_CAMPUS_METRES])
def test_a_radius_that_the_database_knows_passes(settings: Any, radius: int) -> None:
    settings.ADJACENCY_RADIUS_METRES = radius
    assert [message for message in run_checks() if message.id == "companies.E001"] == []


@pytest.mark.parametrize("radius", [FARTHEST_CAMPUS_METRES + 1, -1, 2_999.5, "3000", None, True])
def test_any_other_radius_is_refused_by_name(settings: Any, radius: Any) -> None:
    settings.ADJACENCY_RADIUS_METRES = radius
    with pytest.raises(SystemCheckError, match=r"companies\.E001.* ADJACENCY_RADIUS_METRES is .* from 0 to 10000"):
        call_command("check")


def test_the_database_looks_as_far_as_the_constant_says(db: None) -> None:
    Campus.objects.all().delete()
    saved(Campus, latitude=NORTH, longitude=EAST)
    norths = [NORTH + Decimal("0.08985") + place * Decimal("0.00001") for place in range(15)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT registry_distance(%(north)s, %(east)s, lat, %(east)s), companies_campus_metres(lat, %(east)s)"
            " FROM unnest(%(norths)s::numeric[]) lat",
            {"north": NORTH, "east": EAST, "norths": norths},
        )
        rows = cursor.fetchall()
    assert min(rows)[0] < FARTHEST_CAMPUS_METRES < max(rows, key=lambda row: row[0])[0]
    assert [known for _metres, known in rows] == [
        metres if metres <= FARTHEST_CAMPUS_METRES else None for metres, _known in rows
    ]
