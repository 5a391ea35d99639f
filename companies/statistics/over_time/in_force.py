"""Codes that are not in force on every day of an answer over time: nothing counts in them then, and the answer says so.

A figure of such a day refuses the code; a period has many days, so here it is answered and flagged.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from companies.filters.places import ZoneFilter
from companies.statistics.dimensions import Dimension
from registry.api.filters import is_in_force
from registry.api.filtersets import StrictFilterSet
from registry.api.known_days import Flag
from registry.models.entries import shown_period

NOT_IN_FORCE = "not_in_force"
Days = Sequence[datetime.date]


def in_force_on(rows: Iterable[Any], days: Days) -> list[bool]:
    """For each day, whether one of the rows is in force; a code that was given twice has two."""
    rows = list(rows)
    return [any(is_in_force(row, day) for row in rows) for day in days]


def of_filters(filterset: StrictFilterSet, days: Days) -> list[Flag]:
    """A flag for each code that narrows the answer and is not in force on one of its days."""
    flags = []
    for name, value in filterset.resolved().items():
        declared = filterset.filters[name]
        # Of zones their districts are resolved.
        rows = declared.zones(filterset.asked.values[name]) if isinstance(declared, ZoneFilter) else value
        for code, of_code in by_code(rows).items():
            if not all(in_force_on(of_code, days)):
                flags.append({"code": NOT_IN_FORCE, "dimension": name, "detail": _detail(code, of_code)})
    return flags


def by_code(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row)
    return found


def _detail(code: str, rows: Sequence[Any]) -> str:
    periods = sorted(((row.valid_from, row.valid_until) for row in rows), key=str)
    successors = sorted({row.successor.code for row in rows if getattr(row, "successor", None)})
    words = {
        "code": code,
        "period": ", ".join(shown_period(*period) for period in periods),
        "successor": ", ".join(successors),
    }
    if successors:
        detail = _(
            "%(code)s is in force %(period)s; outside of it nothing counts there. Its successor is %(successor)s."
        )
    else:
        detail = _("%(code)s is in force %(period)s; outside of it nothing counts there.")
    return detail % words


def rows_of(dimension: Dimension, codes: Iterable[str]) -> Mapping[str, list[Any]]:
    """The rows of any day by their codes; nothing for what is unknown."""
    return by_code(dimension.codes.objects.filter(code__in=list(codes))) if dimension.codes is not None else {}


def left_empty(values: Sequence[int], rows: Sequence[Any], days: Days) -> list[int | None]:
    """The values of a group, None where none of its rows is in force and nothing was counted."""
    held = in_force_on(rows, days) if rows else [True] * len(days)
    return [value if value or is_held else None for value, is_held in zip(values, held, strict=True)]


def of_groups(dimension: Dimension, groups: Iterable[Mapping[str, Any]]) -> list[Flag]:
    """The flag of groups with empty values."""
    codes = [group["key"][dimension.name] for group in groups if None in group["values"]]
    if not codes:
        return []
    words = {"dimension": dimension.name, "codes": ", ".join(codes)}
    detail = _("Of %(dimension)s, some codes are not in force on every day; their values are null then: %(codes)s.")
    return [{"code": NOT_IN_FORCE, "dimension": dimension.name, "detail": detail % words}]
