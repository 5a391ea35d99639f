"""From the declaration of an answer to flat columns: nested members get columns of their own, lists one text each.

A column is named by the path of the member, as in `fields=`, with _ for the dots: `district_code`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from registry.api.selection import members_of
from registry.downloads.tables import Column, Datatype, Row
from registry.downloads.titles import title_of_path
from registry.resources import NumberField, OfficialField

BETWEEN, BETWEEN_WITHIN = ";", "；"
"""Between the values of a list; what one within a value becomes."""
DATATYPES: tuple[tuple[type[Any], Datatype], ...] = (
    (serializers.BooleanField, Datatype.BOOLEAN),
    (OfficialField, Datatype.BOOLEAN),
    (serializers.IntegerField, Datatype.INTEGER),
    (serializers.FloatField, Datatype.NUMBER),
    (NumberField, Datatype.NUMBER),
    (serializers.DecimalField, Datatype.DECIMAL),
    (serializers.DateField, Datatype.DAY),
    (serializers.DateTimeField, Datatype.MOMENT),
)


@dataclass(frozen=True)
class Leaf:
    """One column with the way to its value; `listed` is the place of the step that is a list, if one is.

    `kind` is that of one value, which in a list is written as text; `choices` are all that it can be, where known.
    """

    path: tuple[str, ...]
    column: Column
    listed: int | None = None
    kind: Datatype = Datatype.TEXT
    choices: tuple[str, ...] | None = None

    def value(self, entry: Any) -> Any:
        if self.listed is None:
            return at_end(entry, self.path)
        items = at_end(entry, self.path[: self.listed + 1]) or ()
        return BETWEEN.join(_as_text(at_end(item, self.path[self.listed + 1 :])) for item in items)


class Flat:
    """The columns of a serializer, and its entries as rows. `each` names a list of which each item is a row."""

    def __init__(self, serializer: serializers.Serializer[Any], each: str | None = None) -> None:
        self.each = each
        self.leaves = tuple(_leaves(serializer, (), None, each))

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(leaf.column for leaf in self.leaves)

    def rows(self, entries: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
        for entry in entries:
            for one in [entry] if self.each is None else ({**entry, self.each: item} for item in entry[self.each]):
                yield [leaf.value(one) for leaf in self.leaves]


def _leaves(serializer: Any, above: tuple[Any, ...], listed: int | None, each: str | None) -> Iterator[Leaf]:
    for name, field in serializer.fields.items():
        way = (*above, field)
        if (members := members_of(field)) is None:
            path = tuple(step.field_name for step in way)
            column = _column(path, way, listed is not None)
            choices = tuple(map(str, field.choices)) if isinstance(field, serializers.ChoiceField) else None
            yield Leaf(path, column, listed, datatype_of(field), choices)
            continue
        is_list = isinstance(field, serializers.ListSerializer) and name != each
        yield from _leaves(members, way, len(above) if is_list else listed, None)


def _column(path: tuple[str, ...], way: tuple[Any, ...], is_in_a_list: bool) -> Column:
    field = way[-1]
    kind = Datatype.TEXT if is_in_a_list else datatype_of(field)
    digits = (field.max_digits or 18, field.decimal_places or 0) if kind is Datatype.DECIMAL else (18, 4)
    return Column("_".join(path), title_of_path(way), kind, str(field.help_text or ""), digits)


def datatype_of(field: Any) -> Datatype:
    if isinstance(field, serializers.ChoiceField) and all(isinstance(choice, int) for choice in field.choices):
        return Datatype.INTEGER
    return next((datatype for kind, datatype in DATATYPES if isinstance(field, kind)), Datatype.TEXT)


def at_end(entry: Any, path: tuple[str, ...]) -> Any:
    """The value at the end of the path; None as soon as there is nothing on the way."""
    for name in path:
        if entry is None:
            return None
        entry = entry[name]
    return entry


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).replace(BETWEEN, BETWEEN_WITHIN)
