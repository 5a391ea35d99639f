"""States of firms: kept by every way of writing, for whoever writes at once, and before this table was there."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.demonstration.writing import Writer
from companies.models import (
    AdjacencyBasis,
    Certification,
    Company,
    CompanyState,
    Financing,
    Residency,
    Seat,
    UniversityLink,
)
from companies.models.states import STATES_FROM, Facet, basis_number, mark
from registry import credit_code
from registry.models import Campus, Hub
from tests.samples import sample, saved

COLUMNS = ", ".join(str(field.column) for field in CompanyState._meta.concrete_fields if not field.primary_key)
DERIVED = "SELECT * FROM companies_states_of(ARRAY(SELECT id FROM companies_company))"
KEPT = f"SELECT {COLUMNS} FROM companies_companystate"
IN_2026 = datetime.date(2026, 5, 1)
State = tuple[Any, ...]


def rows(statement: str) -> list[State]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return sorted(cursor.fetchall(), key=repr)


def kept() -> list[State]:
    """The states, after they were found to be what they are derived to be."""
    states = rows(KEPT)
    assert states == rows(DERIVED)
    return states


# Of each model what is entered, and what then changes; each changes what lists find.
WRITTEN: dict[type[Any], tuple[dict[str, Any], dict[str, Any]]] = {
    Company: ({}, {"established_on": IN_2026}),
    Seat: ({}, {"valid_until": IN_2026}),
    Residency: ({}, {"left_on": IN_2026, "outcome": "graduated"}),
    Certification: ({}, {"revoked_from": IN_2026, "revoked_on": IN_2026}),
    UniversityLink: ({}, {"basis": "licence"}),
    Financing: ({"confidentiality": "published"}, {"confidentiality": "confidential"}),
}
by_model = pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model.__name__)


def save(entry: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save()


def update(entry: Any, values: dict[str, Any]) -> None:
    type(entry).objects.filter(pk=entry.pk).update(**values)


def update_in_bulk(entry: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(entry, name, value)
    type(entry).objects.bulk_update([entry], list(values))


def update_by_sql(entry: Any, values: dict[str, Any]) -> None:
    places = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        statement = f"UPDATE {entry._meta.db_table} SET {places} WHERE id = %s"
        cursor.execute(statement, [*values.values(), entry.pk])


def delete(entry: Any) -> None:
    entry.delete()


def delete_all(entry: Any) -> None:
    type(entry).objects.filter(pk=entry.pk).delete()


def delete_by_sql(entry: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # what else belongs to a firm goes with it, in its own time
        cursor.execute(f"DELETE FROM {entry._meta.db_table} WHERE id = %s", [entry.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def insert(entry: Any) -> None:
    entry.save()


def insert_in_bulk(entry: Any) -> None:
    type(entry).objects.bulk_create([entry])


def copy_in(entry: Any) -> None:
    Writer().write([entry])


def insert_by_sql(entry: Any) -> None:
    fields = [field for field in entry._meta.concrete_fields if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(fields))
        cursor.execute(f"INSERT INTO {entry._meta.db_table} ({names}) VALUES ({places})", values)


@by_model
@pytest.mark.parametrize("way", [insert, insert_in_bulk, copy_in, insert_by_sql], ids=lambda way: way.__name__)
def test_states_follow_what_is_entered(
    immediate_constraints: None, model: type[Any], way: Callable[[Any], None]
) -> None:
    entry = sample(model, **WRITTEN[model][0])
    before = kept()
    way(entry)
    assert kept() != before


@by_model
@pytest.mark.parametrize("way", [save, update, update_in_bulk, update_by_sql], ids=lambda way: way.__name__)
def test_states_follow_what_is_changed(
    immediate_constraints: None, model: type[Any], way: Callable[[Any, Any], None]
) -> None:
    entered, changed = WRITTEN[model]
    entry = saved(model, **entered)
    before = kept()
    way(entry, changed)
    assert kept() != before


@by_model
@pytest.mark.parametrize("way", [delete, delete_all, delete_by_sql], ids=lambda way: way.__name__)
def test_states_follow_what_is_deleted(
    immediate_constraints: None, model: type[Any], way: Callable[[Any], None]
) -> None:
    entry = saved(model, **WRITTEN[model][0])
    before = kept()
    way(entry)
    assert kept() != before


@pytest.mark.parametrize(
    "model", [model for model in WRITTEN if model is not Company], ids=lambda model: model.__name__
)
def test_states_follow_a_fact_that_was_entered_for_another_firm(immediate_constraints: None, model: type[Any]) -> None:
    entry, other = saved(model, **WRITTEN[model][0]), saved(Company)
    firms = (entry.company.pk, other.pk)

    def told() -> list[Any]:
        kept()
        return [
            list(CompanyState.objects.filter(company=firm).values_list("is_seated", "incubator", "marks"))
            for firm in firms
        ]

    before = told()
    model.objects.filter(pk=entry.pk).update(company=other)
    assert told() != before


SOLE_TRADER = credit_code.complete("92500112", "M9999999")


@pytest.mark.parametrize("changed", [{"is_published": False}, {"uscc": SOLE_TRADER}])
def test_a_firm_that_not_everyone_may_see_has_no_state(immediate_constraints: None, changed: dict[str, Any]) -> None:
    firm = saved(Seat).company
    Company.objects.filter(pk=firm.pk).update(**changed)
    assert firm.pk not in {state[0] for state in kept()}
    Company.objects.filter(pk=firm.pk).update(is_published=True, uscc=firm.uscc)
    assert firm.pk in {state[0] for state in kept()}


def test_a_campus_that_moves_is_followed(immediate_constraints: None) -> None:
    seat = saved(Seat, latitude="41.00000", longitude="-70.00000")
    assert [
        state for state in CompanyState.objects.filter(company=seat.company) if state.campus_metres is not None
    ] == []
    saved(Campus, latitude="41.00000", longitude="-70.00000")
    kept()
    assert {state.campus_metres for state in CompanyState.objects.filter(company=seat.company, is_seated=True)} == {0}


def test_states_of_a_firm_follow_each_other_from_the_first_day_on(immediate_constraints: None) -> None:
    seat = saved(Seat, valid_until=IN_2026)
    saved(Certification, company=seat.company, issued_on="2026-03-01", valid_until="2029-03-01")
    states = CompanyState.objects.filter(company=seat.company).order_by("valid_from")
    first, *_others, last = states
    assert first.valid_from == STATES_FROM
    assert last.valid_until == datetime.date(9999, 12, 31)
    assert [state.valid_from for state in states[1:]] == [state.valid_until for state in states][:-1]
    assert [state.is_seated for state in states] == [True, True, False, False]
    assert [bool(state.marks) for state in states] == [False, True, True, True]


def test_database_and_code_mean_the_same_numbers(immediate_constraints: None) -> None:
    assert rows("SELECT companies_states_from()") == [(STATES_FROM,)]
    with connection.cursor() as cursor:
        for facet in Facet:
            for code, other in ((0, 0), (1, 0), (3, 7), (2**24 - 1, 2**24 - 1)):
                cursor.execute("SELECT companies_mark(%s, %s, %s)", [facet, code, other])
                assert cursor.fetchone() == (mark(facet, code, other),)
        for basis in AdjacencyBasis.values:
            cursor.execute("SELECT companies_basis_number(%s)", [basis])
            assert cursor.fetchone() == (basis_number(basis),)
    assert len({basis_number(basis) for basis in AdjacencyBasis.values}) == len(AdjacencyBasis.values)


def test_a_transaction_counts_what_it_has_not_committed(client: Client, db: None) -> None:
    """By the list's own query: states are written at commit."""
    list_and_count = "/api/v1/companies/?count=exact&valid_on=2026-03-31&limit=500"
    before = client.get(list_and_count).json()
    assert (len(before["data"]), before["meta"]["count"]) == (0, 0)
    saved(Seat)
    answer = client.get(list_and_count).json()
    assert (len(answer["data"]), answer["meta"]["count"]) == (1, 1)


def test_of_two_who_write_about_a_firm_at_once_neither_is_lost(committed_db: str) -> None:
    firm, hub = saved(Seat).company, Hub.objects.order_by("pk")[0]
    started, finish = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                Company.objects.filter(pk=firm.pk).update(hub=hub)
                started.set()
                finish.wait(10)
        finally:
            connection.close()

    def second() -> None:
        try:
            started.wait(10)
            saved(Certification, company=firm)  # and commits, while the first has yet to
            finish.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept()
    assert CompanyState.objects.filter(company=firm, hub=hub, marks__contains=[mark(Facet.HOLDER)]).exists()


def test_firms_that_were_entered_before_get_their_states(committed_db: str) -> None:
    for model, (entered, _changed) in WRITTEN.items():
        saved(model, **entered)
    states = kept()
    call_command("migrate", "companies", "0017_invented_index", verbosity=0)
    assert rows("SELECT to_regclass('companies_companystate')") == [(None,)]
    call_command("migrate", verbosity=0)
    assert kept() == states


def test_states_are_written_anew_some_firms_at_a_time(immediate_constraints: None) -> None:
    firms = [saved(Seat).company for _number in range(5)]
    before = kept()
    CompanyState.objects.filter(company__in=firms[:2]).delete()
    CompanyState.objects.filter(company=firms[3]).update(is_seated=False)
    assert rows(KEPT) != rows(DERIVED)
    told = StringIO()
    with CaptureQueriesContext(connection) as asked:
        call_command("rebuild_states", at_a_time=2, stdout=told)
    assert kept() == before
    total = Company.objects.count()
    parts = [query for query in asked.captured_queries if "registry_clock FOR UPDATE" in query["sql"]]
    assert len(parts) == -(-total // 2) > 2
    assert told.getvalue().splitlines()[-1] == f"{total:,} firms"


def test_the_one_foreign_key_in_the_database_is_what_django_cannot_declare(db: None) -> None:
    """States go with their firm, at once and whoever deletes it: Django's own keys leave that to Python."""
    assert rows(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'companies_companystate'::regclass AND contype = 'f'"
    ) == [
        (
            "companies_companystate_company_id_cascade",
            "FOREIGN KEY (company_id) REFERENCES companies_company(id) ON DELETE CASCADE",
        )
    ]
    keys = [field for field in CompanyState._meta.concrete_fields if field.many_to_one]
    assert [field.name for field in keys if field.db_constraint] == []  # type: ignore[attr-defined]
