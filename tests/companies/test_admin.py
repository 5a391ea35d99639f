"""The firm's pages: a registrar enters, corrects and ends facts, and every refusal is a sentence in the form."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from companies.models import (
    Certification,
    Company,
    Financing,
    Residency,
)
from registry.credit_code import complete
from registry.models import Hub, Partner, StrategicField
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
    versions,
)


@pytest.fixture
def client(db: None) -> Client:
    return log_in()


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
    assert "The register cannot hold this" in page.content.decode()
    assert "a rule that is checked late" not in page.content.decode()  # the database's words may hold values of rows
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
