"""Indicators, published figures and targets."""

from companies.models import Indicator, TargetArea
from registry.models import District, ReportingUnit, Zone
from tests.rules import Case, MakeCase, day, fields_once, known, one_of
from tests.samples import DAY, saved

RULES: dict[str, MakeCase] = {
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
}
