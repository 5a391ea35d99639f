"""Firms, their names, seats, stays, links and yearly reports."""

from decimal import Decimal
from typing import Any

from companies.models import Company
from registry.models import CircleSite, Province, University
from tests.rules import Case, MakeCase, day, fields_once, known, no_overlap, not_empty
from tests.samples import DAY, keys_of, saved, uscc

STAY = ("entered_on", "left_on")


def of_firm(**names: Any) -> Case:
    return no_overlap(company=saved(Company), other={"company": saved(Company)}, **names)


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
}
