"""From a serializer's declared fields to one expression that gives its JSON.

Relations of the day and those that the rows join are read by the join. Any other relation is a subquery: over the
rows of its `Prefetch`, or over the rows of its model that everyone may see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Cast, Coalesce, NullIf
from rest_framework import serializers
from rest_framework.fields import Field

from registry.api.languages import DEFAULT_LANGUAGE
from registry.api.sources import Path, SourceRows
from registry.compiled.expressions import JsonList, JsonObject, Moment, Trimmed
from registry.models.entries import OFFICIAL_MARKS
from registry.resources import NameField, NumberField, OfficialField
from registry.scope import public_rows

Make = Callable[["Level", Path], Any]


class NotCompilable(Exception):
    """A field that only the serializer can answer; says which and why."""


def _text_of_decimal(value: Any, field: Any, column: Any) -> Any:
    if not isinstance(column, DecimalField) or column.decimal_places != field.decimal_places:
        raise NotCompilable(f"{field.field_name}: other decimal places than its column")
    return Cast(value, TextField())


AS_IT_IS = (
    serializers.CharField,
    serializers.URLField,
    serializers.ChoiceField,
    serializers.IntegerField,
    serializers.BigIntegerField,
    serializers.BooleanField,
    serializers.DateField,
)
# By exact type: a subclass may answer otherwise.
KINDS: dict[type[Field[Any, Any, Any, Any]], Callable[[Any, Any, Any], Any]] = {
    **dict.fromkeys(AS_IT_IS, lambda value, field, column: value),
    serializers.DateTimeField: lambda value, field, column: Moment(value),
    serializers.DecimalField: _text_of_decimal,
    NumberField: lambda value, field, column: Trimmed(value),
    OfficialField: lambda value, field, column: ExpressionWrapper(
        Q((f"{value.name}__in", OFFICIAL_MARKS)), BooleanField()
    ),
}


class Level(SourceRows):
    """The rows of one serializer, with what its fields can be taken from."""

    def __init__(self, rows: QuerySet[Any], language: str) -> None:
        super().__init__(rows)
        self.language = language

    # --- what a field shows
    def object(self, serializer: serializers.Serializer[Any], path: Path = ()) -> JsonObject:
        if type(serializer).to_representation is not serializers.Serializer.to_representation:
            raise NotCompilable(f"{type(serializer).__name__} has a to_representation of its own")
        return JsonObject({name: self.member(field, path) for name, field in serializer.fields.items()})

    def member(self, field: Any, path: Path) -> Any:
        path += () if field.source == "*" else tuple(field.source.split("."))
        if isinstance(field, serializers.ListSerializer):
            return self.list(field, path)
        if isinstance(field, serializers.Serializer):
            return self.related(path, lambda level, rest: level.object(field, rest))
        if type(field) is NameField:
            return self.related(path, Level.name)
        if type(field) not in KINDS:
            raise NotCompilable(f"{field.field_name}: a field of the kind {type(field).__name__}")
        return self.related(path[:-1], lambda level, rest: level.value(field, (*rest, path[-1])))

    def value(self, field: Any, path: Path) -> Any:
        if path[0] in self.rows.query.annotations and isinstance(field, AS_IT_IS):
            return F(path[0])
        return KINDS[type(field)](F(LOOKUP_SEP.join(path)), field, self.column(path))

    def name(self, path: Path) -> Any:
        """As NameField: in the asked language, the Chinese one when there is none."""
        chinese, asked = ((*path, f"name_{language}") for language in (DEFAULT_LANGUAGE, self.language))
        if asked == chinese or self.column(asked) is None:
            return F(LOOKUP_SEP.join(chinese))
        return Coalesce(NullIf(F(LOOKUP_SEP.join(asked)), Value("")), F(LOOKUP_SEP.join(chinese)))

    # --- relations
    def related(self, path: Path, make: Make) -> Any:
        """What `make` gives for the row at the end of the path; NULL where there is none."""
        tree: Any = self.joined
        for place, name in enumerate(path):
            if name not in tree:
                return self.subquery(path[: place + 1], path[place + 1 :], make)
            tree = tree[name]
        found = make(self, path)
        if not (path and isinstance(found, JsonObject)):
            return found
        return Case(When(Q(**{f"{LOOKUP_SEP.join(path)}__isnull": False}), then=found))

    def subquery(self, link: Path, rest: Path, make: Make) -> Subquery:
        """The one row that a foreign key points at, among those that may be seen."""
        _through, rows, _below = self.prefetched(link[0])
        rows = public_rows(self.model_at(link)) if rows is None else rows
        found = Level(rows, self.language).related(rest, make)
        return Subquery(rows.filter(pk=OuterRef(LOOKUP_SEP.join(link))).order_by().values(found=found))

    def list(self, field: Any, path: Path) -> JsonList:
        return JsonList(self.pointing_back(path, lambda level: level.object(field.child)))

    def pointing_back(self, path: Path, make: Callable[[Level], Any]) -> QuerySet[Any]:
        """What `make` gives for each of the rows that point back, in the order of their prefetch or model."""
        through, rows, below = self.prefetched(path[0])
        back = {relation.get_accessor_name(): relation for relation in self.model._meta.related_objects}
        if len(path) > 1 or through not in back:
            raise NotCompilable(f"{'.'.join(path)}: no list of {self.model._meta.label}")
        relation: Any = back[through]
        rows = (public_rows(relation.related_model) if rows is None else rows).prefetch_related(*below)
        entry = make(Level(rows, self.language))
        order = rows.query.order_by or relation.related_model._meta.ordering
        return rows.filter(**{relation.field.name: OuterRef("pk")}).order_by(*order).values(entry=entry)
