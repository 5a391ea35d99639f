"""An address of what the register learned of later says since when; of what not everyone may read it says nothing."""

import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from companies.models import Company, CompanyName
from incubators.models import Incubator
from registry import credit_code
from registry.history import last_recorded_at
from registry.models import Hub, University
from tests.api.addresses import BASE
from tests.companies.ledger_stories import seal
from tests.samples import saved

pytestmark = pytest.mark.django_db


def moment() -> datetime.datetime:
    seal()
    at = last_recorded_at()
    assert at is not None
    return at


def ask(address: str, known_at: datetime.datetime, **more: str) -> Any:
    query = "".join(f"&{name}={text}" for name, text in more.items())
    return Client().get(f"{BASE}{address}?lang=en&known_at={quote(known_at.isoformat())}{query}")


def told(response: Any) -> tuple[int, str, str, str | None]:
    problem = response.json()
    (mistake,) = problem["errors"]
    return response.status_code, problem["code"], mistake["code"], mistake.get("nearest")


def before_it() -> datetime.datetime:
    Hub.objects.filter(code="H1").update(source="anything")
    return moment()


BELOW_A_FIRM = ("", "certifications/", "residencies/", "history/")


@pytest.mark.parametrize("below", BELOW_A_FIRM)
def test_a_firm_that_was_entered_later_is_told_since_when(below: str) -> None:
    before = before_it()
    firm = saved(Company)
    since = moment()
    saved(CompanyName, company=firm)
    moment()
    response = ask(f"companies/{firm.uscc}/{below}", before, valid_on="2020-01-01")
    status, code, mistake, nearest = told(response)
    assert (status, code, mistake) == (404, "not_found", "known_later")
    assert nearest is not None and datetime.datetime.fromisoformat(nearest) == since
    assert firm.uscc in response.json()["detail"]
    assert ask(f"companies/{firm.uscc}/{below}", since, valid_on="2020-01-01").status_code == 200
    just_before = since - datetime.timedelta(microseconds=1)
    assert told(ask(f"companies/{firm.uscc}/{below}", just_before)) == (404, "not_found", "known_later", nearest)


def test_an_incubator_and_a_university_are_told_since_when() -> None:
    before = before_it()
    host, university = saved(Incubator), saved(University)
    since = moment()
    for address in (
        f"incubators/{host.code}/",
        f"incubators/{host.code}/residents/",
        f"universities/{university.code}/",
    ):
        _status, _code, mistake, nearest = told(ask(address, before))
        assert (mistake, datetime.datetime.fromisoformat(nearest or "")) == ("known_later", since)


@pytest.mark.parametrize("below", BELOW_A_FIRM)
def test_a_draft_is_told_from_the_day_of_its_publication_and_before_not_at_all(below: str) -> None:
    before = before_it()
    firm = saved(Company, is_published=False)
    moment()
    assert told(ask(f"companies/{firm.uscc}/{below}", before))[2] == "unknown_uscc"
    Company.objects.filter(pk=firm.pk).update(is_published=True)
    published = moment()
    nearest = told(ask(f"companies/{firm.uscc}/{below}", before))[3]
    assert nearest is not None and datetime.datetime.fromisoformat(nearest) == published
    Company.objects.filter(pk=firm.pk).update(is_published=False)
    moment()
    assert told(ask(f"companies/{firm.uscc}/{below}", before))[2] == "unknown_uscc"


def test_what_was_never_there_is_not_known_later() -> None:
    before = before_it()
    stranger = credit_code.complete("91500106", "MY999999")
    assert told(ask(f"companies/{stranger}/", before))[2] == "unknown_uscc"
    assert ask("universities/9999999999/", before).json()["errors"] == []
