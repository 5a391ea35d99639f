"""Fields as people fill them in and read them: amounts with their units, last days, phones, certificates to come."""

import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from companies.models import Certification, Company
from registry.days import today
from registry.models import Role, User
from tests.companies.admin_forms import (
    DAY,
    added,
    as_shown,
    errors_of,
    firm,
    high_tech,
    incubator,
    log_in,
    seated_firm,
    url,
)


@pytest.fixture
def client(db: None) -> Client:
    return log_in()


@pytest.fixture
def auditor(db: None) -> Client:
    user = User.objects.create(username="auditor", role=Role.AUDITOR, is_staff=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def sent_for(client: Client, company: Company, **values: str) -> Any:
    return client.post(
        url("company_change", company.pk), as_shown(client.get(url("company_change", company.pk))) | values
    )


# --- Amounts
@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3.5亿", "35000.0000"), ("1,200", "1200.0000"), ("500万元", "500.0000"), ("１２０", "120.0000")],
)
def test_capital_is_read_as_lists_write_it(client: Client, typed: str, kept: str) -> None:
    company = firm()
    answer = sent_for(client, company, registered_capital=typed)
    assert answer.status_code == 302, errors_of(answer)
    assert str(Company.objects.get(pk=company.pk).registered_capital) == kept


@pytest.mark.parametrize("typed", ["一千万元", "-5", "much"])
def test_capital_that_cannot_be_read_is_refused_at_its_field_and_stays_typed(client: Client, typed: str) -> None:
    page = sent_for(client, firm(), registered_capital=typed)
    form = page.context["adminform"].form
    assert typed in str(form.errors["registered_capital"]) and not form.non_field_errors()
    assert f'value="{typed}"' in str(form["registered_capital"])


def test_an_amount_stands_without_idle_zeros_in_a_text_field_and_is_not_changed_by_a_save(client: Client) -> None:
    company = firm(registered_capital="100")
    shown = str(client.get(url("company_change", company.pk)).context["adminform"].form["registered_capital"])
    assert 'value="100"' in shown and 'type="text"' in shown and 'inputmode="decimal"' in shown
    sent_for(client, company)
    assert Company.objects.get(pk=company.pk).version == 1


# --- Fields that are only read
def test_who_only_reads_sees_last_days_and_plain_amounts(auditor: Client) -> None:
    company = seated_firm()
    Company.objects.filter(pk=company.pk).update(registered_capital="1200")
    company.seats.update(valid_until=DAY(2029, 11, 12))
    Certification.objects.create(
        company=company, kind=high_tech(), issued_on=DAY(2026, 1, 1), valid_until=DAY(2029, 5, 5)
    )
    page = auditor.get(url("company_change", company.pk)).content.decode().partition('id="life"')[0]
    for excluded, included in (("2029-11-12", "2029-11-11"), ("2029-05-05", "2029-05-04")):
        assert excluded not in page and included in page
    assert "excluded" not in page
    assert "1,200" in page and "1200.0000" not in page


def test_a_code_list_that_is_only_read_shows_its_last_day(auditor: Client) -> None:
    host = incubator()
    type(host).objects.filter(pk=host.pk).update(valid_until=DAY(2029, 11, 12))
    page = auditor.get(reverse("admin:incubators_incubator_change", args=[host.pk])).content.decode()
    assert "2029-11-11" in page and "2029-11-12" not in page and "excluded" not in page


# --- Phones
def test_a_phone_without_digits_is_refused_and_an_old_one_does_not_stop_a_save(client: Client) -> None:
    company = firm(contact_phone="by letter")
    assert sent_for(client, company, contact_name="陈某").status_code == 302
    page = sent_for(client, company, contact_phone="abc")
    assert "at least 5 digits" in str(page.context["adminform"].form.errors["contact_phone"])
    assert sent_for(client, company, contact_phone="023-6780 1234 转 5").status_code == 302


# --- What was done, in words
def messages_of(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_what_was_saved_is_told_with_the_name_of_the_firm_as_it_is_now(client: Client) -> None:
    company = firm()
    told = messages_of(sent_for(client, company, **{"names-0-name_zh": "重庆新名有限公司"}))
    assert f"重庆新名有限公司（{company.uscc}）" in told


def test_a_certificate_to_be_issued_is_told(client: Client) -> None:
    company, ahead = firm(), today() + datetime.timedelta(days=16)
    sent = as_shown(client.get(url("company_change", company.pk)))
    sent = added(sent, "certifications", kind=high_tech().pk, issued_on=ahead.isoformat(), number="GR1")
    assert f"{ahead}, lies ahead" in messages_of(client.post(url("company_change", company.pk), sent))
    told = client.get(f"/admin/help/ending/?kind={high_tech().pk}&issued_on={ahead}").json()
    assert f"{ahead}, lies ahead" in told["ahead"]


def test_a_renewal_is_offered_the_certificates_of_its_firm_and_kind_newest_first(client: Client) -> None:
    company, other = firm(1), firm(2)
    kind = high_tech()
    rival = type(kind).objects.create(code="test-rival", name_zh="另一种")
    made = {
        (owner, one, year): Certification.objects.create(company=owner, kind=one, issued_on=DAY(year, 1, 1)).pk
        for owner, one, year in (
            (company, kind, 2020),
            (company, kind, 2023),
            (company, rival, 2024),
            (other, kind, 2024),
        )
    }
    told = client.get("/admin/help/renewed/", {"kind": kind.pk, "firm": company.pk}).json()
    assert told["certificates"] == [made[company, kind, 2023], made[company, kind, 2020]]
