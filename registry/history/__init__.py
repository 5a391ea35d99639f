"""Versions of every entry, and the clock that orders them. The rules stand in `functions.sql`."""

import datetime

from django.db import connection

from registry.history.acting import acting

__all__ = ["acting", "first_recorded_at", "last_recorded_at", "last_sequence"]


def last_recorded_at() -> datetime.datetime | None:
    """The moment of the last committed change; none in a register that holds nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT recorded_at FROM registry_clock WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else None


def last_sequence() -> int:
    """The number of the last committed change; they are given in the order of commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence FROM registry_clock WHERE id = 1")
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def first_recorded_at() -> datetime.datetime | None:
    """The moment of the first committed change: before it the register knew nothing. None while it holds nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recorded_at FROM registry_changeset WHERE sequence IS NOT NULL ORDER BY sequence LIMIT 1"
        )
        row = cursor.fetchone()
    return row[0] if row else None
