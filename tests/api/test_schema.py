"""The OpenAPI document: valid 3.1, complete, every parameter described, made without a warning."""

from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from openapi_spec_validator import OpenAPIV31SpecValidator

from registry.api.kinds import NotYetOffered
from tests.api.addresses import BASE, ENDPOINTS, LISTS

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def schema(client: Client) -> dict[str, Any]:
    GENERATOR_STATS.reset()
    response = client.get(f"{BASE}schema/?lang=en")
    assert response.status_code == 200
    document: dict[str, Any] = response.json()
    return document


def route_in_schema(route: str) -> str:
    return BASE + route.replace("<str:", "{").replace(">", "}")


def test_the_document_is_valid_and_was_made_without_a_warning(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")
    assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache
    OpenAPIV31SpecValidator(schema).validate()


def test_every_endpoint_of_the_router_is_in_it(schema: dict[str, Any]) -> None:
    expected = {route_in_schema(endpoint.route) for endpoint in ENDPOINTS if endpoint.kind != "schema"}
    assert set(schema["paths"]) == expected
    assert all(set(operations) == {"get"} for operations in schema["paths"].values())


def test_every_operation_says_what_it_is_and_what_it_takes(schema: dict[str, Any]) -> None:
    seen = set()
    for endpoint in ENDPOINTS:
        if endpoint.kind == "schema":
            continue
        operation = schema["paths"][route_in_schema(endpoint.route)]["get"]
        assert operation["description"].strip(), endpoint.route
        described = {entry["name"]: entry for entry in operation["parameters"] if entry["in"] == "query"}
        assert described.keys() == endpoint.parameters.keys(), endpoint.route
        for name, entry in described.items():
            assert len(entry["description"]) >= 5, (endpoint.route, name)
            assert entry["schema"], (endpoint.route, name)
        path_parameters = [entry for entry in operation["parameters"] if entry["in"] == "path"]
        assert len(path_parameters) == endpoint.route.count("<")
        seen.add(operation["operationId"])
    assert len(seen) == len(ENDPOINTS) - 1


def test_every_parameter_in_a_path_is_described(schema: dict[str, Any]) -> None:
    missing = [
        path
        for path, operations in schema["paths"].items()
        for entry in operations["get"]["parameters"]
        if entry["in"] == "path" and not entry.get("description")
    ]
    assert missing == []


def test_refusals_and_envelopes_are_told(schema: dict[str, Any]) -> None:
    for endpoint in LISTS:
        responses = schema["paths"][route_in_schema(endpoint.route)]["get"]["responses"]
        assert set(responses["200"]["content"]["application/json"]["schema"]["required"]) == {"data", "next", "meta"}
        assert list(responses["400"]["content"]) == ["application/problem+json"]


def test_the_limit_and_what_is_not_offered_are_told(schema: dict[str, Any]) -> None:
    parameters = {entry["name"]: entry for entry in schema["paths"][f"{BASE}companies/"]["get"]["parameters"]}
    limit = parameters["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 500, 100)
    assert parameters["order"]["schema"]["default"] == "name"
    assert isinstance(ENDPOINTS[1].parameters["known_at"].kind, NotYetOffered)
    assert "Not offered yet" in parameters["known_at"]["description"]


def test_descriptions_follow_the_language(client: Client) -> None:
    assert client.get(f"{BASE}schema/?lang=en").headers["Content-Language"] == "en"
    assert client.get(f"{BASE}schema/").headers["Content-Language"] == "zh"
