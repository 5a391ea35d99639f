"""The projection and the renewal cliff over REST, on the demonstration set."""

import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Certification, Company
from registry.history import last_recorded_at
from tests.api.addresses import BASE, DAY, answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

PROJECTION = f"{BASE}targets/high-tech-2030/projection/?valid_on={DAY}"
CLIFF = f"{BASE}statistics/high-tech-firms/renewal-cliff/?valid_on={DAY}"
STOCK = f"{BASE}statistics/high-tech-firms/?valid_on="


def projected(client: Client, **levers: Any) -> dict[str, Any]:
    query = "".join(f"&{name}={value}" for name, value in levers.items())
    data: dict[str, Any] = answer(client, f"{PROJECTION}&lang=en{query}")["data"]
    return data


def codes(data: dict[str, Any]) -> set[str]:
    return {flag["code"] for flag in data["flags"]}


def test_it_goes_from_the_end_of_the_last_whole_year_to_the_due_day(client: Client) -> None:
    found = projected(client)
    assert (found["base"], found["due_on"]) == ("2025-12-31", "2030-12-31")
    assert found["stock"] == answer(client, f"{STOCK}2025-12-31")["total"]
    assert [point["day"] for point in found["path"]] == [f"{year}-12-31" for year in range(2026, 2031)]
    for point in found["path"]:
        assert point["low_95"] <= point["low_80"] <= point["median"] <= point["high_80"] <= point["high_95"]
    assert {"invented_data", "sole_traders_left_out"} <= codes(found)


def test_on_the_last_day_of_a_year_that_year_is_whole(client: Client) -> None:
    for day, base in (("2024-12-30", "2023-12-31"), ("2024-12-31", "2024-12-31"), ("2025-01-01", "2024-12-31")):
        assert answer(client, f"{PROJECTION.split('?')[0]}?valid_on={day}")["data"]["base"] == base


def test_the_same_question_has_the_same_answer(client: Client) -> None:
    assert projected(client) == projected(client)


def test_what_is_needed_is_what_reaches_the_target(client: Client) -> None:
    grants = projected(client)["needed"]["grants_per_year"]
    assert projected(client, grants_per_year=grants)["path"][-1]["median"] == pytest.approx(20000, rel=0.005)
    fewer, more = (projected(client, grants_per_year=grants + step) for step in (-500, 500))
    assert (fewer["reached"]["first_day"], more["reached"]["first_day"]) == (None, "2030-12-31")
    assert fewer["reached"]["probability"] < 0.05 < 0.95 < more["reached"]["probability"]
    high = projected(client, grants_per_year=grants, renewal_rate=0.3)["needed"]["renewal_rate"]
    assert 0.8 < high < 1


def test_levers_are_echoed_and_held_to(client: Client) -> None:
    plain, all_given = projected(client), projected(client, grants_per_year=0, renewal_rate=0, moves_in=0)
    assert plain["levers"] == {"grants_per_year": None, "renewal_rate": None, "moves_in": None}
    assert all_given["levers"] == {"grants_per_year": 0, "renewal_rate": 0.0, "moves_in": 0}
    assert plain["rates"] == all_given["rates"]
    assert all_given["path"][-1]["high_95"] < 0.1 * plain["path"][-1]["low_95"]


def test_published_points_are_judged_from_one_and_three_years_before(client: Client) -> None:
    tested = projected(client)["back_test"]
    points = {(point["as_of"], point["years_ahead"]): point for point in tested["points"]}
    last = points["2025-12-31", 3]
    assert (last["made_on"], last["published"], last["is_official"]) == ("2022-12-31", 10410, True)
    assert last["computed"] == answer(client, f"{STOCK}2025-12-31")["total"]
    assert not [point for point in tested["points"] if point["as_of"].startswith("2018")]  # “at least” 2,500
    official = sorted({as_of for (as_of, _years), point in points.items() if point["is_official"]})
    assert official == [f"{year}-12-31" for year in (2019, 2021, 2022, 2024, 2025)]
    assert [row["points"] for row in tested["summary"]] == [5, 5]
    for point in tested["points"]:
        assert point["is_within_80"] == (point["low_80"] <= point["published"] <= point["high_80"])
        assert point["is_computed_within_95"] == (point["low_95"] <= point["computed"] <= point["high_95"])


def test_the_past_is_judged_by_nothing_that_came_after_it(client: Client) -> None:
    before = projected(client)["back_test"]["points"]
    new = Company.objects.public().exclude(certifications__kind__code="high_tech").filter(seats__valid_until=None)
    kind = Certification.objects.filter(kind__code="high_tech")[0].kind
    for firm in new[:40]:
        Certification.objects.create(company=firm, kind=kind, issued_on="2025-11-05", valid_until="2028-11-05")
    after = projected(client)["back_test"]["points"]
    keys = ("median", "low_80", "high_80", "low_95", "high_95")
    assert [[point[key] for key in keys] for point in before] == [[point[key] for key in keys] for point in after]
    assert before[-1]["computed"] < after[-1]["computed"]


@pytest.mark.parametrize(
    ("code", "day", "flag"),
    [
        ("high-tech-2030", "2013-06-30", "history_too_short"),
        ("high-tech-2023", DAY, "target_is_over"),
        ("high-tech-2030", "2016-06-30", "horizon_cut"),
    ],
)
def test_what_cannot_be_projected_is_told(client: Client, code: str, day: str, flag: str) -> None:
    found = answer(client, f"{BASE}targets/{code}/projection/?valid_on={day}")["data"]
    assert flag in codes(found)
    assert found["reached"]["probability"] is None and found["needed"] is None
    assert len(found["path"]) == (10 if flag == "horizon_cut" else 0)


def test_a_future_day_starts_from_what_has_happened(client: Client) -> None:
    found = answer(client, f"{BASE}targets/high-tech-2030/projection/?valid_on=2199-06-30")["data"]
    assert "future_day" in codes(found) and found["base"] < "2199"


def test_a_projection_starts_from_a_year_that_was_over_when_it_was_known(client: Client) -> None:
    """Otherwise an answer with both clocks would change when the year of its day is over."""
    moment = last_recorded_at()
    assert moment is not None
    known_at = quote(moment.isoformat())
    for below in ("", "projection/"):
        found = answer(client, f"{BASE}targets/high-tech-2030/{below}?valid_on=2027-12-31&known_at={known_at}")["data"]
        assert found.get("projection", found)["base"] == f"{moment.year - 1}-12-31"


@pytest.mark.parametrize("code", ["rd-intensity-2027", "no-such-target"])
def test_what_the_register_does_not_count_has_no_projection(client: Client, code: str) -> None:
    assert client.get(f"{BASE}targets/{code}/projection/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "grants_per_year=-1",
        "grants_per_year=1.5",
        "renewal_rate=1.01",
        "renewal_rate=90%25",
        "moves_in=",
        "renewal=0.9",
        "moves_in=3&moves_in=4",
    ],
)
def test_a_wrong_lever_is_refused_by_name(client: Client, query: str) -> None:
    response = client.get(f"{PROJECTION}&{query}")
    assert response.status_code == 400
    assert {mistake["parameter"] for mistake in response.json()["errors"]} == {query.split("=")[0]}


def test_an_area_is_projected_from_its_own_firms(client: Client) -> None:
    area = answer(client, f"{BASE}targets/high-tech-2027-central-urban/projection/?valid_on={DAY}")["data"]
    assert area["stock"] == answer(client, f"{STOCK}2025-12-31&zone=central_urban")["total"]


def test_the_outlook_is_the_last_point_of_the_path(client: Client) -> None:
    found = projected(client)
    told = answer(client, f"{BASE}targets/high-tech-2030/?valid_on={DAY}")["data"]["projection"]
    assert told == {"base": found["base"], "stock": found["stock"], **found["path"][-1]}


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("rd-intensity-2027", DAY),
        ("high-tech-2023", DAY),
        ("high-tech-2030", "2013-06-30"),
        ("high-tech-2030", "2016-06-30"),
    ],
)
def test_what_is_not_projected_has_no_outlook(client: Client, code: str, day: str) -> None:
    """Observed only; over; a register too young; more than ten years off."""
    assert answer(client, f"{BASE}targets/{code}/?valid_on={day}")["data"]["projection"] is None


# --- The renewal cliff


@pytest.mark.parametrize("by", ["month", "quarter", "year"])
def test_the_cliff_is_the_stock_and_each_period_opens_to_its_firms(client: Client, by: str) -> None:
    found = answer(client, f"{CLIFF}&by={by}")
    assert found["total"] == answer(client, STOCK + DAY)["total"] == sum(row["firms"] for row in found["buckets"])
    assert found["buckets"][0]["from"] == DAY
    for row in found["buckets"]:
        assert answer(client, f"{row['list']}&count=exact&limit=1")["meta"]["count"] == row["firms"], row
        assert row["certificates"] >= row["firms"]


def test_periods_follow_each_other_without_a_gap(client: Client) -> None:
    buckets = answer(client, f"{CLIFF}&by=month")["buckets"]
    ends = [datetime.date.fromisoformat(row["to"]) for row in buckets[:-1]]
    assert [(end + datetime.timedelta(days=1)).isoformat() for end in ends] == [row["from"] for row in buckets[1:]]


def firms_ending(client: Client, **query: str) -> set[str]:
    rows = answer(client, CLIFF + "".join(f"&{name}={value}" for name, value in query.items()))["buckets"]
    last = next(row for row in rows if row["from"] <= "2027-10-20" <= (row["to"] or "9999"))
    return {firm["uscc"] for firm in answer(client, last["list"] + "&limit=500")["data"]}


def test_a_firm_stands_where_its_last_valid_day_is_and_a_renewal_moves_it(client: Client) -> None:
    firm = Company.objects.get(uscc=sorted(firms_ending(client))[0])
    held = Certification.objects.filter(company=firm, kind__code="high_tech").order_by("-issued_on")[0]
    held.valid_until = "2027-11-01"  # the last valid day is 31 October
    held.save()
    assert firm.uscc in firms_ending(client)
    held.valid_until = "2027-11-02"
    held.save()
    assert firm.uscc not in firms_ending(client)
    held.revoked_from, held.revoked_on = "2027-10-21", "2027-10-21"  # the last valid day is the 20th
    held.save()
    assert firm.uscc in firms_ending(client)


def test_what_ends_later_than_five_years_or_never_comes_last(client: Client) -> None:
    first, second = Certification.objects.filter(kind__code="high_tech", valid_until__gt=DAY)[:2]
    for row, until in ((first, "2190-01-01"), (second, None)):
        Certification.objects.filter(pk=row.pk).update(valid_until=until)
    found = answer(client, CLIFF)
    last = found["buckets"][-1]
    listed = {firm["uscc"] for firm in answer(client, last["list"])["data"]}
    assert last["to"] is None and listed <= {first.company.uscc, second.company.uscc}
    assert last["firms"] == len(listed) > 0
    assert found["total"] == sum(row["firms"] for row in found["buckets"])


def test_filters_of_the_list_narrow_the_cliff(client: Client) -> None:
    for query in ("zone=central_urban", "technology_field=1,2", "q=科技"):
        found = answer(client, f"{CLIFF}&by=year&{query}")
        assert found["total"] == answer(client, f"{STOCK}{DAY}&{query}")["total"] > 0
        for row in found["buckets"]:
            assert answer(client, f"{row['list']}&count=exact&limit=1")["meta"]["count"] == row["firms"], row


@pytest.mark.parametrize("query", ["by=week", "expiring_before=2027-01-01", "certified=high_tech", "group_by=zone"])
def test_a_wrong_question_of_the_cliff_is_refused_by_name(client: Client, query: str) -> None:
    response = client.get(f"{CLIFF}&{query}")
    assert response.status_code == 400
    assert {mistake["parameter"] for mistake in response.json()["errors"]} == {query.split("=")[0]}


def test_both_ask_a_fixed_number_of_times(client: Client) -> None:
    """Projection: target, members, published figures, kind, cohorts, clock. Cliff: kind, ends, invented, clock."""
    for address, most in ((PROJECTION, 6), (CLIFF, 4), (f"{CLIFF}&by=year", 4)):
        with CaptureQueriesContext(connection) as context:
            assert client.get(address).status_code == 200
        asked = [
            query["sql"] for query in context.captured_queries if query["sql"].lstrip().startswith(("SELECT", "WITH"))
        ]
        assert len(asked) == most, asked
