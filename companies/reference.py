"""The reference tables of certificates, financing, targets and published figures. `registry.reference` loads them."""

from pathlib import Path

from companies.models import (
    CertificationKind,
    FinancingInstrument,
    Indicator,
    Observation,
    PilotZone,
    PilotZoneMember,
    SoftRule,
    Target,
    TargetArea,
    TargetAreaMember,
)
from registry.reference import Table
from registry.reference.tables import ORIGIN, PERIOD, VOCABULARY

DATA = Path(__file__).with_name("data")
AREA_PARTS = ("zone", "district", "reporting_unit")

TABLES = (
    Table(
        CertificationKind,
        DATA / "certification_kinds.csv",
        (
            *VOCABULARY,
            "validity_rule",
            "validity_years",
            "ends_month",
            "ends_day",
            "ends_year_offset",
            "number_pattern",
        ),
        not_loaded=("issuer",),
    ),
    Table(
        FinancingInstrument,
        DATA / "instruments.csv",
        (*VOCABULARY, "kind", "provider"),
        not_loaded=("typical_from_wan", "typical_to_wan", "risk_sharing"),
    ),
    Table(SoftRule, DATA / "soft_rules.csv", (*VOCABULARY, "kind", "parameters")),
    Table(PilotZone, DATA / "pilot_zones.csv", VOCABULARY),
    Table(
        PilotZoneMember,
        DATA / "pilot_zone_members.csv",
        ("pilot_zone", "district", "reporting_unit", *PERIOD),
        key=("pilot_zone", "district", "reporting_unit"),
        is_dated=True,
    ),
    Table(
        Indicator,
        DATA / "indicators.csv",
        (*VOCABULARY, "measure", "unit_zh", "unit_en", "unit_it"),
        not_loaded=("decimals",),
    ),
    Table(TargetArea, DATA / "target_areas.csv", VOCABULARY),
    Table(
        TargetAreaMember,
        DATA / "target_area_members.csv",
        ("area", *AREA_PARTS),
        key=("area", *AREA_PARTS),
    ),
    Table(
        Target,
        DATA / "targets.csv",
        ("code", "indicator", "area", "year", "value", "document", "superseded_by", *ORIGIN),
        not_loaded=("name_zh", "name_en", "name_it"),
    ),
    Table(
        Observation,
        DATA / "observations.csv",
        ("indicator", "area", "period_from", "as_of", "value", "is_lower_bound", *ORIGIN),
        key=("indicator", "area", "as_of", "source"),
        not_loaded=("as_of_precision",),
    ),
)
