"""Certificates and their kinds."""

from companies.models import CertificationKind, Company
from tests.rules import Case, MakeCase, day, known
from tests.samples import DAY, saved


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


RULE_OF_YEARS = {"validity_rule": "years"}
FIXED_DAY = {"validity_rule": "fixed_day", "ends_month": 12, "ends_day": 31, "ends_year_offset": 1}
RULES: dict[str, MakeCase] = {
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
}
