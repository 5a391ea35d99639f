"""Takes a whole import back by its change-set, as long as nothing was built on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from companies.imports.planning import lock_imports
from companies.imports.reach import Reach
from companies.imports.writing import ORDER, reason_of_refusal
from companies.models import Company, CompanyName
from registry.history import acting
from registry.history.acting import check_constraints_now
from registry.models import ChangeSet, Entry, User

OBSTACLES_TOLD = 50

# A version of the change-set; what the row was before; rows that the change-set created.
_OF_CHANGE = "FROM history.{table} h WHERE h.changeset_id = %(change)s"
_IS_FIRST = "NOT EXISTS (SELECT FROM history.{table} b WHERE b.id = h.id AND lower(b.recorded) < lower(h.recorded))"


class _Refused(Exception):
    """Rolls back."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences


def undo_import(change: ChangeSet, user: User | None, reason: str, reach: Reach) -> list[str]:
    """Restores every row to what it was and deletes those added, as one change of its own.

    Returns the sentences that say what stands against it; then nothing was written.
    """
    try:
        with acting(user, reason=reason):
            lock_imports()
            for model in ORDER:
                _rows(
                    f"SELECT id FROM {_table(model)} WHERE id IN (SELECT h.id {_OF_CHANGE}) ORDER BY id FOR UPDATE",
                    model,
                    change,
                )
            if obstacles := list(dict.fromkeys(_obstacles(change, reach))):
                raise _Refused(obstacles)
            created = {model: _created(model, change) for model in ORDER}
            for model in ORDER:
                _restore(model, change)
            for model in reversed(ORDER):
                model._default_manager.filter(pk__in=created[model]).delete()
            check_constraints_now()
    except _Refused as refused:
        return _shortened(refused.sentences)
    except IntegrityError as error:
        return [reason_of_refusal(error)]
    except ProtectedError as error:
        kinds = {str(entry._meta.verbose_name) for entry in error.protected_objects}  # whose they are is not told
        return [_("Something else refers to it: %s.") % ", ".join(sorted(kinds))]
    return []


def _table(model: type[Entry]) -> str:
    return model._meta.db_table


def _rows(statement: str, model: type[Entry], change: ChangeSet, **names: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=_table(model), **names), {"change": change.pk})
        return list(cursor.fetchall())


def _created(model: type[Entry], change: ChangeSet) -> list[int]:
    return [pk for (pk,) in _rows(f"SELECT h.id {_OF_CHANGE} AND {_IS_FIRST}", model, change)]


def _columns(model: type[Entry]) -> list[str]:
    """What an entry says, without its id and the counter of its versions."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and field.name != "version"]
    return [field.column for field in fields if not field.generated]


def _restore(model: type[Entry], change: ChangeSet) -> None:
    """Every field of the rows that the change-set changed becomes what it was in the version before."""
    columns = ", ".join(f'"{column}" = b."{column}"' for column in _columns(model))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_table(model)} t SET {columns} FROM history.{_table(model)} b"
            " WHERE b.id = t.id AND b.closed_by = %s",
            [change.pk],
        )


def _obstacles(change: ChangeSet, reach: Reach) -> Iterator[str]:
    touched: set[int] = set()
    for model in ORDER:
        firm = "id" if model is Company else "company_id"
        touched |= {pk for (pk,) in _rows(f"SELECT h.{firm} {_OF_CHANGE}", model, change)}
        yield from _changed_since(model, firm, change, reach)
        yield from _without_a_past(model, firm, change, reach)
        yield from _referred_to(model, firm, change, reach)
    foreign = _named(reach.out_of_reach(touched), reach)
    yield from (_("%s is not among the firms that you may change.") % name for name in foreign.values())


def _changed_since(model: type[Entry], firm: str, change: ChangeSet, reach: Reach) -> Iterator[str]:
    """Rows that are no longer what the change-set made of them; one that was changed and changed back is."""
    columns = ", ".join(f'{{row}}."{column}"' for column in _columns(model))
    statement = (
        f"SELECT h.{firm}, c.sequence FROM history.{{table}} h JOIN registry_changeset c ON c.id = h.closed_by"
        " WHERE h.changeset_id = %(change)s AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = h.id"
        f" AND ({columns.format(row='t')}) IS NOT DISTINCT FROM ({columns.format(row='h')}))"
        " ORDER BY c.sequence, h.id"
    )
    found = _rows(statement, model, change)
    names = _named({pk for pk, _sequence in found}, reach)
    for pk, sequence in found:
        told = {"firm": names.get(pk, f"#{pk}"), "what": model._meta.verbose_name, "change": sequence}
        yield _("%(firm)s: the %(what)s was changed again since (change #%(change)s).") % told


def _without_a_past(model: type[Entry], firm: str, change: ChangeSet, reach: Reach) -> Iterator[str]:
    """Rows changed, not created, of which no version before was kept: they are older than the history."""
    found = _rows(f"SELECT h.{firm} {_OF_CHANGE} AND h.version > 1 AND {_IS_FIRST}", model, change)
    for name in _named({pk for (pk,) in found}, reach).values():
        yield _("%s: what it was before is not known.") % name


def _referred_to(model: type[Entry], firm: str, change: ChangeSet, reach: Reach) -> Iterator[str]:
    """Entries of others that point to what the change-set created."""
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        column = getattr(relation.field, "column", None)
        if not issubclass(other, Entry) or column is None:
            continue
        found = _rows(
            f"SELECT DISTINCT h.{firm} {_OF_CHANGE} AND {_IS_FIRST} AND EXISTS (SELECT FROM {{other}} o"
            " WHERE o.{column} = h.id AND NOT EXISTS (SELECT FROM history.{other} v WHERE v.id = o.id"
            " AND v.changeset_id = %(change)s AND v.version = 1))",
            model,
            change,
            other=other._meta.db_table,
            column=column,
        )
        for name in _named({pk for (pk,) in found}, reach).values():
            yield _("%(firm)s: it has since been given: %(what)s.") % {"firm": name, "what": other._meta.verbose_name}


def _named(firms: set[int], reach: Reach) -> dict[int, str]:
    """Id -> code and present name; the code alone of a firm out of reach, which may bear another name by now."""
    seen = firms - reach.out_of_reach(firms)
    names = dict(CompanyName.objects.filter(company__in=seen, valid_until=None).values_list("company_id", "name_zh"))
    codes = Company.objects.filter(pk__in=firms).order_by("pk").values_list("pk", "uscc")
    return {pk: f"{code} {names.get(pk, '')}".strip() for pk, code in codes}


def _shortened(sentences: list[str]) -> list[str]:
    rest = len(sentences) - OBSTACLES_TOLD
    return [*sentences[:OBSTACLES_TOLD], *([_("… and %d more of the kind.") % rest] if rest > 0 else [])]
