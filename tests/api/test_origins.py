"""Pages of other hosts: those of listed origins may call the API from a browser, others not, and nobody the admin."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.api.addresses import BASE, ENDPOINTS, FILES, WRITES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration", "listed")]
LISTED, OTHER = "https://park.example", "https://other.example"


@pytest.fixture
def listed(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [LISTED]


def test_every_address_may_be_read_by_a_listed_origin_and_by_no_other(client: Client) -> None:
    for endpoint in [*ENDPOINTS, *FILES]:
        answer = endpoint.get(client)
        assert "Access-Control-Allow-Origin" not in answer.headers, endpoint.route
        address = endpoint.url()
        found = client.get(address, headers={"origin": LISTED})
        assert found.headers["Access-Control-Allow-Origin"] == LISTED, endpoint.route
        assert {"ETag", "RateLimit"} <= set(found.headers["Access-Control-Expose-Headers"].split(", "))
        assert "origin" in found.headers["Vary"], endpoint.route
        assert "Access-Control-Allow-Credentials" not in found.headers
        refused = client.get(address, headers={"origin": OTHER})
        assert "Access-Control-Allow-Origin" not in refused.headers, endpoint.route


def test_a_browser_that_asks_before_it_writes_hears_what_it_may_send(client: Client) -> None:
    for endpoint, method in WRITES:
        address = BASE + re.sub(r"<[^>]+>", "1", endpoint.route)
        asked = {"access-control-request-method": method.upper(), "access-control-request-headers": "if-match"}
        allowed = client.options(address, headers={"origin": LISTED, **asked})
        assert allowed.status_code == 200, endpoint.route
        assert method.upper() in allowed.headers["Access-Control-Allow-Methods"].split(", ")
        assert {"authorization", "if-match", "idempotency-key"} <= set(
            allowed.headers["Access-Control-Allow-Headers"].split(", ")
        )
        refused = client.options(address, headers={"origin": OTHER, **asked})
        assert "Access-Control-Allow-Origin" not in refused.headers, endpoint.route


def test_a_refusal_can_be_read_as_well(client: Client) -> None:
    found = client.get(f"{BASE}companies/?distrct=1", headers={"origin": LISTED})
    assert (found.status_code, found.headers["Access-Control-Allow-Origin"]) == (400, LISTED)


def test_no_page_of_another_host_reads_the_admin_or_the_dashboard(client: Client) -> None:
    for address in ("/admin/login/", "/dashboard/"):
        assert "Access-Control-Allow-Origin" not in client.get(address, headers={"origin": LISTED}).headers
