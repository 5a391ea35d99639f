"""Looking back: inside `as_known(moment)` every table without a schema's name is what the register then knew of it.

The schema `known` holds a view for each table with versions (`views.py`); `search_path` puts it before `public`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

SEALING = "registry.sealing"
"""Names the advisory lock that a commit holds from the moment it is given until everyone sees it."""

_moment: ContextVar[datetime.datetime | None] = ContextVar("known_at", default=None)


class NotYetKnown(ValueError):
    """A moment that still lies ahead of `now`."""

    def __init__(self, now: datetime.datetime) -> None:
        super().__init__(f"it is {now.isoformat()}")
        self.now = now


def is_looking_back() -> bool:
    return _moment.get() is not None


@contextmanager
def as_known(moment: datetime.datetime | None) -> Iterator[None]:
    """A transaction, or a part of one, that reads what was known at the moment; None is the present."""
    if moment is None:
        yield
        return
    with transaction.atomic():
        before = _settings()
        with for_the_rest(moment):
            yield
        _set(*before)  # the end of a part takes nothing back; after an error its savepoint does


@contextmanager
def for_the_rest(moment: datetime.datetime | None) -> Iterator[None]:
    """As `as_known`, for what is left of the open transaction: its end takes the settings back."""
    if moment is None:
        yield
        return
    _set(moment.astimezone(datetime.UTC).isoformat(), "known, public")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


@contextmanager
def in_the_present() -> Iterator[None]:
    """Within a transaction that looks back, a part that reads the present; elsewhere nothing else than the present."""
    if not is_looking_back():
        yield
        return
    with transaction.atomic():
        before = _settings()
        _set("", "public")
        token = _moment.set(None)
        try:
            yield
        finally:
            _moment.reset(token)
        _set(*before)


def _settings() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(current_setting('registry.known_at', true), ''), current_setting('search_path')"
        )
        known_at, search_path = cursor.fetchone() or ("", "")
    return known_at, search_path


def _set(known_at: str, search_path: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('registry.known_at', %s, true), set_config('search_path', %s, true)",
            [known_at, search_path],
        )


def settle(moment: datetime.datetime) -> None:
    """Returns when no commit can be given a moment up to this one any more; NotYetKnown for one that lies ahead.

    To be called before the transaction that reads; within one that looks back to this moment or a later one that has
    been done. A commit takes its moment, and holds the lock until it is seen:
    who was given an earlier one has finished when the lock is free, who comes later gets a later one.
    """
    looked_back_to = _moment.get()
    if looked_back_to is not None and moment <= looked_back_to:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), (SELECT recorded_at FROM registry_clock WHERE id = 1)")
        now, last = cursor.fetchone()
        if last is not None and moment <= last:
            return
        if moment > now:
            raise NotYetKnown(now)
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [SEALING])
