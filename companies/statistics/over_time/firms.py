"""The firms behind a part of a bridge and behind a revision, as everyone might read them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from companies.models import Company, CompanyName
from companies.models.questions import SOLE_TRADER
from registry.api.languages import name_in


@dataclass(frozen=True)
class Named:
    """A firm with its name of a day, in both languages that names have; none where it had none on the day."""

    uscc: str
    is_invented: bool
    name_zh: str | None = None
    name_en: str | None = None

    def shown(self, language: str) -> dict[str, Any]:
        names = {"zh": self.name_zh, "en": self.name_en}
        return {"uscc": self.uscc, "name": name_in(language, names) or None, "is_invented": self.is_invented}


def named_on_days(asked: Iterable[tuple[int, datetime.date]]) -> dict[tuple[int, datetime.date], Named]:
    """By firm and day, as known to the transaction."""
    wanted = set(asked)
    keys = {key for key, _day in wanted}
    firms = {row[0]: row[1:] for row in Company.objects.filter(pk__in=keys).values_list("pk", "uscc", "is_invented")}
    names: dict[int, list[CompanyName]] = {key: [] for key in keys}
    for name in CompanyName.objects.filter(company__in=keys):
        names[name.company_id].append(name)
    return {(key, day): Named(*firms[key], *_name_on(names[key], day)) for key, day in wanted}


def _name_on(names: Iterable[CompanyName], day: datetime.date) -> tuple[str, ...]:
    held = [n for n in names if n.valid_from <= day and (n.valid_until is None or day < n.valid_until)]
    return (held[0].name_zh, held[0].name_en) if held else ()


# A firm that was deleted in between, or taken back for a time, is shown as it last stood for everyone.
LAST_SEEN = f"""
WITH seen AS (
    SELECT DISTINCT ON (v.id) v.id, v.uscc, v.is_invented,
           LEAST(%(known_to)s, upper(v.recorded) - interval '1 microsecond') AS moment
    FROM history.companies_company v
    WHERE v.id = ANY(%(firms)s) AND lower(v.recorded) <= %(known_to)s
      AND v.is_published AND v.uscc NOT LIKE '{SOLE_TRADER}%%'
    ORDER BY v.id, v.recorded DESC
)
SELECT seen.id, seen.uscc, seen.is_invented, name.name_zh, name.name_en
FROM seen LEFT JOIN history.companies_companyname name
  ON name.company_id = seen.id AND name.recorded @> seen.moment
 AND name.valid_from <= %(day)s AND (name.valid_until IS NULL OR name.valid_until > %(day)s)
"""


def last_seen(firms: Collection[int], day: datetime.date, known_to: datetime.datetime) -> dict[int, Named]:
    """By firm, with its name of the day."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_SEEN, {"firms": list(firms), "day": day, "known_to": known_to})
        return {row[0]: Named(*row[1:]) for row in cursor.fetchall()}
