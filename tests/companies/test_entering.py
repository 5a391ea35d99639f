"""Entering a firm: its page, last year's report, help at the field, and firms that it may already be."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from companies.entering.twins import twins
from companies.models import (
    AnnualReport,
    Certification,
    CertificationKind,
    Company,
    CompanyName,
    Residency,
    Seat,
)
from registry.credit_code import complete
from registry.models import ReportingUnit, Role, User
from tests.companies.admin_forms import (
    DAY,
    added,
    as_shown,
    district,
    errors_of,
    financing,
    firm,
    formset,
    high_tech,
    incubator,
    log_in,
    seated_firm,
    url,
)

HELP = "/admin/help/"


@pytest.fixture
def client(db: None) -> Client:
    return log_in()


def asked(client: Client, question: str, **parameters: Any) -> Any:
    return client.get(f"{HELP}{question}/", parameters).json()


# --- The page
def test_the_parts_stand_in_the_order_of_the_paper_and_the_head_tells_the_firm_of_today(client: Client) -> None:
    company = seated_firm()
    Certification.objects.create(
        company=company, kind=high_tech(), issued_on=DAY(2025, 1, 1), valid_until=DAY(2199, 1, 1)
    )
    Residency.objects.create(company=company, incubator=incubator(), entered_on=DAY(2020, 1, 1))
    page = client.get(url("company_change", company.pk))
    assert [section.title for section in page.context["sections"]] == [
        *("Business licence", "names", "seats", "Firm", "certificates", "residencies", "university links"),
        *("Sorting", "annual reports", "financings", "Contact and notes (not public)"),
    ]
    head = page.context["head"]
    assert head["name"] == "重庆山城光电科技有限公司"
    assert [state.value for state in head["states"]] == [
        *(company.uscc, "试验区", "2198-12-31", "2020-01-01 试验孵化器", "yes")
    ]


def test_the_timeline_tells_every_fact_by_its_day_newest_first(client: Client) -> None:
    company = seated_firm()
    Company.objects.filter(pk=company.pk).update(established_on=DAY(2014, 5, 1))
    old = Certification.objects.create(
        company=company, kind=high_tech(), number="GR1", issued_on=DAY(2019, 1, 1), valid_until=DAY(2022, 1, 1)
    )
    Certification.objects.create(
        company=company, kind=high_tech(), number="GR2", issued_on=DAY(2022, 1, 1), predecessor=old
    )
    Residency.objects.create(
        company=company, incubator=incubator(), entered_on=DAY(2016, 1, 1), left_on=DAY(2018, 1, 1), outcome="graduated"
    )
    AnnualReport.objects.create(company=company, year=2023)
    financing(company)
    told = [(e.day, e.words, e.more) for e in client.get(url("company_change", company.pk)).context["life"]]
    assert told == [
        ("2025-03-01", "Financing: 试验贷款", ""),
        ("2023-12-31", "Annual report of 2023", ""),
        ("2022-01-01", "Certificate: High-tech enterprise", "GR2 · renews GR1"),
        ("2022-01-01", "End of the certificate: High-tech enterprise", "GR1"),
        ("2019-01-01", "Certificate: High-tech enterprise", "GR1"),
        ("2018-01-01", "Left the incubator 试验孵化器", "graduated"),
        ("2016-01-01", "Entered the incubator 试验孵化器", ""),
        ("2015-01-01", "Name: 重庆山城光电科技有限公司", "Light 1"),
        ("2015-01-01", "Seat: 试验区", ""),
        ("2014-05-01", "Established", ""),
    ]


def test_what_was_recorded_is_told_in_short_with_who_and_why(committed_db: str) -> None:
    client, company = log_in(), seated_firm()
    sent = as_shown(client.get(url("company_change", company.pk)))
    client.post(url("company_change", company.pk), sent | {"contact_name": "secret", "change_reason": "a letter"})
    [latest, *_rest] = client.get(url("company_change", company.pk)).context["recorded"]
    assert (latest.who, latest.reason, latest.what) == ("wang", "a letter", "firm · changed (contact person)")


def test_last_years_report_is_offered_for_the_next_year_and_saved_only_when_sent(client: Client) -> None:
    company = firm()
    AnnualReport.objects.create(company=company, year=2024, jobs=12, revenue="300.5")
    page = client.get(url("company_change", company.pk))
    assert page.context["words_of_copy"] == "Copy the report of 2024 to 2025"
    assert len(formset(page, "annual_reports").forms) == 1
    copied = client.get(url("company_change", company.pk) + "?copy=report")
    assert company.annual_reports.count() == 1
    sent = as_shown(copied) | {"annual_reports-1-jobs": "15"}
    answer = client.post(url("company_change", company.pk) + "?copy=report", sent)
    assert answer.status_code == 302, errors_of(answer)
    assert [(r.year, r.jobs, str(r.revenue)) for r in company.annual_reports.all()] == [
        (2024, 12, "300.5000"),
        (2025, 15, "300.5000"),
    ]


def test_a_new_firms_page_offers_one_seat_and_one_stay_that_may_stay_empty(client: Client) -> None:
    page = client.get(url("company_add"))
    rows = {inline.formset.prefix: len(inline.formset.forms) for inline in page.context["inline_admin_formsets"]}
    assert {prefix: count for prefix, count in rows.items() if count} == {"names": 1, "seats": 1, "residencies": 1}
    sent = as_shown(page) | {"uscc": complete("91500000", "MA5U7777"), "names-0-name_zh": "重庆独苗有限公司"}
    answer = client.post(url("company_add"), sent | {"names-0-valid_from": "2019-01-01"})
    assert answer.status_code == 302, errors_of(answer)
    assert not Residency.objects.filter(company__names__name_zh="重庆独苗有限公司").exists()


# --- Help at the field
def test_a_mistyped_code_is_answered_with_the_codes_it_may_mean(client: Client) -> None:
    code = complete("91500000", "MA5U7777")
    answer = asked(client, "code", uscc=code.replace("MA5U", "MASU"))
    assert answer["problem"] and code in answer["suggestions"] and not answer["taken"]
    assert asked(client, "code", uscc=f" {code.lower()} ") | {"code": ""} == {
        **{"code": "", "problem": "", "suggestions": [], "taken": "", "twins": []}
    }


def test_a_code_in_the_register_is_told_with_its_firm_and_not_on_the_firms_own_page(client: Client) -> None:
    company = firm()
    answer = asked(client, "code", uscc=company.uscc)
    assert answer["taken"] == "A firm with this credit code is already in the register."
    assert [(t["uscc"], t["address"]) for t in answer["twins"]] == [(company.uscc, url("company_change", company.pk))]
    assert asked(client, "code", uscc=company.uscc, firm=company.pk)["taken"] == ""


def test_a_draft_out_of_sight_is_told_by_its_code_alone(db: None) -> None:
    hidden = firm(is_published=False)
    from incubators.models import StaffMembership

    user = User.objects.create_user("zhao", role=Role.STAFF, is_staff=True)
    StaffMembership.objects.create(user=user, incubator=incubator(), role="editor", valid_from=DAY(2020, 1, 1))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    answer = asked(client, "code", uscc=hidden.uscc)
    assert (bool(answer["taken"]), answer["twins"]) == (True, [])
    assert asked(client, "twins", name="重庆山城光电科技有限公司")["twins"] == []
    Company.objects.filter(pk=hidden.pk).update(is_published=True)
    assert [t["address"] for t in asked(client, "twins", name="重庆山城光电科技有限公司")["twins"]] == [
        f"/firms/{hidden.uscc}/"
    ]


def test_a_reporting_unit_gives_its_district_and_a_kind_with_a_day_the_last_day(client: Client) -> None:
    unit = ReportingUnit.objects.create(code="t-unit", name_zh="试验开发区", district=district())
    assert asked(client, "unit", unit=unit.pk)["district"] == district().pk
    kind = high_tech()
    assert asked(client, "ending", kind=kind.pk, issued_on="2024年2月29日")["last_day"] == "2027-02-28"
    by_hand = CertificationKind.objects.create(code="t-kind", name_zh="试验证书", validity_rule="none")
    assert asked(client, "ending", kind=by_hand.pk, issued_on="2024-02-29")["last_day"] == ""


@pytest.mark.parametrize(
    ("question", "parameters"),
    [
        ("unit", {"unit": "x"}),
        ("unit", {}),
        ("unit", {"unit": "9" * 30}),
        ("ending", {"kind": "1"}),
        ("ending", {"kind": "1", "issued_on": "2024-02-30"}),
        ("code", {"uscc": "\0"}),
        ("twins", {"name": "长" * 400}),
    ],
)
def test_what_cannot_be_read_is_400_with_a_sentence(client: Client, question: str, parameters: dict[str, str]) -> None:
    CertificationKind.objects.get_or_create(pk=1, defaults={"code": "t", "name_zh": "t"})
    answer = client.get(f"{HELP}{question}/", parameters)
    assert (answer.status_code, bool(answer.json()["problem"])) == (400, True)
    assert client.post(f"{HELP}{question}/").status_code == 405


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ANALYST, Role.STAFF])
def test_who_enters_no_firms_is_refused_help(db: None, role: Role) -> None:
    client = Client()
    assert client.get(f"{HELP}twins/", {"name": "重庆"}).status_code == 302
    client.force_login(User.objects.create_user("zhao", role=role, is_staff=True))
    assert client.get(f"{HELP}twins/", {"name": "重庆"}).status_code == 403


# --- Twins
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("重庆山城光电科技有限公司", "the same name"),
        ("重慶山城光電科技有限公司", "the same name"),
        ("重庆善诚光电科技有限公司", "a name that sounds the same"),
        ("重庆市山城光电科技股份有限公司", "a similar name"),
        ("重庆山城光电技术有限公司", "a similar name"),
        ("重庆长江智造有限公司", None),
    ],
)
def test_firms_are_told_by_name_sound_and_spelling(client: Client, typed: str, why: str | None) -> None:
    company = firm()
    user = User.objects.get(username="wang")
    assert [(t.uscc, t.why) for t in twins(user, names=[typed])] == ([(company.uscc, why)] if why else [])


def test_a_former_name_and_the_same_organisation_are_told_too(client: Client) -> None:
    company = firm()
    CompanyName.objects.filter(company=company).update(valid_until=DAY(2020, 1, 1))
    CompanyName.objects.create(company=company, name_zh="重庆长江智造有限公司", valid_from=DAY(2020, 1, 1))
    user = User.objects.get(username="wang")
    [twin] = twins(user, names=["重庆山城光电科技有限公司"])
    assert (twin.uscc, twin.name) == (company.uscc, "重庆长江智造有限公司")
    moved = complete("91510000", company.uscc[8:16])
    assert [t.why for t in twins(user, code=moved)] == ["the same organisation in the credit code"]


def test_a_firm_like_another_is_entered_only_when_it_is_said_to_be_another(client: Client) -> None:
    firm()
    code = complete("91500000", "MA5U7777")
    sent = as_shown(client.get(url("company_add"))) | {"uscc": code, "names-0-name_zh": "重庆善诚光电科技有限公司"}
    sent |= {"names-0-valid_from": "2019-01-01"}
    answer = client.post(url("company_add"), sent)
    assert "may hold this firm already" in errors_of(answer)
    assert [t.name for t in answer.context["adminform"].form.twins] == ["重庆山城光电科技有限公司"]
    assert not Company.objects.filter(uscc=code).exists()
    assert client.post(url("company_add"), as_shown(answer) | {"is_another_firm": "on"}).status_code == 302
    assert Company.objects.filter(uscc=code).exists()


def test_a_firm_that_is_there_is_never_asked_whether_it_is_another(client: Client) -> None:
    firm(1)
    company = firm(2)
    sent = as_shown(client.get(url("company_change", company.pk))) | {"website": "https://x.example/"}
    assert client.post(url("company_change", company.pk), sent).status_code == 302


def test_a_row_added_with_a_seat_is_not_a_stay(client: Client) -> None:
    """The empty rows that are offered do not shift what is added beside them."""
    sent = as_shown(client.get(url("company_add"))) | {"uscc": complete("91500000", "MA5U7776")}
    sent |= {"names-0-name_zh": "重庆双座有限公司", "names-0-valid_from": "2019-01-01"}
    sent = added(sent, "seats", valid_from="2019-01-01", district=district().pk)
    assert client.post(url("company_add"), sent).status_code == 302
    assert Seat.objects.get(company__names__name_zh="重庆双座有限公司").valid_from == datetime.date(2019, 1, 1)
