"""Series, bridges and revisions of the demonstration set say what its figures and lists say."""

import datetime
import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.statistics.codes import STANDING
from companies.statistics.over_time.parameters import GROUPED_BY
from registry.history import last_recorded_at
from tests.api.addresses import BASE, OVER_TIME, Endpoint, answer, route_of, walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

CHANCE = random.Random(20261122)
FILTERS: tuple[str, ...] = (
    "",
    "&district=500106,500107",
    "&zone=central_urban",
    "&zone=central_urban&district=500106,500101&hub=H1",
    "&reporting_unit=cq_hightech_zone&strategic_field=F01,F02",
)


def random_day() -> datetime.date:
    return datetime.date(2016, 1, 1) + datetime.timedelta(days=CHANCE.randrange(4400))


def known() -> str:
    moment = last_recorded_at()
    assert moment is not None
    return "&known_at=" + moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def ask(client: Client, metric: str, rest: str) -> Any:
    return answer(client, f"{BASE}statistics/{metric}/{rest}")


@pytest.mark.parametrize("metric", STANDING)
def test_each_point_is_the_figure_of_its_day(client: Client, metric: str) -> None:
    for filters in FILTERS:
        last, clock = random_day(), CHANCE.choice(["", known()])
        series = ask(client, metric, f"series/?from={last.replace(year=last.year - 1)}&to={last}{filters}{clock}")
        assert len(series["points"]) == 13
        for point in [series["points"][-1], *CHANCE.sample(series["points"], 2)]:
            figure = ask(client, metric, f"?valid_on={point['day']}{filters}{clock}")
            assert point["value"] == figure["total"], (point, filters)


@pytest.mark.parametrize("name", GROUPED_BY)
def test_each_group_is_that_of_the_figure_and_groups_make_the_whole(client: Client, name: str) -> None:
    series = ask(client, "high-tech-firms", f"series/?from=2022-01-01&to=2026-03-31&by=year&group_by={name}")
    for place, point in enumerate(series["points"]):
        told = {group["key"][name]: group["values"][place] for group in series["groups"] if group["values"][place]}
        figure = ask(client, "high-tech-firms", f"?valid_on={point['day']}&group_by={name}")
        assert told == {group["key"][name]: group["value"] for group in figure["groups"]}
        assert sum(told.values()) == point["value"] > 0
        labels = {group["key"][name]: group["label"] for group in series["groups"]}
        assert all(labels[group["key"][name]] == group["label"] for group in figure["groups"])


@pytest.mark.parametrize("metric", STANDING)
def test_a_bridge_leads_from_one_figure_to_the_other(client: Client, metric: str) -> None:
    for filters in FILTERS:
        first, last = sorted((random_day(), random_day()))
        page = ask(client, metric, f"bridge/?from={first}&to={last}{filters}")
        assert page["opening"] == ask(client, metric, f"?valid_on={first}{filters}")["total"]
        assert page["closing"] == ask(client, metric, f"?valid_on={last}{filters}")["total"]
        assert page["opening"] + sum(part["value"] for part in page["parts"]) == page["closing"]
        assert all(part["value"] == part["joined"] - part["left"] for part in page["parts"])


@pytest.mark.parametrize("metric", STANDING)
def test_each_part_opens_down_to_its_firms(client: Client, metric: str) -> None:
    """The firms that came and stayed away make the difference of the two lists, name by name."""
    first, last = "2024-06-30", "2025-12-31"
    rest = "&district=500106"
    page = ask(client, metric, f"bridge/?from={first}&to={last}{rest}")
    net: dict[str, int] = {}
    for part in page["parts"]:
        found = walk(client, part["firms"] + "&limit=50")
        signs = [firm["value"] for firm in found]
        assert (signs.count(1), signs.count(-1)) == (part["joined"], part["left"])
        assert all(first < firm["day"] <= last for firm in found)
        for firm in found:
            net[firm["uscc"]] = net.get(firm["uscc"], 0) + firm["value"]
    lists = [ask(client, metric, f"?valid_on={day}{rest}")["list"] for day in (first, last)]
    before, after = ({firm["uscc"] for firm in walk(client, f"{address}&limit=500")} for address in lists)
    assert {code for code, value in net.items() if value == 1} == after - before
    assert {code for code, value in net.items() if value == -1} == before - after
    assert set(net.values()) <= {-1, 0, 1} and page["parts"]


@pytest.mark.parametrize("metric", STANDING)
def test_revisions_lead_from_nothing_known_to_the_figure(client: Client, metric: str) -> None:
    day = f"valid_on=2025-06-30&known_from=2000-01-01T00:00:00Z{known().replace('known_at', 'known_to')}"
    page = ask(client, metric, f"revisions/?{day}&district=500106&limit=500")
    figure = ask(client, metric, f"?valid_on=2025-06-30&district=500106{known()}")
    assert (page["opening"], page["closing"]) == (0, figure["total"])
    assert page["joined"] - page["left"] == figure["total"] > 0
    net: dict[str, int] = {}
    while True:
        for line in page["firms"]:
            net[line["uscc"]] = net.get(line["uscc"], 0) + line["value"]
            assert sum(turn["value"] for turn in line["turns"]) == line["value"]
        if page["next"] is None:
            break
        page = answer(client, page["next"])
    listed = walk(client, f"{figure['list']}&limit=500")
    assert {code for code, value in net.items() if value} == {firm["uscc"] for firm in listed}


@pytest.mark.parametrize("endpoint", OVER_TIME, ids=route_of)
def test_an_answer_over_time_asks_a_fixed_number_of_times(client: Client, endpoint: Endpoint) -> None:
    def asked(**given: Any) -> int:
        with CaptureQueriesContext(connection) as context:
            assert endpoint.get(client, **given).status_code == 200
        return len([query for query in context.captured_queries if query["sql"].startswith(("SELECT", "WITH"))])

    is_paged = "limit" in endpoint.parameters
    few: dict[str, Any] = {"limit": 1} if is_paged else {"from": "2026-10-01"}
    many: dict[str, Any] = {"limit": 300} if is_paged else {}
    assert asked(**few) == asked(**many) <= 15


def test_every_metric_names_its_addresses_over_time(client: Client) -> None:
    entries = {entry["code"]: entry for entry in answer(client, f"{BASE}statistics/")["data"]}
    for code, entry in entries.items():
        for name in ("series", "bridge", "revisions"):
            expected = f"http://testserver{BASE}statistics/{code}/{name}/" if code in STANDING else None
            assert entry[name] == expected
