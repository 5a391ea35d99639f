"""Every rule of the hosts is kept by the database and said in words."""

import pytest
from django.core.exceptions import ValidationError

from incubators.models import Designation, Incubator, IncubatorLevel, IncubatorSeat
from registry.models import District, PartnerKey, ReportingUnit, User
from tests.rules import (
    Case,
    MakeCase,
    check_rule,
    constraints_of,
    known,
    no_overlap,
    refusal_of_database,
    rules_of_database,
)
from tests.samples import sample, saved


def membership() -> Case:
    return no_overlap(user=saved(User), incubator=saved(Incubator), other={"incubator": saved(Incubator)})


def grant() -> Case:
    row = {"key": saved(PartnerKey), "incubator": saved(Incubator)}
    others = [row | {"key": saved(PartnerKey)}, row | {"incubator": saved(Incubator)}]
    return Case(beside=[row], refused=[row], allowed=others)


UNIT_OF_DISTRICT = "incubators_incubatorseat_unit_of_district"
RULES: dict[str, MakeCase] = {
    "incubators_incubator_floor_area_positive": lambda: Case(
        refused=[{"floor_area": 0}, {"floor_area": -1}], allowed=[{"floor_area": "0.01"}, {"floor_area": None}]
    ),
    "incubators_incubatorseat_one_a_day": lambda: no_overlap(
        incubator=saved(Incubator), other={"incubator": saved(Incubator)}
    ),
    "incubators_designation_one_a_day": lambda: no_overlap(
        incubator=saved(Incubator), other={"incubator": saved(Incubator)}
    ),
    "incubators_staffmembership_role_known": known("role", "manager", "editor"),
    "incubators_keygrant_once": grant,
    "incubators_staffmembership_one_a_day": membership,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(constraints_of("incubators")))
def test_rule(name: str) -> None:
    check_rule("incubators", name, RULES)


@pytest.mark.django_db
def test_every_rule_of_the_database_is_tried() -> None:
    assert rules_of_database("incubators") == constraints_of("incubators").keys() | {UNIT_OF_DISTRICT}


@pytest.mark.django_db
def test_a_reporting_unit_that_is_a_district_is_that_of_the_seat() -> None:
    here, there = saved(District), saved(District)
    unit, zone = saved(ReportingUnit, district=there), saved(ReportingUnit)
    assert refusal_of_database(IncubatorSeat, {"district": here, "reporting_unit": unit}) == UNIT_OF_DISTRICT
    for allowed in ({"district": there}, {"district": None}, {"district": here, "reporting_unit": zone}):
        row = {"reporting_unit": unit} | allowed
        assert refusal_of_database(IncubatorSeat, row) is None
        sample(IncubatorSeat, **row).full_clean()
    with pytest.raises(ValidationError) as refusal:
        sample(IncubatorSeat, district=here, reporting_unit=unit).full_clean()
    assert list(refusal.value.message_dict) == ["reporting_unit"]


@pytest.mark.django_db
def test_a_seat_whose_first_day_is_not_known_leaves_no_room_before_its_end() -> None:
    incubator = saved(Incubator)
    first = {"incubator": incubator, "valid_from": None, "valid_until": "2025-11-06"}
    before, after = ({"incubator": incubator, "valid_from": day} for day in ("1990-01-01", "2025-11-06"))
    assert refusal_of_database(IncubatorSeat, first, before) == "incubators_incubatorseat_one_a_day"
    assert refusal_of_database(IncubatorSeat, first, after) is None


@pytest.mark.django_db
def test_an_incubator_holds_one_level_at_a_time_whatever_the_level() -> None:
    incubator = saved(Incubator)
    held = [{"incubator": incubator, "level": saved(IncubatorLevel), "valid_from": "2024-01-01"} for _ in range(2)]
    assert refusal_of_database(Designation, *held) == "incubators_designation_one_a_day"
