"""An address that leads to nothing at a moment, because the register learned of its entry later: 404 that says when."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registry.api.refusals import Mistake, Problem
from registry.history.known import as_known, in_the_present
from registry.names import shown


class KnownLater(Problem):
    """404: at `known_at` nothing was known of the entry; `nearest` is the moment from which on it is shown."""

    status_code = 404
    default_code = "not_found"

    def __init__(self, text: str, known_at: datetime.datetime, since: datetime.datetime) -> None:
        words = {
            "entry": shown(text),
            "moment": localtime(known_at).isoformat(" ", "seconds"),
            "since": localtime(since).isoformat(" ", "microseconds"),
        }
        detail = _("The register did not know “%(entry)s” at %(moment)s: it shows it as known since %(since)s.") % words
        nearest = localtime(since).isoformat()
        super().__init__([Mistake("known_later", detail, parameter="known_at", nearest=nearest)])


def refuse_known_later(rows: QuerySet[Any], text: str, known_at: datetime.datetime | None) -> None:
    """KnownLater when one of the rows, empty at `known_at`, is there today: the rows that the caller may see."""
    since = first_known(rows, known_at) if known_at is not None else None
    if known_at is not None and since is not None:
        raise KnownLater(text, known_at, since)


def first_known(rows: QuerySet[Any], known_at: datetime.datetime) -> datetime.datetime | None:
    """The first moment after `known_at` at which one of the rows was there; None where there is none today, either."""
    with in_the_present():
        key = rows.order_by().values_list("pk", flat=True).first()
    if key is None:
        return None
    for moment in _versions_begun(rows.model._meta.db_table, key, known_at):
        with as_known(moment):
            if rows.all().exists():
                return moment
    return None


def _versions_begun(table: str, key: int, known_at: datetime.datetime) -> list[datetime.datetime]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT lower(recorded) FROM history.{connection.ops.quote_name(table)}"
            " WHERE id = %s AND lower(recorded) > %s ORDER BY 1",
            [key, known_at],
        )
        return [moment for (moment,) in cursor.fetchall()]
