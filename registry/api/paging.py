"""Keyset paging: each untouched row exactly once while others write, the last page as fast as the first."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.expressions import OrderBy

from registry.api.cursors import Position
from registry.api.statements import DAY, Open, UsedTooEarly, run, text_of

COUNT_CAP = 10_000
MOST_KEPT = 1024  # statements; callers make them by their filters


@dataclass(frozen=True)
class Order:
    """One order of a list: its name in `order=` and the field, relation path or annotation behind it.

    Empty values come last in both directions. Say `is_nullable=False` where there are none. `present` names an
    annotation that is true where there is a value, for a value that is costly to compute; `may_lack` one that is true
    at least where there is none, and seldom elsewhere: it finds the few without asking all. `needs` names a parameter
    without which the order has no sense. For a value over a relation `key` is the relation's own key to the row: value
    and key then stand in one index, and a row without the relation has no value.
    The value must come back equal from JSON: no floats; distances in whole metres.
    """

    name: str
    expression: str
    is_nullable: bool = True
    needs: str | None = None
    present: str | None = None
    may_lack: str | None = None
    key: str = "pk"

    def filled(self) -> Q:
        return Q(**{self.present: True}) if self.present else Q(**{f"{self.expression}__isnull": False})

    def empty(self) -> WithoutValue:
        if self.present:
            return WithoutValue(**{self.present: False})
        lacking = {f"{self.expression if self.key == 'pk' else self.key}__isnull": True}
        return WithoutValue(**lacking, **({self.may_lack: True} if self.may_lack else {}))


class WithoutValue(Q):
    """The rows whose value is empty: the last of the list, in the order of their keys."""


@dataclass(frozen=True)
class Direction:
    """An order with its direction, as `order=-name` asks for it."""

    order: Order
    is_descending: bool

    def ordering(self) -> tuple[OrderBy, ...]:
        """Within one span. Without NULLS LAST, so that a plain index on (expression, id) serves both directions."""
        value, key = F(self.order.expression), F(self.order.key)
        return (value.desc(), key.desc()) if self.is_descending else (value.asc(), key.asc())

    def by_key(self) -> tuple[OrderBy, ...]:
        return (F("pk").desc() if self.is_descending else F("pk").asc(),)

    def ordered(self, queryset: QuerySet[Any], span: Q | RowComparison) -> QuerySet[Any]:
        """The rows of one span, sorted."""
        ordering = self.by_key() if isinstance(span, WithoutValue) else self.ordering()
        return queryset.filter(span).order_by(*ordering)

    def spans_after(self, position: Position | None) -> list[Q | RowComparison]:
        """What is left of the list after a position, as conditions to be asked one after the other.

        Two where there may be empty values: PostgreSQL walks no index through an OR with IS NULL, nor through an
        outer join, which the first condition makes an inner one.
        """
        order = self.order
        begin = order.filled() if order.is_nullable or order.key != "pk" else Q()
        if position is None:
            return [begin, order.empty()] if order.is_nullable else [begin]
        if position.value is None:
            return [order.empty() & WithoutValue(**{"pk__lt" if self.is_descending else "pk__gt": Value(position.key)})]
        after = RowComparison(order.expression, "<" if self.is_descending else ">", position, order.key)
        return [begin & Q(after), order.empty()] if order.is_nullable else [begin & Q(after)]


class RowComparison(Func):
    """(expression, pk) > (value, key): one range of one index."""

    template = "(%(expressions)s)"
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, expression: str, sign: str, position: Position, key: str = "pk") -> None:
        super().__init__(F(expression), F(key), Value(position.value), Value(position.key))
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        parts = [compiler.compile(part) for part in self.source_expressions]
        (value, key, last_value, last_key), parameters = zip(*parts, strict=True)
        sql = f"(({value}, {key}) {self.sign} ({last_value}, {last_key}))"
        return sql, tuple(one for some in parameters for one in some)


@dataclass(frozen=True)
class Page:
    keys: list[int]
    last: Position | None
    """The position to go on from; none when nothing follows."""


@dataclass(frozen=True)
class Walk:
    """A list to be read page by page: its rows on a day, in a direction.

    `question` names what the rows depend on beside the day, where that can be named: then the statement is kept.
    """

    rows: Callable[[datetime.date], QuerySet[Any]]
    direction: Direction
    limit: int
    question: Hashable | None = None

    def page(self, day: datetime.date, position: Position | None) -> Page:
        """Keys of at most `limit` rows after the position. Two queries at most, and never a COUNT."""
        found: list[tuple[int, Any]] = []
        for place in range(len(self.direction.spans_after(position))):
            if len(found) <= self.limit:
                found += self._span(place, day, position)[: self.limit + 1 - len(found)]
        keys = [key for key, _value in found[: self.limit]]
        if len(found) <= self.limit:
            return Page(keys, None)
        key, value = found[self.limit - 1]
        return Page(keys, Position(value, key))

    def _span(self, place: int, day: datetime.date, position: Position | None) -> list[tuple[int, Any]]:
        if self.question is not None:
            is_at_empty = None if position is None else position.value is None
            text = _kept(_Key((self.question, self.direction, self.limit, place, is_at_empty), self))
            if text is not None:
                after = {} if position is None else {"after": position.value, "after_key": position.key}
                return run(text, {"day": day, **after})
        return list(self.query(place, day, position))

    def query(self, place: int, day: datetime.date, position: Position | None) -> QuerySet[Any]:
        direction = self.direction
        span = direction.ordered(self.rows(day), direction.spans_after(position)[place])
        value = F(direction.order.expression)  # after the filters, so that it shares their join
        page: QuerySet[Any] = span.annotate(_order_value=value).values_list("pk", "_order_value")[: self.limit + 1]
        return page


@dataclass(unsafe_hash=True)
class _Key:
    """What a kept statement is known by; `walk` makes it, once, and is let go with all that hangs on it."""

    known_by: tuple[Any, ...]
    walk: Walk | None = field(compare=False)


@lru_cache(maxsize=MOST_KEPT)
def _kept(key: _Key) -> str | None:
    """The statement of one span of a walk; none where it is another one on each day."""
    walk, key.walk = key.walk, None
    place, is_at_empty = key.known_by[-2:]
    position = None
    if is_at_empty is not None:
        position = Position(None if is_at_empty else Open("after"), Open("after_key"))  # type: ignore[arg-type]
    try:
        with connection.execute_wrapper(_refuse):
            return text_of(walk.query(place, DAY, position).query)  # type: ignore[union-attr]
    except (UsedTooEarly, EmptyResultSet):  # of no rows there is no statement
        return None


def _refuse(execute: Any, sql: str, *rest: Any) -> Any:
    raise UsedTooEarly(f"a statement that is kept would keep what this query finds: {sql[:200]}")


def count_rows(queryset: QuerySet[Any], way: str) -> dict[str, Any]:
    """`exact`, or `capped`: to COUNT_CAP exactly, beyond it as a lower bound that says so."""
    plain = queryset.order_by()
    if way == "exact":
        return {"count": plain.count(), "count_is_lower_bound": False}
    found = plain.values("pk")[: COUNT_CAP + 1].count()
    return {"count": min(found, COUNT_CAP), "count_is_lower_bound": found > COUNT_CAP}
