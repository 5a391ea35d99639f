"""Reading that outlives its view: parts of a body that are read one after the other, while the rest is sent.

Each part is read with a connection and a context of its own, put in place for that turn only: between two turns the
thread is that of the request, whose middlewares write and whose connection goes back to the pool.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections


class OwnTurns(Iterator[bytes]):
    """The parts of a generator that reads the database; `close()` ends it and gives its connection back.

    Where a transaction is open already (a test that rolls back) it joins that.
    """

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.context = parts, copy_context()
        self.own = None if connection.in_atomic_block else connections.create_connection(DEFAULT_DB_ALIAS)

    def __next__(self) -> bytes:
        try:
            found: bytes = self.context.run(self._turn, self.parts.__next__)
            return found
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.context.run(self._turn, self.parts.close)  # type: ignore[attr-defined]
        if self.own is not None:
            self.own.close()

    def _turn(self, work: Any) -> Any:
        if self.own is None:
            return work()
        before = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = self.own
        try:
            return work()
        finally:
            connections[DEFAULT_DB_ALIAS] = before
