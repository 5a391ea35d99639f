"""What the lists of the floor say about themselves: validity, marks, and codes that were given again."""

from typing import Any

import pytest
from django.test import Client

from registry.models import Campus, District, University
from tests.samples import saved

pytestmark = pytest.mark.django_db


def asked(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    return response.json()["data"]


def test_a_university_and_its_campuses_tell_how_far_they_can_be_relied_on(client: Client) -> None:
    found = asked(client, "universities/4150010611/")
    assert (found["mark"], found["is_official"], found["source"] != "") == ("V", True, True)
    assert (found["valid_from"], found["valid_until"]) == (None, None)
    assert {(campus["mark"], campus["is_official"]) for campus in found["campuses"]} == {("V", True)}
    assert all(campus["source"] for campus in found["campuses"])


def test_a_university_that_is_no_more_is_listed_for_its_days_only(client: Client) -> None:
    saved(University, code="merged", valid_until="2020-01-01")

    def is_listed(filters: str) -> bool:
        return "merged" in {row["code"] for row in asked(client, f"universities/?limit=500&{filters}")}

    days = {day: is_listed(f"valid_on={day}") for day in ("2019-12-31", "2020-01-01")}
    assert days == {"2019-12-31": True, "2020-01-01": False}
    assert is_listed("valid_on=2020-01-01&in_force=false")


@pytest.mark.parametrize(("day", "expected"), [("2010-06-01", ("万盛区", "大足县")), ("2012-06-01", ("綦江区", None))])
def test_a_code_means_the_district_of_the_day(client: Client, day: str, expected: tuple[str, str | None]) -> None:
    listed = {row["code"]: row["zh"] for row in asked(client, f"codes/districts/?limit=500&valid_on={day}")}
    assert (listed["500110"], listed.get("500225")) == expected
    assert client.get(f"/api/v1/companies/?district=500110&valid_on={day}").status_code == 200


def test_a_campus_is_found_by_the_district_of_its_days_and_by_the_successor_not_by_the_code(client: Client) -> None:
    wansheng, qijiang = District.objects.filter(code="500110").order_by("valid_from")
    for code, district in (("older", wansheng), ("newer", qijiang)):
        saved(Campus, university=saved(University, code=code), district=district)
    found = {
        day: {row["code"] for row in asked(client, f"universities/?limit=500&district=500110&valid_on={day}")}
        for day in ("2010-06-01", "2012-06-01")
    }
    assert {day: codes & {"older", "newer"} for day, codes in found.items()} == {
        "2010-06-01": {"older"},
        "2012-06-01": {"older", "newer"},
    }
