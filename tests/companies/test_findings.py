"""Each soft rule keeps the firm that it is about and drops one that is in order, by what its parameters say."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from companies.findings.explaining import NotExplained, explain, row_to_explain
from companies.findings.questions import (
    COUNTED,
    findings,
    findings_of,
    found_by,
    open_findings,
    rules_in_force,
    told_of,
    unreadable_rules,
)
from companies.models import (
    Certification,
    CertificationKind,
    Company,
    CompanyName,
    Explanation,
    Residency,
    Seat,
    SoftRule,
)
from incubators.models import Incubator, IncubatorSeat, StaffMembership
from registry.models import District, Role, StrategicField, User
from tests.companies.imports.lists import as_table, good_row
from tests.companies.uploads.pages import content_of, file_of, judged, logged_in, registrar, sheet_of
from tests.samples import saved

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 3, 2)
FIELDS = {"biomedicine": "F07", "materials": "F11"}


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    assert {rule.code for rule in rules_in_force(ON)} == {
        *("age_at_entry", "length_of_stay", "graduation_ground", "seat_and_host", "certificate_number", "capital_unit"),
    }


def rule(code: str, **changed: Any) -> SoftRule:
    """The rule as it is loaded, with some parameters changed."""
    found = SoftRule.objects.get(code=code)
    found.parameters |= changed
    found.full_clean()
    found.save()
    return found


def firm(name: str, **given: Any) -> Company:
    company: Company = saved(Company, **given)
    saved(CompanyName, company=company, name_zh=name, valid_from="2010-01-01")
    return company


def names(asked: SoftRule, on: datetime.date = ON) -> list[str]:
    return sorted(finding.name for finding in told_of(asked, found_by(asked, on), on))


def stay(company: Company, entered_on: str, **given: Any) -> Residency:
    made: Residency = saved(Residency, company=company, entered_on=entered_on, **given)
    return made


# --- Age at entry
def entered(name: str, established_on: str | None) -> None:
    stay(firm(name, established_on=established_on), "2024-01-31")


def test_a_firm_older_than_24_months_at_entry_is_found() -> None:
    entered("旧", "2022-01-30")
    entered("齐", "2022-01-31")  # 24 months to the day
    entered("未知", None)
    assert names(rule("age_at_entry")) == ["旧"]
    assert names(rule("age_at_entry", months=23)) == ["旧", "齐"]


# --- Length of a stay
def resident(name: str, entered_on: str, field: str = "", **given: Any) -> None:
    chosen = StrategicField.objects.get(code=FIELDS[field]) if field else None
    hub = chosen.hub if chosen else None
    stay(firm(name, strategic_field=chosen, hub=hub), entered_on, **given)


def test_a_stay_over_48_months_is_found_and_over_60_in_the_longer_fields() -> None:
    resident("满四年", "2022-03-02")  # its first day beyond is today's tomorrow less one
    resident("差一天", "2022-03-03")
    resident("医药四年", "2022-03-02", "biomedicine")
    resident("医药五年", "2021-03-02", "biomedicine")
    resident("材料四年", "2022-03-02", "materials")
    assert names(rule("length_of_stay")) == ["医药五年", "材料四年", "满四年"]
    assert names(rule("length_of_stay", months=49)) == ["医药五年"]
    assert names(rule("length_of_stay", months=48, longer_months=61)) == ["材料四年", "满四年"]
    assert names(rule("length_of_stay", longer_months=60, longer_for=["F11"])) == [
        *("医药五年", "医药四年", "满四年"),
    ]


def test_a_stay_that_ended_in_time_is_in_order_and_one_that_ended_late_is_found() -> None:
    resident("按时", "2018-01-01", left_on="2022-01-01")
    resident("超期", "2018-01-01", left_on="2022-01-02")
    assert names(rule("length_of_stay")) == ["超期"]


def test_the_day_decides_and_nothing_is_stored() -> None:
    resident("甲", "2022-06-01")
    asked = rule("length_of_stay")
    assert names(asked, datetime.date(2026, 5, 31)) == []
    assert names(asked, datetime.date(2026, 6, 1)) == ["甲"]


# --- Ground of graduation
def test_a_graduate_without_a_ground_is_found() -> None:
    resident("无据", "2022-01-01", left_on="2024-01-01", outcome="graduated")
    resident("有据", "2022-01-01", left_on="2024-01-01", outcome="graduated", ground="equity")
    resident("离开", "2022-01-01", left_on="2024-01-01", outcome="left")
    assert names(rule("graduation_ground")) == ["无据"]


# --- Seat and host
def test_a_resident_seated_in_another_district_than_its_incubator_is_found() -> None:
    here, there = District.objects.get(code="500106"), District.objects.get(code="500107")
    host = saved(Incubator, code="host", name_zh="甲孵化器")
    saved(IncubatorSeat, incubator=host, district=here, reporting_unit=None, valid_from="2015-01-01")
    for name, district, left_on in (("外", there, None), ("内", here, None), ("已离", there, "2025-01-01")):
        company = firm(name)
        saved(Seat, company=company, district=district, reporting_unit=None, valid_from="2015-01-01")
        stay(company, "2024-01-01", incubator=host, left_on=left_on)
    stay(firm("无址"), "2024-01-01", incubator=host)
    assert names(rule("seat_and_host")) == ["外"]
    assert names(rule("seat_and_host", except_incubators=["host"])) == []


# --- Certificate numbers
def test_a_certificate_number_unlike_others_of_its_kind_is_found() -> None:
    high_tech = CertificationKind.objects.get(code="high_tech")
    sme = CertificationKind.objects.get(code="technology_sme")
    for name, kind, number in (
        ("短", high_tech, "GR2024511"),
        ("好", high_tech, "GR202451100001"),
        ("空", high_tech, ""),
        ("别类", sme, "X1"),
    ):
        saved(Certification, company=firm(name), kind=kind, number=number)
    assert names(rule("certificate_number")) == ["短"]
    CertificationKind.objects.filter(pk=sme.pk).update(number_pattern="^S")
    assert names(rule("certificate_number", kinds=["technology_sme"])) == ["别类"]


# --- Capital
def test_a_capital_that_is_likelier_a_slip_of_the_unit_is_found() -> None:
    for name, capital in (("元作万", "5000000"), ("万作元", "0.05"), ("寻常", "500"), ("零", "0"), ("空", None)):
        firm(name, registered_capital=capital)
    assert names(rule("capital_unit")) == ["万作元", "元作万"]
    assert names(rule("capital_unit", over=6_000_000)) == ["万作元"]
    assert names(rule("capital_unit", over=6_000_000, under=0.01)) == []


def test_the_sentence_says_what_may_have_been_meant() -> None:
    firm("元作万", registered_capital="5000000")
    asked = rule("capital_unit")
    [finding] = told_of(asked, found_by(asked, ON), ON)
    assert "5,000,000" in finding.sentence and "500 " in finding.sentence


# --- Rules in force
def test_a_rule_that_is_not_in_force_finds_nothing() -> None:
    SoftRule.objects.filter(code="capital_unit").update(valid_until=ON)
    firm("元作万", registered_capital="5000000")
    assert open_findings(registrar(), ON) == []
    assert [found.code for found, _count, _rows in open_findings(registrar(), ON - datetime.timedelta(1))] == [
        "capital_unit"
    ]


@pytest.mark.parametrize(
    ("code", "parameters", "named"),
    [
        ("age_at_entry", {"months": "24"}, "months"),
        ("age_at_entry", {"months": 0}, "months"),
        ("age_at_entry", {}, "months"),
        ("age_at_entry", {"months": 24, "month": 1}, "month"),
        ("age_at_entry", [], "JSON"),
        ("length_of_stay", {"months": 48, "longer_months": 60, "longer_for": ["F99"]}, "F99"),
        ("seat_and_host", {"except_incubators": "host"}, "except_incubators"),
        ("capital_unit", {"under": 1, "over": True}, "over"),
        ("capital_unit", {"under": 5, "over": 1}, "over"),
        ("capital_unit", {"under": "NaN", "over": 1}, "under"),
    ],
)
def test_parameters_that_say_nothing_are_refused_by_name(code: str, parameters: Any, named: str) -> None:
    found = SoftRule.objects.get(code=code)
    found.parameters = parameters
    with pytest.raises(ValidationError) as refused:
        found.full_clean(validate_constraints=False)
    assert named in str(refused.value.message_dict["parameters"])


def test_a_rule_broken_past_the_form_is_told_and_stops_no_other() -> None:
    SoftRule.objects.filter(code="age_at_entry").update(parameters={"months": "two years"})
    firm("元作万", registered_capital="5000000")
    assert [broken.code for broken, _why in unreadable_rules(ON)] == ["age_at_entry"]
    assert [found.code for found, _count, _rows in open_findings(registrar(), ON)] == ["capital_unit"]
    page = logged_in(registrar()).get("/admin/findings/").content.decode()
    assert "Cannot be asked: “months” is a whole number of months" in page


# --- Explaining
def explained(asked: SoftRule, company_or_stay: Any, text: str = "as the contract says") -> Explanation:
    row = row_to_explain(asked, company_or_stay.pk, registrar(), ON)
    assert row is not None
    return explain(asked, row, row.given_for, text)


def test_an_explained_finding_is_told_as_such_and_returns_when_the_fact_changes() -> None:
    asked, company = rule("capital_unit"), firm("元作万", registered_capital="5000000")
    explained(asked, company)
    assert not findings(asked, registrar(), ON, open_only=True).exists()
    assert [finding.explanation for finding in findings_of(company, registrar(), ON)] == ["as the contract says"]
    Company.objects.filter(pk=company.pk).update(registered_capital="6000000")
    assert [finding.explanation for finding in findings_of(company, registrar(), ON)] == [""]
    assert list(Explanation.objects.values_list("text", flat=True)) == ["as the contract says"]
    Company.objects.filter(pk=company.pk).update(registered_capital="5000000")
    assert [finding.explanation for finding in findings_of(company, registrar(), ON)] == ["as the contract says"]


def test_an_explanation_of_one_stay_is_not_one_of_another_stay_or_rule() -> None:
    company = firm("甲", established_on="2010-01-01")
    one = stay(company, "2015-01-01", left_on="2020-01-01")
    stay(company, "2021-01-01")
    explained(rule("age_at_entry"), one)
    told = [
        (finding.rule.code, finding.row.entered_on.year, finding.explanation)
        for finding in findings_of(company, registrar(), ON)
    ]
    assert sorted(told) == [
        ("age_at_entry", 2015, "as the contract says"),
        ("age_at_entry", 2021, ""),
        ("length_of_stay", 2015, ""),
        ("length_of_stay", 2021, ""),
    ]


@pytest.mark.parametrize("text", ["", "   ", "ok", "x" * 501, "\0\0\0\0"])
def test_an_explanation_says_something(text: str) -> None:
    asked, company = rule("capital_unit"), firm("元作万", registered_capital="5000000")
    with pytest.raises(NotExplained):
        explained(asked, company, text)


def test_an_explanation_for_another_value_than_the_present_is_refused() -> None:
    asked, company = rule("capital_unit"), firm("元作万", registered_capital="5000000")
    row = row_to_explain(asked, company.pk, registrar(), ON)
    with pytest.raises(NotExplained, match="has changed"):
        explain(asked, row, "4000000", "as the contract says")


# --- Pages
def test_a_finding_is_explained_on_its_page_and_the_firm_shows_it() -> None:
    company = firm("元作万", registered_capital="5000000")
    client = logged_in(registrar())
    page = client.get("/admin/findings/capital_unit/").content.decode()
    assert "元作万" in page and company.uscc in page
    address = f"/admin/findings/capital_unit/{company.pk}/"
    given_for = client.get(address).context["finding"].given_for
    refused = client.post(address, {"given_for": given_for, "text": " "})
    assert "Say in a sentence why it stands as it is." in refused.content.decode()
    kept = client.post(address, {"given_for": given_for, "text": "the city itself is the owner"}, follow=True)
    assert "the city itself is the owner" in kept.content.decode()
    assert "元作万" not in client.get("/admin/findings/capital_unit/").content.decode()
    assert "the city itself" in client.get("/admin/findings/capital_unit/?state=explained").content.decode()


@pytest.mark.parametrize("address", ["nothing/", "capital_unit/4711/", "capital_unit/?state=gone"])
def test_what_is_not_there_is_404(address: str) -> None:
    assert logged_in(registrar()).get(f"/admin/findings/{address}").status_code == 404


def test_more_than_the_most_are_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    from companies.findings import questions, views

    assert COUNTED == 1_000
    for module in (questions, views):
        monkeypatch.setattr(module, "COUNTED", 2)
    for number in range(3):
        firm(f"元作万{number}", registered_capital="5000000")
    client = logged_in(registrar())
    assert "more than 2" in client.get("/admin/findings/").content.decode()
    page = client.get("/admin/findings/capital_unit/").content.decode()
    assert "More than 2 findings; the first 2 are listed." in page and "元作万2" not in page


@pytest.mark.parametrize("times", [2, 12])
def test_a_page_asks_as_often_for_many_findings_as_for_few(times: int, django_assert_num_queries: Any) -> None:
    asked = rule("age_at_entry")
    for number in range(times):
        entered(f"旧{number}", "2010-01-01")
    with django_assert_num_queries(2):  # the rows with their firms, the names; a third where something is explained
        assert len(told_of(asked, found_by(asked, ON), ON)) == times


# --- In uploads
def test_what_rules_find_of_a_row_stands_beside_it_and_stops_nothing() -> None:
    rows = [good_row(1) | {"注册资本（万元）": "5000000"}, good_row(2)]
    upload = judged(logged_in(registrar()), file_of(as_table(rows)))
    assert dict(upload.rows.values_list("number", "verdict")) == {2: "new", 3: "new"}
    found = dict(upload.rows.values_list("number", "findings"))
    assert "5,000,000" in found[2][0] and found[3] == []
    client = logged_in(registrar())
    page = client.get(f"/admin/uploads/{upload.pk}/?verdict=findings").content.decode()
    assert "5,000,000" in page and "山城2号" not in page
    assert "Ready: 2 rows" in page
    sheet = sheet_of(content_of(client.get(f"/admin/uploads/{upload.pk}/reasons.xlsx")))
    assert "5,000,000" in sheet[1][-1] and not Explanation.objects.exists()


Make = Callable[[], User]


def test_staff_are_told_their_own_firms_as_long_as_they_may_mend_them() -> None:
    host = saved(Incubator, name_zh="甲孵化器")
    user = User.objects.create_user("li", role=Role.STAFF, is_staff=True)
    StaffMembership.objects.create(user=user, incubator=host, role="editor", valid_from="2020-01-01")
    for name, given in (
        ("在", {"incubator": host}),
        ("别家", {}),
        ("早离", {"incubator": host, "left_on": "2025-02-01"}),
    ):
        stay(firm(name, registered_capital="5000000"), "2024-06-01", **given)
    [(found, count, rows)] = open_findings(user, ON)
    assert (found.code, count) == ("capital_unit", 1)
    assert [finding.name for finding in told_of(found, rows, ON)] == ["在"]
