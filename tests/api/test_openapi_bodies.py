"""Each example of a body is written as it stands, and answered as the document says; what has no example fails."""

import re
from typing import Any

import pytest
from django.test import Client
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from companies.models import Certification, Financing, Residency
from config.openapi.bodies import BODIES, FIRM
from incubators.keys import make_key
from incubators.models import Incubator
from registry.api.documentation import document
from registry.models import Partner
from tests.clocks import SetClock
from tests.samples import saved

DOCUMENT: dict[str, Any] = document("en")
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if "409" in operation["responses"]
}
# In this order: each writes what the next ones need.
ORDER = (
    *("companies_create", "companies_batch", "companies_uscc_change"),
    *("certifications_create", "certifications_id_change", "certifications_id_end", "certifications_id_delete"),
    *("financings_create", "financings_id_change", "financings_id_end", "financings_id_delete"),
    *("residencies_id_change", "residencies_id_end", "residencies_create", "residencies_id_delete"),
    *("companies_uscc_end", "companies_uscc_delete"),
)
MODELS: dict[str, Any] = {"certifications": Certification, "residencies": Residency, "financings": Financing}


def errors(value: Any, schema: dict[str, Any]) -> list[str]:
    whole = {**schema, "components": DOCUMENT["components"]}
    found = OAS31Validator(whole, format_checker=oas31_format_checker).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def resolved(entry: dict[str, Any]) -> dict[str, Any]:
    for step in entry.get("$ref", "#/").removeprefix("#/").split("/"):
        entry = DOCUMENT[step] if step == "components" else entry.get(step, entry) if step else entry
    return entry


def response_of(operation: dict[str, Any], status: int) -> dict[str, Any]:
    found: dict[str, Any] = operation["responses"][str(status)]
    if reference := found.get("$ref"):
        found = DOCUMENT["components"]["responses"][reference.rsplit("/", 1)[1]]
    return found


def test_every_operation_that_writes_is_walked_here() -> None:
    assert set(ORDER) == set(OPERATIONS)
    assert set(BODIES) - {"companies_batch_get"} == {
        name for name, (method, _path, _operation) in OPERATIONS.items() if method != "delete"
    }


def test_each_example_is_written_and_answered_as_described(committed_db: str, clock: SetClock) -> None:
    clock("2026-07-10T08:00+08:00")
    saved(Partner, code="invented-bank")
    _key, text = make_key(label="examples", incubators=[Incubator.objects.get(code="INC-001")])
    client = Client(headers={"authorization": f"Bearer {text}", "accept-language": "en"})
    found = {}
    for name in ORDER:
        method, path, operation = OPERATIONS[name]
        address = path.replace("{uscc}", FIRM)
        if "{id}" in path:
            rows = MODELS[path.split("/")[3]].objects.filter(company__uscc=FIRM)
            address = address.replace("{id}", str(rows.latest("id").pk))
        tag = re.sub("/(end)/$", "/", address)
        headers = {"if-match": client.get(tag)["ETag"]} if "{" in path else {}
        query = "?reason=Entered%20twice" if method == "delete" else ""
        if method != "delete":
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert errors(BODIES[name], schema) == [], name
            answer = getattr(client, method)(address, BODIES[name], content_type="application/json", headers=headers)
        else:
            answer = client.delete(f"{address}{query}", headers=headers)
        described = response_of(operation, answer.status_code)
        assert set(described.get("headers", {})) - {"Idempotency-Replayed", "Cache-Control"} <= set(answer.headers), (
            name
        )
        if "content" in described:
            (content,) = described["content"].values()
            assert errors(answer.json(), content["schema"]) == [], (name, answer.content)
        found[name] = answer.status_code
    created = {"companies_create", "certifications_create", "residencies_create", "financings_create"}
    expected = {name: 201 if name in created else 204 if name.endswith("delete") else 200 for name in ORDER}
    assert found == expected | {"companies_uscc_delete": 403}  # which is for registrars


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_a_body_with_a_member_too_many_is_refused_by_the_document_and_by_the_api(name: str, committed_db: str) -> None:
    method, path, operation = OPERATIONS[name]
    if method == "delete":
        return
    body = BODIES[name] | {"surprise": 1}
    assert errors(body, operation["requestBody"]["content"]["application/json"]["schema"])
    _key, text = make_key(label="examples", incubators=[Incubator.objects.get(code="INC-001")])
    client = Client(headers={"authorization": f"Bearer {text}", "accept-language": "en"})
    address = path.replace("{uscc}", FIRM).replace("{id}", "1")
    headers = {"if-match": '"1.x"'} if "{" in path else {}
    answer = getattr(client, method)(address, body, content_type="application/json", headers=headers)
    assert answer.status_code == 400, answer.content
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/surprise"}
