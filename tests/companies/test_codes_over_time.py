"""Codes that begin or end within a period: what series and bridges say of the days on which they are not in force."""

from __future__ import annotations

from typing import Any

import pytest

from registry.models import District
from tests.companies.ledger_stories import LIANGJIANG, SHAPINGBA, YUBEI, Life, day, live, seal
from tests.companies.test_over_time import ONE, ask, get, parts, values

pytestmark = pytest.mark.django_db

BEFORE, SINCE = "2025-12-31", "2026-06-30"


@pytest.fixture(autouse=True)
def a_new_district() -> None:
    """One that took the place of another on 2026-03-01, whatever the reference data say of it."""
    new, old = (District.objects.get(code=code) for code in (LIANGJIANG, YUBEI))
    District.objects.filter(pk=new.pk).update(valid_from=day("2026-03-01"), valid_until=None, successor=None)
    District.objects.filter(pk=old.pk).update(valid_from=None, valid_until=day("2026-03-01"), successor=new)
    still = (("2024-03-01", "2027-03-01"),)
    live(Life(seats=((YUBEI, "2015-01-01", "2026-03-01"), (LIANGJIANG, "2026-03-01", None)), certificates=still))
    live(Life(seats=((SHAPINGBA, "2015-01-01", None),), certificates=ONE))
    seal()


def told(page: Any) -> list[tuple[str, str]]:
    return [(flag["dimension"], flag["detail"]) for flag in page["flags"] if flag["code"] == "not_in_force"]


def test_groups_are_empty_where_their_code_is_not_in_force_and_zero_where_it_is() -> None:
    page = ask("series/", from_=BEFORE, to=SINCE, by="quarter", group_by="district")
    groups = {group["key"]["district"]: group["values"] for group in page["groups"]}
    assert groups == {YUBEI: [1, None, None], LIANGJIANG: [None, 1, 1]}
    assert list(values(page).values()) == [1, 1, 1]
    ((dimension, detail),) = told(page)
    assert dimension == "district" and YUBEI in detail and LIANGJIANG in detail
    of_a_quiet_one = ask("series/", from_="2024-12-31", to=SINCE, by="year", group_by="district")
    assert {g["key"]["district"]: g["values"] for g in of_a_quiet_one["groups"]}[SHAPINGBA] == [1, 0, 0]


def test_a_period_in_which_every_code_is_in_force_has_no_flag() -> None:
    for question in ({"group_by": "district"}, {"district": LIANGJIANG}, {"zone": "central_urban"}, {}):
        assert told(ask("series/", from_="2026-03-31", to=SINCE, **question)) == []


@pytest.mark.parametrize("code", [YUBEI, LIANGJIANG])
def test_a_bridge_says_of_which_day_the_figure_is_refused(code: str) -> None:
    page = ask("bridge/", from_=BEFORE, to=SINCE, district=code)
    for value, on in ((page["opening"], BEFORE), (page["closing"], SINCE)):
        figure = get("/api/v1/statistics/high-tech-firms/", valid_on=on, district=code)
        if figure.status_code == 200:
            assert figure.json()["total"] == value == 1
        else:
            assert (figure.json()["errors"][0]["code"], value) == ("code_not_in_force", 0)
    ((dimension, detail),) = told(page)
    assert dimension == "district"
    told_of = {
        YUBEI: f"– 2026-02-28; outside of it nothing counts there. Its successor is {LIANGJIANG}.",
        LIANGJIANG: "2026-03-01 –; outside of it nothing counts there.",
    }
    assert detail == f"{code} is in force {told_of[code]}"
    assert list(parts(page)) == ["boundary_change"]
    assert told(ask("bridge/boundary_change/", from_=BEFORE, to=SINCE, district=code)["meta"]) == [(dimension, detail)]


def test_revisions_of_a_day_on_which_the_code_is_not_in_force_are_flagged() -> None:
    asked = {"known_from": "2020-01-01T00:00:00Z", "district": LIANGJIANG}
    assert [name for name, _detail in told(ask("revisions/", valid_on=BEFORE, **asked))] == ["district"]
    assert told(ask("revisions/", valid_on=SINCE, **asked)) == []


def test_the_file_of_a_series_leaves_the_cell_empty() -> None:
    response = get("/api/v1/statistics/high-tech-firms/series/", from_=BEFORE, to=BEFORE, group_by="district")
    assert [group["values"] for group in response.json()["groups"]] == [[1]]
    asked = {"from_": BEFORE, "to": SINCE, "by": "year", "group_by": "district", "format": "csv"}
    text = get("/api/v1/statistics/high-tech-firms/series/", **asked).getvalue().decode("utf-8-sig")
    cells = [line.split(",")[:4] for line in text.splitlines()[1:]]
    assert [(on, code, value) for on, code, _label, value in cells] == [
        (BEFORE, YUBEI, "1"),
        (BEFORE, LIANGJIANG, ""),
        (SINCE, YUBEI, ""),
        (SINCE, LIANGJIANG, "1"),
    ]


def test_a_code_that_was_given_before_has_zeros_from_its_first_period_on() -> None:
    """500110 was Wansheng's until 2011 and is Qijiang's since."""
    assert District.objects.filter(code="500110").count() == 2
    live(Life(seats=(("500110", "2015-01-01", None),), certificates=ONE))
    seal()
    page = ask("series/", from_="1996-12-31", to="2022-12-31", by="year", district="500110", group_by="district")
    (group,) = page["groups"]
    assert group["values"] == [None] + [0] * 25 + [1]
    assert {name for name, _detail in told(page)} == {"district"}
    assert told(ask("series/", from_="2009-12-31", to="2022-12-31", by="year", district="500110")) == []
