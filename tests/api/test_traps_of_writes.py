"""What must not be stored or ignored, sent to every endpoint that writes: 4xx with its place, and nothing written."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from companies.models import Certification, Company, Financing, FinancingParty, Residency
from config.openapi.bodies import BODIES
from incubators.keys import make_key
from incubators.models import Incubator
from registry.api.documentation import document
from registry.history import last_recorded_at
from registry.models import Partner
from tests.api.addresses import WRITES, Endpoint
from tests.samples import saved

BASE = "/api/v1/"
DEEP = "[" * 1000 + "]" * 1000
WITH_BODY = [(endpoint, method) for endpoint, method in WRITES if method != "delete"]
IDS = [f"{method} {endpoint.route}" for endpoint, method in WITH_BODY]
pytestmark = pytest.mark.usefixtures("committed_db")


class Sender:
    """A key that may write all that a key can, and one firm with a stay, a certificate and a financing of its own."""

    def __init__(self) -> None:
        bank = saved(Partner, code="invented-bank")
        host = Incubator.objects.get(code="INC-001")
        key = make_key(label="traps", incubators=[host], partner=bank, records_financings=True)[1]
        self.client = Client(headers={"authorization": f"Bearer {key}", "accept-language": "en"})
        firm = saved(Company)
        money = saved(Financing, company=firm)
        saved(FinancingParty, financing=money, partner=bank)
        self.rows = {
            "companies": firm.uscc,
            "residencies": saved(Residency, company=firm, incubator=host).pk,
            "certifications": saved(Certification, company=firm).pk,
            "financings": money.pk,
        }

    def send(self, endpoint: Endpoint, method: str, body: Any, **headers: str) -> Any:
        start, _bracket, rest = endpoint.route.partition("<")
        address = BASE + start + (f"{self.rows[start.strip('/')]}{rest.partition('>')[2]}" if rest else "")
        named = {"content-type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
        if rest and "if-match" not in named:
            named["if-match"] = '"1.x"'
        content = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "surrogatepass")
        kind = named.pop("content-type")
        return self.client.generic(method.upper(), address, content, content_type=kind, headers=named)


def operation(endpoint: Endpoint, method: str) -> dict[str, Any]:
    path = BASE + endpoint.route.replace("<str:", "{").replace("<int:", "{").replace(">", "}")
    found: dict[str, Any] = document("en")["paths"][path][method]
    return found


def good_body(endpoint: Endpoint, method: str) -> dict[str, Any]:
    return BODIES[operation(endpoint, method)["operationId"]]


def members(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    while "$ref" in schema:
        schema = document("en")["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    found: dict[str, dict[str, Any]] = schema["properties"]
    return found


# By what the document says a member is; what is not among its types is refused there.
WRONG: dict[str, tuple[Any, ...]] = {
    "string": (1, True, [], {}, 1.5, "\x00", "a\ud800b", "\u200b"),
    "date": (
        1,
        True,
        "",
        "2024-02-30",
        "0001-01-01",
        "10000-01-01",
        "0000-00-00",
        "2026-1-1",
        "01/02/2026",
        "tomorrow",
    ),
    "boolean": (1, 0, "true", "yes", "", [], {}),
    "integer": (2**31, 2**63, -1, 0, 1.5, "1", True, [], 10**40),
    "number": (True, [], {}, "", "1e5", "NaN", "-0.00001", "1,000", 10**20, "1" * 40),
    "array": ({}, "x", 1, True, [1], [[]], ["x"]),
}


def wrong_values(member: dict[str, Any]) -> Iterator[Any]:
    types = member.get("type", "string")
    types = types if isinstance(types, list) else [types]
    kind = "date" if member.get("format") == "date" else "number" if "number" in types else types[0]
    yield from WRONG[kind]
    if "null" not in types:
        yield None


def complaint(answer: Any, pointer: str) -> str | None:
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.status_code < 400:
        return f"taken: {answer.status_code}"
    if answer["Content-Type"] != "application/problem+json":
        return "no problem"
    if not any(one.get("pointer", "").startswith(pointer) for one in answer.json()["errors"]):
        return f"{answer.status_code} does not name {pointer}: {answer.json()['errors'][:2]}"
    return None


@pytest.mark.parametrize(("endpoint", "method"), WITH_BODY, ids=IDS)
def test_every_member_refuses_what_it_is_not(endpoint: Endpoint, method: str) -> None:
    sender, before = Sender(), last_recorded_at()
    body = good_body(endpoint, method)
    if "atomic" in body:
        body = body | {"atomic": True}
    schema = operation(endpoint, method)["requestBody"]["content"]["application/json"]["schema"]
    complaints = []
    for name, member in members(schema).items():
        for value in wrong_values(member):
            found = complaint(sender.send(endpoint, method, body | {name: value}), f"/{name}")
            complaints += [f"{name}={value!r}: {found}"] if found else []
    assert complaints == []
    assert last_recorded_at() == before


BODIES_OF_NO_USE: dict[str, tuple[bytes, dict[str, str], int]] = {
    "a member twice": (b'{"reason": "a", "reason": "b"}', {}, 400),
    "no object": (b"[]", {}, 400),
    "a text": (b'"x"', {}, 400),
    "nothing": (b"", {}, 400),
    "an empty object": (b"{}", {}, 400),
    "broken": (b'{"reason": ', {}, 400),
    "nested too deep": (b'{"reason": ' + DEEP.encode() + b"}", {}, 400),
    "NUL in a name": (b'{"re\\u0000ason": "a"}', {}, 400),
    "no UTF-8": (b'{"reason": "\xff"}', {}, 400),
    "another kind": (b"reason=a", {"content_type": "application/x-www-form-urlencoded"}, 415),
    "another charset": (b'{"reason": "a"}', {"content_type": "application/json; charset=gbk"}, 415),
    "too large": (b'{"reason": "' + b"a" * 3_000_000 + b'"}', {}, 413),
}


@pytest.mark.parametrize("trap", BODIES_OF_NO_USE)
def test_every_write_refuses_a_body_of_no_use(trap: str) -> None:
    sender = Sender()
    before = last_recorded_at()
    content, headers, status = BODIES_OF_NO_USE[trap]
    for endpoint, method in WITH_BODY:
        answer = sender.send(endpoint, method, content, **headers)
        assert answer.status_code == status, (method, endpoint.route, answer.content[:300])
        assert answer["Content-Type"] == "application/problem+json"
    assert last_recorded_at() == before


def test_every_write_refuses_parameters_that_it_does_not_have() -> None:
    sender = Sender()
    for endpoint, method in WRITES:
        start, _bracket, rest = endpoint.route.partition("<")
        address = BASE + start + (f"{sender.rows[start.strip('/')]}{rest.partition('>')[2]}" if rest else "")
        for query in ("valid_on=2026-01-01", "reasn=x", "lang=de", "lang="):
            answer = getattr(sender.client, method)(f"{address}?{query}", headers={"if-match": '"1.x"'})
            assert answer.status_code == 400, (method, endpoint.route, query, answer.content[:200])


def test_full_width_and_spaced_codes_are_read_as_what_they_are() -> None:
    sender = Sender()
    stay = next(one for one in WRITES if one[0].route == "certifications/")
    code = str(sender.rows["companies"])
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    for number, text in enumerate((wide, f" {code} ", code.lower())):
        body = good_body(*stay) | {
            "company": text,
            "number": f"GR20265100009{number}",
            "issued_on": f"2024-0{number + 1}-01",
        }
        answer = sender.send(*stay, body)
        assert (answer.status_code, answer.json()["data"]["company"]) == (201, code), answer.content
