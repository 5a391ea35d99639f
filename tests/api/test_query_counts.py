"""The number of queries does not grow with the rows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.api.views import RegisterListView
from tests.api.addresses import DETAILS, ENDPOINTS, FIGURES, LISTS, Endpoint, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

# The page, the clock, and one for each relation that has many rows. A page of all rows costs the same.
EXPECTED = {
    "companies/": 5,  # names, certificates, university links
    "companies/<str:uscc>/certifications/": 3,  # is the firm public?
    "companies/<str:uscc>/residencies/": 3,
    "incubators/<str:code>/residents/": 6,  # as companies/; does the incubator exist?
    "universities/": 3,  # campuses
    "financings/": 3,  # parties
    "codes/corridor/": 3,  # areas
    "codes/circles/": 3,  # sites
}


def queries(client: Client, endpoint: Endpoint, **given: Any) -> list[str]:
    address = endpoint.url(**given)  # may itself ask the database
    with CaptureQueriesContext(connection) as context:
        response = client.get(address)
    assert response.status_code == 200, response.content
    return [query["sql"] for query in context.captured_queries]


@pytest.mark.parametrize("endpoint", LISTS, ids=route_of)
def test_a_list_asks_as_often_for_thirty_rows_as_for_three(client: Client, endpoint: Endpoint) -> None:
    few = queries(client, endpoint, limit=3, valid_on="2026-11-22")
    many = queries(client, endpoint, limit=30, valid_on="2026-11-22")
    # A nullable order needs a second query once the filled values are through: not here, at the head of the list.
    assert len(few) <= len(many) <= len(few) + 1
    assert len(few) == EXPECTED.get(endpoint.route, 2), few
    assert not [sql for sql in many if "COUNT(" in sql]


def test_the_long_lists_ask_exactly_as_often(client: Client) -> None:
    for route in ("companies/", "certifications/", "residencies/", "financings/"):
        endpoint = next(endpoint for endpoint in LISTS if endpoint.route == route)
        assert issubclass(endpoint.view, RegisterListView)
        assert len(queries(client, endpoint, limit=3)) == len(queries(client, endpoint, limit=30)), route


@pytest.mark.parametrize("endpoint", FIGURES, ids=route_of)
def test_a_figure_is_two_queries_and_two_more_for_each_grouping(client: Client, endpoint: Endpoint) -> None:
    """The total and the clock; the groups, and the names of each dimension's codes."""
    assert len(queries(client, endpoint)) == 2
    assert len(queries(client, endpoint, group_by="district")) == 4
    assert len(queries(client, endpoint, group_by="district,zone")) == 5


@pytest.mark.parametrize("endpoint", DETAILS, ids=route_of)
def test_a_detail_asks_a_fixed_number_of_times(client: Client, endpoint: Endpoint) -> None:
    expected = {
        "companies/<str:uscc>/": 5,
        "incubators/<str:code>/": 2,
        "universities/<str:code>/": 3,
    }
    if endpoint.route in expected:
        assert len(queries(client, endpoint)) == expected[endpoint.route]


def test_the_schema_and_the_indexes_ask_at_most_for_the_clock(client: Client) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.kind in ("index", "schema"):
            assert len(queries(client, endpoint)) <= 1, endpoint.route
