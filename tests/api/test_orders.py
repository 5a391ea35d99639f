"""Every order of every list, both ways: sorted, empty values last, and paged without loss or repetition."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from companies import models as companies
from registry.models import District
from tests.api.addresses import LISTS, Endpoint, answer, route_of, walk
from tests.samples import sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAY = "2025-06-30"


def pinyin(row: dict[str, Any]) -> str | None:
    """The stored key of the name that the row shows."""
    shown = [name for name in row["names"] if name["valid_from"] <= DAY < (name["valid_until"] or "9999")]
    key = companies.CompanyName(name_zh=shown[0]["name_zh"]) if shown else None
    if key is not None:
        key.set_keys()
    return key.pinyin if key else None


def certified_until(row: dict[str, Any]) -> str | None:
    held = [c for c in row["certifications"] if c["kind"]["code"] == "high_tech" and c["state"] == "valid"]
    return max((c["valid_until"] for c in held), default=None)


# What an answer shows of an order that is not a member of that name.
SHOWN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "name": pinyin,
    "certified_until": certified_until,
    "agreed_amount": lambda row: float(row["agreed_amount"]),
}
# Less of the long lists, to walk it in sevens; with empty values in every order that has them.
NARROWED = {"companies/": {"hub": "H3"}, "certifications/": {"technology_field": "1"}}
HIDDEN = {"distance", "relevance"}  # no members of the answer; tested by themselves
NEEDED = {"near": "29.56,106.55,60", "q": "科技"}
ORDERS = [(endpoint, order.name) for endpoint in LISTS for order in endpoint.view.orders]


def shown(row: dict[str, Any], order: str) -> Any:
    return SHOWN[order](row) if order in SHOWN else row[order]


@pytest.mark.parametrize("endpoint", LISTS, ids=route_of)
def test_every_order_is_kept_in_both_directions_and_paged_exactly_once(client: Client, endpoint: Endpoint) -> None:
    for order in endpoint.view.orders:
        given = {order.needs: NEEDED[order.needs]} if order.needs else {}
        for sign in ("", "-"):
            asked = given | NARROWED.get(endpoint.route, {}) | {"valid_on": DAY, "order": sign + order.name}
            whole = walk(client, endpoint.url(**asked, limit=500))
            assert_sorted(whole, order.name, is_descending=bool(sign))
            paged = walk(client, endpoint.url(**asked, limit=7))
            assert [row_key(row) for row in paged] == [row_key(row) for row in whole], asked


def row_key(row: dict[str, Any]) -> Any:
    return row.get("id") or (row["code"], row["from"])


def assert_sorted(rows: list[dict[str, Any]], order: str, *, is_descending: bool) -> None:
    if order not in HIDDEN:
        values = [shown(row, order) for row in rows]
        filled = [value for value in values if value is not None]
        assert values == filled + [None] * (len(values) - len(filled)), "empty values come last"
        assert filled == sorted(filled, reverse=is_descending), order
    keys = [row["id"] for row in rows if "id" in row]
    assert len(keys) == len(set(keys))


def test_orders_are_tried_on_empty_values_too(client: Client) -> None:
    """Otherwise the order of empty values would be told above of lists that have none."""
    empty = set()
    for endpoint, order in ORDERS:
        if endpoint.route in ("companies/", "certifications/", "residencies/", "incubators/") and order not in HIDDEN:
            rows = walk(client, endpoint.url(**NARROWED.get(endpoint.route, {}), valid_on=DAY, limit=500))
            empty |= {(endpoint.route, order) for row in rows if shown(row, order) is None}
    assert empty >= {
        ("companies/", "established_on"),
        ("companies/", "certified_until"),
        ("residencies/", "left_on"),
        ("incubators/", "valid_from"),
    }


def test_the_nearest_comes_first(client: Client) -> None:
    companies_list = LISTS[0]
    rows = walk(client, companies_list.url(valid_on=DAY, near="29.56,106.55,30", order="distance", limit=20))
    away = [square_of_distance(row) for row in rows]
    assert len(away) > 20
    assert all(near <= far * 1.01 for near, far in pairwise(away))
    back = walk(client, companies_list.url(valid_on=DAY, near="29.56,106.55,30", order="-distance", limit=20))
    assert [row["uscc"] for row in back] == [row["uscc"] for row in reversed(rows)]


def square_of_distance(row: dict[str, Any]) -> float:
    """On the plane, good enough within 30 km."""
    north, east = float(row["latitude"]) - 29.56, (float(row["longitude"]) - 106.55) * 0.8699
    return north * north + east * east


@pytest.mark.parametrize("order", ["name", "-name", "uscc", "established_on", "-established_on", "certified_until"])
def test_rows_that_nobody_touches_come_once_while_others_are_written(client: Client, order: str) -> None:
    companies_list = LISTS[0]
    untouched = {row["uscc"] for row in walk(client, companies_list.url(valid_on=DAY, limit=500))}
    district, following, seen, number = District.objects.get(code="500106"), None, [], 0
    page = answer(client, companies_list.url(valid_on=DAY, order=order, limit=29))
    while True:
        seen += [row["uscc"] for row in page["data"]]
        if (following := page["next"]) is None:
            break
        number += 1
        write_a_firm(number, district)
        page = answer(client, following)
    assert number > 5
    assert sorted(uscc for uscc in seen if uscc in untouched) == sorted(untouched)
    assert len(seen) == len(set(seen))


def write_a_firm(number: int, district: District) -> None:
    """Alternately at the head and at the end of every order."""
    first = number % 2 == 0
    firm = sample(companies.Company, established_on="1990-01-01" if first else "2025-06-29")
    firm.save()
    name = sample(companies.CompanyName, company=firm, name_zh="阿" * number if first else "做" * number)
    name.save()
    sample(companies.Seat, company=firm, district=district).save()
