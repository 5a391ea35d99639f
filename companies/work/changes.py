"""What changed lately on a person's firms: who, what, when and why, read from the versions.

As in a firm's history (docs/decisions/0018): a stay is its incubator's alone, and of others' acts a person learns the
kind of person, no name and no reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from companies.admin.columns import name_today
from companies.models import Company, Residency
from registry import scope
from registry.admin.versions import tellers
from registry.models import ChangeSet, Entry
from registry.scope import Circle

if TYPE_CHECKING:
    from registry.scope import Person

SHOWN = 8
LOOKED_AT = 40
"""Of who sees every firm, so many last change-sets are looked through for changes of firms."""
FIRMS_NAMED = 3


@dataclass
class Recent:
    """One change-set: the firms it touched, at most three and whether there are more, and what of them."""

    changeset: ChangeSet
    who: str
    reason: str
    firms: list[dict[str, Any]] = field(default_factory=list)
    has_more: bool = False
    what: list[str] = field(default_factory=list)


def recent(user: Person) -> list[Recent]:
    """The last changes of the person's firms, newest first."""
    models_of_firms = facts(user)
    if not models_of_firms:
        return []
    firms = (
        None if scope.sees_all(user) else list(scope.scope(Company.objects.all(), user).values_list("pk", flat=True))
    )
    touched = _touched(_latest(user, models_of_firms, firms), models_of_firms, firms, user)
    found = (
        ChangeSet.objects.filter(pk__in=touched).select_related("actor", "key__partner").order_by("-sequence")[:SHOWN]
    )
    told, names = tellers(user), _names({pk for rows in touched.values() for _model, pk in rows}, user)
    return [_recent(changeset, *told(changeset), touched[changeset.pk], names) for changeset in found]


def facts(user: Person) -> list[type[Entry]]:
    """Firms, and the models of facts about them, that the person may see."""
    return [
        model
        for model in scope.declared_places()
        if issubclass(model, Entry) and (model is Company or _is_of_firm(model)) and scope.may_enter(user, model)
    ]


def _is_of_firm(model: type[models.Model]) -> bool:
    return any(key.name == "company" and key.related_model is Company for key in model._meta.concrete_fields)


def _firm_column(model: type[Entry]) -> str:
    return "id" if model is Company else "company_id"


def _condition(model: type[Entry], firms: list[int] | None, user: Person) -> tuple[str, list[Any]]:
    if firms is None:
        return "TRUE", []
    if model is Residency:
        return "incubator_id = ANY(%s)", [list(scope.incubators_of(user, Circle.STAFF))]
    return f"{_firm_column(model)} = ANY(%s)", [firms]


def _latest(user: Person, kinds: Iterable[type[Entry]], firms: list[int] | None) -> list[int]:
    """Keys of the last change-sets that may have touched the firms."""
    if firms is None:
        return list(ChangeSet.objects.order_by("-sequence").values_list("pk", flat=True)[:LOOKED_AT])
    parts, values = [], []
    for model in kinds:
        where, given = _condition(model, firms, user)
        parts.append(
            f"SELECT unnest(ARRAY[changeset_id, closed_by]) AS key FROM history.{model._meta.db_table} WHERE {where}"
        )
        values += given
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id FROM registry_changeset c WHERE c.id IN ({' UNION '.join(parts)})"
            " ORDER BY c.sequence DESC NULLS LAST LIMIT %s",
            [*values, SHOWN],
        )
        return [key for (key,) in cursor.fetchall()]


def _touched(
    keys: list[int], kinds: Iterable[type[Entry]], firms: list[int] | None, user: Person
) -> dict[int, list[tuple[type[Entry], int]]]:
    """Change-set -> some of the rows that it wrote or ended, as model and firm: up to four of each model."""
    found: dict[int, list[tuple[type[Entry], int]]] = defaultdict(list)
    listed = list(kinds)
    parts, values = [], []
    for place, model in enumerate(listed):
        where, given = _condition(model, firms, user)
        for column in ("changeset_id", "closed_by"):
            parts.append(
                f"(SELECT {place}, h.{_firm_column(model)} FROM history.{model._meta.db_table} h"
                f" WHERE h.{column} = k.key AND {where} LIMIT {FIRMS_NAMED + 1})"
            )
            values += given
    with transaction.atomic(), connection.cursor() as cursor:
        # A change-set may hold nearly all versions: the planner would then read the table for each of the others, too.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "SELECT k.key, t.* FROM unnest(%s::bigint[]) AS k (key) CROSS JOIN LATERAL"
            f" ({' UNION '.join(parts)}) AS t (place, firm)",
            [keys, *values],
        )
        for key, place, firm in cursor.fetchall():
            found[key].append((listed[place], firm))
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _names(keys: set[int], user: Person) -> dict[int, dict[str, Any]]:
    firms = scope.scope(Company.objects.filter(pk__in=keys), user).annotate(name=name_today("pk"))
    return {firm["pk"]: firm for firm in firms.values("pk", "uscc", "name")}


def _recent(
    changeset: ChangeSet, who: str, reason: str, rows: list[tuple[type[Entry], int]], names: dict[int, dict[str, Any]]
) -> Recent:
    firms = [names[key] for key in dict.fromkeys(sorted(key for _model, key in rows)) if key in names]
    what = sorted({str(model._meta.verbose_name) for model, _key in rows})
    return Recent(changeset, who, reason, firms[:FIRMS_NAMED], len(firms) > FIRMS_NAMED, what)
