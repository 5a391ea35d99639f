"""What a refusal offers: the code or word that was meant, and nothing where nothing is like it."""

from typing import Any

import pytest
from django.test import Client

from companies.models import Company
from registry import credit_code
from registry.api import kinds
from tests.api.addresses import ENDPOINTS, Endpoint, busy_firm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def mistakes(client: Client, path: str) -> list[dict[str, Any]]:
    response = client.get(f"/api/v1/{path}", headers={"Accept-Language": "en"})
    assert response.status_code == 400, response.content
    return list(response.json()["errors"])


MEANT = [
    ("district=沙坪坝", "500106"),
    ("district=沙坪坝区", "500106"),
    ("district=沙坪坝县", "500106"),
    ("district=沙坪霸", "500106"),
    ("district=Shapingba", "500106"),
    ("district=shapingba district", "500106"),
    ("district=Distretto di Shapingba", "500106"),
    ("district=５００１０６", "500106"),
    ("district=500 106", "500106"),
    ("district=石柱", "500240"),
    ("district=石柱县", "500240"),
    ("district=两江", "500157"),
    ("district=重庆", None),
    ("district=zzz", None),
    ("zone=wuling", "southeast_cluster"),
    ("zone=中心", "central_urban"),
    ("zone=中心城区", "central_urban"),
    ("zone=CENTRAL_URBAN", "central_urban"),
    ("zone=xyz", None),
    ("university=重庆大学", "4150010611"),
    ("university=Chongqing University", "4150010611"),
    ("certified=hightech", "high_tech"),
]


@pytest.mark.parametrize(("query", "nearest"), MEANT)
def test_a_name_is_answered_with_its_code(client: Client, query: str, nearest: str | None) -> None:
    (mistake,) = mistakes(client, f"companies/?{query}")
    assert (mistake["code"], mistake.get("nearest")) == ("unknown_code", nearest)
    assert nearest is None or nearest in mistake["detail"]


@pytest.mark.parametrize(("day", "nearest"), [("2011-10-21", "500225"), ("2011-10-22", "500111")])
def test_a_name_that_two_codes_had_is_answered_with_that_of_the_day(client: Client, day: str, nearest: str) -> None:
    """大足县 became 大足区 on 2011-10-22, with another code."""
    (mistake,) = mistakes(client, f"companies/?district=大足&valid_on={day}")
    assert mistake["nearest"] == nearest


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("companies/?district=zzz", "/api/v1/codes/districts/"),
        ("companies/?zone=xyz", "/api/v1/codes/zones/"),
        ("statistics/firms/?university=qqq", "/api/v1/universities/"),
        ("companies/?incubator=qqqq", "/api/v1/incubators/"),
    ],
)
def test_where_nothing_is_alike_the_list_is_named(client: Client, query: str, address: str) -> None:
    (mistake,) = mistakes(client, query)
    assert address in mistake["detail"]
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("distrct", "district"),
        ("page", None),
        ("_format", "format"),
        ("_", None),
        ("District", "district"),
        ("年", None),
    ],
)
def test_a_parameter_is_offered_only_where_it_is_alike(client: Client, name: str, nearest: str | None) -> None:
    (mistake,) = mistakes(client, f"companies/?{name}=1")
    assert mistake.get("nearest") == nearest
    assert (nearest or "reporting_unit") in mistake["detail"]


Pair = tuple[str, str]
CLOSED = {(f"{name}_from", f"{name}_to") for name in ("established", "issued", "entered", "left", "agreed")}
CLOSED |= {("from", "to"), ("known_from", "known_to")}  # the last is meant
HALF_OPEN = {("expiring_from", "expiring_before")}  # the last is not
OF_TIME = (kinds.DayKind, kinds.MomentKind)


def pairs_of_time(endpoint: Endpoint) -> list[Pair]:
    """Two parameters with a day or moment each, the first of them called `from`; a first without a last fails."""
    times = {name for name, parameter in endpoint.parameters.items() if isinstance(parameter.kind, OF_TIME)}
    stems = sorted(name.removesuffix("from") for name in times if name.endswith("from"))
    return [(f"{stem}from", stem + next(end for end in ("to", "before") if stem + end in times)) for stem in stems]


PAIRS = [(endpoint, pair) for endpoint in ENDPOINTS for pair in pairs_of_time(endpoint)]


def test_every_pair_of_days_or_moments_is_known_here() -> None:
    assert {pair for _endpoint, pair in PAIRS} == CLOSED | HALF_OPEN


@pytest.mark.parametrize(("endpoint", "pair"), PAIRS, ids=lambda value: getattr(value, "route", value))
def test_a_period_that_holds_no_day_is_refused_everywhere(client: Client, endpoint: Endpoint, pair: Pair) -> None:
    clock = "T00:00:00Z" if pair[0].startswith("known") else ""
    first, same, before = "2026-11-20" + clock, "2026-11-20" + clock, "2026-11-19" + clock
    day = {"valid_on": "2026-11-01"} if endpoint.has_day else {}

    def refused(last: str) -> list[tuple[str, ...]]:
        response = endpoint.get(client, **day, **{pair[0]: first, pair[1]: last})
        assert response.status_code in (200, 400), response.content
        mistakes = response.json().get("errors", [])
        return [(one["parameter"], one["code"], one["nearest"]) for one in mistakes]

    expected = [(pair[1], "period_out_of_order", pair[0])]
    assert refused(before) == expected
    assert refused(same) == (expected if pair in HALF_OPEN else [])


SOUND = "91500112MA605MRG8L"
ROUTE = "companies/<str:uscc>/"
BELOW = [endpoint.route.removeprefix(ROUTE) for endpoint in ENDPOINTS if endpoint.route.startswith(ROUTE)]
MISTYPED = [
    ("91500112MA605MRG8K", "bad_check_digit", SOUND),
    ("9150O112MA605MRG8L", "wrong_character", SOUND),
    ("91500112MA605MRG8", "wrong_length", SOUND),
    ("91500112MA605MRG8LL", "wrong_length", SOUND),
    ("01500112MA605MRG8L", "wrong_character", SOUND),
    ("zzz", "wrong_length", None),
    ("9.15E+17", "not_a_credit_code", None),
    (SOUND, "unknown_uscc", None),
    ("９１５００１１２ma605mrg8l", "unknown_uscc", None),
]


@pytest.mark.parametrize(("text", "code", "nearest"), MISTYPED)
@pytest.mark.parametrize("below", BELOW)
def test_a_mistyped_firm_is_told_from_an_unknown_one(
    client: Client, text: str, code: str, nearest: str | None, below: str
) -> None:
    response = client.get(f"/api/v1/companies/{text}/{below}?lang=en")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (404, "not_found")
    (mistake,) = problem["errors"]
    assert (mistake["parameter"], mistake["code"]) == ("uscc", code)
    assert mistake.get("nearest") == nearest if nearest is None else credit_code.is_valid(mistake["nearest"])
    assert problem["detail"] == mistake["detail"]
    assert (credit_code.normalise(text)[:3] in problem["detail"].upper()) or text[:3] in problem["detail"]


def test_a_firm_that_nobody_may_see_is_as_unknown_as_one_that_is_not_there(client: Client) -> None:
    code = busy_firm()
    Company.objects.filter(uscc=code).update(is_published=False)
    for below in BELOW:
        hidden = client.get(f"/api/v1/companies/{code}/{below}?lang=en").json()
        absent = client.get(f"/api/v1/companies/{SOUND}/{below}?lang=en").json()
        assert hidden["errors"][0]["code"] == absent["errors"][0]["code"] == "unknown_uscc"
        assert hidden["detail"].replace(code, SOUND) == absent["detail"]
