"""The whole set, loaded once and asked through the API: it meets the published figures, however they are cut."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from companies.demonstration.loading import Loaded, load
from companies.models import Company, CompanyName, Observation, Residency, Target
from incubators.models import Incubator
from tests import databases
from tests.companies import demonstration_invariants

pytestmark = pytest.mark.database

TODAY = datetime.date(2026, 11, 22)
HIGH_TECH = "statistics/high-tech-firms/"
GRANTED = "statistics/certifications-granted/"
DIMENSIONS = ("district", "zone", "hub", "reporting_unit", "strategic_field")


@pytest.fixture(scope="module", autouse=True)
def whole(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Loaded, list[str]]]:
    with django_db_blocker.unblock(), databases.fresh_clone():
        told: list[str] = []
        yield load(TODAY, size=None, tell=told.append), told


def figure(address: str, **given: str) -> Any:
    response = Client().get(f"/api/v1/{address}", given)
    assert response.status_code == 200, response.content
    return response.json()


def city(indicator: str, **lookups: Any) -> list[Observation]:
    rows = Observation.objects.filter(area__code="city", indicator__code=indicator, as_of__month=12, as_of__day=31)
    return list(rows.filter(**lookups).order_by("as_of"))


def stock_of(year: int) -> int:
    return int(figure(HIGH_TECH, valid_on=f"{year}-12-31")["total"])


def test_every_year_end_meets_its_published_figure() -> None:
    binding = city("high_tech_firms", mark__in="VDM", is_lower_bound=False)
    assert len(binding) == 7
    found = {row.as_of.year: stock_of(row.as_of.year) for row in binding}
    assert found == {row.as_of.year: row.value for row in binding}


def test_a_lower_bound_is_reached_and_a_year_without_figure_lies_between_its_neighbours() -> None:
    (bound,) = city("high_tech_firms", is_lower_bound=True)
    assert bound.value <= stock_of(bound.as_of.year) < stock_of(bound.as_of.year + 1)
    (free,) = city("high_tech_firms", mark="U", as_of__year__gt=2020)
    assert stock_of(free.as_of.year - 1) < stock_of(free.as_of.year) < stock_of(free.as_of.year + 1)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_groups_of_every_published_year_add_up_to_the_figure(dimension: str) -> None:
    for row in city("high_tech_firms", mark__in="VDM", is_lower_bound=False):
        found = figure(HIGH_TECH, valid_on=row.as_of.isoformat(), group_by=dimension)
        assert sum(group["value"] for group in found["groups"]) == found["total"] == row.value, row
        assert "unknown" in {group["key"][dimension] for group in found["groups"]}, row


def test_grants_of_a_published_year_are_met() -> None:
    published = city("high_tech_certified_in_year")
    assert published
    for row in published:
        assert row.period_from is not None
        period = {"from": row.period_from.isoformat(), "to": row.as_of.isoformat(), "certification_kind": "high_tech"}
        period["kind"] = period.pop("certification_kind")
        for dimension in ("district", "zone", "hub"):
            found = figure(GRANTED, **period, group_by=dimension)
            assert sum(group["value"] for group in found["groups"]) == found["total"] == row.value


def test_zones_districts_and_units_have_their_part_of_the_targets() -> None:
    """In the proportion of the last targets: a zone within 2 % of the city, a place within 12 % of its own part."""
    day = {"valid_on": TODAY.isoformat()}
    found: dict[str, int] = {}
    for dimension in ("zone", "district", "reporting_unit"):
        for group in figure(HIGH_TECH, **day, group_by=dimension)["groups"]:
            found[f"{dimension} {group['key'][dimension]}"] = group["value"]
    total = sum(value for key, value in found.items() if key.startswith("zone "))
    targets = Target.objects.filter(indicator__code="high_tech_firms", year=2027, area__members__isnull=False)
    whole_city = sum((target.value for target in targets if _zones(target)), Decimal(0))
    assert {target.area.code for target in targets} >= {"central_urban", "main_urban_new", "beibei"}
    for target in targets:
        goal = total * float(target.value / whole_city)
        value = sum(found[key] for key in _members(target))
        assert abs(value - goal) < max(0.02 * total if _zones(target) else 0, 0.12 * goal), target


def _zones(target: Target) -> bool:
    return any(member.zone_id for member in target.area.members.all())


def _members(target: Target) -> set[str]:
    parts = ("zone", "district", "reporting_unit")
    return {
        f"{part} {place.code}"
        for member in target.area.members.all()
        for part in parts
        if (place := getattr(member, part)) is not None
    }


def test_the_set_is_of_the_citys_size_and_has_what_a_city_has() -> None:
    assert 14_000 < Company.objects.count() < 18_000
    hosts = Incubator.objects.filter(is_invented=True)
    assert 60 <= hosts.count() <= 100
    in_residence = Residency.objects.filter(left_on__isnull=True)
    assert 2_400 < in_residence.count() < 3_600
    assert set(hosts.filter(valid_until=None)) == set(hosts.filter(residencies__in=in_residence))
    assert Company.objects.filter(uscc__startswith="92").count() > 200
    assert Company.objects.filter(is_published=False).count() > 200


def test_all_names_differ_and_vary() -> None:
    names = list(CompanyName.objects.values_list("name_zh", flat=True))
    assert len(names) == len(set(names))
    for piece in ("重庆长寿", "重庆朝阳", "重慶", "（重庆）", "研究院", "集团", "渝"):
        assert any(piece in name for name in names), piece
    assert any(name[0].isascii() for name in names)
    assert sum("重庆" in name for name in names) > 0.8 * len(names)
    assert len({name[2:5] for name in names}) > 0.7 * len(names)


def test_every_invariant_holds() -> None:
    demonstration_invariants.check_all(TODAY)


def test_loading_shows_how_far_it_is(whole: tuple[Loaded, list[str]]) -> None:
    loaded, told = whole
    assert loaded.firms == Company.objects.count()
    assert len(told) > 10
    assert any(f"{loaded.firms:,}" in line for line in told)
