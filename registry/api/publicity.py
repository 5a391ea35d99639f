"""That everyone may read what a serializer shows, however its JSON is made.

What a field reads must be plain from its `source`: what takes whole rows (a method, a property, a `to_representation`
of a serializer's own) could show anything, and is refused as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Col
from django.db.models.sql import Query
from rest_framework import fields, relations, serializers

from registry.access import FieldClass, field_class
from registry.api.languages import DEFAULT_LANGUAGE, LANGUAGES
from registry.api.selection import members_of
from registry.api.sources import NoSuchRelation, SourceRows
from registry.resources import NameField

READS_ITS_SOURCE = (fields.Field.get_attribute, relations.RelatedField.get_attribute)


class NotPublic(Exception):
    """A serializer would show what not everyone may read; one argument for each such thing."""


def require_public(serializer: serializers.Serializer[Any], rows: QuerySet[Any]) -> None:
    """Raises NotPublic, or UndeclaredModelError for rows of which nobody said who may see them."""
    if found := tuple(dict.fromkeys(_of_serializer(serializer, SourceRows(rows)))):
        raise NotPublic(*found)


def _of_serializer(serializer: Any, rows: SourceRows) -> Iterator[str]:
    if type(serializer).to_representation is not serializers.Serializer.to_representation:
        yield _untold(f"{type(serializer).__name__}.to_representation")
    for field in serializer.fields.values():
        try:
            yield from _of_field(field, rows)
        except NoSuchRelation:
            yield _untold(_name_of(field))


def _of_field(field: Any, rows: SourceRows) -> Iterator[str]:
    path = [] if field.source == "*" else field.source.split(".")
    if type(field).get_attribute not in READS_ITS_SOURCE or _lists_otherwise(field):
        yield _untold(_name_of(field))
    elif (members := members_of(field)) is not None:
        yield from _of_serializer(members, reduce(SourceRows.behind, path, rows))
    elif type(field) is NameField:
        named = reduce(SourceRows.behind, path, rows)
        chinese, *others = (named.column((f"name_{language}",)) for language in (DEFAULT_LANGUAGE, *LANGUAGES))
        yield from [_untold(_name_of(field))] if chinese is None else _of_columns({chinese, *others} - {None})
    elif not path:
        yield _untold(_name_of(field))
    else:
        yield from _of_value(field, reduce(SourceRows.behind, path[:-1], rows), path[-1])


def _lists_otherwise(field: Any) -> bool:
    is_plain = type(field).to_representation is serializers.ListSerializer.to_representation
    return isinstance(field, serializers.ListSerializer) and not is_plain


def _of_value(field: Any, rows: SourceRows, name: str) -> Iterator[str]:
    if name in rows.rows.query.annotations:
        yield from _of_columns(_columns_in(rows.rows.query.annotations[name]))
    elif (column := rows.column((name,))) is None or _gets_a_row(field, column, name):
        yield _untold(_name_of(field))
    else:
        yield from _of_columns([column])


def _gets_a_row(field: Any, column: Any, name: str) -> bool:
    """Of the row that a foreign key points at, only DRF's own field of keys takes no more than the key."""
    return column.is_relation and name == column.name and type(field) is not relations.PrimaryKeyRelatedField


def _columns_in(expression: Any) -> Iterator[Any]:
    if isinstance(expression, Col):
        yield expression.target
    if isinstance(expression, Query):
        parts = [*expression.select, *expression.annotation_select.values()]
    else:
        parts = getattr(expression, "get_source_expressions", list)()
    for part in parts:
        yield from _columns_in(part)


def _of_columns(columns: Any) -> Iterator[str]:
    for column in columns:
        if field_class(column.model, column.name) is not FieldClass.PUBLIC:
            yield f"{column.model._meta.label}.{column.name}, which not everyone may read"


def _name_of(field: Any) -> str:
    return f"{type(field.parent).__name__}.{field.field_name}"


def _untold(what: str) -> str:
    return f"whatever {what} reads, which its source does not tell"
