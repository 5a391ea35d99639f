"""Every example of the document is what the API answers, and every parameter takes the value shown for it."""

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from pytest_django.plugin import DjangoDbBlocker

from companies.models import Certification, Financing, Residency
from config.management.commands.write_reference_docs import FOLDER
from config.openapi import examples
from config.openapi.bodies import BODIES
from registry.api.documentation import document
from registry.exports.building import publish
from registry.feed.types import Circle
from registry.history import last_sequence
from tests import databases
from tests.api.addresses import BASE
from tests.api.example_rows import make_example_rows

pytestmark = [pytest.mark.django_db]

Operation = dict[str, Any]
DOCUMENT: dict[str, Any] = document("en")
OPERATIONS: dict[str, tuple[str, Operation]] = {
    methods["get"]["operationId"]: (path, methods["get"])
    for path, methods in DOCUMENT["paths"].items()
    if "get" in methods and "application/json" in methods["get"]["responses"]["200"]["content"]
}
"""Those that answer JSON; what gives bytes is asked in tests/exports."""
MODELS: dict[str, Any] = {"certifications": Certification, "residencies": Residency, "financings": Financing}
ASKED = {"lang": "en", "valid_on": "2026-06-30", "limit": "1", "group_by": "district", "table": "certifications"}
"""What the examples are asked with, as far as an operation takes it."""
MOMENT = "2026-06-30T16:05:00+08:00"
JUST_NOW = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|\+08:00)")
"""A moment of this run within a text: others have no fractions."""
WRITE = "WRITE_EXAMPLES" in os.environ


@pytest.fixture(scope="module", autouse=True)
def rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Committed, hence with their versions; each test rolls back on them."""
    with django_db_blocker.unblock(), databases.fresh_clone():
        with transaction.atomic():
            make_example_rows()
        publish(Circle.PUBLIC)
        yield


def resolved(entry: dict[str, Any]) -> dict[str, Any]:
    """A parameter, whether it stands in the operation or is shared."""
    if reference := entry.get("$ref"):
        entry = DOCUMENT["components"]["parameters"][reference.rsplit("/", 1)[1]]
    return entry


def parameters(operation: Operation) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in map(resolved, operation["parameters"])}


def as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def address(path: str, operation: Operation) -> str:
    declared = parameters(operation)
    if "{id}" in path:
        path = path.replace("{id}", str(MODELS[path.split("/")[3]].objects.order_by("id").first().pk))
    path = path.replace("{sequence}", str(last_sequence()))
    return re.sub(r"{(\w+)}", lambda found: str(declared[found[1]]["example"]), path)


def needed(operation: Operation) -> dict[str, str]:
    return {
        name: as_text(entry["example"])
        for name, entry in parameters(operation).items()
        if entry["in"] == "query" and entry.get("required")
    }


def asked(operation: Operation) -> dict[str, str]:
    declared = parameters(operation)
    is_flow = "from" in declared
    return needed(operation) | {
        name: text for name, text in ASKED.items() if name in declared and not (is_flow and name == "valid_on")
    }


def steady(value: Any, ids: dict[Any, int]) -> Any:
    """An answer without what differs from run to run: ids, moments, cursors, the host."""
    if isinstance(value, list):
        return [steady(item, ids) for item in value]
    if not isinstance(value, dict):
        text = value.replace("http://testserver", "https://register.example") if isinstance(value, str) else value
        text = re.sub(r"(?<=/exports/)[0-9]+(?=/)", "1001", text) if isinstance(text, str) else text
        text = re.sub(r"cursor=[^&]+", "cursor=eyJrZXkiOjEwMDF9", text) if isinstance(text, str) else text
        text = (
            re.sub(r"(?<=first record is of ).{25}", MOMENT.replace("T", " "), text) if isinstance(text, str) else text
        )
        return JUST_NOW.sub(in_utc, text) if isinstance(text, str) else text
    kind = tuple(value)  # a firm and its certificate may have one number
    return {name: _steady_member(name, member, ids, kind) for name, member in value.items()}


def in_utc(found: re.Match[str]) -> str:
    return "2026-06-30T08:05:00Z" if found[1] == "Z" else MOMENT


OF_A_SET = {
    "bytes": 2048,
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "digest": "0123456789abcdef0123456789abcdef",
}
"""What is another in each set. Two of its files and types will do for an example."""


def _steady_member(name: str, member: Any, ids: dict[Any, int], kind: tuple[str, ...]) -> Any:
    if name in ("files", "types"):
        return [steady({**one, **{at: OF_A_SET[at] for at in OF_A_SET if at in one}}, ids) for one in member[:2]]
    if name == "published_at":
        return MOMENT
    if name in ("id", "predecessor", "sequence") and isinstance(member, int):
        return ids.setdefault((kind, name == "sequence", member), 1001 + len(ids))
    return (
        MOMENT
        if name in ("known_at", "known_to", "updated_at", "recorded_at", "released_at") and member
        else steady(member, ids)
    )


def errors(answer: Any, schema: dict[str, Any]) -> list[str]:
    whole = {**schema, "components": DOCUMENT["components"]}
    found = OAS31Validator(whole, format_checker=oas31_format_checker).iter_errors(answer)
    return [f"{error.json_path}: {error.message}" for error in found]


def body(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = operation["responses"]["200"]["content"]["application/json"]
    return content


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_answer_matches_its_schema_and_its_example(client: Client, name: str) -> None:
    path, operation = OPERATIONS[name]
    response = client.get(address(path, operation), asked(operation))
    assert response.status_code == 200, response.content
    assert errors(response.json(), body(operation)["schema"]) == []
    answer = steady(response.json(), {})
    if WRITE:
        write(name, answer)
    else:
        assert examples.answers().get(name) == answer, "run make schema"
        assert body(operation)["example"] == answer


def write(name: str, answer: Any) -> None:
    kept = json.loads(examples.ANSWERS.read_text(encoding="utf-8")) | {name: answer}
    text = json.dumps({key: kept[key] for key in sorted(kept) if key in OPERATIONS}, ensure_ascii=False, indent=1)
    examples.ANSWERS.write_text(text + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_parameter_takes_its_example(client: Client, name: str) -> None:
    path, operation = OPERATIONS[name]
    for parameter, entry in parameters(operation).items():
        if entry["in"] != "query" or "example" not in entry:
            continue
        assert errors(entry["example"], entry["schema"]) == [], parameter
        given = needed(operation) | {parameter: as_text(entry["example"])}
        given = companion(parameter, entry, operation) | given
        response = client.get(address(path, operation), given)
        if parameter == "known_at" and "{" in path and "{part}" not in path:  # the entry was not known then
            assert response.status_code == 404, response.content
            continue
        assert response.status_code == 200, (parameter, response.content.decode())


def companion(parameter: str, entry: dict[str, Any], operation: Operation) -> dict[str, str]:
    """What else an example needs: nothing, unless it is about groups, or an order is by distance."""
    if parameter in ("having", "order") and "group_by" in parameters(operation):
        return {"group_by": "district"}
    return {"near": "29.563,106.466,5"} if (parameter, entry["example"]) == ("order", "distance") else {}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_parameter_has_an_example_or_a_reason_for_none(name: str) -> None:
    _path, operation = OPERATIONS[name]
    without = {entry for entry, declared in parameters(operation).items() if "example" not in declared}
    refused = {"valid_on"} if needed(operation) else set()  # a flow takes no day
    assert without <= examples.WITHOUT | refused


def test_no_example_is_left_over() -> None:
    every = [operation for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    known = {parameter for operation in every for parameter in parameters(operation)}
    assert {name.rsplit(".", 1)[-1] for name in examples.PARAMETERS} - known == set()
    if not WRITE:
        assert examples.answers().keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", [name for name, (path, _operation) in OPERATIONS.items() if "{" in path])
def test_a_wrong_value_is_refused_as_the_schema_says(client: Client, name: str) -> None:
    path, operation = OPERATIONS[name]
    response = client.get(re.sub(r"{\w+}", "nothing-of-that-name", path))
    assert response.status_code == 404
    assert errors(response.json(), {"$ref": "#/components/schemas/Problem"}) == []
    assert operation["responses"]["404"] == {"$ref": "#/components/responses/NotFound"}


def test_base_is_the_prefix_of_every_path() -> None:
    assert all(path.startswith(BASE) for path in DOCUMENT["paths"])


# --- The page of operations


def test_every_call_of_the_page_of_operations_is_answered(client: Client) -> None:
    """Those that write are sent by `test_openapi_bodies`, body by body."""
    page = (FOLDER / "operations.md").read_text(encoding="utf-8")
    found = re.findall(r"^## `(\w+) ([^`]+)`$.*?^```\n(.*?)\n```$", page, re.M | re.S)
    declared = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert {(method, path) for method, path, _call in found} == declared
    assert len(found) == len(declared)
    sent = []
    for method, path, call in found:
        asked_for = call.rsplit("'", 2)[1].removeprefix("http://127.0.0.1:8000")
        if "{id}" in path:
            first = MODELS[path.split("/")[3]].objects.order_by("id").first().pk
            asked_for = asked_for.replace("1001", str(first))
        if method == "GET":
            answer = client.get(asked_for.replace("1001", str(last_sequence())))
            assert answer.status_code == 200, call
            sent.append(path)
        else:
            name = DOCUMENT["paths"][path][method.lower()]["operationId"]
            body = re.search(r"-d '(.+?)' 'http", call)
            assert (json.loads(body[1]) if body else None) == BODIES.get(name), call
            assert ("$TAG" in call) == (path.endswith("}/") or path.endswith("end/")), call
            assert ("$KEY" in call) == (name != "companies_batch_get"), call
    assert len(sent) > 70
