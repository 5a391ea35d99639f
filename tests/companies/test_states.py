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
    CertificationState,
    Company,
    CompanyName,
    CompanyState,
    Financing,
    FinancingState,
    Residency,
    ResidencyState,
    Seat,
    UniversityLink,
)
from companies.models.states import STATES_FROM, Facet, basis_number, bits_of, mark
from registry import credit_code
from registry.models import Campus, District, Hub
from tests.samples import sample, saved

BESIDE = ("id", "characters")  # a mere number; told of names below
TABLES: dict[type[Any], str] = {
    CompanyState: "companies_states_of",
    CertificationState: "companies_certificationstates_of",
    ResidencyState: "companies_residencystates_of",
    FinancingState: "companies_financingstates_of",
}
IN_2026 = datetime.date(2026, 5, 1)
State = tuple[Any, ...]


def rows(statement: str) -> list[State]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return sorted(cursor.fetchall(), key=repr)


def kept(model: type[Any] = CompanyState) -> list[State]:
    """The states, after those of firms and of facts were found to be what they are derived to be."""
    found = {}
    for table, function in TABLES.items():
        columns = ", ".join(str(field.column) for field in table._meta.concrete_fields if field.name not in BESIDE)
        found[table] = rows(f"SELECT {columns} FROM {table._meta.db_table}")
        assert found[table] == rows(f"SELECT {columns} FROM {function}(ARRAY(SELECT id FROM companies_company))")
    return found[model]


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


# What becomes of the states of facts when something of their firm changes.
def enter_hub(firm: Company) -> None:
    Company.objects.filter(pk=firm.pk).update(hub=Hub.objects.order_by("pk")[0])


def move_within(firm: Company) -> None:
    Seat.objects.filter(company=firm).update(district=saved(District))


def leave_before(firm: Company) -> None:
    Seat.objects.filter(company=firm).update(valid_until="2021-01-01")


def link(firm: Company) -> None:
    saved(UniversityLink, company=firm)


def withdraw(firm: Company) -> None:
    Company.objects.filter(pk=firm.pk).update(is_published=False)


CHANGES = [enter_hub, move_within, leave_before, link, withdraw]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_states_of_facts_follow_their_firm(immediate_constraints: None, change: Callable[[Company], None]) -> None:
    firm = saved(Seat, district=saved(District), valid_from="2020-01-01").company
    saved(Residency, company=firm, entered_on="2022-01-01", left_on="2023-05-01")
    saved(Residency, company=firm, entered_on="2024-01-01")
    saved(Certification, company=firm)
    saved(Financing, company=firm, confidentiality="published")
    before = {model: kept(model) for model in TABLES if model is not CompanyState}
    assert all(before.values())
    change(firm)
    assert [model for model in before if kept(model) == before[model]] == []


OF_FACTS = {Certification: CertificationState, Residency: ResidencyState, Financing: FinancingState}


@pytest.mark.parametrize("model", OF_FACTS, ids=lambda model: model.__name__)
def test_states_of_facts_follow_each_fact(immediate_constraints: None, model: type[Any]) -> None:
    entry = saved(model, **WRITTEN[model][0])
    before = kept(OF_FACTS[model])
    assert len(before) == 1
    update(entry, WRITTEN[model][1])
    assert kept(OF_FACTS[model]) != before


def test_states_hold_the_characters_of_all_names(committed_db: str) -> None:
    firm = saved(Seat).company

    def characters() -> set[int]:
        return set(CompanyState.objects.filter(company=firm).values_list("characters", flat=True))

    assert characters() == {0}
    former = saved(CompanyName, company=firm, name_zh="ABC重庆", valid_until="2024-06-01")
    assert characters() == {bits_of("重庆")} and bits_of("ABC ") == 0
    name = saved(CompanyName, company=firm, name_zh="龘靐", valid_from="2024-06-01")
    assert characters() == {bits_of("重庆龘靐")}
    name.name_zh = "华夏"
    name.save()
    assert characters() == {bits_of("重庆华夏")}
    former.delete()
    assert characters() == {bits_of("华夏")}


def test_an_open_stay_has_a_state_for_each_of_its_firms_seats(immediate_constraints: None) -> None:
    seat = saved(Seat, district=saved(District), valid_until=IN_2026)
    moved = saved(Seat, company=seat.company, district=saved(District), valid_from=IN_2026)
    stay = saved(Residency, company=seat.company)
    told = ResidencyState.objects.filter(residency=stay).order_by("answers_from")
    assert [(state.answers_from, state.district_id) for state in told] == [
        (STATES_FROM, seat.district_id),
        (IN_2026, moved.district_id),
    ]
    Residency.objects.filter(pk=stay.pk).update(left_on="2025-06-01")
    assert [(state.answers_from.year, state.district_id) for state in told.all()] == [(1, seat.district_id)]
    kept()


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
    states = {model: kept(model) for model in TABLES}
    assert all(states.values())
    call_command("migrate", "companies", "0017_invented_index", verbosity=0)
    gone = [rows(f"SELECT to_regclass('{model._meta.db_table}')") for model in TABLES]
    assert gone == [[(None,)]] * len(TABLES)
    call_command("migrate", verbosity=0)
    assert {model: kept(model) for model in TABLES} == states


def test_states_are_written_anew_some_firms_at_a_time(immediate_constraints: None) -> None:
    firms = [saved(Seat).company for _number in range(5)]
    before = {model: kept(model) for model in TABLES}
    CompanyState.objects.filter(company__in=firms[:2]).delete()
    CompanyState.objects.filter(company=firms[3]).update(is_seated=False)
    with pytest.raises(AssertionError):
        kept()  # compares
    told = StringIO()
    with CaptureQueriesContext(connection) as asked:
        call_command("rebuild_states", at_a_time=2, stdout=told)
    assert {model: kept(model) for model in TABLES} == before
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
