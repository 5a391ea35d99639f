"""What the feed tells of: a type for each model, who may see its entries, and on which entry that hangs."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models

from registry.access import FieldClass, field_class
from registry.models.entries import Entry


class Circle(enum.StrEnum):
    """For whom a feed is: everyone, or partners with the scope `read:partner`."""

    PUBLIC = "public"
    PARTNER = "partner"


READ = {
    Circle.PUBLIC: (FieldClass.PUBLIC,),
    Circle.PARTNER: (FieldClass.PUBLIC, FieldClass.PARTNER),
}


@dataclass(frozen=True)
class FeedType:
    """`owner` is the foreign key to the entry without which this one is not to be seen either; `shown` gives for each
    circle a condition in SQL on the row `{v}`, and a circle that is not named sees none.
    """

    model: type[Entry]
    name: str
    owner: str = ""
    shown: dict[Circle, str] = field(default_factory=lambda: dict.fromkeys(Circle, "true"), compare=False)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def owner_type(self) -> FeedType | None:
        if not self.owner:
            return None
        key: Any = self.model._meta.get_field(self.owner)
        return type_of(key.related_model)

    @cached_property
    def parents(self) -> set[type[Any]]:
        """The models of other types to which its foreign keys point."""
        keys = (key for key in self.model._meta.concrete_fields if key.is_relation)
        found: set[type[Any]] = {key.related_model for key in keys if key.related_model is not None}
        return found - {self.model}

    def columns(self, circle: Circle) -> list[str]:
        """The stored facts that the circle reads, in the order of their names; the id stands beside them."""
        columns: list[Any] = [
            column
            for column in self.model._meta.concrete_fields
            if field_class(self.model, column.name) in READ[circle] and not column.primary_key
        ]
        return sorted(column.column for column in columns)

    def decimals(self) -> set[str]:
        """Columns that are told as texts, so that no reader rounds them."""
        columns: list[Any] = [one for one in self.model._meta.concrete_fields if isinstance(one, models.DecimalField)]
        return {column.column for column in columns}


_types: dict[type[Entry], FeedType] = {}
_left_out: dict[type[Entry], str] = {}


def declare_feed(*types: FeedType) -> None:
    _types.update({one.model: one for one in types})


def leave_out(model: type[Entry], why: str) -> None:
    """A tracked model that the feed does not tell of."""
    _left_out[model] = why


def left_out() -> dict[type[Entry], str]:
    return dict(_left_out)


def type_of(model: type[Entry]) -> FeedType:
    return _types[model]


def feed_types() -> list[FeedType]:
    """Parents before children: each type after those to which its entries point."""
    return list(_sorted(set(_types)))


def _sorted(waiting: set[type[Entry]]) -> Iterator[FeedType]:
    while waiting:
        free = [model for model in waiting if not _types[model].parents & waiting]
        for model in sorted(free, key=lambda one: _types[one].name):
            yield _types[model]
        if not free:
            raise ValueError(f"types of the feed point at each other in a circle: {waiting}")
        waiting = waiting - set(free)
