"""The counter: a window begins with a caller's first request, and one statement counts and reads it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from django.db import connection

WINDOW_SECONDS = 60
CLEARED_EVERY = 200  # new windows, on average
MOST_CLEARED = 1000

# One statement under the lock of its row: however many processes count at once, no two read the same number. The clock
# is read under that lock, too: of two that waited for each other the later sees the later moment.
COUNT = """
INSERT INTO registry_requestcount AS c (caller, began_at, requests) VALUES (%(caller)s, clock_timestamp(), 1)
ON CONFLICT (caller) DO UPDATE SET (began_at, requests) = (
    SELECT CASE WHEN is_over THEN moment ELSE c.began_at END, CASE WHEN is_over THEN 1 ELSE c.requests + 1 END
    FROM (SELECT moment, c.began_at <= moment - %(window)s::interval AS is_over FROM clock_timestamp() moment) now
)
RETURNING requests, CEIL(EXTRACT(EPOCH FROM began_at + %(window)s::interval - clock_timestamp()))::integer
"""
CLEAR = """
DELETE FROM registry_requestcount WHERE caller IN (
    SELECT caller FROM registry_requestcount WHERE began_at <= clock_timestamp() - %s::interval
    LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


@dataclass(frozen=True)
class Count:
    """The requests of the open window, this one included; it ends in so many whole seconds."""

    requests: int
    seconds_left: int


def count_request(caller: str) -> Count:
    """Counts one request, in a commit of its own where no transaction is open."""
    window = f"{WINDOW_SECONDS} seconds"
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"caller": caller, "window": window})
        requests, left = cursor.fetchone()
        if requests == 1 and random.randrange(CLEARED_EVERY) == 0:
            cursor.execute(CLEAR, [window, MOST_CLEARED])
    return Count(requests, max(left, 1))
