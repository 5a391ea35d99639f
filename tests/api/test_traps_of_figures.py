"""Groups, periods, days and units that cannot be asked for: each refused by the name of its parameter."""

import pytest
from django.test import Client

from tests.api.addresses import DAY, named
from tests.api.asked_wrongly import what_is_wrong

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

FIGURE_TRAPS = [
    ("group_by=district,zone,hub,industry", "too_many_values", None),
    ("group_by=distrct", "unknown_choice", "district"),
    ("group_by=District", "unknown_choice", "district"),
    ("group_by=district,district", "repeated_value", None),
    ("group_by=district&group_by=zone", "repeated_parameter", None),
    ("group_by=", "empty_parameter", None),
    ("group_by=district,", "empty_value", None),
    ("group_by=seat_on_day__address", "unknown_choice", None),
    ("group_by=contact_phone", "unknown_choice", None),
]


@pytest.mark.parametrize(("query", "code", "nearest"), FIGURE_TRAPS)
def test_groups_that_do_not_exist_are_refused(client: Client, query: str, code: str, nearest: object) -> None:
    response = client.get(f"/api/v1/statistics/firms/?{query}")
    assert what_is_wrong(response, "group_by") is None
    (mistake,) = response.json()["errors"]
    assert mistake["code"] == code
    assert mistake.get("nearest") == nearest


GROUP_TRAPS = [
    ("having=10..", "having", "needs_groups"),
    ("order=value", "order", "needs_groups"),
    ("group_by=zone&having=10", "having", "not_a_range"),
    ("group_by=zone&having=10..9", "having", "range_out_of_order"),
    ("group_by=zone&order=district", "order", "unknown_order"),
]


@pytest.mark.parametrize(("query", "name", "code"), GROUP_TRAPS)
def test_what_is_asked_of_groups_needs_groups_and_a_plain_range(
    client: Client, query: str, name: str, code: str
) -> None:
    response = client.get(f"/api/v1/statistics/firms/?{query}")
    assert what_is_wrong(response, name) is None, response.content
    assert response.json()["errors"][0]["code"] == code


FLOW_TRAPS = [
    ("", "from", "missing_parameter"),
    ("from=2025-01-01", "to", "missing_parameter"),
    ("to=2025-01-01", "from", "missing_parameter"),
    ("from=2025-01-02&to=2025-01-01", "to", "period_out_of_order"),
    ("from=2025-01-01&to=2025-01-01&valid_on=2025-01-01", "valid_on", "flow_has_no_day"),
    ("from=2025-01-01&to=2025-01-01&issued_from=2025-01-01", "issued_from", "unknown_parameter"),
    ("from=2025-01-01&to=2025-01-01&seated=any", "seated", "unknown_parameter"),
]


@pytest.mark.parametrize(("query", "name", "code"), FLOW_TRAPS)
def test_a_flow_needs_its_period_and_takes_no_day(client: Client, query: str, name: str, code: str) -> None:
    response = client.get(f"/api/v1/statistics/certifications-granted/?{query}")
    assert what_is_wrong(response, name) is None, response.content
    assert response.json()["errors"][0]["code"] == code


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("statistics/firms/", "seated"),
        ("statistics/high-tech-firms/", "certified"),
        ("statistics/incubated-firms/", "resident"),
        ("statistics/university-adjacent-firms/", "university_adjacent"),
        ("statistics/incubators/", "open"),
        ("statistics/firms/", "limit"),
        ("statistics/firms/", "count"),
    ],
)
def test_what_a_metric_implies_and_what_only_lists_have_is_refused(client: Client, route: str, name: str) -> None:
    assert what_is_wrong(client.get(f"/api/v1/{route}?{name}=true"), name) is None


def test_a_unit_not_in_force_names_its_successor(client: Client) -> None:
    for route in ("companies/", "incubators/", "statistics/firms/", "statistics/incubators/"):
        response = client.get(f"/api/v1/{route}?district=500112&valid_on=2025-11-06&lang=en")
        (mistake,) = response.json()["errors"]
        assert (mistake["parameter"], mistake["code"], mistake["nearest"]) == (
            "district",
            "code_not_in_force",
            "500157",
        )
        assert client.get(f"/api/v1/{route}?district=500112&valid_on=2025-11-05").status_code == 200
        assert client.get(f"/api/v1/{route}?district=500157&valid_on=2025-11-05").status_code == 400


def test_events_take_units_of_their_own_days(client: Client) -> None:
    for route in ("certifications/", "statistics/certifications-granted/"):
        day = {"from": "2025-01-01", "to": "2026-06-30"} if "statistics" in route else {"valid_on": DAY}
        assert named(route).get(client, district="500112,500157", **day).status_code == 200


def test_a_certificate_expires_after_the_day(client: Client) -> None:
    for day in ("2026-06-30", "2026-06-29"):
        for name in ("expiring_before", "expiring_from"):
            response = client.get(f"/api/v1/companies/?valid_on=2026-06-30&{name}={day}")
            assert what_is_wrong(response, name) is None, response.content
    assert client.get("/api/v1/companies/?valid_on=2026-06-30&expiring_before=2026-07-01").status_code == 200
