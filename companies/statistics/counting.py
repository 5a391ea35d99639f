"""The counting: the list's own query, filtered first, then one small query for the groups."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from companies.statistics.dimensions import Dimension
from registry.api.languages import name_in

UNKNOWN = "unknown"


def total(rows: QuerySet[Any]) -> int:
    return rows.order_by().count()


def groups(
    rows: QuerySet[Any],
    dimensions: Sequence[Dimension],
    day: datetime.date,
    asked: dict[str, Any],
    language: str,
) -> list[dict[str, Any]]:
    """`[{"key", "label", "value"}]`, ordered by key, `unknown` last; a row counts once in each of its groups."""
    counted = by_keys(rows, dimensions, day, asked)
    names = {dimension.name: _labels(counted, dimension, language) for dimension in dimensions}
    found = [_group(row, dimensions, names) for row in counted]
    return sorted(found, key=lambda group: [(key == UNKNOWN, str(key)) for key in group["key"].values()])


def by_keys(
    rows: QuerySet[Any], dimensions: Sequence[Dimension], day: datetime.date, asked: dict[str, Any]
) -> list[dict[str, Any]]:
    """A row for each group: the key at the path of each dimension, and `value`."""
    prepared: set[int] = set()
    for dimension in dimensions:
        if id(dimension.prepare) not in prepared:  # two dimensions over one relation are one join
            rows = dimension.prepare(rows, day, asked)
            prepared.add(id(dimension.prepare))
    return list(
        rows.order_by().values(*(dimension.path for dimension in dimensions)).annotate(value=Count("pk", distinct=True))
    )


def _labels(counted: list[dict[str, Any]], dimension: Dimension, language: str) -> dict[Any, tuple[Any, str]]:
    """Key and label for each value of the dimension that was found; one query a dimension."""
    values = {row[dimension.path] for row in counted} - {None}
    labels: dict[Any, tuple[Any, str]] = {None: (UNKNOWN, _("unknown"))}
    if dimension.codes is None:
        return labels | {value: (value, str(value)) for value in values}
    for row in dimension.codes.objects.filter(pk__in=values):
        words = {"zh": row.name_zh, "en": row.name_en, "it": row.name_it}
        labels[row.pk] = (row.code, name_in(language, words))
    return labels


def _group(
    row: dict[str, Any], dimensions: Sequence[Dimension], names: dict[str, dict[Any, tuple[Any, str]]]
) -> dict[str, Any]:
    found = {dimension.name: names[dimension.name][row[dimension.path]] for dimension in dimensions}
    return {
        "key": {name: key for name, (key, _label) in found.items()},
        "label": {name: label for name, (_key, label) in found.items()},
        "value": row["value"],
    }
