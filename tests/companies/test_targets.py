"""The arithmetic of the way to a target, on figures worked out by hand."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from companies.models import Seat, Target, TargetArea
from companies.statistics import standing, targets
from companies.statistics.targets import progress
from registry.models import District, ReportingUnit, Zone
from tests.companies import hand_table
from tests.companies.ledger_stories import seal

pytestmark = pytest.mark.django_db


def target(code: str) -> Target:
    return Target.objects.get(code=code)


def test_from_10410_at_the_end_of_2025_the_goal_needs_1918_a_year() -> None:
    found = progress(target("high-tech-2030"), Decimal(10410), datetime.date(2025, 12, 31))
    assert (found["gap"], found["needed_per_year"], found["needed_growth"]) == (9590, 1918.3, 13.95)


@pytest.mark.parametrize("day", [datetime.date(2030, 12, 1) + datetime.timedelta(days=n) for n in range(31)])
def test_the_last_month_before_the_due_day_tells_gap_and_pace(day: datetime.date) -> None:
    found = progress(target("high-tech-2030"), Decimal(19000), day)
    assert found["gap"] == 1000
    assert (found["needed_per_year"] is None) == (day == datetime.date(2030, 12, 31))


def test_a_reached_target_needs_nothing() -> None:
    found: dict[str, Any] = progress(target("high-tech-2030"), Decimal(20000), datetime.date(2029, 1, 1))
    assert (found["is_reached"], found["gap"], found["needed_per_year"], found["needed_growth"]) == (
        True,
        0,
        None,
        None,
    )


@pytest.mark.parametrize("code", ["high-tech-2023", "high-tech-2025", "high-tech-2027-main-urban-new"])
def test_every_target_answers_on_the_days_before_it_is_due(code: str) -> None:
    year = target(code).year
    for text in (f"{year}-12-05", f"{year}-12-30", f"{year}-12-31", f"{year + 1}-01-01"):
        assert Client().get(f"/api/v1/targets/{code}/?valid_on={text}").status_code == 200, text


@pytest.mark.parametrize(
    ("stock", "day", "expected"),
    [
        (19000, "2029-01-01", "open"),
        (19000, "2030-12-30", "open"),
        (19000, "2030-12-31", "missed"),
        (20000, "2029-01-01", "reached"),
        (20001, "2031-01-01", "reached"),
    ],
)
def test_a_target_is_open_until_its_day_then_reached_or_missed(stock: int, day: str, expected: str) -> None:
    found = progress(target("high-tech-2030"), Decimal(stock), datetime.date.fromisoformat(day))
    assert found["status"] == expected


def detail(code: str, **query: str) -> Any:
    return Client().get(f"/api/v1/targets/{code}/", query).json()["data"]


def test_the_targets_of_the_parts_stand_beside_the_whole_as_published() -> None:
    found = detail("high-tech-2027", lang="en")
    parts = {part["code"]: part["value"] for part in found["parts"]["targets"]}
    assert parts == {
        "high-tech-2027-central-urban": 7110,
        "high-tech-2027-main-urban-new": 4640,
        "high-tech-2027-two-clusters": 1060,
    }
    assert (found["value"], found["parts"]["sum"], found["parts"]["difference"]) == (12800, 12810, 10)
    assert found["parts"]["targets"][2]["area"] == {
        "code": "two_clusters",
        "name": "North-east and south-east clusters together",
    }


@pytest.mark.parametrize("code", ["high-tech-2030", "high-tech-2027-beibei", "high-tech-2027-two-clusters"])
def test_a_target_whose_parts_have_none_is_not_compared(code: str) -> None:
    assert detail(code)["parts"] is None


def test_parts_that_overlap_or_leave_a_zone_out_are_no_parts() -> None:
    Target.objects.filter(code="high-tech-2027-two-clusters").update(year=2028)
    assert detail("high-tech-2027")["parts"] is None


def test_the_register_counts_each_part_and_each_published_day() -> None:
    hand_table.load()
    found = detail("high-tech-2027", valid_on="2021-12-31")
    seated = {"2021-12-31": 0, "2018-12-31": 0}
    for day in seated:
        answer = Client().get("/api/v1/statistics/high-tech-firms/", {"valid_on": day, "group_by": "zone"}).json()
        seated[day] = answer["total"]
        if day == "2021-12-31":
            zones = {group["key"]["zone"]: group["value"] for group in answer["groups"]}
    parts = {part["area"]["code"]: part["computed"] for part in found["parts"]["targets"]}
    assert parts["central_urban"] == zones["central_urban"] > 0
    assert sum(parts.values()) == seated["2021-12-31"]
    beside = {row["as_of"]: row["computed"] for row in found["side_by_side"]}
    assert {day: beside[day] for day in seated} == seated
    assert found["computed"]["stock"] == seated["2021-12-31"]


@pytest.mark.parametrize(
    "members", [["zones"], ["district"], ["zones", "district"], ["unit"], ["unit", "district"], []]
)
def test_an_area_of_any_members_is_counted_as_its_firms(members: list[str]) -> None:
    """The ledger answers for zones and districts, or for units; the list's own query for areas of both."""
    hand_table.load()
    unit = ReportingUnit.objects.get(code="500106")
    assert Seat.objects.filter(district=unit.district).update(reporting_unit=unit)
    area = TargetArea.objects.create(code="tried", name_zh="试算", name_en="Tried", name_it="Provata")
    day = datetime.date(2021, 12, 31)
    of: dict[str, list[dict[str, Any]]] = {
        "zones": [{"zone": Zone.objects.get(code="central_urban")}],
        "district": [{"district": District.objects.get(code="500106")}],
        "unit": [{"reporting_unit": unit}],
    }
    for name in members:
        for member in of[name]:
            area.members.create(**member)
    seal()
    firms = {firm.pk for firm in targets.counted_firms(area, day)}
    found = targets.computed_stocks(target("high-tech-2030").indicator, area, [day, day.replace(year=2020)], None)
    assert found is not None and found[day] == len(firms)
    by_ledger = standing.stocks("high-tech-firms", [day], None, keys=targets.keys_of(area) or {})
    assert members == ["unit", "district"] or (by_ledger is not None and by_ledger[day][()] == len(firms))
    assert (targets.keys_of(area) is None) == (members == ["unit", "district"])
    every = {firm.pk for firm in targets.counted_firms(TargetArea.objects.get(code="city"), day)}
    assert firms and (firms == every) == ("zones" in members or not members)  # all of them lie in the one zone
