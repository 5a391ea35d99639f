"""Every rule of the hosts is kept by the database and said in words."""

import pytest

from incubators.models import Designation, Incubator, IncubatorLevel
from registry.models import User
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
from tests.samples import saved


def membership() -> Case:
    return no_overlap(user=saved(User), incubator=saved(Incubator), other={"incubator": saved(Incubator)})


RULES: dict[str, MakeCase] = {
    "incubators_incubator_floor_area_positive": lambda: Case(
        refused=[{"floor_area": 0}, {"floor_area": -1}], allowed=[{"floor_area": "0.01"}, {"floor_area": None}]
    ),
    "incubators_designation_one_a_day": lambda: no_overlap(
        incubator=saved(Incubator), other={"incubator": saved(Incubator)}
    ),
    "incubators_staffmembership_role_known": known("role", "manager", "editor"),
    "incubators_staffmembership_one_a_day": membership,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(constraints_of("incubators")))
def test_rule(name: str) -> None:
    check_rule("incubators", name, RULES)


@pytest.mark.django_db
def test_every_rule_of_the_database_is_tried() -> None:
    assert rules_of_database("incubators") == constraints_of("incubators").keys()


@pytest.mark.django_db
def test_an_incubator_holds_one_level_at_a_time_whatever_the_level() -> None:
    incubator = saved(Incubator)
    held = [{"incubator": incubator, "level": saved(IncubatorLevel), "valid_from": "2024-01-01"} for _ in range(2)]
    assert refusal_of_database(Designation, *held) == "incubators_designation_one_a_day"
