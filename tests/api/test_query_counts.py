"""The number of queries does not grow with the rows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.statistics.codes import STANDING
from tests.api.addresses import DETAILS, ENDPOINTS, FIGURES, LISTS, Endpoint, answer, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

# Keys, entries and clock are three; then whether what stands in the address exists.
EXPECTED = {
    "incubators/<str:code>/residents/": 4,
    "companies/<str:uscc>/certifications/": 4,
    "companies/<str:uscc>/residencies/": 4,
    # Besides those three: itself, its area's members, its published figures, zones, other targets, their
    # stocks by the ledger (its rule, what it lacks, the sums), invented firms, and the kind of certificate projected.
    # Members of other areas are asked for only where there are other targets.
    "targets/<str:code>/": 13,
}
DAY = "2026-11-22"


def queries(client: Client, endpoint: Endpoint, **given: Any) -> list[str]:
    address = endpoint.url(**given)  # may itself ask the database
    with CaptureQueriesContext(connection) as context:
        response = client.get(address)
    assert response.status_code == 200, response.content
    return [query["sql"] for query in context.captured_queries if query["sql"].startswith(("SELECT", "(SELECT"))]


@pytest.mark.parametrize("endpoint", LISTS, ids=route_of)
def test_a_list_asks_as_often_for_many_rows_as_for_three(client: Client, endpoint: Endpoint) -> None:
    """Many: 300, or all but the last, beyond which the rows without a value in the order are asked for."""
    rows = answer(client, endpoint.url(limit=1, count="exact", valid_on=DAY))["meta"]["count"]
    few = queries(client, endpoint, limit=3, valid_on=DAY)
    many = queries(client, endpoint, limit=max(3, min(300, rows - 1)), valid_on=DAY)
    assert len(few) == len(many), many
    assert len(many) == EXPECTED.get(endpoint.route, 3), many
    assert not [sql for sql in many if "COUNT(" in sql]


@pytest.mark.parametrize("endpoint", FIGURES, ids=route_of)
def test_a_figure_asks_a_fixed_number_of_times(client: Client, endpoint: Endpoint) -> None:
    """The total, the clock, whether invented entries are counted; then the groups, and the names of each list.

    The ledger is first asked whether it is whole and up to date; its groups make the total, zones are of districts.
    """
    lookups = 1 if endpoint.route == "statistics/high-tech-firms/" else 0  # its implied kind of certificate
    counts = (5, 6, 8) if endpoint.view.metric.code in STANDING else (3, 5, 6)
    for group_by, most in zip(("", "district", "district,zone"), (count + lookups for count in counts), strict=True):
        given = {"group_by": group_by} if group_by else {}
        assert len(queries(client, endpoint, **given)) == most, group_by


@pytest.mark.parametrize("endpoint", [detail for detail in DETAILS if detail.kind == "detail"], ids=route_of)
def test_a_detail_asks_a_fixed_number_of_times(client: Client, endpoint: Endpoint) -> None:
    asked = queries(client, endpoint, valid_on=DAY)
    assert len(asked) == EXPECTED.get(endpoint.route, 3), asked
    assert not [sql for sql in asked if "COUNT(" in sql]


def test_the_schema_and_the_indexes_ask_at_most_for_the_clock(client: Client) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.kind in ("index", "schema", "dictionary"):
            assert len(queries(client, endpoint)) <= 1, endpoint.route
