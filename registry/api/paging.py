"""Keyset paging: each untouched row exactly once while others write, the last page as fast as the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.expressions import OrderBy

from registry.api.cursors import Position

COUNT_CAP = 10_000


@dataclass(frozen=True)
class Order:
    """One order of a list: its name in `order=` and the field, relation path or annotation behind it.

    Empty values come last in both directions. Say `is_nullable=False` where there are none: then a plain
    index on (expression, id) serves both. `needs` names a parameter without which the order has no sense.
    The value must come back equal from JSON: no floats; distances in whole metres.
    """

    name: str
    expression: str
    is_nullable: bool = True
    needs: str | None = None


@dataclass(frozen=True)
class Direction:
    """An order with its direction, as `order=-name` asks for it."""

    order: Order
    is_descending: bool

    def ordering(self) -> tuple[OrderBy, OrderBy]:
        last = {"nulls_last": True} if self.order.is_nullable else {}
        value, key = F(self.order.expression), F("pk")
        if self.is_descending:
            return value.desc(**last), key.desc()
        return value.asc(**last), key.asc()

    def spans_after(self, position: Position | None) -> list[Q | RowComparison]:
        """What is left of the list after a position, as conditions to be asked one after the other.

        Two where there may be empty values: PostgreSQL does not walk an index through an OR with IS NULL.
        """
        if position is None:
            return [Q()]
        sign = "<" if self.is_descending else ">"
        empty = Q(**{f"{self.order.expression}__isnull": True})
        if position.value is None:
            return [empty & Q(**{"pk__lt" if self.is_descending else "pk__gt": position.key})]
        after = RowComparison(self.order.expression, sign, position)
        return [after, empty] if self.order.is_nullable else [after]


class RowComparison(Func):
    """(expression, pk) > (value, key): one range of one index."""

    template = "(%(expressions)s)"
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, expression: str, sign: str, position: Position) -> None:
        super().__init__(F(expression), F("pk"), Value(position.value), Value(position.key))
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        parts = [compiler.compile(part) for part in self.source_expressions]
        (value, key, last_value, last_key), parameters = zip(*parts, strict=True)
        sql = f"(({value}, {key}) {self.sign} ({last_value}, {last_key}))"
        return sql, tuple(one for some in parameters for one in some)


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    last: Position | None
    """The position to go on from; none when nothing follows."""


def read_page(queryset: QuerySet[Any], direction: Direction, position: Position | None, limit: int) -> Page:
    """At most `limit` rows after the position. Two queries at most, and never a COUNT."""
    name = "_order_value"
    ordered = queryset.annotate(**{name: F(direction.order.expression)}).order_by(*direction.ordering())
    rows: list[Any] = []
    for span in direction.spans_after(position):
        if len(rows) <= limit:
            rows += ordered.filter(span)[: limit + 1 - len(rows)]
    if len(rows) <= limit:
        return Page(rows, None)
    final = rows[limit - 1]
    return Page(rows[:limit], Position(getattr(final, name), final.pk))


def count_rows(queryset: QuerySet[Any], way: str) -> dict[str, Any]:
    """`exact`, or `capped`: to COUNT_CAP exactly, beyond it as a lower bound that says so."""
    plain = queryset.order_by()
    if way == "exact":
        return {"count": plain.count(), "count_is_lower_bound": False}
    found = plain.values("pk")[: COUNT_CAP + 1].count()
    return {"count": min(found, COUNT_CAP), "count_is_lower_bound": found > COUNT_CAP}
