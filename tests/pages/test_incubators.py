"""`/incubators/`: the list of the API with the firms in residence, each number leading to as many firms."""

import pytest
from django.test import Client

from tests.api.addresses import BASE, answer
from tests.pages.reading import link, main, page, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAY = "2026-11-22"
PAGE = f"/incubators/?valid_on={DAY}"


def test_it_lists_the_incubators_of_the_api_with_their_firms(client: Client) -> None:
    table = rows(main(page(client, f"{PAGE}&lang=zh")).all("table")[0])
    listed = answer(client, f"{BASE}incubators/?limit=500&valid_on={DAY}")["data"]
    assert {row[0] for row in table} == {one["name"] for one in listed}
    groups = answer(client, f"{BASE}statistics/incubated-firms/?group_by=incubator&valid_on={DAY}")["groups"]
    residents = {group["label"]["incubator"]: group["value"] for group in groups}
    assert {row[0]: number(row[4]) for row in table} == {row[0]: residents.get(row[0], 0) for row in table}
    counts = [number(row[4]) for row in table]
    assert counts == sorted(counts, reverse=True) and counts[0] > 0


def number(text: str) -> int:
    return int(text.split()[-1].replace(",", ""))


def test_a_number_leads_to_as_many_firms(client: Client) -> None:
    first = main(page(client, f"{PAGE}&lang=en")).all("tbody")[0].all("tr")[0]
    links = [one for one in first.all("a") if one.given["href"].startswith("/firms/")]
    assert links
    for one in links:
        found = main(page(client, one.given["href"] + "&lang=en"))
        assert found.all("h2")[0].text.split()[0] == one.text


def test_it_takes_the_filters_of_the_list(client: Client) -> None:
    tree = page(client, f"{PAGE}&district=500106&lang=zh")
    listed = answer(client, f"{BASE}incubators/?district=500106&limit=500&valid_on={DAY}")["data"]
    assert {row[0] for row in rows(main(tree).all("table")[0])} == {one["name"] for one in listed}
    by_api = answer(client, link(tree, "通过接口获取本列表"))
    assert {one["code"] for one in by_api["data"]} == {one["code"] for one in listed}
    (chosen,) = [
        one.given["value"] for one in tree.all("select", name="district")[0].all("option") if "selected" in one.given
    ]
    assert chosen == "500106"
    assert link(tree, "清除条件") == "/incubators/"


def test_nothing_found_says_so(client: Client) -> None:
    tree = page(client, f"{PAGE}&district=500229&kind=accelerator&incubator_level=national&lang=en")
    assert "No incubator fits." in main(tree).text and not main(tree).all("table")
