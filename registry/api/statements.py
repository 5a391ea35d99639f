"""Statements that are compiled by the ORM once, kept as text, and run many times as prepared statements.

What each run brings stands open in the text: the day by the stand-in `DAY`, anything else by an `Open` value.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.db.models.sql import Query
from psycopg import sql

from registry.history.known import is_looking_back


class UsedTooEarly(TypeError):
    """A question computes with its day in Python, so that its statement cannot be kept for any day."""


class _AnyDay(datetime.date):
    """Passes through the ORM as a day does, and refuses to be computed with."""

    def _refuse(self, *given: Any, **more: Any) -> Any:
        raise UsedTooEarly("the day of a kept statement is not known before it runs")

    def __eq__(self, other: object) -> bool:
        return self is other  # and never equal to the first day of 2000, which a cache would take for it

    __hash__ = object.__hash__
    __add__ = __radd__ = __sub__ = __rsub__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __str__ = __format__ = isoformat = strftime = ctime = _refuse
    replace = timetuple = toordinal = weekday = isoweekday = isocalendar = _refuse
    year = month = day = property(_refuse)


DAY = _AnyDay(2000, 1, 1)


@dataclass(frozen=True)
class Open:
    """A value that a run brings under this name; `type` is PostgreSQL's, where it cannot see it by itself."""

    name: str
    type: str | None = None


def text_of(query: Query) -> str:
    """The query as text with %(name)s for what is open (`day` for the day); constants stand in the text."""
    text, parameters = query.sql_with_params()
    return text.replace("%%", "%%%%") % tuple(_place(parameter) for parameter in parameters)


def _place(parameter: Any) -> str:
    if parameter is DAY:
        return "%(day)s::date"
    if isinstance(parameter, Open):
        return f"%({parameter.name})s" + (f"::{parameter.type}" if parameter.type else "")
    return sql.quote(parameter).replace("%", "%%")


class PreparedCursor(psycopg.Cursor[Any]):
    """Prepares a statement when it comes again: planning is most of what a page costs PostgreSQL."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> PreparedCursor:
        # A pooler in transaction mode gives each transaction another session, without its prepared statements.
        if not connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
            self.connection.prepare_threshold = 2
        super().execute(query, params, binary=True, **options)
        if self._query is None and connection.queries_logged:  # prepared before: no text is left for the log
            self._query = self._convert_query(query, params)
        return self


IN_THE_PAST = "/* as known */ "
"""Before the text of a statement that looks back: PostgreSQL would plan one text anew at each change of the world."""


def run(text: str, values: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement made by `text_of`; Django's error classes, and a line in its log of queries."""
    text = IN_THE_PAST + text if is_looking_back() else text
    connection.ensure_connection()
    with connection._prepare_cursor(PreparedCursor(connection.connection)) as cursor:  # type: ignore[attr-defined]
        cursor.execute(text, values)
        found: list[Any] = cursor.fetchall()
        return found
