"""A day after the moment of knowing, or a moment before the first record, is flagged in every answer that has a day."""

import datetime
from typing import Any

import pytest
from django.test import Client

from registry.days import SHANGHAI
from registry.history import first_recorded_at, last_recorded_at
from tests.api.addresses import ENDPOINTS, Endpoint, named, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

FAR = datetime.date(2199, 6, 30)
ONE_DAY = datetime.timedelta(days=1)
MOMENT = datetime.timedelta(microseconds=1)
# Not true on one day: definitions, words, the document, a firm's whole life; and the firms of a part that is flagged.
WITHOUT = {"index", "schema", "history", "dictionary", "feed"}
FLAGGED = [one for one in ENDPOINTS if one.kind not in WITHOUT and "<str:part>" not in one.route]


def flags(
    client: Client, endpoint: Endpoint, day: datetime.date, known_at: str | None = None, code: str = "future_day"
) -> list[dict[str, Any]]:
    names = endpoint.parameters
    last = "to" if "to" in names else "valid_on"
    known = {"known_to" if "known_to" in names else "known_at": known_at} if known_at else {}
    first = {"from": day.replace(day=1).isoformat()} if last == "to" else {}
    page = endpoint.get(client, **first, **{last: day.isoformat()}, lang="en", **known).json()
    places = [page, page.get("data"), page.get("meta")]
    found = [flag for place in places if isinstance(place, dict) for flag in place.get("flags", [])]
    return [flag for flag in found if flag["code"] == code]


@pytest.mark.parametrize("endpoint", FLAGGED, ids=route_of)
def test_a_day_after_the_moment_of_knowing_is_flagged(client: Client, endpoint: Endpoint) -> None:
    today = datetime.datetime.now(SHANGHAI).date()
    (flag,) = flags(client, endpoint, FAR)
    assert "2199-06-30" in flag["detail"] and today.isoformat() in flag["detail"]
    assert flags(client, endpoint, today) == []


@pytest.mark.parametrize("endpoint", FLAGGED, ids=route_of)
def test_what_was_known_then_ends_with_the_day_of_knowing(client: Client, endpoint: Endpoint) -> None:
    """So the flag stays, too, when both clocks are given."""
    moment = last_recorded_at()
    assert moment is not None
    day, known_at = moment.astimezone(SHANGHAI).date(), moment.isoformat()
    assert flags(client, endpoint, day, known_at) == []
    assert len(flags(client, endpoint, day + ONE_DAY, known_at)) == 1


OF_NO_ENTRY = [one for one in FLAGGED if "<" not in one.route and "known_to" not in one.parameters]


@pytest.mark.parametrize("endpoint", OF_NO_ENTRY, ids=route_of)
def test_a_moment_before_the_first_record_is_flagged(client: Client, endpoint: Endpoint) -> None:
    """Zero firms then is no news of the city, and the answer says why."""
    first = first_recorded_at()
    assert first is not None
    day = first.astimezone(SHANGHAI).date()
    (flag,) = flags(client, endpoint, day, (first - MOMENT).isoformat(), "before_first_record")
    assert first.astimezone(SHANGHAI).isoformat(" ", "seconds") in flag["detail"]
    assert flags(client, endpoint, day, first.isoformat(), "before_first_record") == []


def test_revisions_since_before_the_first_record_are_flagged(client: Client) -> None:
    first = first_recorded_at()
    assert first is not None
    revisions = named("statistics/high-tech-firms/revisions/")
    for since, expected in ((first - MOMENT, True), (first, False)):
        told = revisions.get(client, known_from=since.isoformat()).json()["flags"]
        assert ("before_first_record" in {flag["code"] for flag in told}) == expected


def test_a_code_asked_for_before_the_first_record_is_refused_for_that(client: Client) -> None:
    response = named("companies/").get(client, district="500106", known_at="2000-01-01T00:00:00Z", lang="en")
    assert response.status_code == 400
    mistakes = [(one["parameter"], one["code"]) for one in response.json()["errors"]]
    assert mistakes == [("known_at", "before_first_record"), ("district", "unknown_code")]
