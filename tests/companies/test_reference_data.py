"""Certificate kinds, instruments, targets and published figures as loaded."""

import datetime
from decimal import Decimal

import pytest

from companies.models import CertificationKind, FinancingInstrument, Observation, PilotZone, Target, TargetArea

REFORM = datetime.date(2025, 11, 6)


def values(**lookups: object) -> dict[str, Decimal]:
    return dict(Target.objects.filter(**lookups).values_list("code", "value"))


def test_the_goal_for_2030_is_20_000_high_tech_firms(db: None) -> None:
    goal = Target.objects.get(code="high-tech-2030")
    assert (goal.indicator.code, goal.area.code, goal.year) == ("high_tech_firms", "city", 2030)
    assert goal.value == 20000
    assert goal.is_official


def test_the_goals_of_the_project_are_all_there(db: None) -> None:
    assert values(code__in=["rd-intensity-2027", "national-platforms-2027"]) == {
        "rd-intensity-2027": Decimal("3.0"),
        "national-platforms-2027": Decimal(150),
    }


def test_the_parts_of_2027_are_kept_as_published_though_they_exceed_the_city_s_figure(db: None) -> None:
    areas = ["city", "central_urban", "main_urban_new", "two_clusters"]
    found = values(indicator__code="high_tech_firms", year=2027, area__code__in=areas)
    assert found == {
        "high-tech-2027": 12800,
        "high-tech-2027-central-urban": 7110,
        "high-tech-2027-main-urban-new": 4640,
        "high-tech-2027-two-clusters": 1060,
    }
    assert sum(found.values()) - found["high-tech-2027"] == 12810


def test_only_the_earlier_guidance_is_superseded(db: None) -> None:
    superseded = Target.objects.filter(superseded_by__isnull=False)
    assert set(superseded.values_list("code", "value", "superseded_by__code")) == {
        ("high-tech-2025-all-districts", 8000, "high-tech-2025"),
    }


def test_an_area_may_span_two_zones_and_the_city_has_no_members(db: None) -> None:
    clusters = TargetArea.objects.get(code="two_clusters")
    assert set(clusters.members.values_list("zone__code", flat=True)) == {"northeast_cluster", "southeast_cluster"}
    assert not TargetArea.objects.get(code="city").members.exists()
    assert TargetArea.objects.get(code="cq_hightech_zone").members.get().reporting_unit is not None


def test_published_figures_carry_day_mark_and_lower_bound(db: None) -> None:
    rows = Observation.objects.filter(indicator__code="high_tech_firms", as_of__year__in=[2018, 2021, 2025])
    assert set(rows.values_list("as_of", "value", "mark", "is_lower_bound")) == {
        (datetime.date(2018, 12, 31), 2500, "V", True),
        (datetime.date(2021, 12, 31), 5108, "V", False),
        (datetime.date(2025, 12, 31), 10410, "D", False),
    }


def test_a_figure_from_memory_is_not_official_a_derived_one_is(db: None) -> None:
    rows = Observation.objects.filter(indicator__code="high_tech_firms")
    official = {row.as_of.year: row.is_official for row in rows}
    assert (official[2016], official[2017], official[2021], official[2024]) == (False, False, True, True)


@pytest.mark.parametrize(
    ("kind", "issued_on", "end"),
    [
        ("high_tech", datetime.date(2023, 10, 16), datetime.date(2026, 10, 16)),
        ("technology_sme", datetime.date(2025, 6, 1), datetime.date(2026, 4, 1)),
        ("gazelle", datetime.date(2025, 6, 1), None),
    ],
)
def test_the_validity_rule_of_a_kind_is_data(
    db: None, kind: str, issued_on: datetime.date, end: datetime.date | None
) -> None:
    assert CertificationKind.objects.get(code=kind).end_for(issued_on) == end


def test_instruments_have_their_kinds(db: None) -> None:
    rows = FinancingInstrument.objects.filter(code__in=["KVL", "WARR", "SEED", "RELEND"])
    assert set(rows.values_list("code", "name_zh", "kind", "mark")) == {
        ("KVL", "知识价值信用贷款", "debt", "V"),
        ("WARR", "贷款+认股权", "hybrid", "V"),
        ("SEED", "种子、天使、风投与产业引导基金", "equity", "V"),
        ("RELEND", "科技创新再贷款", "funding_line", "M"),
    }


def test_the_pilot_zone_s_members_follow_the_reform_and_are_not_official(db: None) -> None:
    zone = PilotZone.objects.get()
    assert not zone.is_official
    assert set(zone.members.values_list("reporting_unit__code", "valid_from", "valid_until")) == {
        ("cq_hightech_zone", None, None),
        ("liangjiang_new_area", datetime.date(2010, 6, 18), REFORM),
        ("500157", REFORM, None),
    }
