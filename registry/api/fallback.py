"""The rows that a serializer shows when it answers itself: relations come with those rows that everyone may see.

A serializer left alone fetches what its rows lack by the models' default managers, drafts and all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.db.models.constants import LOOKUP_SEP
from rest_framework import serializers

from registry.api.selection import members_of
from registry.api.sources import SourceRows
from registry.resources import NameField
from registry.scope import public_rows

Tree = dict[str, Any]
"""The relations that are read, each with those that are read of its rows."""


def with_public_relations(rows: QuerySet[Any], serializer: serializers.Serializer[Any]) -> list[Any]:
    """The rows with every relation that the serializer shows: as joined or prefetched, else of the rows that everyone
    may see. UndeclaredModelError for rows of which nobody said who may see them."""
    found = list(rows.prefetch_related(None))
    _fill(found, SourceRows(rows), _read_by(serializer))
    return found


def _fill(found: list[Any], source: SourceRows, tree: Tree) -> None:
    """Of objects: a queryset prefetches nothing below a relation of the day, which not every row has."""
    for name in tree.keys() & source.joined.keys():
        related = [row for one in found if (row := getattr(one, name, None)) is not None]
        _fill(related, source.behind(name), tree[name])
    beside = {name: below for name, below in tree.items() if name not in source.joined}
    prefetch_related_objects(found, *_lookups(source, beside))


def _read_by(serializer: serializers.Serializer[Any]) -> Tree:
    tree: Tree = {}
    for field in serializer.fields.values():
        source = field.source or "*"
        path = [] if source == "*" else source.split(".")
        members = members_of(field)
        shows_a_row = members is not None or type(field) is NameField
        below = tree
        for name in path if shows_a_row else path[:-1]:
            below = below.setdefault(name, {})
        if members is not None:
            _merge(below, _read_by(members))
    return tree


def _merge(tree: Tree, other: Tree) -> None:
    for name, below in other.items():
        _merge(tree.setdefault(name, {}), below)


def _fetched(rows: QuerySet[Any], tree: Tree) -> QuerySet[Any]:
    return rows.prefetch_related(None).prefetch_related(*_lookups(SourceRows(rows), tree))


def _lookups(source: SourceRows, tree: Tree, prefix: str = "") -> Iterator[Prefetch[Any]]:
    for name, below in tree.items():
        if name in source.joined:
            yield from _lookups(source.behind(name), below, f"{prefix}{name}{LOOKUP_SEP}")
            continue
        through, rows, beside = source.prefetched(name)
        rows = public_rows(source.model_at((through,))) if rows is None else rows
        to_attr = None if through == name else name
        yield Prefetch(f"{prefix}{through}", _fetched(rows.prefetch_related(*beside), below), to_attr)
