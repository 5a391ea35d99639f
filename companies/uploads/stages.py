"""Where an upload stands: never stored, but concluded from its moments and from who works on it now."""

from __future__ import annotations

from enum import StrEnum

from django.db import connection

from companies.models import Upload

WORKING_ON = 20300002
"""The first key of the advisory lock that whoever works on an upload holds; the second is the upload's id.

The lock goes with the connection: a worker that was killed holds it no longer, at once.
"""


MOMENTS = (
    *("work", "work_asked_at", "work_begun_at", "work_ended_at", "work_done", "work_total"),
    *("planned_at", "committed_at", "committed", "undone_at", "undone"),
)


class Stage(StrEnum):
    COLUMNS = "columns"
    WAITING = "waiting"
    WORKING = "working"
    STOPPED = "stopped"
    PLANNED = "planned"
    COMMITTED = "committed"
    UNDONE = "undone"


def stage_of(upload: Upload) -> Stage:
    """Reads the moments anew: work may have ended a moment ago."""
    is_worked_on = _is_worked_on(upload)  # asked first: what ends after it is seen in the row
    upload.refresh_from_db(fields=MOMENTS)
    if upload.work_asked_at and not upload.work_ended_at:
        if is_worked_on:
            return Stage.WORKING
        return Stage.STOPPED if upload.work_begun_at else Stage.WAITING
    if upload.undone_at:
        return Stage.UNDONE
    if upload.committed_at:
        return Stage.COMMITTED
    return Stage.PLANNED if upload.planned_at else Stage.COLUMNS


def _is_worked_on(upload: Upload) -> bool:
    return _is_locked("AND objid = %s::oid", upload.pk)


def is_anything_worked_on() -> bool:
    """Whether somebody else works on any upload right now: a worker that is busy takes nothing else up."""
    return _is_locked("")


def _is_locked(which: str, *values: int) -> bool:
    """Whether another connection than this one holds such a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            f" AND pid <> pg_backend_pid() AND classid = %s::oid {which})",
            [WORKING_ON, *values],
        )
        (found,) = cursor.fetchone() or (False,)
    return bool(found)


def work_on(upload_id: int) -> bool:
    """Takes the lock until the end of the transaction; False where another holds it. Read the row after it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [WORKING_ON, upload_id])
        (taken,) = cursor.fetchone() or (False,)
    return bool(taken)


def wait_for(upload_id: int) -> None:
    """Takes the lock as soon as it is free: a page holds it for a moment only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [WORKING_ON, upload_id])
