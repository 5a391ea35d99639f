"""A list of any length as CSV: sent while it is read, in one snapshot."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice

from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy

from registry.api.refusals import Unavailable
from registry.api.turns import OwnTurns

AT_ONCE = 2
"""In one process: each holds a connection for as long as its reader takes."""
LINES_AT_ONCE = 4_000
"""Of one statement, which is planned anew each time."""
LONGEST = "600s"
"""How long a stream may take; then PostgreSQL ends its statement, and the file breaks off."""
_places = threading.BoundedSemaphore(AT_ONCE)


class TooManyStreams(Unavailable):
    default_code = "busy"
    default_detail = gettext_lazy("Other long files are being sent just now; please try again in a few seconds.")


class Stream(Iterator[bytes]):
    """The parts of a body. What was read before the answer begins is sent first."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.turns = OwnTurns(parts)
        self.ready: list[bytes] = []
        self.is_open, self.is_sent = True, False

    def read(self) -> None:
        """Another part, if there is one, while a failure can still be told in words."""
        self.ready.extend(islice(self.turns, 1))

    def answer(self, media_type: str, headers: Mapping[str, str]) -> HttpResponseBase:
        """Without a length. What fails later breaks the answer off, of which every reader of HTTP is told."""
        self.is_sent = True
        return StreamingHttpResponse(self, content_type=media_type, headers=dict(headers))

    def __next__(self) -> bytes:
        if self.ready:
            if not connection.in_atomic_block:
                connection.close()  # the request's, which is done: one connection a stream is enough
            return self.ready.pop(0)
        try:
            return next(self.turns)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Called with the response, and at its end; gives the place and the connection back, once."""
        if self.is_open:
            self.is_open = False
            try:
                self.turns.close()
            finally:
                _places.release()


@contextmanager
def stream_of(parts: Iterator[bytes]) -> Iterator[Stream]:
    """A stream in one of the places; closed at the end unless it is sent as an answer."""
    if not _places.acquire(blocking=False):
        raise TooManyStreams
    stream = Stream(parts)
    try:
        yield stream
    finally:
        if not stream.is_sent:
            stream.close()


def limit_statements() -> None:
    """Within the snapshot of a stream: a statement waits for its reader as long as this, and no longer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', %s, true)",
            [LONGEST, LONGEST],
        )
