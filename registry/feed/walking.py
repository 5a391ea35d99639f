"""A walk from one number to another: what was written, parents before children, then what is gone, children first."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db import connection

from registry.feed import statements
from registry.feed.types import Circle, feed_types

LARGEST_ID = 2**63 - 1
BEGINNING = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Event:
    """`data` is JSON; none for an entry that is gone."""

    sequence: int
    type: str
    id: int
    operation: str
    data: str | None

    def as_json(self) -> str:
        head = f'{{"seq":{self.sequence},"type":"{self.type}","id":{self.id},"op":"{self.operation}"'
        return f'{head},"data":{self.data or "null"}}}'


@dataclass(frozen=True)
class Place:
    """Where a walk goes on: among what was written or what is gone, in which type, after which id."""

    is_gone: bool = False
    rank: int = 0
    last: int = 0


@dataclass(frozen=True)
class Span:
    """From the state at the number `after` to that at `sequence`, for a circle."""

    circle: Circle
    after: int
    sequence: int

    def page(self, place: Place, limit: int) -> tuple[list[Event], Place | None]:
        """Up to `limit` events from the place on, and where to go on; none when the walk is at its end."""
        events: list[Event] = []
        types = feed_types()
        moments = {"since": moment_of(self.after), "until": moment_of(self.sequence)}
        given: dict[str, Any] = {"after": self.after, "sequence": self.sequence, **moments}
        at: Place | None = place
        while at is not None and len(events) < limit:
            type_ = types[-1 - at.rank] if at.is_gone else types[at.rank]
            asked = given | {"last": at.last, "limit": limit - len(events)}
            with connection.cursor() as cursor:
                cursor.execute(_text(type_.name, self.circle, self.after == 0, at.is_gone), asked)
                rows = cursor.fetchall()
            for sequence, id_, is_new, data in rows:
                operation = "delete" if at.is_gone else "create" if is_new else "update"
                events.append(Event(sequence, type_.name, id_, operation, data))
            is_full = len(rows) == asked["limit"]
            at = replace(at, last=rows[-1][1]) if is_full else self._next_type(at, len(types))
        return events, at

    def _next_type(self, at: Place, count: int) -> Place | None:
        if at.rank + 1 < count:
            return Place(at.is_gone, at.rank + 1, LARGEST_ID if at.is_gone else 0)
        if at.is_gone or self.after == 0:  # whoever begins has nothing that could be gone
            return None
        return Place(True, 0, LARGEST_ID)


@cache
def _text(name: str, circle: Circle, is_whole: bool, is_gone: bool) -> str:
    type_ = next(one for one in feed_types() if one.name == name)
    if is_gone:
        return statements.gone(type_, circle)
    return statements.whole(type_, circle) if is_whole else statements.written(type_, circle)


def moment_of(sequence: int) -> datetime.datetime:
    """When the register took the number; before the first there is nothing."""
    if sequence == 0:
        return BEGINNING
    with connection.cursor() as cursor:
        cursor.execute("SELECT recorded_at FROM registry_changeset WHERE sequence = %s", [sequence])
        ((moment,),) = cursor.fetchall()
    return moment  # type: ignore[no-any-return]


def dumped(circle: Circle, sequence: int, *, at_once: int = 1000) -> Iterator[Event]:
    """Every entry at the number, as a reader who begins would be told; may be read over many transactions."""
    span, place = Span(circle, 0, sequence), Place()
    while True:
        events, following = span.page(place, at_once)
        yield from events
        if following is None:
            return
        place = following


@dataclass(frozen=True)
class Digest:
    """Of one type: how many entries there are, and a digest that does not depend on their order."""

    type: str
    count: int
    digest: str


def digests(circle: Circle, sequence: int) -> list[Digest]:
    """Of every type of the circle at a number, whatever happened since."""
    found = []
    for type_ in feed_types():
        if circle in type_.shown:
            with connection.cursor() as cursor:
                cursor.execute(statements.digest(type_, circle), {"until": moment_of(sequence)})
                ((count, one, two),) = cursor.fetchall()
            found.append(Digest(type_.name, count, f"{one % 2**64:016x}{two % 2**64:016x}"))
    return found
