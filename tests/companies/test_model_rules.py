"""Every rule of firms and their facts is kept by the database and said in words."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from companies.models import (
    Certification,
    CertificationKind,
    Company,
    Financing,
    FinancingInstrument,
    FinancingParty,
    FinancingTable,
    Indicator,
    PilotZone,
    Target,
    TargetArea,
)
from registry.models import (
    CircleSite,
    District,
    Partner,
    Province,
    ReportingUnit,
    University,
    Zone,
)
from tests.rules import (
    Case,
    MakeCase,
    check_rule,
    constraints_of,
    day,
    known,
    no_overlap,
    not_empty,
    rules_of_database,
)
from tests.samples import DAY, keys_of, saved, uscc

STAY = ("entered_on", "left_on")


def of_firm(**names: Any) -> Case:
    return no_overlap(company=saved(Company), other={"company": saved(Company)}, **names)


def fields_once(model: type[models.Model], changed: dict[str, Any], **shared: Any) -> Case:
    """A row may stand beside another that differs in any one field, and not beside one that differs in none."""
    made = {name: value() if callable(value) else value for name, value in shared.items()}
    return Case(
        beside=[made],
        refused=[made],
        allowed=[made | {name: value() if callable(value) else value} for name, value in changed.items()],
    )


def uscc_case() -> Case:
    valid = uscc(777_777)
    wrong = valid[:17] + ("0" if valid[17] != "0" else "1")
    return Case(
        refused=[{"uscc": wrong}, {"uscc": ""}, {"uscc": valid[:17]}],
        allowed=[{"uscc": valid}],
        is_said_by_field=True,
    )


def site_of_circle() -> Case:
    site = saved(CircleSite)
    return Case(
        refused=[{"basis": "circle_site"}, {"basis": "spin_off", "circle_site": site}],
        allowed=[
            {"basis": "circle_site", "circle_site": site, "university": site.circle.university},
            {"basis": "spin_off"},
        ],
    )


def absorbed() -> Case:
    other = saved(Company)
    ended = {"dissolved_on": day("2024-03-01")}
    return Case(
        refused=[{"successor": other}],
        allowed=[{"successor": other} | ended, ended],
    )


def certificate_number() -> Case:
    kind = saved(CertificationKind)
    return Case(
        beside=[{"kind": kind, "number": "GR202451100001"}, {"kind": kind, "number": ""}],
        refused=[{"kind": kind, "number": "GR202451100001"}],
        allowed=[
            {"number": "GR202451100001"},
            {"kind": kind, "number": ""},
            {"kind": kind, "number": "GR202451100002"},
        ],
    )


def one_issue_a_day() -> Case:
    """A renewal may overlap the certificate before it: only the day of issue is its own."""
    shared = {"company": saved(Company), "kind": saved(CertificationKind), "issued_on": DAY}
    overlapping = shared | {"issued_on": day("2026-09-01"), "valid_until": day("2029-09-01")}
    return Case(
        beside=[shared | {"valid_until": day("2027-03-01")}],
        refused=[shared],
        allowed=[overlapping, shared | {"kind": saved(CertificationKind)}, shared | {"company": saved(Company)}],
    )


def pilot_zone_member(field: str, model: type[models.Model]) -> MakeCase:
    empty: dict[str, Any] = {name: None for name in ("district", "reporting_unit") if name != field}

    def make() -> Case:
        return no_overlap(pilot_zone=saved(PilotZone), **{field: saved(model)}, **empty, other={field: saved(model)})

    return make


def one_of(fields: dict[str, type[models.Model]]) -> Case:
    given = {name: saved(model) for name, model in fields.items()}
    none: dict[str, Any] = dict.fromkeys(fields)
    first, second = list(fields)[:2]
    return Case(
        refused=[none, none | {first: given[first], second: given[second]}, given],
        allowed=[none | {name: entry} for name, entry in given.items()],
    )


RULE_OF_YEARS = {"validity_rule": "years"}
FIXED_DAY = {"validity_rule": "fixed_day", "ends_month": 12, "ends_day": 31, "ends_year_offset": 1}


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def quarter(year: int, number: int, ended_on: str) -> dict[str, Any]:
    return {"year": year, "quarter": number, "ended_on": day(ended_on)}


def cell_once() -> Case:
    table, instrument = saved(FinancingTable), saved(FinancingInstrument)
    cell = {"table": table, "instrument": instrument}
    margin = {"table": table, "is_all_zones": True, "is_all_instruments": True, "instrument": None}
    return Case(
        beside=[cell, margin],
        refused=[cell, margin],
        allowed=[cell | {"is_all_zones": True}, cell | {"pilot_zone": saved(PilotZone)}],
    )


RULES: dict[str, MakeCase] = {
    "companies_company_uscc_unique": lambda: Case(
        beside=[{"uscc": uscc(777_777)}], refused=[{"uscc": uscc(777_777)}], allowed=[{"uscc": uscc(777_778)}]
    ),
    "companies_company_uscc_valid": uscc_case,
    "companies_company_dissolved_after_established": lambda: Case(
        refused=[
            {"established_on": DAY, "dissolved_on": DAY},
            {"established_on": DAY, "dissolved_on": day("2024-02-29")},
        ],
        allowed=[{"established_on": DAY, "dissolved_on": day("2024-03-02")}, {"dissolved_on": DAY}],
    ),
    "companies_company_established_plausible": lambda: Case(
        refused=[
            {"established_on": day("1899-12-31")},
            {"established_on": day("2200-01-01")},
            {"dissolved_on": day("1899-12-31")},
        ],
        allowed=[{"established_on": day("1900-01-01")}, {"established_on": day("2199-12-31")}],
    ),
    "companies_company_successor_of_dissolved": absorbed,
    "companies_company_capital_not_negative": lambda: Case(
        refused=[{"registered_capital": Decimal("-0.0001")}],
        allowed=[{"registered_capital": Decimal(0)}, {"registered_capital": None}],
    ),
    "companies_companyname_one_a_day": of_firm,
    "companies_companyname_not_empty": lambda: Case(
        refused=[{"name_zh": "", "keys_of": keys_of("")}, {"name_zh": "", "keys_of": keys_of(""), "pinyin": ""}],
        is_said_by_field=True,
    ),
    # `clean` makes the keys fit, but for a name that is none; see test_search.py for writes without it.
    "companies_companyname_keys_fit": lambda: Case(refused=[{"name_zh": ""}], is_said_by_field=True),
    "companies_seat_one_a_day": of_firm,
    "companies_seat_moved_out_has_ended": lambda: Case(
        refused=[{"moved_to": saved(Province)}],
        allowed=[{"moved_to": saved(Province), "valid_until": day("2025-01-01")}, {"moved_from": saved(Province)}],
    ),
    "companies_residency_period_not_empty": lambda: not_empty(STAY),
    "companies_residency_one_a_day": lambda: of_firm(names=STAY),
    "companies_residency_outcome_known": known("outcome", "graduated", "left", left_on=day("2025-01-01")),
    "companies_residency_outcome_of_ended": lambda: Case(
        refused=[{"outcome": "left"}],
        allowed=[{"outcome": "left", "left_on": day("2025-01-01")}, {"left_on": day("2025-01-01")}],
    ),
    "companies_residency_ground_of_graduate": lambda: Case(
        refused=[
            {"ground": "equity", "outcome": "left", "left_on": day("2025-01-01")},
            {"ground": "equity", "left_on": day("2025-01-01")},
        ],
        allowed=[{"ground": "equity", "outcome": "graduated", "left_on": day("2025-01-01")}],
    ),
    "companies_universitylink_basis_known": known("basis", "spin_off", "licence", circle_site=None),
    "companies_universitylink_one_a_day": lambda: no_overlap(
        company=saved(Company), university=saved(University), basis="spin_off", other={"basis": "licence"}
    ),
    "companies_universitylink_site_of_circle": site_of_circle,
    "companies_annualreport_one_a_year": lambda: fields_once(
        Company, {"company": lambda: saved(Company), "year": 2025}, company=lambda: saved(Company), year=2024
    ),
    "companies_annualreport_year_plausible": lambda: Case(
        refused=[{"year": 1979}, {"year": 2200}], allowed=[{"year": 1980}, {"year": 2199}]
    ),
    "companies_annualreport_jobs_plausible": lambda: Case(
        refused=[{"jobs": 2_000_001}], allowed=[{"jobs": 2_000_000}, {"jobs": 0}]
    ),
    "companies_annualreport_rd_expense_not_negative": lambda: Case(
        refused=[{"rd_expense": Decimal("-1")}], allowed=[{"rd_expense": Decimal(0)}]
    ),
    "companies_certificationkind_validity_rule_known": known(
        "validity_rule", "none", or_rule="companies_certificationkind_rule_complete"
    ),
    "companies_certificationkind_rule_complete": lambda: Case(
        refused=[
            RULE_OF_YEARS,
            RULE_OF_YEARS | {"validity_years": 0},
            *(FIXED_DAY | {name: None} for name in ("ends_month", "ends_day", "ends_year_offset")),
            FIXED_DAY | {"ends_month": 13},
            FIXED_DAY | {"ends_month": 2, "ends_day": 29},
            FIXED_DAY | {"ends_month": 4, "ends_day": 31},
        ],
        allowed=[RULE_OF_YEARS | {"validity_years": 3}, FIXED_DAY, {"validity_rule": "none"}],
    ),
    "companies_certification_number_unique": certificate_number,
    "companies_certification_one_issue_a_day": one_issue_a_day,
    "companies_certification_ends_after_issue": lambda: Case(
        refused=[{"valid_until": DAY}, {"valid_until": day("2024-02-29")}],
        allowed=[{"valid_until": day("2024-03-02")}, {"valid_until": None}],
    ),
    "companies_certification_issue_plausible": lambda: Case(
        refused=[{"issued_on": day("1979-12-31")}, {"issued_on": day("2200-01-01")}],
        allowed=[{"issued_on": day("1980-01-01")}, {"issued_on": day("2199-12-31")}],
    ),
    "companies_certification_revocation_whole": lambda: Case(
        refused=[
            {"revoked_from": DAY},
            {"revoked_on": DAY},
            {"revoked_from": DAY, "revoked_on": day("2024-02-29")},
        ],
        allowed=[{"revoked_from": DAY, "revoked_on": DAY}, {"revoked_from": DAY, "revoked_on": day("2025-01-01")}],
    ),
    "companies_indicator_measure_known": known("measure", "stock", "flow"),
    "companies_targetareamember_one_part": lambda: one_of(
        {"zone": Zone, "district": District, "reporting_unit": ReportingUnit}
    ),
    "companies_observation_once": lambda: fields_once(
        Indicator,
        {"as_of": day("2025-01-01"), "period_from": DAY, "source": "another", "area": lambda: saved(TargetArea)},
        indicator=lambda: saved(Indicator),
        area=lambda: saved(TargetArea),
        as_of=DAY,
        source="bulletin",
    ),
    "companies_observation_period_in_order": lambda: Case(
        refused=[{"period_from": day("2024-03-02"), "as_of": DAY}],
        allowed=[{"period_from": DAY, "as_of": DAY}, {"as_of": DAY}],
    ),
    "companies_target_year_plausible": lambda: Case(
        refused=[{"year": 1999}, {"year": 2200}], allowed=[{"year": 2000}, {"year": 2199}]
    ),
    "companies_financingtable_released_once": lambda: Case(
        beside=[quarter(2023, 3, "2023-10-01")],
        refused=[quarter(2023, 3, "2023-10-01")],
        allowed=[quarter(2023, 2, "2023-07-01"), quarter(2022, 3, "2022-10-01")],
    ),
    "companies_financingtable_quarter_known": lambda: Case(
        refused=[quarter(1999, 3, "1999-10-01"), quarter(2023, 5, "2024-04-01")],
        allowed=[quarter(2000, 1, "2000-04-01")],
    ),
    "companies_financingtable_ends_with_quarter": lambda: Case(
        refused=[quarter(2023, 3, "2023-09-30"), quarter(2023, 4, "2023-10-01"), quarter(2024, 3, "2023-10-01")],
        allowed=[quarter(2023, 4, "2024-01-01"), quarter(2023, 1, "2023-04-01")],
    ),
    "companies_financingtable_quarter_is_over": lambda: Case(  # the last second of the quarter, in Shanghai
        refused=[quarter(2023, 3, "2023-10-01") | {"released_at": moment("2023-09-30T15:59:59+00:00")}],
        allowed=[quarter(2023, 3, "2023-10-01") | {"released_at": moment("2023-09-30T16:00:00+00:00")}],
    ),
    "companies_financingtablecell_once": cell_once,
    "companies_financingtablecell_all_zones": lambda: Case(
        refused=[{"is_all_zones": True, "pilot_zone": saved(PilotZone)}],
        allowed=[{"is_all_zones": True, "pilot_zone": None}, {"pilot_zone": saved(PilotZone)}],
    ),
    "companies_financingtablecell_all_instruments": lambda: Case(
        refused=[{"is_all_instruments": True}, {"instrument": None}],
        allowed=[{"is_all_instruments": True, "instrument": None}],
    ),
    "companies_financingtablecell_hidden_holds_nothing": lambda: Case(
        refused=[{"financings": 4}, {"is_hidden": False, "financings": 4, "firms": 3}, {"agreed_amount": Decimal(9)}],
        allowed=[{"is_hidden": False, "financings": 4, "firms": 3, "agreed_amount": Decimal(9)}],
    ),
    "companies_financinginstrument_kind_known": known("kind", "debt", "funding_line"),
    "companies_pilotzonemember_one_area": lambda: one_of({"district": District, "reporting_unit": ReportingUnit}),
    "companies_pilotzonemember_district_once": pilot_zone_member("district", District),
    "companies_pilotzonemember_unit_once": pilot_zone_member("reporting_unit", ReportingUnit),
    "companies_financing_confidentiality_known": known("confidentiality", "confidential", "published"),
    "companies_financing_agreed_amount_positive": lambda: Case(
        refused=[{"agreed_amount": Decimal(0)}, {"agreed_amount": Decimal(-1)}],
        allowed=[{"agreed_amount": Decimal("0.0001")}],
    ),
    "companies_financing_drawn_within_agreed": lambda: Case(
        refused=[{"drawn_amount": Decimal("500.0001")}, {"drawn_amount": Decimal(-1)}],
        allowed=[{"drawn_amount": Decimal(500)}, {"drawn_amount": Decimal(0)}, {"drawn_amount": None}],
    ),
    "companies_financing_matures_after_agreed": lambda: Case(
        refused=[{"matures_on": DAY}, {"agreed_on": day("0001-01-01")}, {"matures_on": day("9999-12-31")}],
        allowed=[{"matures_on": day("2024-03-02")}, {"matures_on": None}],
    ),
    "companies_financingparty_role_known": known("role", "lender", "investor"),
    "companies_financingparty_once": lambda: fields_once(
        FinancingParty,
        {"role": "guarantor", "partner": lambda: saved(Partner), "financing": lambda: saved(Financing)},
        financing=lambda: saved(Financing),
        partner=lambda: saved(Partner),
        role="lender",
    ),
    "companies_financingparty_share_within_100": lambda: Case(
        refused=[{"risk_share": Decimal("100.01")}, {"risk_share": Decimal("-0.01")}],
        allowed=[{"risk_share": Decimal(100)}, {"risk_share": None}],
    ),
    "companies_financingstatusevent_status_known": known("status", "agreed", "written_off"),
    "companies_financingstatusevent_once": lambda: fields_once(
        Financing,
        {"status": "drawn", "happened_on": day("2025-01-01")},
        financing=lambda: saved(Financing),
        status="agreed",
        happened_on=DAY,
    ),
    "companies_financingstatusevent_amount_not_negative": lambda: Case(
        refused=[{"amount": Decimal("-0.0001")}], allowed=[{"amount": Decimal(0)}, {"amount": None}]
    ),
}
# A row that would point at itself; the rule, and the other values that it needs.
AT_ITSELF: dict[str, tuple[type[Any], str, dict[str, Any]]] = {
    "companies_company_successor_of_dissolved": (Company, "successor", {"dissolved_on": DAY}),
    "companies_certification_renews_another": (Certification, "predecessor", {}),
    "companies_target_superseded_by_another": (Target, "superseded_by", {}),
}
# Rules that only the database's own language can say; each has a test of its own below.
ACROSS_ROWS = {
    "companies_company_field_of_hub",
    "companies_company_field_has_hub",
    "companies_certification_renews_own",
    "companies_financingparty_shares_sum_to_100",
    "companies_universitylink_site_of_university",
    "companies_seat_unit_of_district",
}
# What those rules need, and no row can break: keys that hold the unique id; a derived table's own.
HELPING = {
    "companies_certification_of_company",
    "companies_companychange_company_id_cascade",
    "companies_companystate_company_id_cascade",
    "companies_searchtext_company_id_cascade",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(constraints_of("companies").keys() - (AT_ITSELF.keys() - RULES.keys())))
def test_rule(name: str) -> None:
    check_rule("companies", name, RULES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", AT_ITSELF)
def test_no_row_points_at_itself(name: str) -> None:
    model, field, needed = AT_ITSELF[name]
    entry, other = saved(model, **needed), saved(model)
    if model is Certification:
        other = saved(model, company=entry.company, kind=entry.kind, issued_on=day("2020-01-01"))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.filter(pk=entry.pk).update(**{field: entry})
    setattr(entry, field, entry)
    with pytest.raises(ValidationError) as refusal:
        entry.full_clean()
    assert refusal.value.messages == [str(constraints_of("companies")[name][1].get_violation_error_message())]
    setattr(entry, field, other)
    entry.full_clean()
    entry.save()


def test_the_table_names_no_rule_that_is_gone() -> None:
    assert RULES.keys() - constraints_of("companies").keys() == set()


@pytest.mark.django_db
def test_every_rule_of_the_database_is_tried() -> None:
    indexes = {"companies_certification_number_unique"}  # unique under a condition: no constraint to PostgreSQL
    assert rules_of_database("companies") - HELPING == (constraints_of("companies").keys() - indexes) | ACROSS_ROWS
