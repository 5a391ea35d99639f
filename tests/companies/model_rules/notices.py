"""Official notices and their lines."""

from companies.models import CertificationKind, Company, Notice, NoticeLine
from tests.rules import Case, MakeCase, fields_once
from tests.samples import saved


def matched_or_doubtful() -> Case:
    firm = saved(Company)
    return Case(
        refused=[{"company": firm, "candidates": [firm.uscc]}],
        allowed=[{"company": firm}, {"candidates": [firm.uscc]}, {}],
    )


def plausible_year() -> Case:
    return Case(refused=[{"year": 1979}, {"year": 2200}], allowed=[{"year": 1980}, {"year": 2199}])


RULES: dict[str, MakeCase] = {
    "companies_notice_once": lambda: fields_once(
        Notice, {"year": 2025}, kind=lambda: saved(CertificationKind), year=2024, title="第一批"
    ),
    "companies_notice_year_plausible": plausible_year,
    "companies_noticeline_once": lambda: fields_once(
        NoticeLine, {"number": 2, "notice": lambda: saved(Notice)}, notice=lambda: saved(Notice), number=1
    ),
    "companies_noticeline_matched_or_doubtful": matched_or_doubtful,
}
