"""Where an incubator is on a day, in lists and figures: the reform of 2025-11-06 moved none of them."""

from typing import Any

import pytest
from django.test import Client

from incubators.models import Incubator, IncubatorSeat
from registry.models import District
from tests.samples import saved

pytestmark = pytest.mark.django_db
BEFORE, REFORM = "2025-11-05", "2025-11-06"


def asked(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    return response.json()


def codes(client: Client, filters: str) -> set[str]:
    return {row["code"] for row in asked(client, f"incubators/?limit=500&{filters}")["data"]}


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        (f"district=500112&valid_on={BEFORE}", True),
        (f"district=500157&valid_on={REFORM}", True),
        (f"district=500106&valid_on={BEFORE}", False),
        (f"reporting_unit=500112&valid_on={BEFORE}", True),
        (f"reporting_unit=500157&valid_on={REFORM}", True),
        (f"zone=central_urban&valid_on={BEFORE}", True),
        (f"zone=main_urban_new&valid_on={BEFORE}", False),
    ],
)
def test_an_incubator_is_found_where_it_was_on_the_day(client: Client, filters: str, is_found: bool) -> None:
    assert ("INC-018" in codes(client, filters)) == is_found


@pytest.mark.parametrize(("day", "code"), [(BEFORE, "500112"), (REFORM, "500157")])
def test_its_answer_carries_the_seat_of_the_day(client: Client, day: str, code: str) -> None:
    found = asked(client, f"incubators/INC-018/?valid_on={day}")["data"]
    assert (found["district"]["code"], found["reporting_unit"]["code"]) == (code, code)


def test_an_answer_carries_address_and_position_of_the_day(client: Client) -> None:
    host = saved(Incubator, code="moved")
    first = {"address": "一号", "latitude": "29.50000", "longitude": "106.50000", "valid_from": None}
    saved(IncubatorSeat, incubator=host, valid_until="2024-01-01", **first)
    saved(IncubatorSeat, incubator=host, valid_from="2024-06-01", address="二号")
    told = ("address", "latitude", "longitude", "district")
    places = [
        tuple(asked(client, f"incubators/moved/?valid_on={day}")["data"][key] for key in told)
        for day in ("2023-12-31", "2024-01-01", "2024-06-01")
    ]
    assert places == [("一号", "29.50000", "106.50000", None), (None,) * 4, ("二号", None, None, None)]


@pytest.mark.parametrize("group_by", ["district", "reporting_unit"])
@pytest.mark.parametrize(("day", "counted", "absent"), [(BEFORE, "500112", "500157"), (REFORM, "500157", "500112")])
def test_a_figure_groups_by_the_units_of_the_day(
    client: Client, group_by: str, day: str, counted: str, absent: str
) -> None:
    figure = asked(client, f"statistics/incubators/?group_by={group_by}&valid_on={day}")
    groups = {group["key"][group_by]: group["value"] for group in figure["groups"]}
    assert groups[counted] == len(codes(client, f"{group_by}={counted}&valid_on={day}")) == 1
    assert absent not in groups
    assert sum(groups.values()) == Incubator.objects.count()


def test_a_code_that_was_given_again_means_the_district_of_the_day(client: Client) -> None:
    host = saved(Incubator, code="old")
    wansheng = District.objects.get(name_zh="万盛区")
    saved(IncubatorSeat, incubator=host, district=wansheng, valid_from="2005-01-01", valid_until=wansheng.valid_until)
    saved(IncubatorSeat, incubator=host, district=wansheng.successor, valid_from=wansheng.valid_until)
    found = {day: asked(client, f"incubators/?district=500110&valid_on={day}") for day in ("2010-06-01", "2012-06-01")}
    assert {day: [row["district"]["name"] for row in told["data"]] for day, told in found.items()} == {
        "2010-06-01": ["万盛区"],
        "2012-06-01": ["綦江区"],
    }
    figure = asked(client, "statistics/incubators/?group_by=district&valid_on=2010-06-01")
    labels = {group["key"]["district"]: group["label"]["district"] for group in figure["groups"]}
    assert labels["500110"] == "万盛区"
