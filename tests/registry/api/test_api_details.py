"""Details and the schema."""

import json
import re

import pytest
from django.test import Client

from registry.models import User

pytestmark = pytest.mark.django_db


def test_a_detail_answers_304_to_its_own_tag(throwaway: Client) -> None:
    User.objects.create(username="ada")
    response = throwaway.get("/api/v1/people/ada/")
    tag = response.headers["ETag"]
    assert re.fullmatch(r'"7\.[0-9a-f]{16}"', tag)
    assert response.json()["data"] == {"username": "ada", "last_login": None}
    assert set(response.json()["meta"]) == {"valid_on", "known_at"}
    for known in (tag, f'"x", {tag}', "*", f"W/{tag}"):
        again = throwaway.get("/api/v1/people/ada/", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert throwaway.get("/api/v1/people/ada/", headers={"If-None-Match": '"7.0"'}).status_code == 200


@pytest.mark.parametrize("change", ["day", "language", "caller", "content"])
def test_another_representation_has_another_tag(throwaway: Client, change: str) -> None:
    ada = User.objects.create(username="ada")
    address = "/api/v1/people/ada/?valid_on=2025-01-01&lang=zh"
    before = throwaway.get(address).headers["ETag"]
    assert throwaway.get(address).headers["ETag"] == before
    if change == "caller":
        throwaway.force_login(ada)
    if change == "content":
        User.objects.update(last_login="2025-01-01T00:00:00Z")
    if change == "day":
        address = address.replace("01-01", "01-02")
    if change == "language":
        address = address.replace("zh", "it")
    assert throwaway.get(address).headers["ETag"] != before


def test_a_stale_if_match_is_a_problem(throwaway: Client) -> None:
    User.objects.create(username="ada")
    response = throwaway.get("/api/v1/people/ada/", headers={"If-Match": '"6.0"'})
    assert (response.status_code, response.headers["Content-Type"]) == (412, "application/problem+json")


def test_the_schema_is_valid_openapi(throwaway: Client) -> None:
    from openapi_spec_validator import validate

    validate(json.loads(throwaway.get("/api/v1/schema/", headers={"Accept": "application/json"}).content))
