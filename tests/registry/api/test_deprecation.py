"""What is about to leave v1 says so in every answer, and is answered as before."""

import datetime
from dataclasses import replace

import pytest
from django.test import Client

from registry.api.deprecation import Deprecation
from registry.api.openapi.schema import openapi_parameter
from tests.registry.api.throwaway import People, PeopleList, PersonDetail

pytestmark = pytest.mark.django_db


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


LEAVING = Deprecation(moment("2026-01-01"), moment("2027-03-01"), "https://register.example/docs/changes#people")
LATER = Deprecation(moment("2026-06-01"), moment("2027-07-01"), "https://register.example/docs/changes#active")


def test_every_answer_of_an_endpoint_that_goes_announces_it(throwaway: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = throwaway.get("/api/v1/people/")
    assert not {"Deprecation", "Sunset", "Link"} & set(before.headers)
    monkeypatch.setattr(PeopleList, "deprecated", LEAVING)
    told = {
        "Deprecation": "@1767225600",
        "Sunset": "Mon, 01 Mar 2027 00:00:00 GMT",
        "Link": f'<{LEAVING.link}>; rel="deprecation"; type="text/html"',
    }
    for query in ("", "?role=staff", "?distrct=1"):
        answer = throwaway.get(f"/api/v1/people/{query}")
        assert {name: answer.headers.get(name) for name in told} == told, query
    assert throwaway.get("/api/v1/people/").content == before.content
    assert PersonDetail.deprecated is None


def test_a_parameter_that_goes_is_announced_where_it_is_used(
    throwaway: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = tuple(replace(one, deprecated=LATER if one.name == "active" else None) for one in People.parameters())
    monkeypatch.setattr(People, "parameters", lambda: declared)
    assert "Sunset" not in throwaway.get("/api/v1/people/").headers
    assert throwaway.get("/api/v1/people/?active=true").headers["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert [one.name for one in declared if openapi_parameter(one).deprecated] == ["active"]
    monkeypatch.setattr(PeopleList, "deprecated", LEAVING)
    both = throwaway.get("/api/v1/people/?active=true").headers
    assert (both["Deprecation"], both["Sunset"]) == ("@1767225600", "Mon, 01 Mar 2027 00:00:00 GMT")
    assert LEAVING.link in both["Link"] and LATER.link in both["Link"]


def test_a_year_of_notice_is_the_least() -> None:
    with pytest.raises(ValueError, match="A year's notice at least"):
        Deprecation(moment("2026-01-01"), moment("2026-12-31"), "https://register.example/")
