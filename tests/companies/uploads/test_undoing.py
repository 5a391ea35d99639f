"""A whole upload taken back, and what stands against it."""

import datetime

import pytest
from django.db import connection
from django.test import Client

from companies.models import Certification, Company, CompanyName, Seat, UniversityLink
from registry.models import ChangeSet, User
from tests.companies.imports.lists import as_table, day, firm, good_row
from tests.companies.uploads.pages import committed, file_of, logged_in, registrar, step
from tests.samples import saved, uscc

NAME = "重庆山城{}号精密机械有限公司"
TABLES = ("company", "companyname", "seat", "certification", "residency")


@pytest.fixture
def user(committed_db: str) -> User:
    return registrar()


@pytest.fixture
def client(user: User) -> Client:
    return logged_in(user)


def contents() -> dict[str, list[str]]:
    """Every row of the tables that an import writes, without the counter of its versions."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT (to_jsonb(t) - 'version')::text FROM companies_{table} t ORDER BY id")
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


def test_undo_leaves_the_register_as_it_was_and_is_a_change_with_its_reason(client: Client, user: User) -> None:
    firm(1, NAME.format(1), established_on=datetime.date(2011, 1, 1), contact_email="old@example.org")
    before = contents()
    upload = committed(client, file_of(as_table([good_row(place) for place in range(1, 40)])))
    assert contents() != before
    page = step(client, upload, "undo", {"reason": "the wrong list"})
    assert "was undone" in page.content.decode()
    assert contents() == before
    change = ChangeSet.objects.latest("sequence")
    assert upload.undone == change
    assert (change.actor, change.reason) == (user, "undo of upload 名单.xlsx: the wrong list")
    again = step(client, upload, "undo", {"reason": "once more"})
    assert "There is nothing to undo" in again.content.decode()


def test_an_upload_can_be_written_again_after_its_undoing(client: Client) -> None:
    rows = as_table([good_row(place) for place in range(1, 5)])
    upload = committed(client, file_of(rows))
    after = Company.objects.count()
    step(client, upload, "undo", {"reason": "the wrong list"})
    assert Company.objects.count() == after - 4
    committed(client, file_of(rows))
    assert Company.objects.count() == after


def refused(client: Client, upload: object) -> str:
    before = contents()
    page = step(client, upload, "undo", {"reason": "the wrong list"})  # type: ignore[arg-type]
    assert contents() == before
    assert page.context["upload"].undone_at is None
    return str(page.context["upload"].failure)


def test_a_value_changed_again_since_is_named_with_its_firm(client: Client) -> None:
    upload = committed(client, file_of(as_table([good_row(1), good_row(2)])))
    Company.objects.filter(uscc=uscc(2)).update(contact_email="new@example.org")
    told = refused(client, upload)
    assert f"{uscc(2)} {NAME.format(2)}" in told
    assert uscc(1) not in told


def test_a_fact_given_to_a_new_firm_since_is_named(client: Client) -> None:
    upload = committed(client, file_of(as_table([good_row(1), good_row(2)])))
    company = Company.objects.get(uscc=uscc(1))
    saved(UniversityLink, company=company, valid_from=day("2024-01-01"))
    assert uscc(1) in refused(client, upload)


def test_a_second_name_given_since_is_named(client: Client) -> None:
    upload = committed(client, file_of(as_table([good_row(1)])))
    company = Company.objects.get(uscc=uscc(1))
    CompanyName.objects.filter(company=company).update(valid_until=day("2024-01-01"))
    saved(CompanyName, company=company, name_zh="重庆改名有限公司", valid_from=day("2024-01-01"))
    assert uscc(1) in refused(client, upload)


def test_a_deleted_fact_is_named(client: Client) -> None:
    upload = committed(client, file_of(as_table([good_row(1)])))
    Certification.objects.filter(company__uscc=uscc(1)).delete()
    assert uscc(1) in refused(client, upload)


def test_a_fact_of_a_firm_that_was_there_before_does_not_stand_against_it(client: Client) -> None:
    company = firm(1, NAME.format(1))
    upload = committed(client, file_of([["企业名称", "信用代码", "成立日期"], [NAME.format(1), uscc(1), "2010-01-02"]]))
    saved(Seat, company=company, valid_from=day("2016-01-01"), valid_until=None)
    step(client, upload, "undo", {"reason": "the wrong list"})
    assert upload.undone is not None
    company.refresh_from_db()
    assert company.established_on is None
    assert company.seats.exists()


def test_undoing_needs_its_reason(client: Client) -> None:
    upload = committed(client, file_of(as_table([good_row(1)])))
    page = step(client, upload, "undo", {"reason": ""})
    assert "Say why" in page.content.decode()
    assert upload.undone_at is None


def test_a_value_changed_and_changed_back_does_not_stand_against_it(client: Client) -> None:
    company = firm(1, NAME.format(1))
    before = contents()
    upload = committed(client, file_of([["企业名称", "信用代码", "注册资本"], [NAME.format(1), uscc(1), "505"]]))
    for capital in (600, 505):
        Company.objects.filter(pk=company.pk).update(registered_capital=capital)
    step(client, upload, "undo", {"reason": "the wrong list"})
    assert upload.undone is not None
    assert contents() == before


def test_the_way_to_undo_stands_above_the_rows(client: Client) -> None:
    upload = committed(client, file_of(as_table([good_row(1)])))
    page = client.get(f"/admin/uploads/{upload.pk}/").content.decode()
    assert page.index("Undo this upload") < page.index("Rows by verdict")
