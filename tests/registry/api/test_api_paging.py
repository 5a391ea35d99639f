"""Paging by cursor: each untouched row exactly once, whatever the order and whoever writes meanwhile."""

import datetime
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.api import paging
from registry.api.cursors import Position, Question, read_cursor, write_cursor
from registry.api.kinds import MOST_CHARACTERS
from registry.api.parameters import PAGING, read_parameters
from registry.models import User

ORDERS = ["id", "name", "last_login", "surname_length", "first_name"]
START = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)


def test_a_cursor_may_hold_the_pinyin_of_the_longest_name() -> None:
    question = Question("/api/v1/companies/", "name", {}, "2026-11-23", None, "public")
    cursor = write_cursor(question, Position("chuang " * 214, 2**62))
    assert len(cursor) > MOST_CHARACTERS, "longer than other parameters may be"
    asked = read_parameters(QueryDict(f"cursor={cursor}"), PAGING)
    assert read_cursor(asked.values["cursor"], question) == Position("chuang " * 214, 2**62)


def make_people(count: int = 40) -> list[str]:
    """People with ties, blanks and moments that differ by a microsecond."""
    people = [
        User(
            username=f"p{number:04d}",
            first_name="重庆"[: number % 3],
            last_name="x" * (number % 4),
            last_login=None if number % 5 == 0 else START + datetime.timedelta(microseconds=number // 2),
        )
        for number in range(count)
    ]
    return [person.username for person in User.objects.bulk_create(people)]


def pages(client: Client, address: str) -> Iterator[dict[str, Any]]:
    for _page in range(500):  # a walk that does not end is a failure, not a hanging test
        response = client.get(address)
        assert response.status_code == 200, response.content
        yield response.json()
        if (address := response.json()["next"]) is None:
            return
    raise AssertionError("The walk does not end.")


def walk(client: Client, address: str) -> list[str]:
    return [person["username"] for page in pages(client, address) for person in page["data"]]


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 3, 7, 39, 40, 41])
@pytest.mark.parametrize("order", [sign + order for order in ORDERS for sign in ("", "-")])
def test_every_row_comes_exactly_once_in_order(throwaway: Client, order: str, limit: int) -> None:
    expected = make_people()
    whole = walk(throwaway, f"/api/v1/people/?order={order}&limit=500")
    assert sorted(whole) == expected
    assert walk(throwaway, f"/api/v1/people/?order={order}&limit={limit}") == whole


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["last_login", "-last_login"])
def test_empty_values_come_last_in_both_directions(throwaway: Client, order: str) -> None:
    make_people()
    logins = [
        p["last_login"] for page in pages(throwaway, f"/api/v1/people/?order={order}&limit=7") for p in page["data"]
    ]
    assert logins[-8:] == [None] * 8
    assert logins[:-8] == sorted(logins[:-8], reverse=order.startswith("-"))


@pytest.mark.parametrize("order", [sign + order for order in ORDERS for sign in ("", "-")])
def test_untouched_rows_come_once_while_others_write(throwaway: Client, committed_db: str, order: str) -> None:
    untouched = make_people(120)
    victims = [User.objects.create(username=f"victim{number}", last_name="v").pk for number in range(60)]
    walking, done = threading.Event(), threading.Event()

    def write() -> None:
        try:
            walking.wait()
            for number, victim in enumerate(victims):
                User.objects.create(username=f"new{number:03d}", last_login=START, last_name="x" * (number % 4))
                User.objects.filter(pk=victim).delete() if number % 2 else User.objects.filter(pk=victim).update(
                    last_login=START, last_name="", first_name="z", username=f"a-moved{number}"
                )
        finally:
            connection.close()
            done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen: list[str] = []
    for page in pages(throwaway, f"/api/v1/people/?order={order}&limit=3"):
        seen += [person["username"] for person in page["data"]]
        walking.set()
    writer.join()
    assert done.is_set()
    assert sorted(name for name in seen if name.startswith("p")) == untouched


@pytest.mark.django_db
def test_no_page_counts_or_asks_more_for_more_rows(throwaway: Client) -> None:
    make_people()
    with CaptureQueriesContext(
        connection,
    ) as few:
        throwaway.get("/api/v1/people/?limit=3")
    with CaptureQueriesContext(connection) as many:
        throwaway.get("/api/v1/people/?limit=30")
    assert len(few) == len(many) == 4  # the limit, keys, entries, and the clock
    assert "COUNT(" not in str(few.captured_queries)


@pytest.mark.django_db
def test_a_tie_is_walked_by_the_index_condition_not_by_a_filter(throwaway: Client) -> None:
    """The whole key is one row comparison, so that the last page costs what the first does."""
    make_people()
    first = throwaway.get("/api/v1/people/?order=name&limit=10").json()
    with CaptureQueriesContext(connection) as queries:
        throwaway.get(first["next"])
    assert '("registry_user"."username", "registry_user"."id") >' in queries.captured_queries[1]["sql"]


MISMATCHES = [
    ("order=name", "another order"),
    ("active=true", "other filters"),
    ("valid_on=2024-01-01", "another valid_on"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "words"), MISMATCHES)
def test_a_cursor_is_bound_to_its_question(throwaway: Client, change: str, words: str) -> None:
    make_people()
    cursor = cursor_of(throwaway)
    response = throwaway.get(f"/api/v1/people/?lang=en&cursor={cursor}&{change}")
    assert response.status_code == 400
    assert words in response.json()["detail"]


def cursor_of(client: Client) -> str:
    following = client.get("/api/v1/people/?limit=3&lang=en").json()["next"]
    return str(parse_qs(urlsplit(following).query)["cursor"][0])


@pytest.mark.django_db
def test_a_cursor_is_bound_to_its_address_and_caller(throwaway: Client) -> None:
    make_people()
    cursor = cursor_of(throwaway)
    elsewhere = throwaway.get(f"/api/v1/others/?lang=en&cursor={cursor}")
    assert (elsewhere.status_code, "another address" in elsewhere.json()["detail"]) == (400, True)
    throwaway.force_login(User.objects.get(username="p0001"))
    other = throwaway.get(f"/api/v1/people/?lang=en&cursor={cursor}")
    assert (other.status_code, "another caller" in other.json()["detail"]) == (400, True)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cursor_with_any_change_is_refused(throwaway: Client, data: st.DataObject) -> None:
    if not User.objects.filter(username="p0000").exists():
        make_people()
    cursor = cursor_of(throwaway)
    place = data.draw(st.integers(0, len(cursor)))
    piece = data.draw(st.text(max_size=4))
    changed = cursor[:place] + piece + cursor[place + data.draw(st.integers(0, 2)) :]
    if changed == cursor or not changed:
        return
    query = urlencode({"lang": "en", "cursor": changed}, errors="surrogatepass")
    response = throwaway.get(f"/api/v1/people/?{query}")
    assert response.status_code == 400, changed
    assert response.json()["errors"][0]["parameter"] == "cursor"


@pytest.mark.django_db
def test_counts_are_exact_or_told_as_a_lower_bound(throwaway: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_people()
    assert "count" not in throwaway.get("/api/v1/people/").json()["meta"]
    monkeypatch.setattr(paging, "COUNT_CAP", 39)
    for query, count, is_lower_bound in [
        ("count=exact&limit=3", 40, False),
        ("count=capped", 39, True),
        ("count=capped&q=p000", 10, False),
    ]:
        meta = throwaway.get(f"/api/v1/people/?{query}").json()["meta"]
        assert (meta["count"], meta["count_is_lower_bound"]) == (count, is_lower_bound), query
    assert paging.count_rows(User.objects.all(), "exact")["count"] == 40


@pytest.mark.django_db
def test_a_list_echoes_its_filters_and_clocks(throwaway: Client) -> None:
    page = throwaway.get("/api/v1/people/?active=true&valid_on=2024-06-30").json()
    assert (page["data"], page["next"]) == ([], None)
    assert page["meta"]["filters"] == {"active": "true", "mood": "glad"}
    assert page["meta"]["valid_on"] == "2024-06-30"
    assert "known_at" in page["meta"]
