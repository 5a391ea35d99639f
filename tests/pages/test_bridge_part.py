"""The firms behind a part of the bridge, as a page: narrowed as the bridge was, page after page."""

import pytest
from django.test import Client

from tests.api.addresses import BASE, answer, walk
from tests.pages.reading import asked, link, main, page, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

PERIOD = "from=2022-12-31&to=2026-06-30"
NARROWED = {
    "district=500106,500107": "District: Shapingba District, Jiulongpo District",
    "zone=central_urban": "Zone: Central urban area",
    "district=500112": "District: Yubei District",
    "hub=H1&district=500106": "District: Shapingba District",
    "reporting_unit=cq_hightech_zone": "Reporting unit: ",
}


@pytest.mark.parametrize("filters", NARROWED)
@pytest.mark.parametrize("part", ["first_certified", "expired"])
def test_the_page_keeps_the_filters_of_the_bridge(client: Client, filters: str, part: str) -> None:
    told = walk(client, f"{BASE}statistics/high-tech-firms/bridge/{part}/?{PERIOD}&{filters}&limit=500")
    tree = page(client, f"/dashboard/bridge/{part}/?{PERIOD}&{filters}&limit=500&lang=en")
    (table,) = main(tree).all("table")
    shown = [(row[1].split()[-1], row[0]) for row in rows(table) if len(row) > 1]
    assert shown == [(firm["uscc"], firm["day"]) for firm in told]
    assert NARROWED[filters] in main(tree).text
    assert filters.partition("=")[2].partition("&")[0] in asked(link(tree, "This list by the API")).values()


def test_some_of_the_narrowed_parts_have_firms_and_less_than_the_whole(client: Client) -> None:
    whole = answer(client, f"{BASE}statistics/high-tech-firms/bridge/?{PERIOD}")["parts"]
    district = answer(client, f"{BASE}statistics/high-tech-firms/bridge/?{PERIOD}&district=500106,500107")["parts"]
    of_all, of_some = ({part["key"]: part["joined"] for part in parts} for parts in (whole, district))
    assert 0 < of_some["first_certified"] < of_all["first_certified"]


def test_the_pages_of_a_narrowed_part_stay_narrowed(client: Client) -> None:
    address = f"/dashboard/bridge/first_certified/?{PERIOD}&zone=central_urban&limit=5&lang=en"
    told = walk(client, f"{BASE}statistics/high-tech-firms/bridge/first_certified/?{PERIOD}&zone=central_urban")
    found = []
    while True:
        tree = page(client, address)
        found += [row[1].split()[-1] for row in rows(main(tree).all("table")[0])]
        following = [one for one in main(tree).all("a", **{"class": "button"}) if one.text == "Next page"]
        if not following:
            break
        address = f"/dashboard/bridge/first_certified/{following[0].given['href']}"
    assert found == [firm["uscc"] for firm in told] and len(found) > 5


@pytest.mark.parametrize("wrong", ["district=999999", "university=4150010611", "hub=x"])
def test_what_the_bridge_refuses_the_page_refuses_by_name(client: Client, wrong: str) -> None:
    refused = client.get(f"/dashboard/bridge/expired/?{PERIOD}&{wrong}&lang=en")
    assert refused.status_code == 400 and wrong.partition("=")[0] in refused.content.decode()


def test_the_page_tells_the_whole_part_on_each_of_its_pages(client: Client) -> None:
    parts = answer(client, f"{BASE}statistics/high-tech-firms/bridge/?{PERIOD}&zone=central_urban")["parts"]
    part = next(one for one in parts if one["key"] == "first_certified")
    address = f"/dashboard/bridge/first_certified/?{PERIOD}&zone=central_urban&limit=5&lang=en"
    first = page(client, address)
    second = page(client, f"/dashboard/bridge/first_certified/{link(first, 'Next page')}")
    assert part["joined"] > 5
    for tree in (first, second):
        assert f"+{part['value']:,} firms · {part['joined']:,} joined, {part['left']:,} left" in main(tree).text
