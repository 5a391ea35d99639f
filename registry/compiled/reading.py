"""Compiled statements: made once for each shape, kept, and run for a page's keys."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import lru_cache

from django.db.models import F

from registry.api.publicity import require_public
from registry.api.shapes import Shape, serialized
from registry.api.statements import DAY, run, text_of
from registry.compiled.compiling import Level, NotCompilable
from registry.compiled.expressions import KeyIn

MOST_SHAPES = 256  # callers make shapes of their own by `fields=`


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
    """One statement over %(keys)s and %(day)s; raises NotPublic before anything else, or NotCompilable."""
    rows, serializer = shape.rows(DAY), shape.serializer()
    require_public(serializer, rows)
    entry = Level(rows, shape.language).object(serializer)
    entries = rows.filter(KeyIn(F("pk"))).order_by().values_list("pk", entry)
    in_order = "STRING_AGG(p.entry::text, ',' ORDER BY ARRAY_POSITION(%(keys)s::bigint[], p.key))"
    return f"SELECT CONVERT_TO({in_order}, 'UTF8') FROM ({text_of(entries.query)}) p(key, entry)"
