"""`explain=true`: what each filter of a list removed; the numbers add up to what the list counts."""

import pytest
from django.test import Client

from tests.api.addresses import BASE, LISTS, Endpoint, answer, walk
from tests.api.asked_well import filters_of, good_value
from tests.api.cast import make_cast

pytestmark = pytest.mark.django_db
ON = "2026-06-30"
EXPLAINED = [endpoint for endpoint in LISTS if filters_of(endpoint)]


def told(client: Client, address: str) -> dict[str, tuple[str, int, int, int]]:
    """Each filter with its value, what it removed, what it left, and what there would be without it."""
    meta = answer(client, f"{address}&explain=true&limit=500&count=exact")["meta"]
    left = meta["explained"]["entries"]
    for row in meta["explained"]["filters"]:
        assert (left := left - row["removed"]) == row["left"] >= 0
    assert left == meta["count"]
    assert {row["name"]: row["value"] for row in meta["explained"]["filters"]} == meta["filters"]
    return {
        row["name"]: (row["value"], row["removed"], row["left"], row["without"]) for row in meta["explained"]["filters"]
    }


def codes(client: Client, query: str) -> set[str]:
    return {firm["uscc"] for firm in walk(client, f"{BASE}companies/?valid_on={ON}&limit=500{query}")}


def test_each_filter_tells_what_it_removed(client: Client) -> None:
    make_cast()
    everyone = codes(client, "&seated=any")
    seated, adjacent = codes(client, ""), codes(client, "&university_adjacent=true")
    certified = codes(client, "&certified=high_tech")
    both = codes(client, "&university_adjacent=true&certified=high_tech")
    assert everyone > seated > adjacent > both
    assert told(client, f"{BASE}companies/?valid_on={ON}&university_adjacent=true&certified=high_tech") == {
        "seated": (
            "true",
            len(everyone - seated),
            len(seated),
            len(codes(client, "&seated=any&university_adjacent=true&certified=high_tech")),
        ),
        "university_adjacent": ("true", len(seated - adjacent), len(adjacent), len(certified)),
        "certified": ("high_tech", len(adjacent - both), len(both), len(adjacent)),
    }


def test_a_filter_that_alone_empties_the_list_is_told_so(client: Client) -> None:
    make_cast()
    found = told(client, f"{BASE}companies/?valid_on={ON}&q=nobody&seated=any")
    assert found["q"][2] == 0
    assert found["q"][3] == found["q"][1] > 0 == found["seated"][1]


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("endpoint", EXPLAINED, ids=lambda endpoint: endpoint.route)
def test_every_list_with_filters_explains_each_of_them(client: Client, endpoint: Endpoint) -> None:
    parameters = endpoint.parameters
    for name, declared in filters_of(endpoint).items():
        value = good_value(parameters[name], declared)
        assert name in told(client, endpoint.url(valid_on=ON, **{name: value})), name


def test_lists_without_filters_have_nothing_to_explain(client: Client) -> None:
    for endpoint in LISTS:
        assert ("explain" in endpoint.parameters) == bool(filters_of(endpoint)), endpoint.route


@pytest.mark.usefixtures("demonstration")
def test_the_next_page_does_not_count_again_and_a_file_does_not_explain(client: Client) -> None:
    page = answer(client, f"{BASE}companies/?limit=2&explain=true&valid_on={ON}")
    following = answer(client, page["next"])
    assert "explained" in page["meta"] and "explained" not in following["meta"]
    assert "explained" not in answer(client, f"{BASE}companies/?limit=2&explain=false&valid_on={ON}")["meta"]
    refused = client.get(f"{BASE}companies/?format=csv&explain=true")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "not_with_a_file")


@pytest.mark.usefixtures("demonstration")
def test_explaining_does_not_change_what_is_quoted(client: Client) -> None:
    address = f"{BASE}companies/?limit=2&valid_on={ON}&known_at=2026-11-22T00:00:00Z"
    assert answer(client, address)["meta"]["digest"] == answer(client, f"{address}&explain=true")["meta"]["digest"]
