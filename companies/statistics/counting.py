"""The counting: the list's own query, filtered first, then one small query for the groups."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, DecimalField, F, QuerySet, Sum

from companies.statistics.dimensions import Dimension

Number = int | Decimal
Found = dict[tuple[Any, ...], Number]
"""What was counted, by the values at the ends of the dimensions' paths."""


class Counted(NamedTuple):
    """A figure: its total, and what was counted in each group when there are dimensions."""

    total: Number
    groups: Found


def counted(
    rows: QuerySet[Any],
    dimensions: Sequence[Dimension],
    day: datetime.date,
    asked: dict[str, Any],
    sums: str | None = None,
) -> Counted:
    """The figure of filtered rows, as the next two say."""
    found = total(rows, sums)
    return Counted(found, count_by(rows, dimensions, day, asked, sums) if dimensions else {})


def total(rows: QuerySet[Any], sums: str | None = None) -> Number:
    """The number of entries, or with `sums` the sum of that decimal field over them: 0 with its places for none."""
    if sums is None:
        return rows.order_by().count()
    found: Decimal | None = rows.order_by().aggregate(total=Sum(sums))["total"]
    return _in_places(found or Decimal(0), rows, sums)


def count_by(
    rows: QuerySet[Any],
    dimensions: Sequence[Dimension],
    day: datetime.date,
    asked: dict[str, Any],
    sums: str | None = None,
) -> Found:
    """By dimensions: an entry counts once in each of its groups, however many rows join it to them."""
    prepared: set[int] = set()
    for dimension in dimensions:
        if id(dimension.prepare) not in prepared:  # two dimensions over one relation are one join
            rows = dimension.prepare(rows, day, asked)
            prepared.add(id(dimension.prepare))
    paths = [dimension.path for dimension in dimensions]
    if sums is None:
        counted = rows.order_by().values_list(*paths).annotate(value=Count("pk", distinct=True))
        return {tuple(keys): value for *keys, value in counted}
    return _sums(rows, paths, sums)


def _sums(rows: QuerySet[Any], paths: Sequence[str], sums: str) -> Found:
    """Rows that a relation doubles within a group are told apart by their key before their amounts are added."""
    names = [f"group_{place}" for place in range(len(paths))]
    once: Any = rows.order_by().values(
        **{name: F(path) for name, path in zip(names, paths, strict=True)}, entry=F("pk"), amount=F(sums)
    )
    text, parameters = once.distinct().query.sql_with_params()
    keys = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {keys}, SUM(amount) FROM ({text}) entries GROUP BY {keys}", parameters)
        return {tuple(found): _in_places(amount, rows, sums) for *found, amount in cursor.fetchall()}


def _in_places(amount: Decimal, rows: QuerySet[Any], sums: str) -> Decimal:
    field = rows.model._meta.get_field(sums)
    places = field.decimal_places if isinstance(field, DecimalField) else 0
    return amount.quantize(Decimal(1).scaleb(-places))
