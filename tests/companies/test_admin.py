"""The firm's pages: a registrar enters, corrects and ends facts, and every refusal is a sentence in the form."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import (
    Certification,
    CertificationKind,
    Company,
    CompanyName,
    Financing,
    FinancingInstrument,
    FinancingParty,
    Residency,
    Seat,
)
from incubators.models import Incubator, IncubatorKind
from registry import scope
from registry.credit_code import complete
from registry.models import District, Hub, Partner, Role, StrategicField, User, Zone

DAY = datetime.date


def firm(number: int = 1, name: str = "重庆山城光电科技有限公司", **fields: Any) -> Company:
    company = Company.objects.create(uscc=complete("91500000", f"MA5U{number:04d}"), **fields)
    CompanyName.objects.create(company=company, name_zh=name, name_en=f"Light {number}", valid_from=DAY(2015, 1, 1))
    return company


def district(code: str = "599901", name: str = "试验区") -> District:
    zone, _made = Zone.objects.get_or_create(code="test", defaults={"name_zh": "试验片区"})
    found, _made = District.objects.get_or_create(code=code, defaults={"name_zh": name, "zone": zone})
    return found


def high_tech() -> CertificationKind:
    years = {"name_zh": "高新技术企业", "validity_rule": "years", "validity_years": 3}
    return CertificationKind.objects.get_or_create(code="high_tech", defaults=years)[0]


def incubator(code: str = "test-1") -> Incubator:
    kind, _made = IncubatorKind.objects.get_or_create(code="test", defaults={"name_zh": "试验"})
    return Incubator.objects.create(code=code, name_zh="试验孵化器", kind=kind)


def financing(company: Company, **fields: Any) -> Financing:
    instrument, _made = FinancingInstrument.objects.get_or_create(
        code="TESTLOAN", defaults={"name_zh": "试验贷款", "kind": "debt"}
    )
    values = {"agreed_on": DAY(2025, 3, 1), "agreed_amount": Decimal("300"), "instrument": instrument, **fields}
    return Financing.objects.create(company=company, **values)


def log_in() -> Client:
    user, _made = User.objects.get_or_create(username="wang", defaults={"role": Role.REGISTRAR, "is_staff": True})
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def client(db: None) -> Client:
    return log_in()


def url(page: str, *arguments: object) -> str:
    return reverse(f"admin:companies_{page}", args=arguments)


def as_shown(page: Any) -> dict[str, Any]:
    """What a browser sends when nothing on the page is touched."""
    sent: dict[str, Any] = {}
    for form in forms_of(page):
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not None and value is not False:
                sent[field.html_name] = value.isoformat() if isinstance(value, datetime.date) else str(value)
    return sent


def forms_of(page: Any) -> list[Any]:
    sets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    return [page.context["adminform"].form, *(form for s in sets for form in [s.management_form, *s.forms])]


def added(sent: dict[str, Any], prefix: str, **values: Any) -> dict[str, Any]:
    """With one more row of an inline."""
    place = int(sent[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{place}-{name}": value for name, value in values.items()}
    return {**sent, f"{prefix}-TOTAL_FORMS": str(place + 1), **row}


def formset(page: Any, prefix: str) -> Any:
    [found] = [i.formset for i in page.context["inline_admin_formsets"] if i.formset.prefix == prefix]
    return found


def errors_of(page: Any) -> str:
    assert page.status_code == 200, page.status_code
    return " ".join(str(error) for error in page.context["errors"])


# --- Entering
def test_a_firm_without_a_name_or_with_no_code_is_refused_in_one_sentence_each(client: Client) -> None:
    sent = as_shown(client.get(url("company_add"))) | {"uscc": complete("91500000", "MA5U7778"), "is_published": "on"}
    nameless = client.post(url("company_add"), sent)
    assert formset(nameless, "names").forms[0].errors["name_zh"] == ["This field is required."]
    wrong = client.post(url("company_add"), sent | {"uscc": "91500103622188319K"})
    assert len(wrong.context["adminform"].form.errors["uscc"]) == 2  # what is wrong, and what may be meant
    assert not Company.objects.filter(uscc__startswith="91500000MA5U7778").exists()


def test_registrar_enters_a_firm_with_its_facts_in_one_save(client: Client) -> None:
    code = complete("91500000", "MA5U7777")
    sent = as_shown(client.get(url("company_add"))) | {"uscc": f" {code.lower()[:9]} {code[9:]}", "is_published": "on"}
    sent |= {"names-0-name_zh": "重庆江北软件有限公司", "names-0-valid_from": "2019-01-01"}
    sent = added(sent, "seats", valid_from="2019-01-01", district=district().pk)
    sent = added(sent, "certifications", kind=high_tech().pk, issued_on="2024-02-29", number="GR202451000001")
    answer = client.post(url("company_add"), sent)
    assert answer.status_code == 302, errors_of(answer)
    company = Company.objects.get(uscc=code)
    assert company.names.get().initials == "cqjbrjyxgs"
    assert company.certifications.get().valid_until == DAY(2027, 3, 1)
    page = client.get(url("company_change", company.pk)).content.decode()
    assert 'value="2027-02-28"' in page
    assert 'value="2027-03-01"' not in page


def test_wrong_credit_code_is_answered_with_the_right_one(client: Client) -> None:
    code = complete("91500000", "MA5U7777")
    sent = as_shown(client.get(url("company_add"))) | {"uscc": code.replace("MA5U", "MASU")}
    assert code in errors_of(client.post(url("company_add"), sent))


def test_what_was_typed_stays_when_the_form_is_refused(client: Client) -> None:
    sent = as_shown(client.get(url("company_add"))) | {"uscc": "abc", "internal_notes": "asked by phone"}
    sent = added(sent, "names", name_zh="重庆江北软件有限公司", valid_from="2019-01-01")
    page = client.post(url("company_add"), sent).content.decode()
    assert "asked by phone" in page
    assert "重庆江北软件有限公司" in page


# --- Periods as a set
def seated_firm() -> Company:
    company = firm()
    Seat.objects.create(company=company, district=district(), valid_from=DAY(2015, 1, 1))
    return company


def test_ending_one_seat_and_beginning_the_next_is_one_save(client: Client) -> None:
    company = seated_firm()
    sent = as_shown(client.get(url("company_change", company.pk))) | {"seats-0-valid_until": "2026-06-30"}
    sent = added(sent, "seats", valid_from="2026-07-01", district=district("599902", "另一区").pk)
    answer = client.post(url("company_change", company.pk), sent)
    assert answer.status_code == 302, errors_of(answer)
    periods = list(company.seats.values_list("valid_from", "valid_until"))
    assert periods == [(DAY(2015, 1, 1), DAY(2026, 7, 1)), (DAY(2026, 7, 1), None)]


@pytest.mark.parametrize("last_day", ["2026-07-01", ""])
def test_overlapping_seats_are_refused_with_the_rule_s_own_words(client: Client, last_day: str) -> None:
    company = seated_firm()
    sent = as_shown(client.get(url("company_change", company.pk))) | {"seats-0-valid_until": last_day}
    sent = added(sent, "seats", valid_from="2026-07-01", district=district("599902", "另一区").pk)
    page = client.post(url("company_change", company.pk), sent)
    assert "already has a seat" in errors_of(page)
    assert "valid_from" in formset(page, "seats").forms[1].errors  # at the row, before the database is asked
    assert company.seats.count() == 1


def test_a_deleted_row_is_not_in_the_way(client: Client) -> None:
    company = seated_firm()
    sent = as_shown(client.get(url("company_change", company.pk))) | {"seats-0-DELETE": "on"}
    sent = added(sent, "seats", valid_from="2015-01-01", district=district("599902", "另一区").pk)
    assert client.post(url("company_change", company.pk), sent).status_code == 302
    assert company.seats.get().district == district("599902")


def test_second_name_on_the_same_days_is_refused(client: Client) -> None:
    company = firm()
    sent = added(
        as_shown(client.get(url("company_change", company.pk))), "names", name_zh="新名", valid_from="2020-01-01"
    )
    assert "already has a name" in errors_of(client.post(url("company_change", company.pk), sent))


def test_last_day_before_the_first_is_refused_in_words(client: Client) -> None:
    company = seated_firm()
    sent = as_shown(client.get(url("company_change", company.pk))) | {"seats-0-valid_until": "2014-12-30"}
    assert "2014-12-30, lies before the first, 2015-01-01" in errors_of(
        client.post(url("company_change", company.pk), sent)
    )
    hub = Hub.objects.create(code="test", name_zh="试验")
    sent = as_shown(client.get(reverse("admin:registry_hub_change", args=[hub.pk])))
    sent |= {"valid_from": "2020-01-01", "valid_until": "2019-01-01"}
    page = client.post(reverse("admin:registry_hub_change", args=[hub.pk]), sent)
    assert "lies before the first" in errors_of(page)


def test_district_code_in_force_twice_is_refused_in_words(client: Client) -> None:
    first = district()
    sent = as_shown(client.get(reverse("admin:registry_district_add")))
    sent |= {"code": first.code, "name_zh": "又一区", "zone": first.zone_id, "mark": "V", "valid_from_precision": "day"}
    page = client.post(reverse("admin:registry_district_add"), sent)
    assert "already in force" in errors_of(page)


def test_stay_beside_another_stay_is_refused_in_words(client: Client) -> None:
    company, host = firm(), incubator()
    Residency.objects.create(company=company, incubator=host, entered_on=DAY(2020, 1, 1))
    sent = as_shown(client.get(url("residency_add"))) | {"company": company.pk, "incubator": host.pk}
    page = client.post(url("residency_add"), sent | {"entered_on": "2024-01-01"})
    assert "already in an incubator" in errors_of(page)


# --- What only the database knows
def test_shares_of_risk_that_do_not_sum_to_100_are_refused_in_words(client: Client) -> None:
    loan, bank = financing(firm()), Partner.objects.create(code="test-bank", name_zh="试验银行", kind="bank")
    sent = added(as_shown(client.get(url("financing_change", loan.pk))), "parties", partner=bank.pk, role="lender")
    wrong = client.post(url("financing_change", loan.pk), sent | {"parties-0-risk_share": "20"})
    told = str([inline.formset.non_form_errors() for inline in wrong.context["inline_admin_formsets"]])
    assert "They sum to 20 %" in told
    assert not loan.parties.exists()
    right = client.post(url("financing_change", loan.pk), sent | {"parties-0-risk_share": "100"})
    assert right.status_code == 302, errors_of(right)
    assert loan.parties.get().risk_share == 100


def test_what_only_the_database_refuses_comes_back_in_the_form(client: Client) -> None:
    """Two certificates exchange their numbers: each is fine alone, and neither can be written first."""
    company, kind = firm(), high_tech()
    for year, number in ((2018, "GR201851000001"), (2021, "GR202151000001")):
        Certification.objects.create(company=company, kind=kind, number=number, issued_on=DAY(year, 1, 5))
    sent = as_shown(client.get(url("company_change", company.pk)))
    sent |= {"certifications-0-number": "GR202151000001", "certifications-1-number": "GR201851000001"}
    page = client.post(url("company_change", company.pk), sent)
    assert "already in the register" in errors_of(page)
    assert list(company.certifications.values_list("number", flat=True)) == ["GR201851000001", "GR202151000001"]


def test_deferred_rules_are_answered_before_the_commit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the form's own look at the set taken away, the database's rule still ends as a sentence."""
    monkeypatch.setattr("registry.admin.forms.EntryFormSet.refuse_overlaps", lambda *_arguments: None)
    company = seated_firm()
    sent = added(as_shown(client.get(url("company_change", company.pk))), "seats", valid_from="2020-01-01")
    page = client.post(url("company_change", company.pk), sent | {"internal_notes": "kept"})
    assert "already has a seat" in errors_of(page)
    assert "kept" in page.content.decode()
    assert company.seats.count() == 1


def test_deleting_what_the_database_protects_is_a_page_and_never_a_server_error(client: Client) -> None:
    company = firm()
    financing(company)
    page = client.post(url("company_delete", company.pk), {"post": "yes"})
    assert page.status_code == 200
    assert Company.objects.filter(pk=company.pk).exists()
    chosen = {"action": "delete_selected", "_selected_action": [company.pk], "post": "yes"}
    assert client.post(url("company_changelist"), chosen).status_code == 200
    assert Company.objects.filter(pk=company.pk).exists()


def test_deletion_that_a_deferred_rule_refuses_is_told_in_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No rule of today is broken by deleting a whole entry: one that breaks is put in its place."""
    loan = financing(firm())

    def refuse() -> None:
        raise IntegrityError("a rule that is checked late")

    monkeypatch.setattr("registry.admin.base.check_constraints_now", refuse)
    page = client.post(url("financing_delete", loan.pk), {"post": "yes"}, follow=True)
    assert "a rule that is checked late" in page.content.decode()
    assert Financing.objects.filter(pk=loan.pk).exists()


def test_fixed_last_day_that_not_every_year_has_is_refused(client: Client) -> None:
    sent = as_shown(client.get(url("certificationkind_add"))) | {
        **{"code": "test-kind", "name_zh": "试验证书", "mark": "V", "validity_rule": "fixed_day"},
        **{"ends_month": "2", "ends_day": "29", "ends_year_offset": "1"},
    }
    assert "Not every year" in errors_of(client.post(url("certificationkind_add"), sent))


def test_field_of_another_hub_is_refused_and_a_missing_hub_is_filled(client: Client) -> None:
    hub, other = (Hub.objects.create(code=code, name_zh=code) for code in ("test-a", "test-b"))
    field = StrategicField.objects.create(code="test-f", name_zh="试验领域", hub=hub)
    company = firm()
    sent = as_shown(client.get(url("company_change", company.pk))) | {"strategic_field": field.pk}
    assert "another hub" in errors_of(client.post(url("company_change", company.pk), sent | {"hub": other.pk}))
    assert client.post(url("company_change", company.pk), sent).status_code == 302
    company.refresh_from_db()
    assert company.hub == hub


# --- Versions
def test_saving_without_a_change_leaves_no_version_and_a_reason_is_kept(committed_db: str) -> None:
    client, company = log_in(), seated_firm()
    Certification.objects.create(company=company, kind=high_tech(), issued_on=DAY(2024, 2, 29))
    sent = as_shown(client.get(url("company_change", company.pk)))
    before = versions(company)
    assert client.post(url("company_change", company.pk), sent | {"change_reason": "for nothing"}).status_code == 302
    assert versions(company) == before
    sent |= {"website": "https://example.org/", "change_reason": "letter of 1 June"}
    assert client.post(url("company_change", company.pk), sent).status_code == 302
    assert versions(company)[-1] == ("wang", "letter of 1 June")
    assert len(versions(company)) == len(before) + 1


def test_saving_without_a_change_fills_nothing_in(client: Client) -> None:
    """Entered by bulk without an end: opening and saving the certificate is no decision about it."""
    certificate = Certification.objects.create(company=firm(), kind=high_tech(), issued_on=DAY(2024, 2, 29))
    address = url("certification_change", certificate.pk)
    assert client.post(address, as_shown(client.get(address))).status_code == 302
    certificate.refresh_from_db()
    assert certificate.valid_until is None


def versions(company: Company) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.username, c.reason FROM registry_changeset c LEFT JOIN registry_user u ON u.id = c.actor_id"
            " ORDER BY c.sequence"
        )
        return list(cursor.fetchall())


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
    assert 'class="trial"' not in visitor.get(reverse(f"admin:{page}")).content.decode()
    settings.TRIAL = True
    assert 'class="trial"' in visitor.get(reverse(f"admin:{page}")).content.decode()


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
