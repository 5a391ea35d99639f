"""The public changes of one firm, read from the versions."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.db import connection
from django.utils.timezone import localtime

from companies.life.subjects import IS_PUBLIC, SUBJECTS, Subject
from companies.models.questions import SOLE_TRADER

Change = dict[str, Any]
LATEST = "infinity"

# A version is seen over the times in which the firm was public, too.
SEEN = """
SELECT {place} AS place, v.id,
       lower(span) AS begun, CASE WHEN upper(span) <= %(known_at)s THEN upper(span) END AS ended,
       {begins} AS true_from, {ends} AS true_until,
       (SELECT row_to_json(o) FROM (SELECT {members}) o)::text AS told,
       EXISTS (SELECT FROM history.{table} y WHERE y.id = v.id AND lower(y.recorded) = upper(span)) AS goes_on
FROM history.{table} v, public_life, unnest(tstzmultirange(v.recorded) * public_life.spans) AS span
WHERE v.{owner} = %(firm)s AND lower(span) <= %(known_at)s AND {condition}
"""
# Where one version begins as another ends and shows something else, that is one change; what nothing follows is gone.
CHANGES = """
WITH public_life AS (
    SELECT range_agg(v.recorded) AS spans FROM history.companies_company v WHERE v.id = %(firm)s AND {is_public}
), seen AS ({seen}), changes AS (
    SELECT n.place, n.id, n.begun AS at, n.true_from, n.true_until, p.true_from AS was_from, p.true_until AS was_until,
           p.told AS old, n.told AS new, p.told IS NULL AS is_first, false AS goes_on
    FROM seen n LEFT JOIN seen p ON (p.place, p.id, p.ended) = (n.place, n.id, n.begun)
    WHERE n.told IS DISTINCT FROM p.told
    UNION ALL
    SELECT v.place, v.id, v.ended, v.true_from, v.true_until, v.true_from, v.true_until, v.told, NULL, false, v.goes_on
    FROM seen v
    WHERE v.ended IS NOT NULL
      AND NOT EXISTS (SELECT FROM seen n WHERE (n.place, n.id, n.begun) = (v.place, v.id, v.ended))
)
SELECT c.sequence, c.recorded_at, c.request_id <> '', e.place, e.id, e.true_from, e.true_until, e.old, e.new, e.goes_on
FROM changes e JOIN public.registry_changeset c ON c.recorded_at = e.at
WHERE %(day)s::date IS NULL OR {holds_new} OR NOT is_first AND {holds_old}
ORDER BY c.sequence, e.place, e.id
"""
HOLDS = "(COALESCE(e.{0}_from, %(day)s) <= %(day)s AND COALESCE(e.{0}_until, 'infinity') > %(day)s)"


def _statement() -> str:
    seen = " UNION ALL ".join(
        SEEN.format(
            place=place,
            begins=subject.begins,
            ends=subject.ends,
            members=", ".join(f"{sql} AS {name}" for name, sql in subject.members.items()),
            table=subject.table,
            owner=subject.owner,
            condition=subject.condition,
        )
        for place, subject in enumerate(SUBJECTS)
    )
    is_public = IS_PUBLIC.format(version="v", sole_trader=SOLE_TRADER)
    holds = {"holds_new": HOLDS.format("true"), "holds_old": HOLDS.format("was")}
    return CHANGES.format(seen=seen, is_public=is_public, **holds)


STATEMENT = _statement()


def changes_of(firm: int, known_at: datetime.datetime | None, day: datetime.date | None) -> list[Change]:
    """Every public change of the firm by the moment, oldest first; with a day, those of what held on it."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"firm": firm, "known_at": known_at or LATEST, "day": day})
        return [_change(*row) for row in cursor.fetchall()]


def _change(
    sequence: int,
    recorded_at: datetime.datetime,
    is_entered: bool,
    place: int,
    key: int,
    true_from: datetime.date | None,
    true_until: datetime.date | None,
    old: str | None,
    new: str | None,
    goes_on: bool,
) -> Change:
    before, after = (json.loads(told) if told else None for told in (old, new))
    changed = [name for name in before if before[name] != after[name]] if before and after else []
    subject = SUBJECTS[place]
    return {
        "sequence": sequence,
        "recorded_at": localtime(recorded_at).isoformat(),
        "subject": subject.name,
        "id": key,
        "kind": _kind(subject, before, after, changed, goes_on),
        "reason_class": "entered" if is_entered else "loaded",
        "true_from": true_from.isoformat() if true_from else None,
        "true_until": true_until.isoformat() if true_until else None,
        "changed": changed,
        "old": before,
        "new": after,
    }


def _kind(subject: Subject, old: Change | None, new: Change | None, changed: list[str], goes_on: bool) -> str:
    if new is None:
        return "withdraw" if goes_on else "delete"
    if old is None:
        return "create"
    first = subject.ending[0]
    ends = set(changed) <= set(subject.ending) and old[first] is None and new[first] is not None
    return "end" if ends else "correct"
