"""Counts each use of a key by its day and how it was answered, in a commit of its own after the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from registry.client_addresses import client_address
from registry.days import today
from registry.keys.presenting import good_key, is_presented
from registry.models import PartnerKey

logger = logging.getLogger(__name__)

# Not flushed: what is lost with the machine is the count of its last moment.
COUNT = """
WITH unflushed AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO registry_keyuse AS u
    (key_id, day, answered, refused, throttled, failed, last_used_at, last_address)
SELECT %s, %s, %s, %s, %s, %s, clock_timestamp(), %s FROM unflushed
ON CONFLICT (key_id, day) DO UPDATE SET
    answered = u.answered + excluded.answered, refused = u.refused + excluded.refused,
    throttled = u.throttled + excluded.throttled, failed = u.failed + excluded.failed,
    last_used_at = excluded.last_used_at, last_address = excluded.last_address
"""


class KeyUseMiddleware:
    """Outside the transaction of a write: a refused one is rolled back, its use stays counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_presented(request) and response.status_code != 503:
            try:
                if (key := good_key(request)) is not None:
                    note_use(key, response.status_code, str(client_address(request)))
            except DatabaseError as error:  # the answer is made; a count is no reason to withhold it
                logger.warning("the use of a key was not counted: %s", error)
        return response


def note_use(key: PartnerKey, status: int, address: str) -> None:
    """One use more of today, as answered, refused (4xx), over the limit (429) or failed (5xx)."""
    kinds = (status < 400, 400 <= status < 500 and status != 429, status == 429, status >= 500)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key.pk, today(), *map(int, kinds), address])
