"""The pages of firms as they are read: history, search, lists, labels."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.admin.narrowing import DistrictToday
from companies.models import (
    Certification,
    Company,
    CompanyName,
    FinancingParty,
    Residency,
    Seat,
)
from registry import scope
from registry.models import District, Partner
from tests.companies.admin_forms import (
    DAY,
    as_shown,
    district,
    financing,
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


def test_history_shows_what_became_of_the_firm_and_its_facts(committed_db: str) -> None:
    client, company = log_in(), seated_firm()
    sent = as_shown(client.get(url("company_change", company.pk)))
    sent |= {"website": "https://example.org/", "seats-0-valid_until": "2026-06-30", "change_reason": "moved out"}
    client.post(url("company_change", company.pk), sent)
    with transaction.atomic():
        company.seats.all().delete()
    page = client.get(url("company_history", company.pk))
    steps = [
        (change.changeset.reason, step.act, step.what, [(d.before, d.after) for d in step.differences])
        for change in page.context["changes"]
        for step in change.steps
    ]
    assert ("", "deleted", "seat 2015-01-01", []) in steps
    assert ("moved out", "changed", "seat 2015-01-01", [("", "2026-06-30")]) in steps
    assert ("moved out", "changed", "firm", [("", "https://example.org/")]) in steps
    text = page.content.decode()
    assert "wang" in text
    assert "试验区" in text
    assert "2026-07-01" not in text


# --- Lists
def test_firms_are_found_by_code_names_pinyin_and_initials(client: Client) -> None:
    company = firm(1, "重庆山城光电科技有限公司")
    firm(2, "成都平原软件有限公司")
    CompanyName.objects.filter(company=company).update(valid_until=DAY(2020, 1, 1))
    CompanyName.objects.create(
        company=company, name_zh="重庆长江智造有限公司", name_en="Long River", valid_from=DAY(2020, 1, 1)
    )
    asked = [
        "山城",
        "长江智造",
        "long river",
        "shancheng",
        "shan cheng",
        "cqcj",
        company.uscc,
        company.uscc.lower()[5:],
        "長江",
    ]
    for words in asked:
        page = client.get(url("company_changelist"), {"q": words})
        assert [c.company_name for c in page.context["cl"].result_list] == ["重庆长江智造有限公司"], words
    assert not client.get(url("company_changelist"), {"q": "山城 平原"}).context["cl"].result_list


def test_suggestions_name_the_firm_and_its_code(client: Client) -> None:
    company = firm()
    asked = {"app_label": "companies", "model_name": "certification", "field_name": "company", "term": "sccgd"}
    found = client.get(reverse("admin:autocomplete"), asked | {"term": "shancheng"}).json()["results"]
    assert found == [{"id": str(company.pk), "text": f"重庆山城光电科技有限公司（{company.uscc}）"}]


def test_the_list_tells_district_and_last_certified_day(client: Client) -> None:
    company = seated_firm()
    Certification.objects.create(
        company=company, kind=high_tech(), issued_on=DAY(2025, 1, 1), valid_until=DAY(2199, 1, 1)
    )
    page = client.get(url("company_changelist"), {"q": company.uscc}).content.decode()
    assert "试验区" in page
    assert "2198-12-31" in page


@pytest.mark.parametrize(("query", "kept"), [("district=599901", 1), ("certified=yes", 0), ("resident=no", 1)])
def test_lists_are_narrowed_by_the_day(client: Client, query: str, kept: int) -> None:
    company = seated_firm()
    page = client.get(url("company_changelist") + f"?{query}&q={company.uscc}")
    assert len(page.context["cl"].result_list) == kept


@pytest.mark.parametrize("page", ["company", "certification", "residency", "financing"])
def test_lists_ask_the_same_number_of_questions_for_3_and_for_300_rows(client: Client, page: str) -> None:
    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            company = firm(number, f"重庆第{number}有限公司", established_on=DAY(2015, 1, 1))
            Seat.objects.create(company=company, district=district(), valid_from=DAY(2015, 1, 1))
            Certification.objects.create(company=company, kind=high_tech(), issued_on=DAY(2025, 1, 1))
            Residency.objects.create(company=company, incubator=host, entered_on=DAY(2020, 1, 1))
            financing(company)

    host = incubator()
    fill(1, 4)
    few = questions(client, page)
    fill(4, 41)
    assert questions(client, page) == few


def questions(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url(f"{page}_changelist")).status_code == 200
    return len(asked)


def test_the_firm_s_page_asks_no_question_for_each_choice(client: Client) -> None:
    company = seated_firm()
    len_of_page(client, company)  # the first page of a process asks for content types
    few = len_of_page(client, company)
    for year in range(2016, 2026):
        Certification.objects.create(company=company, kind=high_tech(), issued_on=DAY(year, 1, 1))
    assert len_of_page(client, company) == few


def len_of_page(client: Client, company: Company) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url("company_change", company.pk)).status_code == 200
    return len(asked)


# --- What every page says
def test_invented_firms_are_labelled_in_the_list_and_on_their_page(client: Client) -> None:
    company = firm(is_invented=True)
    for page in (client.get(url("company_changelist")), client.get(url("company_change", company.pk))):
        assert "demonstration data (invented)" in page.content.decode()
    Company.objects.update(is_invented=False)
    page = client.get(url("company_change", company.pk))
    assert "demonstration data (invented)" not in page.content.decode()


@pytest.mark.parametrize("page", ["index", "login", "companies_company_changelist", "companies_company_add"])
def test_the_trial_says_so_on_every_page(client: Client, settings: Any, page: str) -> None:
    visitor = Client() if page == "login" else client
    assert 'class="trial"' not in visitor.get(reverse(f"admin:{page}"), follow=True).content.decode()
    settings.TRIAL = True
    assert 'class="trial"' in visitor.get(reverse(f"admin:{page}"), follow=True).content.decode()


def test_pages_carry_no_inline_script_or_style(client: Client) -> None:
    company = seated_firm()
    for address in (reverse("admin:index"), url("company_changelist"), url("company_change", company.pk)):
        page = client.get(address).content.decode()
        assert "<style" not in page
        assert "<script>" not in page
        assert 'style="' not in page
        assert " onclick" not in page


def test_strangers_are_sent_to_the_log_in(db: None) -> None:
    assert not scope.may_enter(AnonymousUser(), Company)
    assert Client().get(url("company_changelist")).status_code == 302


def test_parties_are_shown_by_name(client: Client) -> None:
    loan = financing(firm())
    partner = Partner.objects.create(code="test-bank", name_zh="试验银行", kind="bank")
    FinancingParty.objects.create(financing=loan, partner=partner, role="lender")
    page = client.get(url("financing_change", loan.pk)).content.decode()
    assert "试验银行" in page


# --- In the reader's language
@pytest.mark.parametrize(("language", "shown"), [("en", "Test district"), ("it", "试验区"), ("zh-hans", "试验区")])
def test_places_are_named_in_the_readers_language_where_they_have_a_name_in_it(
    client: Client, language: str, shown: str
) -> None:
    company = seated_firm()
    District.objects.filter(pk=district().pk).update(name_en="Test district")
    reader = {"accept-language": language}
    listed = client.get(url("company_changelist"), {"q": company.uscc}, headers=reader)
    assert listed.context["cl"].result_list[0].district_today == shown
    offered = next(one for one in listed.context["cl"].filter_specs if one.title == DistrictToday.title)
    assert ("599901", shown) in offered.lookup_choices
    page = client.get(url("company_change", company.pk), headers=reader).content.decode()
    assert f"{shown}</option>" in page
