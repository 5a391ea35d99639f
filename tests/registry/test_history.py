"""Every change of every entry leaves exactly one version, whatever wrote it."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.db import connection, models, transaction
from django.forms.models import model_to_dict

from registry.history import acting, last_recorded_at
from registry.history.acting import check_constraints_now
from registry.models import ChangeSet, Entry, Hub, Partner, User
from tests.history_rows import by_model, rows, seal, sealed_sample, versions
from tests.samples import change, changed_column, sample, saved, values


def ids(model: type[Entry]) -> set[int]:
    return set(model._default_manager.values_list("pk", flat=True))


# --- The ways of writing. Each takes a model and returns nothing: what it wrote is found in the table.


def stored(entry: Any) -> dict[str, Any]:
    """The columns of an unsaved entry as the database takes them, without the key."""
    return {
        field.column: field.get_db_prep_save(getattr(entry, field.attname), connection)
        for field in entry._meta.concrete_fields
        if not field.primary_key
    }


def next_id(model: type[Entry]) -> int:
    return int(rows("SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS id", model._meta.db_table)[0]["id"])


def form_saves(model: type[Entry], entry: Any, **changed: Any) -> None:
    """As the admin does: a model form over every editable field."""
    form_class = forms.modelform_factory(model, fields="__all__")
    data = {name: value for name, value in model_to_dict(entry).items() if value is not None} | changed
    data = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in data.items()}
    form = form_class(data, instance=entry)
    assert form.is_valid(), form.errors
    form.save()


def insert_statement(model: type[Entry]) -> tuple[str, list[Any]]:
    row = stored(sample(model))
    marks = ", ".join(["%s"] * len(row))
    return f"INSERT INTO {model._meta.db_table} ({', '.join(row)}) VALUES ({marks})", list(row.values())


def insert_by_sql(model: type[Entry]) -> None:
    statement, parameters = insert_statement(model)
    rows(statement, *parameters)


def insert_by_cte(model: type[Entry]) -> None:
    statement, parameters = insert_statement(model)
    rows(f"WITH made AS ({statement} RETURNING id) SELECT id FROM made", *parameters)


def insert_by_copy(model: type[Entry]) -> None:
    made = [stored(sample(model)) for _ in range(2)]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({', '.join(made[0])}) FROM STDIN") as copy,
    ):
        for row in made:
            copy.write_row(list(row.values()))


def insert_by_upsert(model: type[Entry]) -> None:
    upsert(model, sample(model, id=next_id(model)))


def upsert(model: Any, entry: Any) -> None:
    field = changed_column(model).removesuffix("_id")
    model._default_manager.bulk_create([entry], update_conflicts=True, unique_fields=["id"], update_fields=[field])


INSERTS: dict[str, Callable[[type[Entry]], Any]] = {
    "save": lambda model: sample(model).save(),
    "create": lambda model: model._default_manager.create(**values(model)),
    "form": lambda model: form_saves(model, sample(model)),
    "bulk_create": lambda model: model._default_manager.bulk_create([sample(model), sample(model)]),
    "upsert": insert_by_upsert,
    "copy": insert_by_copy,
    "sql": insert_by_sql,
    "cte": insert_by_cte,
}

Update = Callable[[type[Entry], Any, str, Any], Any]


def changed_by(model: type[Entry], entry: Any, name: str, value: Any) -> Any:
    """The entry as it stands in the table, with one field changed in memory."""
    fresh = model._default_manager.get(pk=entry.pk)
    setattr(fresh, name, value)
    return fresh


def update_by_sql(model: type[Entry], entry: Any, name: str, value: Any) -> None:
    rows(f"UPDATE {model._meta.db_table} SET {name} = %s WHERE id = %s", value, entry.pk)


def update_by_cte(model: type[Entry], entry: Any, name: str, value: Any) -> None:
    rows(
        f"WITH done AS (UPDATE {model._meta.db_table} SET {name} = %s WHERE id = %s RETURNING id) SELECT id FROM done",
        value,
        entry.pk,
    )


def update_by_merge(model: type[Entry], entry: Any, name: str, value: Any) -> None:
    rows(
        f"MERGE INTO {model._meta.db_table} t USING (SELECT %s::bigint AS id) s ON s.id = t.id"
        f" WHEN MATCHED THEN UPDATE SET {name} = %s",
        entry.pk,
        value,
    )


UPDATES: dict[str, Update] = {
    "save": lambda model, entry, name, value: changed_by(model, entry, name, value).save(),
    "form": lambda model, entry, name, value: form_saves(model, entry, **{name.removesuffix("_id"): value}),
    "update": lambda model, entry, name, value: model._default_manager.filter(pk=entry.pk).update(**{name: value}),
    "bulk_update": lambda model, entry, name, value: model._default_manager.bulk_update(
        [changed_by(model, entry, name, value)], [name.removesuffix("_id")]
    ),
    "upsert": lambda model, entry, name, value: upsert(model, changed_by(model, entry, name, value)),
    "sql": update_by_sql,
    "cte": update_by_cte,
    "merge": update_by_merge,
}

DELETES: dict[str, Callable[[type[Entry], Any], Any]] = {
    "delete": lambda model, entry: entry.delete(),
    "queryset": lambda model, entry: model._default_manager.filter(pk=entry.pk).delete(),
    "sql": lambda model, entry: rows(f"DELETE FROM {model._meta.db_table} WHERE id = %s", entry.pk),
    "cte": lambda model, entry: rows(
        f"WITH gone AS (DELETE FROM {model._meta.db_table} WHERE id = %s RETURNING id) SELECT id FROM gone", entry.pk
    ),
}

ROWS_BY_WAY = {"bulk_create": 2, "copy": 2}


def summary(found: list[dict[str, Any]]) -> list[tuple[int | None, str, str, str, str]]:
    return [
        (
            version["actor_id"],
            version["request_id"],
            version["reason"],
            "open" if version["recorded_until"] is None and version["closed_by"] is None else "closed",
            "as the row" if version["equals_row"] else "older",
        )
        for version in found
    ]


@pytest.fixture
def clerk(db: None) -> User:
    return User.objects.create(username="clerk")


# --- One version for each change, by every way, of every model


@by_model
def test_a_new_row_leaves_its_first_version(clerk: User, model: type[Entry]) -> None:
    left = {}
    for way, insert in INSERTS.items():
        before = ids(model)
        with acting(clerk, request_id=way, reason="entered"):
            insert(model)
            seal()
        left[way] = [versions(model, pk) for pk in sorted(ids(model) - before)]
    assert {way: [summary(found) for found in of_way] for way, of_way in left.items()} == {
        way: [[(clerk.pk, way, "entered", "open", "as the row")]] * ROWS_BY_WAY.get(way, 1) for way in INSERTS
    }
    assert all(only["recorded_from"] == only["recorded_at"] for of_way in left.values() for (only,) in of_way)
    assert left["cte"][0][0]["recorded_at"] == last_recorded_at()


@by_model
def test_a_change_closes_a_version_and_leaves_the_next(clerk: User, model: type[Entry]) -> None:
    entry, (name, value) = sealed_sample(model), change(model)
    seal()
    values_in_turn = itertools.cycle([value, getattr(entry, name)])
    for way, update in UPDATES.items():
        target = next(values_in_turn)
        with acting(clerk, request_id=way, reason="corrected"):
            update(model, entry, name, target)
            seal()
        assert getattr(model._default_manager.get(pk=entry.pk), name) == target
    first, *later = versions(model, entry.pk)
    assert summary([first]) == [(None, "", "", "closed", "older")]
    assert summary(later) == [
        *((clerk.pk, way, "corrected", "closed", "older") for way in list(UPDATES)[:-1]),
        (clerk.pk, list(UPDATES)[-1], "corrected", "open", "as the row"),
    ]
    assert [found["version"] for found in later] == list(range(2, len(UPDATES) + 2))
    for closed, following in itertools.pairwise([first, *later]):
        assert closed["recorded_until"] == following["recorded_from"] == following["recorded_at"]
        assert closed["closed_by"] == following["changeset_id"]


@by_model
def test_a_deletion_closes_the_last_version(clerk: User, model: type[Entry]) -> None:
    for way, delete in DELETES.items():
        entry = sealed_sample(model)
        pk = entry.pk
        with acting(clerk, request_id=way, reason="entered twice"):
            delete(model, entry)
            seal()
        (only,) = versions(model, pk)
        closing = ChangeSet.objects.get(pk=only["closed_by"])
        assert pk not in ids(model)
        assert (closing.actor, closing.request_id, closing.reason) == (clerk, way, "entered twice")
        assert only["recorded_until"] == closing.recorded_at


# --- What leaves none


def of(entry: Any) -> Any:
    return type(entry)._default_manager.filter(pk=entry.pk)


def save_and_undo(entry: Any, name: str, value: Any) -> None:
    old = of(entry).values_list(name, flat=True).get()
    of(entry).update(**{name: value})
    of(entry).update(**{name: old})


def roll_back_to_a_savepoint(entry: Any, name: str, value: Any) -> None:
    with transaction.atomic():
        of(entry).update(**{name: value})
        transaction.set_rollback(True)


NOTHING: dict[str, Callable[[Any, str, Any], Any]] = {
    "saved as it is": lambda entry, name, value: of(entry).get().save(),
    "updated to the same": lambda entry, name, value: of(entry).update(**{name: models.F(name)}),
    "upserted as it is": lambda entry, name, value: upsert(type(entry), of(entry).get()),
    "version set by hand": lambda entry, name, value: of(entry).update(version=77),
    "savepoint rolled back": roll_back_to_a_savepoint,
    "changed and undone": save_and_undo,
}


@by_model
def test_what_changes_nothing_leaves_no_version(db: None, model: type[Entry]) -> None:
    entry = sealed_sample(model)
    name, value = change(model)
    seal()
    before, clock = versions(model, entry.pk), last_recorded_at()
    for nothing, write in NOTHING.items():
        write(entry, name, value)
        seal()
        assert (nothing, len(versions(model, entry.pk))) == (nothing, 1)
    (only,) = versions(model, entry.pk)
    assert only | {"equals_row": True, "version": 1} == before[0]
    assert last_recorded_at() == clock
    assert not ChangeSet.objects.filter(sequence=None).exists()


@by_model
def test_a_row_that_came_and_went_in_one_transaction_leaves_none(db: None, model: type[Entry]) -> None:
    entry = saved(model)
    pk = entry.pk
    entry.delete()
    seal()
    assert versions(model, pk) == []


@by_model
def test_two_changes_in_one_transaction_leave_one_version(db: None, model: type[Entry]) -> None:
    entry = saved(model)
    name, value = change(model)
    model._default_manager.filter(pk=entry.pk).update(**{name: value})
    seal()
    (only,) = versions(model, entry.pk)
    assert only["equals_row"]


@by_model
def test_a_row_deleted_and_entered_again_with_its_key_goes_on(db: None, model: type[Entry]) -> None:
    entry = sealed_sample(model)
    pk, row = entry.pk, stored(model._default_manager.get(pk=entry.pk))
    entry.delete()
    names = ", ".join(["id", *row])
    marks = ", ".join(["%s"] * (len(row) + 1))
    rows(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", pk, *row.values())
    seal()
    assert [version["closed_by"] for version in versions(model, pk)] == [None]


def test_with_immediate_constraints_each_statement_is_sealed_at_once(immediate_constraints: None) -> None:
    hub = saved(Hub)
    Hub.objects.filter(pk=hub.pk).update(name_en="first")
    Hub.objects.filter(pk=hub.pk).update(name_en="second")
    found = rows("SELECT name_en FROM history.registry_hub WHERE id = %s ORDER BY recorded", hub.pk)
    assert [row["name_en"] for row in found] == ["", "first", "second"]


def test_a_statement_over_many_rows_is_one_change_set(db: None) -> None:
    hubs = Hub.objects.bulk_create([sample(Hub) for _ in range(5)])
    seal()
    untouched, *touched = [hub.pk for hub in hubs]
    Hub.objects.filter(pk__in=[hub.pk for hub in hubs]).exclude(pk=untouched).update(name_en="changed")
    seal()
    assert len(versions(Hub, untouched)) == 1
    assert len({versions(Hub, pk)[-1]["changeset_id"] for pk in touched}) == 1
    assert [len(versions(Hub, pk)) for pk in touched] == [2, 2, 2, 2]


@pytest.mark.parametrize(("written", "is_known"), [(1001, True), (1000, False)])
def test_the_planner_learns_what_a_great_change_set_wrote(db: None, written: int, is_known: bool) -> None:
    """What is derived of the new rows is asked with plans for them, not for the table as it was."""
    Partner.objects.bulk_create(
        Partner(code=f"P{number}", name_zh=f"银行{number}", kind="bank") for number in range(written)
    )
    seal()
    assert bool(rows("SELECT FROM pg_stats WHERE schemaname = 'public' AND tablename = 'registry_partner'")) == is_known


def test_checking_the_constraints_early_leaves_the_versions_to_the_commit(db: None) -> None:
    hub = saved(Hub)
    check_constraints_now()
    assert versions(Hub, hub.pk) == []
    Hub.objects.filter(pk=hub.pk).update(name_en="changed")
    seal()
    assert [version["equals_row"] for version in versions(Hub, hub.pk)] == [True]
