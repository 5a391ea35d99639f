"""JSON as ORM expressions: objects, lists, moments, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, DecimalField, Func, JSONField, TextField

from registry.api.statements import Open


class JsonObject(Func):
    """One compact JSON object, with its members in order."""

    output_field = JSONField()

    def __init__(self, members: Mapping[str, Any]) -> None:
        super().__init__(*members.values())
        self.names = tuple(members)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        columns, parameters = [], []
        for name, expression in zip(self.names, self.source_expressions, strict=True):
            sql, given = compiler.compile(expression)
            columns.append(f"{sql} AS {connection.ops.quote_name(name)}")
            parameters.extend(given)
        # A subselect: JSON_BUILD_OBJECT takes at most 50 pairs, and writes blanks.
        return f"(SELECT ROW_TO_JSON(o) FROM (SELECT {', '.join(columns)}) o)", parameters


class JsonList(ArraySubquery):
    """A list of JSON objects, empty where there is no row."""


class Moment(Func):
    """ISO 8601 as Python writes it, with the offset of the session's time zone: no fraction where it is zero."""

    template = (
        "REPLACE(TO_CHAR(%(expressions)s, 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '.000000', '')"
        " || TO_CHAR(%(expressions)s, 'TZH:TZM')"
    )
    output_field = TextField()


class Trimmed(Func):
    """A decimal as a JSON number, whole where it is whole."""

    function = "TRIM_SCALE"
    output_field = DecimalField()


class KeyIn(Func):
    """The condition that a row is one of those that a page holds."""

    output_field = BooleanField()
    conditional = True

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, _none = compiler.compile(self.source_expressions[0])
        return f"{key} = ANY(%s)", [Open("keys", "bigint[]")]
