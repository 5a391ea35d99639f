"""The figure of high-tech firms against twenty-five firms worked out by hand."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from companies.models import Certification, Seat
from registry.models import District
from tests.companies import hand_table
from tests.companies.hand_table import BY_HAND, JIULONGPO, SHAPINGBA, TABLE, YUZHONG, Certificate, Firm

pytestmark = pytest.mark.django_db

ONE_DAY = datetime.timedelta(days=1)


def days_that_matter() -> list[datetime.date]:
    """Each day on which a fact of the table begins or ends, the day before and the day after."""
    marks: set[str] = set()
    for firm in TABLE:
        marks |= {text for _district, *period in firm.seats for text in period if text}
        marks |= {text for _district, *period in firm.counts for text in period}
        for certificate in firm.certificates:
            texts = (certificate.issued, certificate.until, certificate.revoked_from, certificate.revoked_on)
            marks |= {text for text in texts if text}
    days = {datetime.date.fromisoformat(text) for text in marks}
    return sorted({near for mark in days for near in (mark - ONE_DAY, mark, mark + ONE_DAY)})


def district_by_hand(firm: Firm, day: datetime.date) -> str | None:
    text = day.isoformat()
    return next((district for district, first, until in firm.counts if first <= text < until), None)


def name_on(firm: Firm, day: datetime.date) -> str:
    return firm.renamed[0] if firm.renamed and day.isoformat() >= firm.renamed[1] else firm.name


def ask(path: str, **query: str) -> Any:
    response = Client().get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def figure(day: datetime.date) -> tuple[int, dict[str, int]]:
    answer = ask("statistics/high-tech-firms/", valid_on=day.isoformat(), group_by="district")
    return answer["total"], {group["key"]["district"]: group["value"] for group in answer["groups"]}


def names_listed(day: datetime.date) -> set[str]:
    answer = ask("companies/", valid_on=day.isoformat(), certified="high_tech", limit="500")
    return {firm["name"] for firm in answer["data"]}


def test_the_table_has_twenty_five_firms() -> None:
    assert len({firm.name for firm in TABLE}) == 25


def test_figure_and_its_firms_equal_the_table_on_each_day_that_matters() -> None:
    hand_table.load()
    for day in days_that_matter():
        expected = [(name_on(firm, day), district_by_hand(firm, day)) for firm in TABLE]
        names = {name for name, district in expected if district}
        by_district = dict(Counter(district for _name, district in expected if district))
        assert names_listed(day) == names, day
        assert figure(day) == (len(names), by_district), day


def test_figure_equals_the_sum_made_on_paper() -> None:
    hand_table.load()
    for text, city, by_district in BY_HAND:
        assert figure(datetime.date.fromisoformat(text)) == (city, by_district), text
        assert sum(by_district.values()) == city


def city_by_day(days: list[datetime.date]) -> dict[datetime.date, int]:
    return {day: figure(day)[0] for day in days}


def around(*texts: str) -> list[datetime.date]:
    days = [datetime.date.fromisoformat(text) for text in texts]
    return sorted({day + ONE_DAY * step for day in days for step in (-1, 0, 1)})


def changed(before: dict[datetime.date, int], after: dict[datetime.date, int]) -> dict[str, int]:
    return {day.isoformat(): after[day] - before[day] for day in before if after[day] != before[day]}


def test_a_certificate_added_changes_exactly_its_days() -> None:
    firms = hand_table.load()
    days = around("2021-03-03", "2022-06-15", "2024-03-03")
    before = city_by_day(days)
    hand_table.add_certificate(firms["S never certified"], Certificate("2021-03-03", "2024-03-03"))
    assert changed(before, city_by_day(days)) == dict.fromkeys(
        ("2021-03-03", "2021-03-04", "2022-06-14", "2022-06-15", "2022-06-16", "2024-03-02"), 1
    )


def test_a_certificate_revoked_back_changes_exactly_the_days_from_its_effect() -> None:
    firms = hand_table.load()
    days = around("2020-10-16", "2022-01-01", "2023-05-05", "2023-10-16")
    before = city_by_day(days)
    Certification.objects.filter(company=firms["A plain"]).update(revoked_from="2022-01-01", revoked_on="2023-05-05")
    assert changed(before, city_by_day(days)) == dict.fromkeys(
        ("2022-01-01", "2022-01-02", "2023-05-04", "2023-05-05", "2023-05-06", "2023-10-15"), -1
    )


def test_a_move_changes_two_districts_and_leaves_the_city() -> None:
    firms = hand_table.load()
    days = around("2022-03-01", "2023-10-16")
    before = {day: figure(day) for day in days}
    here = Seat.objects.get(company=firms["A plain"])
    here.valid_until = datetime.date(2022, 3, 1)
    here.save()
    there = District.objects.get(code=JIULONGPO)
    Seat.objects.create(company=firms["A plain"], district=there, valid_from=datetime.date(2022, 3, 1))
    moved = {datetime.date(2022, 3, 1), datetime.date(2022, 3, 2), datetime.date(2023, 10, 15)}
    for day in days:
        (city, groups), (city_before, groups_before) = figure(day), before[day]
        step = 1 if day in moved else 0
        assert city == city_before, day
        assert groups.get(SHAPINGBA, 0) == groups_before.get(SHAPINGBA, 0) - step, day
        assert groups.get(JIULONGPO, 0) == groups_before.get(JIULONGPO, 0) + step, day
        assert groups.get(YUZHONG, 0) == groups_before.get(YUZHONG, 0), day
