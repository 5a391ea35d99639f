"""Series, bridges and revisions over REST, on firms' lives made by hand."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from companies.models import Certification, Company, CompanyName, Residency, Seat
from companies.statistics.ledger.rebuilding import rule
from registry.credit_code import complete
from registry.history import acting, last_recorded_at
from registry.models import Hub
from tests.companies.ledger_stories import SHAPINGBA, YUZHONG, Life, certify, live, rows, seal

pytestmark = pytest.mark.django_db

BASE = "/api/v1/statistics/high-tech-firms/"
PERIOD = {"from": "2021-12-31", "to": "2025-12-31"}
MOVING = ((SHAPINGBA, "2015-01-01", "2022-07-01"), (YUZHONG, "2022-07-01", None))
ONE = (("2022-03-01", "2025-03-01"),)


def moment() -> str:
    seal()
    at = last_recorded_at()
    assert at is not None
    return at.astimezone(datetime.UTC).isoformat()


def get(address: str, **given: Any) -> Any:
    query = "&".join(f"{name.rstrip('_')}={quote(str(value), safe=',:')}" for name, value in given.items())
    return Client().get(f"{address}?lang=en&{query}")


def ask(address: str, **given: Any) -> Any:
    response = get(f"{BASE}{address}", **given)
    assert response.status_code == 200, response.content
    return response.json()


def values(page: Any) -> dict[str, int]:
    return {point["day"]: point["value"] for point in page["points"]}


def parts(page: Any) -> dict[str, int]:
    return {part["key"]: part["value"] for part in page["parts"]}


def firms(page: Any) -> list[tuple[str, str, int]]:
    return [(firm["uscc"], firm["day"], firm["value"]) for firm in page["data"]]


def named(life: Life, name: str) -> Company:
    company = live(life)
    CompanyName.objects.create(company=company, name_zh=name, name_en="", valid_from="2015-01-01")
    return company


def test_a_series_has_a_point_at_the_end_of_each_step_and_on_the_last_day() -> None:
    live(Life(certificates=ONE))
    seal()
    months = ask("series/", from_="2022-02-10", to="2022-04-15")
    assert values(months) == {"2022-02-28": 0, "2022-03-31": 1, "2022-04-15": 1}
    quarters = ask("series/", from_="2021-11-30", to="2022-08-01", by="quarter")
    assert values(quarters) == {"2021-12-31": 0, "2022-03-31": 1, "2022-06-30": 1, "2022-08-01": 1}
    years = ask("series/", from_="2020-06-01", to="2026-01-01", by="year")
    assert list(values(years).values()) == [0, 0, 1, 1, 1, 0, 0]
    assert list(values(years))[-2:] == ["2025-12-31", "2026-01-01"]


def test_the_groups_of_a_series_follow_a_move_and_add_up() -> None:
    live(Life(seats=MOVING, certificates=ONE))
    live(Life(seats=((None, "2015-01-01", None),), certificates=ONE))
    seal()
    page = ask("series/", from_="2022-06-30", to="2022-07-01", group_by="district")
    assert [(group["key"]["district"], group["values"]) for group in page["groups"]] == [
        (YUZHONG, [0, 1]),
        (SHAPINGBA, [1, 0]),
        ("unknown", [1, 1]),
    ]
    assert [group["label"]["district"] for group in page["groups"]] == [
        "Yuzhong District",
        "Shapingba District",
        "unknown",
    ]
    assert list(values(page).values()) == [2, 2]
    zones = ask("series/", from_="2022-06-30", to="2022-07-01", group_by="zone")
    assert [(group["key"]["zone"], group["values"]) for group in zones["groups"]] == [
        ("central_urban", [1, 1]),
        ("unknown", [1, 1]),
    ]


def test_a_district_is_asked_within_its_zone() -> None:
    live(Life(certificates=ONE))
    live(Life(seats=((YUZHONG, "2015-01-01", None),), certificates=ONE))
    seal()
    asked = {"from_": "2022-06-30", "to": "2022-06-30", "district": SHAPINGBA}
    assert values(ask("series/", **asked, zone="central_urban")) == {"2022-06-30": 1}
    assert values(ask("series/", **asked, zone="main_urban_new")) == {"2022-06-30": 0}


def test_a_bridge_opens_down_to_the_firms_of_each_part() -> None:
    expiring, revoked = (
        named(Life(certificates=ONE), "重庆甲科技有限公司"),
        live(Life(certificates=(("2022-03-01", "2025-03-01", "2023-05-01"),))),
    )
    seal()
    page = ask("bridge/", from_="2022-03-01", to="2025-03-01")
    assert (page["opening"], parts(page), page["closing"]) == (2, {"expired": -1, "revoked": -1}, 0)
    assert [part["label"] for part in page["parts"]] == ["certificate expired", "certificate revoked"]
    opened = [Client().get(part["firms"]).json() for part in page["parts"]]
    assert [firms(part) for part in opened] == [
        [(expiring.uscc, "2025-03-01", -1)],
        [(revoked.uscc, "2023-05-01", -1)],
    ]
    assert [part["data"][0]["name"] for part in opened] == ["重庆甲科技有限公司", None]
    assert ask("bridge/", from_="2022-02-28", to="2022-03-01")["parts"][0]["value"] == 2


def test_a_move_matters_to_the_bridge_of_a_district_alone() -> None:
    company = live(Life(seats=MOVING, certificates=ONE))
    seal()
    days = {"from_": "2022-06-30", "to": "2022-12-31"}
    assert ask("bridge/", **days)["parts"] == []
    assert parts(ask("bridge/", **days, district=SHAPINGBA)) == {"moved_within_city": -1}
    joined = ask("bridge/moved_within_city/", **days, district=YUZHONG)
    assert firms(joined) == [(company.uscc, "2022-07-01", 1)]
    both = ask("bridge/", **days, zone="central_urban")
    assert (both["opening"], both["parts"], both["closing"]) == (1, [], 1)


def test_the_firms_of_a_part_are_paged_by_day_each_once() -> None:
    codes = [live(Life(certificates=((f"2022-03-0{number % 3 + 1}", "2025-03-01"),))).uscc for number in range(7)]
    seal()
    found, address = [], f"{BASE}bridge/first_certified/?from=2021-12-31&to=2022-12-31&limit=2"
    while address:
        page = Client().get(address).json()
        found += firms(page)
        address = page["next"]
    assert sorted(code for code, _day, _value in found) == sorted(codes)
    assert [day for _code, day, _value in found] == sorted(day for _code, day, _value in found)
    first = Client().get(f"{BASE}bridge/first_certified/?from=2021-12-31&to=2022-12-31&limit=2").json()["next"]
    other = Client().get(first.replace("to=2022-12-31", "to=2022-12-30"))
    assert other.json()["errors"][0]["code"] == "cursor_mismatch"


def test_a_revocation_with_effect_back_is_the_only_revision() -> None:
    live(Life(certificates=ONE))
    revoked = named(Life(certificates=ONE), "重庆乙科技有限公司")
    before = moment()
    with acting(request_id="from the form", reason="a secret reason"):
        Certification.objects.filter(company=revoked).update(revoked_from="2023-01-01", revoked_on="2026-01-01")
        after = moment()
    page = ask("revisions/", valid_on="2023-06-01", known_from=before, known_to=after)
    assert [page[name] for name in ("opening", "joined", "left", "closing")] == [2, 0, 1, 1]
    (line,) = page["firms"]
    assert (line["uscc"], line["name"], line["value"]) == (revoked.uscc, "重庆乙科技有限公司", -1)
    assert [(turn["day"], turn["reason"], turn["value"]) for turn in line["turns"]] == [("2023-01-01", "revoked", -1)]
    assert datetime.datetime.fromisoformat(line["recorded_at"]) == datetime.datetime.fromisoformat(after)
    assert (line["reason_class"], "secret" in str(page)) == ("entered", False)
    assert line["sequence"] == rows("SELECT max(sequence) FROM registry_changeset")[0][0]
    for known, stock in ((before, 2), (after, 1)):
        points = ask("series/", from_="2023-01-01", to="2023-01-01", known_at=known)
        assert values(points) == {"2023-01-01": stock}
        assert ask("bridge/", from_="2022-12-31", to="2023-01-01", known_at=known)["closing"] == stock
    assert ask("revisions/", valid_on="2022-12-31", known_from=before)["firms"] == []
    late = ask("revisions/", valid_on="2025-03-01", known_from=before)
    assert (late["opening"], late["firms"], late["closing"]) == (0, [], 0)


def test_a_firm_deleted_since_is_named_as_it_last_stood() -> None:
    company = named(Life(certificates=ONE), "重庆丙科技有限公司")
    before = moment()
    uscc = company.uscc
    for fact in (Certification, Seat, Residency):
        fact._default_manager.filter(company=company).delete()
    company.delete()
    moment()
    page = ask("revisions/", valid_on="2023-06-01", known_from=before)
    assert [(line["uscc"], line["name"], line["value"]) for line in page["firms"]] == [(uscc, "重庆丙科技有限公司", -1)]
    then = ask("bridge/first_certified/", from_="2021-12-31", to="2022-12-31", known_at=before)
    assert firms(then) == [(uscc, "2022-03-01", 1)]


@pytest.mark.parametrize("how", ["unpublished", "a sole trader"])
def test_a_withdrawn_firm_is_in_no_past(how: str) -> None:
    """In the figure, the series, the bridge and the revisions alike; back in them when it is public again."""
    kept, withdrawn = live(Life(certificates=ONE)), live(Life(certificates=ONE))
    begun = "2020-01-01T00:00:00Z"
    before = moment()
    as_it_was = {"is_published": True, "uscc": withdrawn.uscc}
    hidden = {"is_published": False} if how == "unpublished" else {"uscc": complete("92500106", "L9999999")}
    Company.objects.filter(pk=withdrawn.pk).update(**hidden)
    moment()
    for codes in ([kept.uscc], sorted([kept.uscc, withdrawn.uscc])):
        told = [
            get(BASE, valid_on="2023-06-01", known_at=before).json()["total"],
            *values(ask("series/", from_="2023-06-01", to="2023-06-01", known_at=before)).values(),
            ask("bridge/", from_="2021-12-31", to="2023-06-01", known_at=before)["closing"],
            ask("revisions/", valid_on="2023-06-01", known_from=begun, known_to=before)["closing"],
        ]
        assert told == [len(codes)] * 4
        listed = ask("bridge/first_certified/", from_="2021-12-31", to="2023-06-01", known_at=before)
        assert sorted(code for code, _day, _value in firms(listed)) == codes
        lines = ask("revisions/", valid_on="2023-06-01", known_from=begun, known_to=before)["firms"]
        assert sorted(line["uscc"] for line in lines) == codes
        hub = ask("series/", from_="2023-06-01", to="2023-06-01", known_at=before, group_by="hub")["groups"]
        assert [group["values"] for group in hub] == [[len(codes)]]
        Company.objects.filter(pk=withdrawn.pk).update(**as_it_was)
        moment()


def test_a_firm_hidden_for_a_time_leaves_and_comes_back_in_the_revisions() -> None:
    company = live(Life(certificates=ONE))
    before = moment()
    for shown in (False, True):
        Company.objects.filter(pk=company.pk).update(is_published=shown)
        moment()
    page = ask("revisions/", valid_on="2023-06-01", known_from=before)
    assert [(line["uscc"], line["value"]) for line in page["firms"]] == [(company.uscc, -1), (company.uscc, 1)]
    assert [page[name] for name in ("opening", "joined", "left", "closing")] == [1, 1, 1, 1]


def test_revisions_of_a_hub_follow_its_correction() -> None:
    one, other = Hub.objects.order_by("code")[:2]
    company = live(Life(certificates=ONE, values={"hub": one}))
    before = moment()
    Company.objects.filter(pk=company.pk).update(hub=other)
    moment()
    lines = {
        hub.code: [
            line["value"] for line in ask("revisions/", valid_on="2023-06-01", known_from=before, hub=hub.code)["firms"]
        ]
        for hub in (one, other)
    }
    assert lines == {one.code: [-1], other.code: [1]}
    assert ask("revisions/", valid_on="2023-06-01", known_from=before)["firms"] == []


def test_revisions_are_paged_in_the_order_of_recording_each_once() -> None:
    before = moment() if last_recorded_at() else "2020-01-01T00:00:00Z"
    codes = []
    for size in (2, 1, 3):
        codes += sorted((live(Life(certificates=ONE)) for _ in range(size)), key=lambda firm: firm.pk)
        seal()
    found, address = [], f"{BASE}revisions/?valid_on=2023-06-01&known_from={quote(before)}&limit=2"
    while address:
        page = Client().get(address).json()
        found += [line["uscc"] for line in page["firms"]]
        address = page["next"]
    assert found == [firm.uscc for firm in codes]
    assert page["joined"] == 6


def test_the_digest_of_revisions_needs_the_day_and_both_moments_and_repeats() -> None:
    live(Life(certificates=ONE))
    known = moment()
    asked = {"known_from": "2020-01-01T00:00:00Z", "known_to": known, "valid_on": "2023-06-01"}
    first = ask("revisions/", **asked)["digest"]
    live(Life(certificates=ONE))
    moment()
    assert ask("revisions/", **asked)["digest"] == first
    assert ask("revisions/", **asked | {"known_from": "2020-01-01T08:00:00+08:00"})["digest"] == first
    assert ask("revisions/", **asked | {"valid_on": "2023-06-02"})["digest"] != first
    for without in ("known_to", "valid_on"):
        assert "digest" not in ask("revisions/", **{name: text for name, text in asked.items() if name != without})


REFUSED: dict[str, tuple[str, str]] = {
    "series/?to=2025-01-01": ("from", "missing_parameter"),
    "bridge/?from=2025-01-01": ("to", "missing_parameter"),
    "revisions/": ("known_from", "missing_parameter"),
    "series/?from=2025-01-02&to=2025-01-01": ("to", "period_out_of_order"),
    "bridge/?from=2025-01-02&to=2025-01-01": ("to", "period_out_of_order"),
    "bridge/expired/?from=2025-01-02&to=2025-01-01": ("to", "period_out_of_order"),
    "revisions/?known_from=2025-01-02T00:00:00Z&known_to=2025-01-01T00:00:00Z": ("known_to", "period_out_of_order"),
    "revisions/?known_from=2150-01-01T00:00:00Z": ("known_from", "not_yet_known"),
    "revisions/?known_from=2020-01-01T00:00:00Z&known_to=2150-01-01T00:00:00Z": ("known_to", "not_yet_known"),
    "series/?from=1990-01-01&to=2025-01-01": ("by", "too_many_points"),
    "series/?from=2025-01-01&to=2025-01-02&by=week": ("by", "unknown_choice"),
    "series/?from=2025-01-01&to=2025-01-02&group_by=district,hub": ("group_by", "unknown_choice"),
    "series/?from=2025-01-01&to=2025-01-02&valid_on=2025-01-01": ("valid_on", "unknown_parameter"),
    "series/?from=2025-01-01&to=2025-01-02&university=4150010611": ("university", "unknown_parameter"),
    "series/?from=2025-01-01&to=2025-01-02&district=999999": ("district", "unknown_code"),
    "revisions/?known_from=2025-01-01T00:00:00Z&known_at=2025-01-01T00:00:00Z": ("known_at", "unknown_parameter"),
}


@pytest.mark.parametrize("question", REFUSED)
def test_what_cannot_be_asked_is_refused_by_name(question: str) -> None:
    response = Client().get(f"{BASE}{question}")
    assert response.status_code == 400
    (mistake,) = response.json()["errors"]
    assert (mistake["parameter"], mistake["code"]) == REFUSED[question]


def test_four_hundred_points_are_answered() -> None:
    assert len(ask("series/", from_="1990-01-01", to="2023-04-01")["points"]) == 400
    assert get(f"{BASE}series/", from_="1990-01-01", to="2023-05-01").status_code == 400


def test_a_ledger_of_another_distance_answers_503_and_no_figure() -> None:
    rows("UPDATE ledger.rule SET adjacency_metres = %s", rule()[1] + 1)
    for name in ("series", "bridge"):
        response = get(f"/api/v1/statistics/university-adjacent-firms/{name}/", from_="2025-01-01", to="2025-01-02")
        assert (response.status_code, response.json()["code"]) == (503, "being_derived")
    assert get(f"{BASE}series/", from_="2025-01-01", to="2025-01-02").status_code == 200


def test_invented_firms_are_flagged() -> None:
    days = {"from_": "2022-12-31", "to": "2023-12-31"}
    live(Life(certificates=ONE))
    seal()
    for name in ("series/", "bridge/"):
        assert [flag["code"] for flag in ask(name, **days)["flags"]] == ["sole_traders_left_out"]
    live(Life(certificates=ONE, values={"is_invented": True}))
    seal()
    for name in ("series/", "bridge/"):
        assert [flag["code"] for flag in ask(name, **days)["flags"]] == ["invented_data", "sole_traders_left_out"]


def test_an_overlapping_certificate_is_no_part() -> None:
    company = live(Life(certificates=ONE))
    certify(company, "2024-06-01", "2027-06-01")
    seal()
    assert ask("bridge/", from_="2022-12-31", to="2026-12-31")["parts"] == []
