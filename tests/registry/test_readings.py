"""The book of readings: who saw which persons' data, on which page; appended to and never changed."""

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.urls import reverse

from companies.models import Company, Residency
from incubators.models import StaffMembership
from registry.models import PersonalDataReading, Role, User
from tests.companies.admin_forms import as_shown, firm, incubator, log_in

pytestmark = pytest.mark.django_db


def with_contact() -> Company:
    return firm(contact_name="陈某", contact_phone="023-1234")


def book() -> list[tuple[str, str, list[int], list[str]]]:
    rows = PersonalDataReading.objects.order_by("id")
    return list(rows.values_list("reader__username", "table", "rows", "fields"))


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.AUDITOR])
def test_opening_a_firm_with_a_contact_person_is_noted(role: Role) -> None:
    company, client = with_contact(), log_in()
    User.objects.update(role=role)
    address = reverse("admin:companies_company_change", args=[company.pk])
    client.get(address)
    assert book() == [("wang", "companies_company", [company.pk], ["contact_name", "contact_phone"])]
    assert PersonalDataReading.objects.get().page == address


def test_a_firm_without_one_and_a_list_without_such_a_column_are_not() -> None:
    company, client = firm(), log_in()
    client.get(reverse("admin:companies_company_change", args=[company.pk]))
    client.get(reverse("admin:companies_company_changelist"))
    client.get(reverse("admin:companies_company_add"))
    assert book() == []


def test_a_history_is_noted_whatever_is_empty_today() -> None:
    company, client = firm(), log_in()
    client.get(reverse("admin:companies_company_history", args=[company.pk]))
    [(_reader, _table, rows, fields)] = book()
    assert rows == [company.pk] and fields == ["contact_email", "contact_name", "contact_phone"]


def test_a_list_of_people_notes_those_whose_names_it_showed() -> None:
    named = User.objects.create_user("li", last_name="李")
    client = log_in()
    client.get(reverse("admin:registry_user_changelist"))
    assert book() == [("wang", "registry_user", [named.pk], ["last_name"])]


def test_a_page_that_is_refused_notes_nothing_and_a_form_sent_back_does() -> None:
    company, client = with_contact(), log_in()
    User.objects.update(role=Role.STAFF)
    address = reverse("admin:companies_company_change", args=[company.pk])
    client.get(address)
    assert book() == []
    host = incubator()
    Residency.objects.create(company=company, incubator=host, entered_on="2026-01-01")
    StaffMembership.objects.create(user=User.objects.get(), incubator=host, valid_from="2026-01-01")
    sent = as_shown(client.get(address)) | {"uscc": "wrong"}
    assert client.post(address, sent).status_code == 200
    assert len(book()) == 2


def test_the_book_is_not_rewritten() -> None:
    company, client = with_contact(), log_in()
    client.get(reverse("admin:companies_company_change", args=[company.pk]))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no row
    for statement in (
        "UPDATE registry_personaldatareading SET page = ''",
        "DELETE FROM registry_personaldatareading",
        "TRUNCATE registry_personaldatareading",
    ):
        refused = (InternalError, ProgrammingError, IntegrityError)
        with pytest.raises(refused, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert len(book()) == 1


def test_the_book_is_read_only_for_registrars_too() -> None:
    company, client = with_contact(), log_in()
    client.get(reverse("admin:companies_company_change", args=[company.pk]))
    note = PersonalDataReading.objects.get()
    address = reverse("admin:registry_personaldatareading_change", args=[note.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"page": "x"}).status_code == 403
    assert client.post(reverse("admin:registry_personaldatareading_delete", args=[note.pk])).status_code == 403
