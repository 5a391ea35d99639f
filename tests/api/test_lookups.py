"""Many firms by their codes: in the order asked, in the list's own words, and nothing dropped."""

import json
from typing import Any

import pytest
from django.test import Client
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from companies.models import Company
from incubators.keys import make_key
from registry.api.documentation import document
from tests.api.addresses import BASE, DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HERE = f"{BASE}companies/batch-get/"


def ask(codes: Any, query: str = "", **rest: Any) -> Any:
    body = codes if isinstance(codes, bytes) else json.dumps({"uscc": codes})
    return Client(headers={"accept-language": "en"}).post(
        f"{HERE}{query}", body, content_type="application/json", **rest
    )


def some_codes(count: int) -> list[str]:
    return list(Company.objects.public().order_by("-uscc").values_list("uscc", flat=True)[:count])


def test_each_firm_is_as_its_own_address_tells_it_in_the_order_asked() -> None:
    codes = some_codes(5)[::-1]
    found = ask(codes, f"?valid_on={DAY}&lang=en").json()
    assert [firm["uscc"] for firm in found["data"]] == codes and found["missing"] == []
    for firm in found["data"]:
        assert firm == Client().get(f"{BASE}companies/{firm['uscc']}/?valid_on={DAY}&lang=en").json()["data"]


def test_members_are_chosen_and_expanded_as_in_the_list() -> None:
    (firm,) = ask(some_codes(1), "?fields=uscc,incubator&expand=incubator").json()["data"]
    assert set(firm) == {"uscc", "incubator"}


def test_a_code_that_leads_to_none_is_told_with_its_reason() -> None:
    (good,) = some_codes(1)
    slip = good[:-1] + ("A" if good[-1] != "A" else "B")
    draft = Company.objects.exclude(pk__in=Company.objects.public().values("pk")).values_list("uscc", flat=True).first()
    unknown = "91500106MA60DEAA2C"
    found = ask([slip, good, unknown, "nonsense", *([draft] if draft else [])]).json()
    assert [firm["uscc"] for firm in found["data"]] == [good]
    told = {one["uscc"]: one["code"] for one in found["missing"]}
    expected = {slip: "bad_check_digit", unknown: "unknown_uscc", "nonsense": "wrong_length"}
    assert told == expected | ({draft: "unknown_uscc"} if draft else {})
    assert next(one for one in found["missing"] if one["uscc"] == slip)["nearest"] == good


def test_before_the_register_knew_of_it_a_firm_is_missing() -> None:
    (code,) = some_codes(1)
    found = ask([code], "?known_at=2020-01-01T00:00:00Z").json()
    assert (found["data"], [one["code"] for one in found["missing"]]) == ([], ["known_later"])


def test_the_answer_is_as_the_document_says() -> None:
    found = ask([*some_codes(2), "nonsense"], f"?valid_on={DAY}").json()
    schema = document("en")["paths"][HERE]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": document("en")["components"]}
    errors = OAS31Validator(whole, format_checker=oas31_format_checker).iter_errors(found)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "too_many_items"),
        (["x"] * 1001, "too_many_items"),
        (["a", "a"], "repeated_item"),
        ([1], "not_a_code"),
        ([None], "not_a_code"),
        ([""], "not_a_code"),
        ("x", "not_a_list"),
        (b'{"uscc": ["a"], "usc": 1}', "unknown_member"),
        (b'{"uscc": ["a"], "uscc": ["b"]}', "repeated_key"),
        (b"{}", "required"),
        (b"[]", "not_an_object"),
        (b'{"uscc": ["\\u0000"]}', "bad_character"),
    ],
)
def test_what_is_no_list_of_codes_is_refused(body: Any, code: str) -> None:
    answer = ask(body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


def test_it_reads_for_anyone_and_writes_nothing() -> None:
    codes = some_codes(1)
    key = make_key(label="reader")[1]
    assert ask(codes, headers={"authorization": f"Bearer {key}"}).json()["data"] == ask(codes).json()["data"]
    assert ask(codes, headers={"authorization": "Bearer wrong.key"}).status_code == 401
    assert Client().get(HERE).status_code == 405
    assert ask(codes, "?distrct=1").status_code == 400
