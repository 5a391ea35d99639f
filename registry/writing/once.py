"""`Idempotency-Key`: a POST that is sent again is not done again, and is answered as it was.

The answer is kept in the transaction of the write, so there is never one without the other. The unique index makes a
twin wait for the first: it goes on when that is taken back, and replays its answer when that is kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from registry.api.refusals import Mistake, ParameterProblem
from registry.models import KeptAnswer
from registry.writing.refusals import Conflict, Unprocessable

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEPT_HEADERS = ("Content-Type", "Content-Language", "ETag", "Location")
KEPT_HOURS = 24
WAIT_SECONDS = 2
MOST_CLEARED = 100

CLEAR = """
DELETE FROM registry_keptanswer WHERE id IN (
    SELECT id FROM registry_keptanswer WHERE made_at < now() - make_interval(hours => %s)
    ORDER BY made_at LIMIT %s FOR UPDATE SKIP LOCKED
)
"""
FORGET = """
DELETE FROM registry_keptanswer WHERE caller = %s AND key = %s AND made_at < now() - make_interval(hours => %s)
"""
TAKE = """
INSERT INTO registry_keptanswer (caller, key, request_digest, headers, content)
VALUES (%s, %s, %s, '{}', '') ON CONFLICT (caller, key) DO NOTHING RETURNING id
"""


class StillRunning(Conflict):
    """409: the same request is being done just now."""

    wait = WAIT_SECONDS
    default_code = "still_running"


def once(request: HttpRequest, caller: str, body: bytes, write: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `write`, or the one it gave when the same caller sent the same before.

    To be called in the transaction of the write. Unprocessable for another request with the same key, StillRunning
    after two seconds beside one that is not done yet.
    """
    text = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if text is None:
        return write()
    if KEY.fullmatch(text) is None:
        detail = _("Idempotency-Key is a text of 1 to 255 visible ASCII characters.")
        raise ParameterProblem([Mistake("malformed_idempotency_key", detail, parameter=HEADER)])
    digest = hashlib.sha256(b"\0".join([request.get_full_path().encode(), body])).hexdigest()
    taken = _take(caller, text, digest)
    if taken is None:
        return _replayed(caller, text, digest)
    response = write()
    if response.status_code < 300:
        KeptAnswer.objects.filter(pk=taken).update(
            status=response.status_code,
            headers={name: response[name] for name in KEPT_HEADERS if name in response},
            content=response.content,
        )
    return response


def _take(caller: str, text: str, digest: str) -> int | None:
    """The place of the answer to come; none where there is an answer."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAR, [KEPT_HOURS, MOST_CLEARED])
        cursor.execute(FORGET, [caller, text, KEPT_HOURS])
        cursor.execute("SELECT current_setting('lock_timeout')")
        (before,) = cursor.fetchone()
        try:
            with transaction.atomic():
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_SECONDS}s"])
                cursor.execute(TAKE, [caller, text, digest])
                found = cursor.fetchone()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != "55P03":
                raise
            detail = _("The same request is being done just now; ask again in a moment.")
            raise StillRunning([Mistake("still_running", detail, parameter=HEADER)]) from None
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
    return found[0] if found else None


def _replayed(caller: str, text: str, digest: str) -> HttpResponse:
    kept = KeptAnswer.objects.get(caller=caller, key=text)
    if kept.request_digest != digest:
        raise key_of_another_request()
    response = HttpResponse(bytes(kept.content), status=kept.status or 200, headers=kept.headers)
    response[REPLAYED] = "true"
    return response


def key_of_another_request() -> Unprocessable:
    detail = _("This Idempotency-Key was sent with another request before; a new request needs a new key.")
    return Unprocessable([Mistake("key_of_another_request", detail, parameter=HEADER)])
