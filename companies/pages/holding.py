"""The certificates that a firm holds on the day, as lists and pages name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from companies.models.questions import HIGH_TECH

Certificate = Mapping[str, Any]


def held_on_the_day(certificates: Iterable[Certificate]) -> list[Certificate]:
    """One valid certificate of each kind, the one that lasts longest; that of a high-tech firm first."""
    held: dict[str, Certificate] = {}
    for one in sorted(certificates, key=lambda one: one["valid_until"] or "9"):
        if one["state"] == "valid":
            held[one["kind"]["code"]] = one
    return sorted(held.values(), key=lambda one: one["kind"]["code"] != HIGH_TECH)
