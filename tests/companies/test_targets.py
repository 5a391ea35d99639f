"""The arithmetic of the way to a target, on figures worked out by hand."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from companies.models import Target
from companies.statistics.targets import progress

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
