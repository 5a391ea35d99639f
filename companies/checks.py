"""What `manage.py check` asks of the settings that firms are counted by."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from companies.models.seats import FARTHEST_CAMPUS_METRES


def check_adjacency_radius(**given: Any) -> list[CheckMessage]:
    """Beyond what the database keeps, firms would silently be missing from those adjacent to a university."""
    radius = settings.ADJACENCY_RADIUS_METRES
    if type(radius) is int and 0 <= radius <= FARTHEST_CAMPUS_METRES:
        return []
    told = f"ADJACENCY_RADIUS_METRES is {radius!r}; it must be a whole number from 0 to {FARTHEST_CAMPUS_METRES}."
    hint = "The database keeps no distance from a campus beyond that (Seat.campus_metres)."
    return [Error(told, hint=hint, id="companies.E001")]
