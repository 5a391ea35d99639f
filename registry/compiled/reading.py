"""Compiled statements: made once for each shape, kept, and run for a page's keys."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet
from rest_framework.serializers import BaseSerializer

from registry.api.renderers import RegisterJSONRenderer
from registry.api.selection import Selection
from registry.api.statements import DAY, run, text_of
from registry.compiled.compiling import Level, NotCompilable
from registry.compiled.expressions import KeyIn

MOST_SHAPES = 256  # callers make shapes of their own by `fields=`
Rows = Callable[[datetime.date], QuerySet[Any]]


@dataclass(frozen=True)
class Shape:
    """What an entry looks like: of which rows, by which declaration, with which members, in which language."""

    rows: Rows
    serializer_class: type[BaseSerializer[Any]]
    selection: Selection
    language: str


def read_entries(shape: Shape, keys: Sequence[int], day: datetime.date) -> bytes:
    """The entries of the keys, in that order: JSON objects with commas between. ParameterProblem for a wrong shape."""
    statement = compiled(shape)
    if not keys:
        return b""
    if statement is None:
        return serialized(shape, keys, day)
    ((entries,),) = run(statement, {"keys": f"{{{','.join(map(str, keys))}}}", "day": day})
    return entries or b""


@lru_cache(maxsize=MOST_SHAPES)
def compiled(shape: Shape) -> str | None:
    """The shape's statement; none where only the serializer can answer."""
    try:
        return compile_shape(shape)
    except NotCompilable:
        return None


def compile_shape(shape: Shape) -> str:
    """One statement over %(keys)s and %(day)s; raises NotCompilable or NotPublic."""
    rows = shape.rows(DAY)
    entry = Level(rows, shape.language).object(shape.selection.shaped(shape.serializer_class))
    entries = rows.filter(KeyIn(F("pk"))).order_by().values_list("pk", entry)
    in_order = "STRING_AGG(p.entry::text, ',' ORDER BY ARRAY_POSITION(%(keys)s::bigint[], p.key))"
    return f"SELECT CONVERT_TO({in_order}, 'UTF8') FROM ({text_of(entries.query)}) p(key, entry)"


def serialized(shape: Shape, keys: Sequence[int], day: datetime.date) -> bytes:
    """The same by the serializer."""
    found = {row.pk: row for row in shape.rows(day).filter(pk__in=keys)}
    serializer = shape.selection.shaped(shape.serializer_class)
    serializer._context = {"language": shape.language}
    entries = [serializer.to_representation(found[key]) for key in keys if key in found]
    return RegisterJSONRenderer().render(entries)[1:-1]
