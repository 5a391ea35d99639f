"""The OpenAPI document: valid 3.1, complete, every word in the asked language, the committed copy up to date."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.management.commands.write_schema import FILE, written
from registry.api.documentation import document
from registry.api.kinds import KnownAtKind
from tests.api.addresses import BASE, DETAILS, ENDPOINTS, FILES, LISTS, LOOKUPS, WRITES

Schema = dict[str, Any]
OPERATIONS = [endpoint for endpoint in [*ENDPOINTS, *FILES] if endpoint.kind != "schema"]
ALWAYS = {"200", "400", "401", "403", "405", "406", "429", "500", "503"}


@pytest.fixture(scope="module")
def schema() -> Schema:
    document.cache_clear()
    GENERATOR_STATS.reset()
    made: Schema = document("en")
    return made


def route_in_schema(route: str) -> str:
    return BASE + route.replace("<str:", "{").replace("<int:", "{").replace(">", "}")


def operation_of(schema: Schema, route: str) -> Schema:
    found: Schema = schema["paths"][route_in_schema(route)]["get"]
    return found


def resolved(schema: Schema, entry: Schema) -> Schema:
    if "$ref" not in entry:
        return entry
    found: Any = schema
    for step in entry["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def parameters(schema: Schema, route: str, place: str) -> dict[str, Schema]:
    entries = [resolved(schema, entry) for entry in operation_of(schema, route)["parameters"]]
    return {entry["name"]: entry for entry in entries if entry["in"] == place}


def test_the_document_is_valid_and_was_made_without_a_warning(schema: Schema) -> None:
    assert schema["openapi"].startswith("3.1")
    assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache
    OpenAPIV31SpecValidator(schema).validate()


def test_the_committed_copy_is_what_the_declarations_say() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run make schema"


@pytest.mark.django_db
def test_the_served_document_is_the_same_in_the_asked_language(client: Client) -> None:
    response = client.get(f"{BASE}schema/?lang=en")
    assert (response.status_code, response.headers["Content-Language"]) == (200, "en")
    assert response.json()["paths"].keys() == document("en")["paths"].keys()
    assert response.json()["info"] == document("en")["info"]
    assert client.get(f"{BASE}schema/").headers["Content-Language"] == "zh"
    assert client.get(f"{BASE}schema/?format=yaml").status_code == 400


def test_it_names_no_host_and_only_the_sign_in_that_there_is(schema: Schema) -> None:
    assert schema["servers"] == [{"url": "/"}]
    assert set(schema["components"]["securitySchemes"]) == {"cookieAuth", "keyAuth"}
    assert {"http://testserver", "localhost", "127.0.0.1"} & set(re.findall(r"https?://[\w.]+", str(schema))) == set()


def test_every_endpoint_of_the_router_is_in_it(schema: Schema) -> None:
    reads = {(route_in_schema(endpoint.route), "get") for endpoint in OPERATIONS}
    writes = {(route_in_schema(endpoint.route), method) for endpoint, method in WRITES}
    lookups = {(route_in_schema(endpoint.route), "post") for endpoint in LOOKUPS}
    assert {
        (path, method) for path, methods in schema["paths"].items() for method in methods
    } == reads | writes | lookups


def test_every_write_says_its_body_its_headers_and_its_refusals(schema: Schema) -> None:
    for endpoint, method in WRITES:
        operation = schema["paths"][route_in_schema(endpoint.route)][method]
        name = operation["operationId"]
        headers = {
            entry["name"]: entry.get("required", False)
            for entry in (resolved(schema, one) for one in operation["parameters"])
            if entry["in"] == "header"
        }
        is_new = method == "post" and not endpoint.route.endswith("end/")
        assert headers == ({} if is_new else {"If-Match": True}) | (
            {"Idempotency-Key": False} if method == "post" else {}
        ), name
        assert operation["security"] == [{"cookieAuth": []}, {"keyAuth": []}], name
        assert {"401", "403", "409", "429", "503"} <= set(operation["responses"]), name
        assert is_new or {"404", "412", "428"} <= set(operation["responses"]), name
        assert ("requestBody" in operation) == (method != "delete"), name
        if method != "delete":
            content = operation["requestBody"]["content"]["application/json"]
            body = resolved(schema, content["schema"])
            assert body["additionalProperties"] is False and "example" in content, name


def test_every_operation_says_what_it_is_and_what_it_takes(schema: Schema) -> None:
    seen, tags = set(), {tag["name"] for tag in schema["tags"]}
    for endpoint in OPERATIONS:
        operation = operation_of(schema, endpoint.route)
        assert operation["description"].strip() and operation["summary"].strip(), endpoint.route
        assert set(operation["tags"]) <= tags
        described = parameters(schema, endpoint.route, "query")
        assert described.keys() == endpoint.parameters.keys(), endpoint.route
        for name, entry in described.items():
            assert len(entry["description"]) >= 5, (endpoint.route, name)
            assert entry["schema"], (endpoint.route, name)
            assert entry.get("required", False) == (name in endpoint.needed), (endpoint.route, name)
        in_path = parameters(schema, endpoint.route, "path")
        assert len(in_path) == endpoint.route.count("<")
        assert all(entry["description"] for entry in in_path.values())
        seen.add(operation["operationId"])
    assert len(seen) == len(OPERATIONS)


def test_the_words_of_an_operation_are_those_of_its_view(schema: Schema) -> None:
    for endpoint in OPERATIONS:
        if endpoint.view.__doc__ and endpoint.kind != "figure":
            words = " ".join(endpoint.view.__doc__.split())
            assert operation_of(schema, endpoint.route)["description"] == words, endpoint.route


def test_statuses_are_those_that_can_come(schema: Schema) -> None:
    for endpoint in OPERATIONS:
        more = {"404"} if "<" in endpoint.route else set()
        more |= {"410"} if "<int:sequence>" in endpoint.route else set()
        more |= {"206", "416"} if endpoint in FILES else set()
        assert set(operation_of(schema, endpoint.route)["responses"]) == ALWAYS | more | {"304"}, endpoint.route


def test_every_refusal_is_a_problem_with_an_example_and_its_headers(schema: Schema) -> None:
    headers = {"401": {"WWW-Authenticate"}, "405": {"Allow"}, "429": {"Retry-After"}, "503": {"Retry-After"}}
    for status in ALWAYS | {"404"} - {"200"}:
        refusal = operation_of(schema, "companies/<str:uscc>/")["responses"][status]
        if status == "200":
            continue
        answer = resolved(schema, refusal)
        content = answer["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert content["example"]["status"] == int(status)
        assert content["example"]["detail"].isascii() or "“" in content["example"]["detail"]
        assert headers.get(status, set()) <= answer["headers"].keys()


def test_lists_and_entries_say_their_envelopes_and_headers(schema: Schema) -> None:
    for endpoint in LISTS:
        found = operation_of(schema, endpoint.route)["responses"]["200"]
        assert set(found["content"]["application/json"]["schema"]["required"]) == {"data", "next", "meta"}
        assert {"Content-Language", "Vary"} <= found["headers"].keys()
    for endpoint in DETAILS:
        assert "ETag" in operation_of(schema, endpoint.route)["responses"]["200"]["headers"]
        assert set(parameters(schema, endpoint.route, "header")) == {"If-None-Match"}


def objects(value: Any, path: str = "#") -> Iterator[tuple[str, Schema]]:
    """Every schema with properties of its own, wherever it stands; examples are no schemas."""
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict):
            yield path, value
        for name, inner in value.items():
            if name != "example":
                yield from objects(inner, f"{path}/{name}")


def test_every_object_is_closed_and_each_of_its_members_described(schema: Schema) -> None:
    found = dict(objects(schema))
    assert any("Company" in path for path in found)
    for path, described in found.items():
        assert described["additionalProperties"] is False, path
        for name, member in described["properties"].items():
            is_envelope = path.endswith("/schema") and name in ("data", "meta")
            assert is_envelope or member.get("description"), f"{path}: {name}"


def test_an_entry_has_every_member_and_only_what_may_be_missing_is_optional(schema: Schema) -> None:
    optional = {
        f"{component}.{name}"
        for component, described in schema["components"]["schemas"].items()
        for name in described["properties"].keys() - set(described.get("required", ()))
        if not component.endswith("Body")  # which is sent, and not answered
    }
    figures = {"StockFigure.groups", "FlowFigure.groups", "AmountFigure.groups", "Flag.dimension"}
    digests = {"StockFigure.digest", "FlowFigure.digest", "AmountFigure.digest", "HistoryMeta.digest"}
    digests |= {"Cliff.digest", "ProjectionMeta.digest"}
    over_time = {"Series.groups", "Series.digest", "Bridge.digest", "PartMeta.digest", "Revisions.digest"}
    over_time |= {f"Item.{name}" for name in ("uscc", "id", "version", "code", "errors")}  # written, or why not
    over_time |= {"Missing.nearest", "LookupMeta.flags", "LookupMeta.digest"}
    assert optional == {"Mistake.parameter", "Mistake.pointer", "Mistake.nearest"} | figures | digests | over_time


def test_the_limit_and_the_moment_of_knowing_are_told(schema: Schema) -> None:
    described = parameters(schema, "companies/", "query")
    limit = described["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 500, 100)
    assert described["order"]["schema"]["default"] == "name"
    assert isinstance(ENDPOINTS[1].parameters["known_at"].kind, KnownAtKind)
    assert described["known_at"]["schema"] == {"type": "string", "format": "date-time"}


def words(value: Any, path: str = "#") -> Iterator[tuple[str, str]]:
    """Every text for people, with its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("description", "summary", "title") and isinstance(inner, str):
                yield f"{path}/{name}", inner
            elif name != "example":
                yield from words(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from words(inner, f"{path}/{place}")


def is_left_in_english(text: str) -> bool:
    return text != "OK" and bool(re.search(r"[A-Za-z]{4}", text)) and not re.search(r"[\u4e00-\u9fff]", text)


def test_every_word_of_the_document_is_chinese_for_those_who_read_chinese() -> None:
    assert [(path, text) for path, text in words(document("zh-hans")) if is_left_in_english(text)] == []


def test_no_text_for_people_is_the_same_in_italian_and_english() -> None:
    english, italian = dict(words(document("en"))), dict(words(document("it")))
    assert english.keys() == italian.keys()
    same = {text for path, text in english.items() if italian[path] == text and " " in text}
    assert same == set()
