"""The versions of an entry and of its facts as a list of changes: when, who, why, and what became of what."""

import datetime
import functools
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import scope
from registry.admin import labels
from registry.days import last_included
from registry.keys.holder import KeyHolder
from registry.models import ChangeSet, Entry, PartnerKey

SHOWN_CHANGES = 200
Row = dict[str, Any]
WENT_ELSEWHERE = "went elsewhere"  # a key of a row beside its columns
NAMING_DAYS = ("valid_from", "entered_on", "issued_on", "agreed_on", "happened_on", "as_of", "year")


@dataclass(frozen=True)
class Difference:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """What one change did to one row: `act` is added, changed or deleted."""

    act: str
    what: str
    differences: list[Difference]


@dataclass
class Change:
    """`who` is a name, or a role where the reader may not see the person; the reason is then kept back as well."""

    changeset: ChangeSet
    who: str
    reason: str
    steps: list[Step] = field(default_factory=list)


def changes_of(entry: Entry, facts: Iterable[tuple[type[Entry], str]], reader: Any) -> list[Change]:
    """Newest first, at most the last 200; `facts` are models with their foreign key to the entry."""
    rows = {type(entry): _seen(type(entry), _versions(type(entry), "h.id = %s", entry.pk), reader)}
    owners = {model: f"{key}_id" for model, key in facts}
    for model, key in owners.items():
        same = f"h.id IN (SELECT id FROM history.{model._meta.db_table} WHERE {key} = %s)"
        rows[model] = _seen(model, _versions(model, same, entry.pk), reader)
    names = _names_of_related(rows, reader)
    steps = defaultdict(list)
    for model, versions in rows.items():
        for changeset_id, step in _steps(model, versions, names, owners.get(model)):
            steps[changeset_id].append(step)
    found = (
        ChangeSet.objects.filter(pk__in=steps)
        .select_related("actor", "key__partner")
        .order_by("-sequence")[:SHOWN_CHANGES]
    )
    told = tellers(reader)
    return [Change(changeset, *told(changeset), steps[changeset.pk]) for changeset in found]


def _seen(model: type[Entry], versions: list[Row], reader: Any) -> list[Row]:
    """The versions from when the row belonged to what the reader may see, whatever it belonged to before or after.

    The last one before the row went elsewhere is marked so.
    """
    place = scope.declared_places()[model]
    owner = f"{place.owner}_id"
    if scope.sees_all(reader) or not versions or owner not in versions[0]:
        return versions
    keys: set[Any] = {row[owner] for row in versions}
    if place.incubator == place.owner:
        seen: set[Any] = keys & scope.incubators_of(reader, place.readers)
    else:
        owners: Any = model._meta.get_field(place.owner).related_model
        seen = set(scope.scope(owners._default_manager.filter(pk__in=keys), reader).values_list("pk", flat=True))
    for row, after in itertools.pairwise(versions):
        row[WENT_ELSEWHERE] = row["id"] == after["id"] and after[owner] not in seen
    return [row for row in versions if row[owner] in seen]


def tellers(reader: Any) -> Callable[[ChangeSet], tuple[str, str]]:
    """Who and why of a change: staff are told of their own and their colleagues' changes, and why registrars act."""
    own, worked_for = scope.incubators_of(reader, scope.Circle.STAFF), functools.cache(scope.worked_for)

    def tell(changeset: ChangeSet) -> tuple[str, str]:
        actor, key = changeset.actor, changeset.key
        if key is not None:
            is_known = key.partner is not None or bool(scope.incubators_of(KeyHolder(key), scope.Circle.STAFF) & own)
            known = (_who_calls(key), changeset.reason)
            return known if is_known or scope.sees_all(reader) else (_("another incubator's staff"), "")
        if actor is None:
            shown = _("without a person (database role %(role)s)") % {"role": changeset.database_role}
            return (shown, changeset.reason) if scope.sees_all(reader) else (_("the register itself"), "")
        if scope.sees_all(reader) or actor == reader:
            return actor.get_username(), changeset.reason
        incubators = worked_for(actor, timezone.localdate(changeset.recorded_at))
        if incubators & own:
            return actor.get_username(), changeset.reason
        is_registrar = actor.is_registrar and not incubators
        return (_("a registrar"), changeset.reason) if is_registrar else (_("another incubator's staff"), "")

    return tell


def _who_calls(key: PartnerKey) -> str:
    """The partner who holds the key, or what an incubator uses it for; with its prefix."""
    words = {"who": key.partner.name_zh if key.partner else key.label, "prefix": key.prefix}
    return _("%(who)s (key %(prefix)s)") % words


def told_of_making(
    model: type[Entry], keys: Iterable[int], reader: Any
) -> dict[int, tuple[str, datetime.datetime | None]]:
    """Who made each row and when, by its key; as much of it as the reader may know."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (id) id, changeset_id FROM history.{model._meta.db_table} WHERE id = ANY (%s)"
            " ORDER BY id, lower(recorded)",
            [list(keys)],
        )
        makings = dict(cursor.fetchall())
    found = ChangeSet.objects.select_related("actor", "key__partner").in_bulk(list(filter(None, makings.values())))
    told = tellers(reader)
    return {
        key: (told(found[making])[0], found[making].recorded_at) for key, making in makings.items() if making in found
    }


def _versions(model: type[Entry], condition: str, key: int) -> list[Row]:
    """`condition` is SQL of this module's own, with one placeholder for `key`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT h.* FROM history.{model._meta.db_table} h WHERE {condition} ORDER BY h.id, lower(h.recorded)",
            [key],
        )
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _steps(
    model: type[Entry], versions: list[Row], names: dict[Any, str], owner: str | None
) -> Iterator[tuple[int, Step]]:
    """`owner` is the column of the page's own entry: it goes without saying when a fact is added."""
    before: Row = {}
    for row, after in itertools.zip_longest(versions, versions[1:], fillvalue=Row()):
        is_first = before.get("id") != row["id"]
        act = _("added") if is_first else _("changed")
        told: Row = {owner: row[owner]} if owner else {}
        differences = _differences(model, told if is_first else before, row, names)
        yield row["changeset_id"], Step(act, _title(model, row), differences)
        if row["closed_by"] and row.get(WENT_ELSEWHERE):
            yield row["closed_by"], Step(_("moved to another owner"), _title(model, row), [])
        elif row["closed_by"] and after.get("id") != row["id"]:
            yield row["closed_by"], Step(_("deleted"), _title(model, row), [])
        before = row


def _title(model: type[Entry], row: Row) -> str:
    day = next((row[name] for name in NAMING_DAYS if row.get(name)), "")
    return f"{model._meta.verbose_name} {day}".strip()


def _differences(model: type[Entry], before: Row, after: Row, names: dict[Any, str]) -> list[Difference]:
    return [
        Difference(
            str(labels.LAST_DAYS.get(column.name, column.verbose_name)),
            shown(column, before.get(column.column), names),
            shown(column, after[column.column], names),
        )
        for column in _shown_fields(model)
        if not _same(before.get(column.column), after[column.column])
    ]


def _same(before: Any, after: Any) -> bool:
    return bool(before == after) or (before in (None, "") and after in (None, ""))


def _shown_fields(model: type[Entry]) -> list[Any]:
    return [column for column in model._meta.concrete_fields if column.editable and not column.primary_key]


def shown(column: Any, value: Any, names: dict[Any, str]) -> str:
    if value in (None, ""):
        return ""
    if column.is_relation:
        return names.get((column.related_model, value)) or _("(not yours to see, or deleted)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.name in labels.LAST_DAYS:
        return last_included(value).isoformat()
    if isinstance(column, models.DecimalField):
        return f"{value.normalize():f}"
    return str(dict(column.flatchoices).get(value, value))


def _names_of_related(rows: dict[type[Entry], list[Row]], reader: Any) -> dict[Any, str]:
    """The present names of the rows that the versions point to and the reader may see: one query for each model."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for model, versions in rows.items():
        for column in _shown_fields(model):
            if column.is_relation:
                wanted[column.related_model] |= {row[column.column] for row in versions} - {None}
    return {
        (model, key): labels.plain(found)
        for model, keys in wanted.items()
        for key, found in scope.scope(model._base_manager.all(), reader).in_bulk(keys).items()
    }
