"""From a serializer's declared fields to lines of CSV: one statement for each shape, copied out by PostgreSQL.

The columns are those of `registry.downloads.flattening.Flat`, in its order, the texts as safe in a spreadsheet as
`registry.downloads.delimited` makes them; tests hold both ways equal. Each relation and each list is read once for all
of its columns, as an array of texts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Replace
from psycopg import sql
from rest_framework import serializers

from registry.api.publicity import require_public
from registry.api.selection import members_of
from registry.api.shapes import Shape
from registry.api.sources import Path
from registry.api.statements import DAY, IN_THE_PAST, text_of
from registry.compiled.compiling import Level, NotCompilable
from registry.compiled.expressions import KeyIn
from registry.downloads.delimited import FORMULA_BEGINS, MISREAD, as_spreadsheet_text
from registry.downloads.flattening import BETWEEN, BETWEEN_WITHIN, Flat, Leaf
from registry.downloads.tables import Datatype
from registry.history.known import is_looking_back

MOST_SHAPES = 64
AT_ONCE = 1 << 16
"""Bytes that are sent together."""
BEGINS = f"^[-{''.join(FORMULA_BEGINS).replace('-', '')}]"
PASSES = "BETWEEN 65 AND 65279"
"""What most texts begin with: letters, and no sign, digit or full width of them."""
DIGITS = "BETWEEN 48 AND 57"
SHORT_NUMBER = "^[1-9][0-9]{0,10}$"
"""What most that begins with a digit is: a code, which a spreadsheet shows as it is."""


class Texts(Func):
    """An array of texts."""

    template = "ARRAY[%(expressions)s]"
    output_field = ArrayField(TextField())


@dataclass(frozen=True)
class Source:
    """What the inner query reads: one text, one array with a text for each of `width` columns, or a list of arrays."""

    expression: Any
    width: int | None = None
    is_list: bool = False

    def columns(self, name: str) -> list[str]:
        """What each column takes from it."""
        if self.width is None:
            return [name]
        places = range(1, self.width + 1)
        if self.is_list:
            return [f"ARRAY_TO_STRING({name}[:][{place}:{place}], '{BETWEEN}', '')" for place in places]
        return [f"{name}[{place}]" for place in places]


class FlatLevel(Level):
    """The rows of one serializer, read as texts."""

    def sources(self, serializer: Any, path: Path = ()) -> Iterator[Source]:
        for field in serializer.fields.values():
            way = path + _source(field)
            if isinstance(field, serializers.ListSerializer):
                yield Source(self.text_list(field, way), _width(field.child), is_list=True)
            elif not isinstance(field, serializers.Serializer):
                yield Source(self.text(field, path))
            elif self.joins(way):
                yield from self.sources(field, way)
            else:
                yield Source(self.related(way, partial(_texts, field)), _width(field))

    def texts(self, serializer: Any, path: Path = ()) -> Iterator[Any]:
        """One text for each column, without lists."""
        for field in serializer.fields.values():
            if isinstance(field, serializers.ListSerializer):
                raise NotCompilable(f"{field.field_name}: a list within a list")
            if isinstance(field, serializers.Serializer):
                yield from self.texts(field, path + _source(field))
            else:
                yield self.text(field, path)

    def text(self, field: Any, path: Path) -> Cast:
        return Cast(self.member(field, path), TextField())

    def joins(self, path: Path) -> bool:
        tree: Any = self.joined
        for name in path:
            if name not in tree:
                return False
            tree = tree[name]
        return True

    def text_list(self, field: Any, path: Path) -> ArraySubquery:
        def entry(level: Level) -> Any:
            texts = FlatLevel(level.rows, level.language).texts(field.child)
            return Texts(*(Replace(text, Value(BETWEEN), Value(BETWEEN_WITHIN)) for text in texts))

        return ArraySubquery(self.pointing_back(path, entry))


def _texts(field: Any, level: Level, rest: Path) -> Texts:
    return Texts(*FlatLevel(level.rows, level.language).texts(field, rest))


def _width(serializer: Any) -> int:
    """How many columns it has."""
    below = (members_of(field) for field in serializer.fields.values())
    return sum(1 if members is None else _width(members) for members in below)


def _source(field: Any) -> Path:
    return () if field.source == "*" else tuple(field.source.split("."))


def compile_lines(shape: Shape) -> str:
    """One statement over %(keys)s and %(day)s that copies lines in the order of the keys; raises NotPublic before
    anything else, or NotCompilable."""
    cells, inner = _parts(shape, shape.rows(DAY).filter(KeyIn(F("pk"))))
    in_order = "JOIN UNNEST(%(keys)s::bigint[]) WITH ORDINALITY k(key, place) USING (key) ORDER BY place"
    return f"COPY (SELECT {cells} FROM ({inner}) p {in_order}) TO STDOUT (FORMAT csv)"


def compile_all_lines(shape: Shape, rows: QuerySet[Any], day: datetime.date) -> str:
    """One statement that copies the lines of all of the rows, in no order: PostgreSQL reads them as is best for it."""
    cells, inner = _parts(shape, shape.rows(day).filter(pk__in=rows.order_by().values("pk")))
    return f"COPY (SELECT {cells} FROM ({inner}) p) TO STDOUT (FORMAT csv)"


def _parts(shape: Shape, rows: QuerySet[Any]) -> tuple[str, str]:
    """The cells as they are written, and the query that they are of."""
    serializer = shape.serializer()
    require_public(serializer, rows)
    sources = list(FlatLevel(rows, shape.language).sources(serializer))
    names = [f"s{place}" for place in range(len(sources))]
    read = rows.order_by().values_list("pk", *(source.expression for source in sources))
    leaves = Flat(serializer).leaves
    numbers = count()
    picked = [
        f"{column} AS c{next(numbers)}"
        for source, name in zip(sources, names, strict=True)
        for column in source.columns(name)
    ]
    if len(leaves) != len(picked):
        raise NotCompilable(f"{type(serializer).__name__}: other columns than its file has")
    cells = [_safe(f"c{place}") if _may_be_misread(leaf) else f"c{place}" for place, leaf in enumerate(leaves)]
    # Without OFFSET the planner writes each expression wherever it is used, and computes it as often.
    read_once = f"({text_of(read.query)} OFFSET 0) q(key, {', '.join(names)})"
    return ", ".join(cells), f"SELECT key, {', '.join(picked)} FROM {read_once} OFFSET 0"


def _may_be_misread(leaf: Leaf) -> bool:
    """Whether a spreadsheet might take it for something else; days and booleans stay what they are in a list, too."""
    if leaf.column.datatype is not Datatype.TEXT or leaf.kind in (Datatype.DAY, Datatype.BOOLEAN):
        return False
    return leaf.choices is None or any(as_spreadsheet_text(choice) != choice for choice in leaf.choices)


def _safe(column: str) -> str:
    """As `registry.downloads.delimited.as_spreadsheet_text`."""
    begins, misread, number = (_literal(one) for one in (BEGINS, f"^(?:{MISREAD.pattern})$", SHORT_NUMBER))
    of_digits = f"WHEN {column} ~ {number} THEN {column} WHEN {column} ~ {misread} THEN {column} || CHR(9)"
    return (
        f"CASE WHEN ASCII({column}) {PASSES} THEN {column}"
        f" WHEN ASCII({column}) {DIGITS} THEN CASE {of_digits} ELSE {column} END"
        f" WHEN {column} ~ {begins} THEN '''' || {column} ELSE {column} END"
    )


def _literal(text: str) -> str:
    return sql.quote(text).replace("%", "%%")


@lru_cache(maxsize=MOST_SHAPES)
def compiled_lines(shape: Shape) -> str | None:
    """The shape's statement; none where only the serializer can answer."""
    try:
        return compile_lines(shape)
    except NotCompilable:
        return None


def read_lines(text: str, keys: Sequence[int], day: datetime.date) -> Iterator[bytes]:
    """The lines of the keys, in that order, by a statement of `compiled_lines`."""
    return copied(text % {"keys": sql.quote(f"{{{','.join(map(str, keys))}}}"), "day": sql.quote(day.isoformat())})


def copied(statement: str) -> Iterator[bytes]:
    """What a statement copies, some lines at a time; each line ends with CRLF."""
    statement = IN_THE_PAST + statement if is_looking_back() else statement
    connection.ensure_connection()
    part, size = [], 0
    with (
        connection.wrap_database_errors,
        connection.connection.cursor() as cursor,
        cursor.copy(statement.encode()) as copy,
    ):
        for line in copy:
            part.append(bytes(line[:-1]))
            size += len(line)
            if size > AT_ONCE:
                yield b"\r\n".join((*part, b""))
                part, size = [], 0
    yield b"\r\n".join((*part, b"")) if part else b""
