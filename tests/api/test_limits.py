"""Limits: told on every answer, kept by one counter for each caller, and right when many ask at once."""

import http.client
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from incubators.keys import make_key
from registry.limits.callers import network_of
from registry.limits.counting import count_request
from registry.models import KeyUse, RequestCount
from tests.servers import serving

HERE = "/api/v1/codes/zones/"
POLICY = re.compile(r'"(\w+)";q=(\d+);w=60')
LEFT = re.compile(r'"(\w+)";r=(\d+);t=(\d+)')


def ask(address: str = HERE, method: str = "get", **rest: Any) -> Any:
    return getattr(Client(headers={"accept-language": "en"}), method)(address, **rest)


def begin_anew() -> None:
    RequestCount.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        (HERE, "get", 200),
        (HERE, "head", 200),
        (HERE, "options", 204),
        (HERE, "delete", 405),
        (f"{HERE}?distrct=1", "get", 400),
        ("/api/v1/companies/915001060000000000/", "get", 404),
        ("/api/v1/nothing/", "get", 404),
        ("/api/v1/codes/zones", "get", 301),
        ("/api/v1/co%00des/", "get", 400),
    ],
)
def test_every_answer_tells_the_limit_and_what_is_left(address: str, method: str, status: int, settings: Any) -> None:
    settings.PUBLIC_REQUESTS_A_MINUTE = 7
    begin_anew()
    answer = ask(address, method)
    assert answer.status_code == status
    assert POLICY.fullmatch(answer["RateLimit-Policy"]).groups() == ("public", "7")  # type: ignore[union-attr]
    policy, left, seconds = LEFT.fullmatch(answer["RateLimit"]).groups()  # type: ignore[union-attr]
    assert (policy, left) == ("public", "6") and 0 < int(seconds) <= 60


@pytest.mark.django_db
def test_pages_and_probes_are_not_counted() -> None:
    begin_anew()
    for address in ("/healthz", "/readyz", "/firms/"):
        assert "RateLimit" not in ask(address)
    assert not RequestCount.objects.exists()


@pytest.mark.django_db
def test_over_the_limit_is_429_with_the_seconds_to_wait(settings: Any) -> None:
    settings.PUBLIC_REQUESTS_A_MINUTE = 2
    begin_anew()
    assert [ask().status_code for _time in range(2)] == [200, 200]
    refused = ask()
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert refused["Content-Type"] == "application/problem+json"
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Retry-After"] in refused.json()["detail"]
    assert LEFT.fullmatch(refused["RateLimit"])[2] == "0"  # type: ignore[index]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_requestcount SET began_at = began_at - interval '61 seconds'")
    assert ask().status_code == 200


@pytest.mark.django_db
def test_a_key_has_a_limit_of_its_own(settings: Any) -> None:
    settings.PUBLIC_REQUESTS_A_MINUTE, settings.KEY_REQUESTS_A_MINUTE, settings.TRIAL_KEY_REQUESTS_A_MINUTE = 1, 5, 3
    begin_anew()
    found = {}
    for label, given in {"usual": {}, "own": {"most_requests": 9}, "trial": {"is_trial": True}}.items():
        key, text = make_key(label=label, **given)  # type: ignore[arg-type]
        answer = ask(headers={"authorization": f"Bearer {text}"})
        found[label] = (answer["RateLimit-Policy"], LEFT.fullmatch(answer["RateLimit"])[2])  # type: ignore[index]
        assert KeyUse.objects.get(key=key).answered == 1
    assert found == {
        "usual": ('"key";q=5;w=60', "4"),
        "own": ('"key";q=9;w=60', "8"),
        "trial": ('"trial";q=3;w=60', "2"),
    }
    assert ask().status_code == 200  # the address has not been used up by the keys


@pytest.mark.django_db
def test_a_request_over_the_limit_is_counted_in_the_use_of_the_key(settings: Any) -> None:
    settings.KEY_REQUESTS_A_MINUTE = 1
    key, text = make_key(label="greedy")
    codes = [ask(headers={"authorization": f"Bearer {text}"}).status_code for _time in range(3)]
    assert codes == [200, 429, 429]
    use = KeyUse.objects.get(key=key)
    assert (use.answered, use.throttled) == (1, 2)


@pytest.mark.django_db
def test_who_guesses_keys_is_limited_as_an_address(settings: Any) -> None:
    settings.PUBLIC_REQUESTS_A_MINUTE = 3
    begin_anew()
    guesses = [f"Bearer guess{number}.secret" for number in range(4)]
    assert [ask(headers={"authorization": guess}).status_code for guess in guesses] == [401, 401, 401, 429]


@pytest.mark.django_db
def test_rotating_forwarded_addresses_do_not_pass(settings: Any) -> None:
    settings.PUBLIC_REQUESTS_A_MINUTE = 2
    for proxies, expected in ((0, [200, 200, 429, 429]), (1, [200, 200, 429, 429])):
        settings.TRUSTED_PROXIES = proxies
        begin_anew()
        seen = "" if proxies == 0 else ", 198.51.100.7"
        forwarded = [f"203.0.113.{number}{seen}" for number in range(4)]
        assert [ask(HTTP_X_FORWARDED_FOR=text).status_code for text in forwarded] == expected, proxies
    settings.TRUSTED_PROXIES = 1
    begin_anew()
    others = [f"203.0.113.{number}" for number in range(4)]  # as one trusted proxy saw four callers
    assert [ask(HTTP_X_FORWARDED_FOR=text).status_code for text in others] == [200] * 4


def test_one_ipv6_network_is_one_caller() -> None:
    from ipaddress import ip_address

    assert network_of(ip_address("2001:db8::1")) == network_of(ip_address("2001:db8::ffff:2")) == "2001:db8::/64"
    assert network_of(ip_address("2001:db8:0:1::1")) != "2001:db8::/64"
    assert network_of(ip_address("203.0.113.7")) == "203.0.113.7"


@pytest.mark.django_db
def test_a_window_begins_with_the_first_request_and_old_ones_are_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    begin_anew()
    assert [count_request("one").requests for _time in range(3)] == [1, 2, 3]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_requestcount SET began_at = began_at - interval '60 seconds'")
    monkeypatch.setattr("registry.limits.counting.random.randrange", lambda _most: 0)
    assert count_request("two").requests == 1
    assert list(RequestCount.objects.values_list("caller", flat=True)) == ["two"]
    assert count_request("one").requests == 1


def test_of_60_at_once_over_two_workers_exactly_10_pass(committed_db: str) -> None:
    with serving(committed_db, PUBLIC_REQUESTS_A_MINUTE="10") as root:
        place = urlsplit(root)

        def one(_number: int) -> int:
            with_server = http.client.HTTPConnection(str(place.hostname), place.port, timeout=20)
            with_server.request("GET", HERE)
            return with_server.getresponse().status

        with ThreadPoolExecutor(60) as pool:
            found = Counter(pool.map(one, range(60)))
    assert found == {200: 10, 429: 50}
