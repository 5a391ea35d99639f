"""`/districts/` and `/districts/{code}/`: the API's figures, each leading to as many firms."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Seat
from tests.api.addresses import BASE, answer
from tests.pages.reading import Element, asked, link, main, page, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAY = "2026-11-22"
METRICS = ("firms", "high-tech-firms", "incubated-firms", "university-adjacent-firms")


def figure(client: Client, metric: str, **given: str) -> dict[str, Any]:
    question = "&".join(f"{name}={text}" for name, text in {"valid_on": DAY, **given}.items())
    found: dict[str, Any] = answer(client, f"{BASE}statistics/{metric}/?{question}")
    return found


def by(client: Client, metric: str, dimension: str, **given: str) -> dict[str, int]:
    groups = figure(client, metric, group_by=dimension, **given)["groups"]
    return {group["label"][dimension]: group["value"] for group in groups}


def number(text: str) -> int:
    return int(text.split()[0].replace(",", ""))


def lines(tree: Element) -> dict[str, list[int]]:
    """Name -> the four figures and the incubators."""
    (table,) = main(tree).all("table")
    return {row[0]: [number(row[place]) for place in (1, 2, 4, 5, 6)] for row in rows(table)}


def test_each_number_is_the_figure_of_the_api(client: Client) -> None:
    found = lines(page(client, f"/districts/?valid_on={DAY}&lang=zh"))
    districts = {row["zh"] for row in answer(client, f"{BASE}codes/districts/?limit=500&valid_on={DAY}")["data"]}
    zones = {row["zh"] for row in answer(client, f"{BASE}codes/zones/?limit=500&valid_on={DAY}")["data"]}
    assert found.keys() == districts | zones and len(districts) == 37
    for place, metric in enumerate((*METRICS, "incubators")):
        told = by(client, metric, "district") | by(client, metric, "zone")
        assert {name: values[place] for name, values in found.items()} == {name: told.get(name, 0) for name in found}


def test_the_whole_city_is_the_total(client: Client) -> None:
    (table,) = main(page(client, f"/districts/?valid_on={DAY}&lang=zh")).all("table")
    last = [cell.text for cell in table.all("tfoot")[0].all("tr")[-1].every() if cell.name in ("th", "td")]
    assert [number(last[place]) for place in (1, 2, 4, 5)] == [figure(client, metric)["total"] for metric in METRICS]


def test_every_number_leads_to_as_many_firms(client: Client) -> None:
    tree = page(client, f"/districts/?valid_on={DAY}&lang=en")
    (table,) = main(tree).all("table")
    cells = [one for one in table.all("a", **{"class": "plain"}) if one.text != "0" and is_of_firms(one)]
    assert len(cells) > 120
    of_a_zone = table.all("tr", **{"class": "zone"})[2].all("a")
    assert len(of_a_zone) == 5
    for one in (*of_a_zone[:4], *cells[:: len(cells) // 8]):
        assert main(page(client, one.given["href"] + "&lang=en")).all("h2")[0].text.split()[0] == one.text


def is_of_firms(one: Element) -> bool:
    return one.given["href"].startswith("/firms/")


def test_a_number_of_incubators_leads_to_as_many(client: Client) -> None:
    tree = page(client, f"/districts/?valid_on={DAY}&lang=en")
    links = [one for one in main(tree).all("a", **{"class": "plain"}) if one.given["href"].startswith("/incubators/")]
    assert {asked(one.given["href"]).get("zone") for one in links} >= {"central_urban", "main_urban_new"}
    for one in (links[0], links[1], links[-1]):
        (table,) = main(page(client, one.given["href"] + "&lang=en")).all("table")
        assert len(rows(table)) == int(one.text) > 0


def test_the_change_is_that_since_the_end_of_the_year_before(client: Client) -> None:
    (table,) = main(page(client, f"/districts/?valid_on={DAY}&lang=zh")).all("table")
    then = by(client, "high-tech-firms", "district", valid_on="2025-12-31")
    told = {row[0]: row[2].split() for row in rows(table) if row[0] in then}
    assert told
    for name, (now, change) in told.items():
        assert int(change.replace("−", "-")) == int(now.replace(",", "")) - then[name]


def test_zones_stand_beside_their_targets(client: Client) -> None:
    tree = page(client, f"/districts/?valid_on={DAY}&lang=zh")
    told = answer(client, f"{BASE}targets/high-tech-2027/?valid_on={DAY}")["data"]
    shown = [one.all("p")[0].text for one in main(tree).all("div", **{"class": "target"})]
    assert f"全市 {told['computed']['stock']:,} / 12,800 家（2027 年末目标）" in shown
    for part in told["parts"]["targets"]:
        assert f"{part['area']['name']} {part['computed']:,} / {part['value']:,} 家（2027 年末目标）" in shown
    assert not [one for one in shown if "北碚" in one or "2025 年末" in one or "8,000" in one]


def test_an_abolished_district_says_what_followed_it(client: Client) -> None:
    tree = page(client, f"/districts/500105/?valid_on={DAY}&lang=en")
    (note,) = main(tree).all("p", **{"class": "note warn"})
    assert "2025-11-06" in note.text
    follower = answer(client, f"{BASE}codes/districts/?in_force=false&valid_on={DAY}")["data"]
    successor = next(row["successor"] for row in follower if row["code"] == "500105")
    assert note.all("a")[0].given["href"] == f"/districts/{successor['code']}/?valid_on={DAY}"
    last = page(client, "/districts/500105/?valid_on=2025-11-05&lang=en")
    assert not main(last).all("p", **{"class": "note warn"}) and main(last).all("dl", **{"class": "figures"})
    gone = section(page(client, f"/districts/?valid_on={DAY}&lang=zh"), "h-gone").text
    assert "江北区" in gone and "渝北区" in gone


NEW = "500157"
"""Exists since 2025-11-06, in place of 500105 and 500112."""


def test_a_district_says_since_when_it_exists_and_what_stood_in_its_place(client: Client) -> None:
    tree = page(client, f"/districts/{NEW}/?valid_on={DAY}&lang=en")
    (note,) = main(tree).all("p", **{"class": "note"})
    assert "exists since 2025-11-06" in note.text
    assert [one.given["href"] for one in note.all("a")] == [
        f"/districts/{code}/?valid_on=2025-11-05" for code in ("500105", "500112")
    ]
    assert [row[0] for row in rows(section(tree, "h-time").all("table")[0])] == [DAY, "2025-12-31"]
    before = main(page(client, note.all("a")[0].given["href"]))
    assert before.all("dl", **{"class": "figures"}) and not before.all("p", **{"class": "note warn"})


def test_a_district_has_no_numbers_before_it_existed(client: Client) -> None:
    tree = main(page(client, f"/districts/{NEW}/?valid_on=2024-06-30&lang=en"))
    (note,) = tree.all("p", **{"class": "note warn"})
    assert "exists only since 2025-11-06" in note.text
    hrefs = [one.given["href"] for one in note.all("a")]
    assert hrefs[:2] == [f"/districts/{code}/?valid_on=2024-06-30" for code in ("500105", "500112")]
    assert hrefs[2] == "?valid_on=2025-11-06"
    assert not tree.all("table") and not tree.all("svg") and not tree.all("dl")


def test_a_district_of_this_year_is_new_rather_than_grown(client: Client) -> None:
    tree = page(client, f"/districts/{NEW}/?valid_on=2025-11-22&lang=en")
    (figures,) = main(tree).all("dl", **{"class": "figures"})
    assert {one.text for one in figures.all("dd", **{"class": "more quiet"})} == {"exists since 2025-11-06"}
    (table,) = main(page(client, "/districts/?valid_on=2025-11-22&lang=zh")).all("table")
    told = {row[0]: row[2].split() for row in rows(table)}
    assert told["两江新区"][1] == "新设"
    then, now = (by(client, "high-tech-firms", "zone", valid_on=day) for day in ("2024-12-31", "2025-11-22"))
    change = now["中心城区"] - then["中心城区"]
    assert told["中心城区"] == [f"{now['中心城区']:,}", f"{change:+,}".replace("-", "−")]


def test_the_firms_of_a_district_are_not_called_those_of_the_city(client: Client) -> None:
    (figures,) = main(page(client, f"/districts/500106/?valid_on={DAY}&lang=zh")).all("dl", **{"class": "figures"})
    assert figures.all("dt")[0].text == "本区县企业"


def section(tree: Element, key: str) -> Element:
    (found,) = main(tree).all("section", **{"aria-labelledby": key})
    return found


def test_one_district_shows_the_figures_of_the_api(client: Client) -> None:
    tree = page(client, f"/districts/500106/?valid_on={DAY}&lang=zh")
    (figures,) = main(tree).all("dl", **{"class": "figures"})
    shown = [number(cell.text) for cell in figures.all("dd") if "class" not in cell.given]
    assert shown[:4] == [figure(client, metric, district="500106")["total"] for metric in METRICS]
    assert shown[4] == figure(client, "incubators", district="500106")["total"]
    for one in filter(is_of_firms, figures.all("a")):
        assert main(page(client, one.given["href"] + "&lang=en")).all("h2")[0].text.split()[0] == one.text


def test_the_years_are_the_series(client: Client) -> None:
    tree = page(client, f"/districts/500106/?valid_on={DAY}&lang=en")
    table = rows(section(tree, "h-time").all("table")[0])
    for place, metric in enumerate(METRICS, start=1):
        address = f"{BASE}statistics/{metric}/series/?from=2016-12-31&to={DAY}&by=year&district=500106"
        points = answer(client, address)["points"]
        assert [(row[0], number(row[place])) for row in reversed(table)] == [
            (point["day"], point["value"]) for point in points
        ]
    columns = [one.text for one in section(tree, "h-time").all("svg", role="img")[0].all("text")]
    assert columns[::2] == [f"{number(row[2]):,}" for row in reversed(table)]
    by_api = answer(client, link(tree, "These figures by API"))
    assert [point["value"] for point in by_api["points"]] == [number(row[2]) for row in reversed(table)]


@pytest.mark.parametrize(("code", "day"), [("500106", DAY), ("500157", "2025-12-01"), ("500106", "2026-01-01")])
def test_why_it_changed_is_the_bridge_of_the_district_and_opens_to_its_firms(
    client: Client, code: str, day: str
) -> None:
    in_time = section(page(client, f"/districts/{code}/?valid_on={day}&lang=en"), "h-time")
    years, *whys = in_time.all("table")
    closing, opening = (number(row[2]) for row in rows(years)[:2]) if len(rows(years)) > 1 else (0, 0)
    if len(rows(years)) == 1:
        assert whys == [], "in the year of its first day nothing led there"
        return
    parts = {row[0]: int(row[1].replace("−", "-")) for why in whys for row in rows(why)}
    assert opening + sum(parts.values()) == closing
    for one in (each for why in whys for each in why.all("a")):
        (table,) = main(page(client, one.given["href"] + "&limit=500&lang=en")).all("table")
        assert sum(int(row[2].replace("−", "-")) for row in rows(table)) == int(one.text.replace("−", "-"))


@pytest.mark.parametrize(("key", "dimension"), [("h-hubs", "hub"), ("h-fields", "strategic_field")])
def test_hubs_and_fields_are_the_groups_of_the_api(client: Client, key: str, dimension: str) -> None:
    table = rows(section(page(client, f"/districts/500106/?valid_on={DAY}&lang=en"), key).all("table")[0])
    for place, metric in ((1, "high-tech-firms"), (3, "firms")):
        told = by(client, metric, dimension, district="500106", lang="en")
        assert {row[0]: number(row[place]) for row in table} == {row[0]: told.get(row[0], 0) for row in table}
        assert told.keys() <= {row[0] for row in table}


def test_the_latest_certificates_lead_to_their_firms(client: Client) -> None:
    latest = section(page(client, f"/districts/500106/?valid_on={DAY}&lang=zh"), "h-latest")
    question = f"district=500106&kind=high_tech&issued_to={DAY}&order=-issued_on&limit=8&valid_on={DAY}"
    told = answer(client, f"{BASE}certifications/?{question}")["data"]
    assert [(row[0], row[2]) for row in rows(latest.all("table")[0])] == [
        (one["company_name"], one["issued_on"]) for one in told
    ]
    for one in latest.all("a")[:2]:
        page(client, one.given["href"])


def test_a_district_before_the_first_years_of_the_register_has_a_page(client: Client) -> None:
    for day in ("1900-06-01", "1903-01-01", "2199-12-31"):
        assert client.get(f"/districts/?valid_on={day}").status_code == 200
        assert client.get(f"/districts/500106/?valid_on={day}").status_code == 200


def test_a_district_costs_as_many_queries_with_all_firms_as_with_few(client: Client) -> None:
    def queries(address: str) -> int:
        page(client, address)
        with CaptureQueriesContext(connection) as context:
            page(client, address)
        return len(context)

    few, many = (Seat.objects.filter(district__code=code, valid_until=None).count() for code in ("500156", "500106"))
    assert few * 3 < many
    assert queries(f"/districts/500156/?valid_on={DAY}") <= queries(f"/districts/500106/?valid_on={DAY}") <= 91
    assert queries(f"/districts/?valid_on={DAY}") <= 60


def test_the_day_is_carried_on(client: Client) -> None:
    tree = page(client, "/districts/500106/?valid_on=2024-12-31&lang=en")
    (figures,) = main(tree).all("dl", **{"class": "figures"})
    assert asked(figures.all("a")[1].given["href"]) == {
        "district": "500106",
        "certified": "high_tech",
        "valid_on": "2024-12-31",
    }
