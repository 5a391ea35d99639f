"""The page of figures without a browser: what it says is what the API says, of one moment, to everyone alike."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from companies.dashboard.numbers import goal
from companies.dashboard.tiles import PLACES, placed, short_name
from companies.models import Certification, CertificationKind, Company, CompanyName, Seat, Target
from companies.pages.formulas import formula
from companies.statistics.metrics import METRICS, Metric
from registry.days import today
from registry.history import acting
from registry.models import District, ReportingUnit
from tests.clocks import SetClock
from tests.samples import saved, uscc

ROOT = Path(__file__).resolve().parent.parent.parent
ECHARTS = ROOT / "companies/static/vendor/echarts/echarts.common.min.js"
PUBLISHED = "61f13280aba3161f77fc801bf5f9c786f55f10432153a0683fc5cc0700b013d5"
"""sha256 of dist/echarts.common.min.js in the package echarts 6.1.0 of the npm registry."""
DAY = datetime.date(2026, 6, 30)
PAGE = f"/dashboard/?valid_on={DAY}&lang=en"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Answers are kept in the process; each test has a database of its own."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def certify(number: int, district: str = "500106") -> Company:
    """A firm with a high-tech certificate of 2025, seated in the district."""
    with acting(reason="test"):
        firm: Company = saved(Company, uscc=uscc(number), established_on=datetime.date(2018, 1, 1))
        saved(CompanyName, company=firm, name_zh=f"重庆第{number}科技有限公司", valid_from=datetime.date(2018, 1, 1))
        saved(
            Seat,
            company=firm,
            district=District.objects.get(code=district),
            reporting_unit=ReportingUnit.objects.get(code=district),
            valid_from=datetime.date(2018, 1, 1),
        )
        saved(
            Certification,
            company=firm,
            kind=CertificationKind.objects.get(code="high_tech"),
            number=f"GR202551{number}",
            issued_on=datetime.date(2025, 10, 16),
            valid_until=datetime.date(2028, 10, 16),
        )
    return firm


def text_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def page_of(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def data_of(page: str, chart: str) -> Any:
    found = re.search(rf'<script id="data-{chart}" type="application/json">(.*?)</script>', page, re.S)
    assert found, chart
    return json.loads(found[1])


def stock_of(page: str) -> int:
    """The count at the end of the computed line."""
    stock: int = data_of(page, "way")["points"][-1][1]
    return stock


def test_the_page_says_what_the_api_says(committed_db: str, client: Client) -> None:
    for number in (1, 2):
        certify(number)
    certify(3, "500101")
    page = page_of(client)
    told = client.get(f"/api/v1/statistics/high-tech-firms/?valid_on={DAY}&group_by=district&lang=en").json()
    bars = {row["name"]: row["value"] for row in data_of(page, "districts")["rows"]}
    assert bars == {group["label"]["district"]: group["value"] for group in told["groups"]}
    assert bars == {"Shapingba District": 2, "Wanzhou District": 1}
    assert stock_of(page) == told["total"] == 3


def test_a_change_while_the_page_is_sent_is_not_shown(committed_db: str, client: Client) -> None:
    certify(1)
    response: Any = client.get(PAGE)
    pieces = iter(response.streaming_content)
    head = next(pieces)
    certify(2)
    page = (head + b"".join(pieces)).decode()
    assert stock_of(page) == 1
    assert sum(row["value"] for row in data_of(page, "districts")["rows"]) == 1
    assert data_of(page, "bridge")["closing"]["value"] == 1


def test_kept_answers_end_with_the_next_change(committed_db: str, client: Client) -> None:
    certify(1)
    assert stock_of(page_of(client)) == 1
    certify(2)
    assert stock_of(page_of(client)) == 2


def test_kept_answers_end_at_midnight(committed_db: str, client: Client, clock: SetClock) -> None:
    """What is said of a day that lies ahead is no longer said when it has come, though nothing was recorded."""
    certify(1)
    day = today() + datetime.timedelta(days=1)
    page = f"/dashboard/?valid_on={day}&lang=en"
    ahead = f"{day} lies after"
    assert ahead in page_of(client, page)
    clock(f"{day}T12:00:00+08:00")
    assert ahead not in page_of(client, page)


def test_the_permanent_link_keeps_what_was_known(committed_db: str, client: Client) -> None:
    certify(1)
    page = page_of(client)
    found = re.search(r'class="links small"><a href="([^"#]+)#way"', page)
    assert found
    certify(2)
    again = page_of(client, f"{found[1].replace('&amp;', '&')}&lang=en")
    assert (stock_of(again), stock_of(page_of(client))) == (1, 2)


def test_a_language_is_not_answered_from_another(committed_db: str, client: Client) -> None:
    certify(1)
    names = [
        data_of(page_of(client, f"/dashboard/?valid_on={DAY}&lang={lang}"), "districts")["rows"][0]["name"]
        for lang in ("zh", "en", "it")
    ]
    assert names == ["沙坪坝区", "Shapingba District", "Distretto di Shapingba"]


def test_a_year_that_is_not_over_ends_on_the_day_and_is_told_as_provisional(committed_db: str, client: Client) -> None:
    certify(1)
    bridge = data_of(page_of(client, f"{PAGE}&year=2026"), "bridge")
    assert (bridge["opening"]["name"], bridge["closing"]["name"]) == ("2025-12-31", str(DAY))
    assert bridge["provisional"] is True
    assert data_of(page_of(client), "bridge")["provisional"] is False


def test_firms_without_a_zone_stand_beside_the_zones(committed_db: str, client: Client) -> None:
    certify(1)
    nowhere = certify(2)
    with acting(reason="test"):
        for seat in Seat.objects.filter(company=nowhere):
            seat.district = None
            seat.reporting_unit = None
            seat.save()
    page = page_of(client)
    rows = {row["name"]: row for row in data_of(page, "zones")["rows"]}
    assert rows["unknown"] | {"share": ""} == {"name": "unknown", "value": 1, "goal": None, "url": None, "share": ""}
    central = rows["Central urban area"]
    assert (central["value"], central["goal"]) == (1, 7110)
    assert client.get(central["url"].replace("/firms/", "/api/v1/companies/")).json()["data"][0]["uscc"] == uscc(1)
    assert re.search(r'<th scope="row">unknown</th><td class="num">1</td>', page)


def test_a_panel_of_a_period_says_its_period(committed_db: str, client: Client) -> None:
    certify(1)
    asked_for = dict(re.findall(r'id="(\w+)" aria-l.*?asked-for">(.*?)</p>', page_of(client), re.S))
    assert asked_for["bridge"].startswith("From 2024-12-31 to 2025-12-31, as known at <time")
    assert asked_for["financing"].startswith("From 2025-01-01 to 2025-12-31, as known at <time")
    assert asked_for["way"].startswith(f"Asked for {DAY}, as known at <time")


@pytest.mark.parametrize(("day", "step"), [("2026-06-30", "month"), ("2060-01-01", "quarter"), ("2199-01-01", "year")])
def test_a_day_far_ahead_is_answered_in_longer_steps(committed_db: str, client: Client, day: str, step: str) -> None:
    certify(1)
    page = page_of(client, f"/dashboard/?valid_on={day}&lang=en")
    assert f"High-tech firms at the end of each {step};" in page
    assert "cannot be shown" not in page and ">by: " not in page


def test_a_district_that_followed_others_is_noted(committed_db: str, client: Client) -> None:
    certify(1)
    note = "自 2025-11-06 起设立；此前其企业计入江北区、渝北区。"
    assert note in page_of(client, f"/dashboard/?valid_on={DAY}&lang=zh")
    assert note not in page_of(client, "/dashboard/?valid_on=2025-11-05&lang=zh")


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)
def test_a_formula_speaks_the_language_of_the_page(metric: Metric) -> None:
    with translation.override("zh-hans"):
        told = formula(metric)
    assert told.startswith(f"{translation_of(metric)}(t")
    assert not re.search(r"[A-Za-z]{2,}", told), told
    with translation.override("it"):
        assert formula(metric) != told


def test_the_formula_on_the_page_is_that_for_people(committed_db: str, client: Client) -> None:
    page = page_of(client, f"/dashboard/?valid_on={DAY}&lang=zh")
    assert '<span class="formula">高新技术企业(t) = 计数' in page and "count(companies" not in page


def translation_of(metric: Metric) -> str:
    with translation.override("zh-hans"):
        return str(metric.name)


def test_citations_are_written_for_people(committed_db: str, client: Client) -> None:
    certify(1)
    cited = re.findall(r'<span class="small quiet">(.*?)</span>', page_of(client), re.S)
    assert cited and all("(Beijing time)" in one for one in cited)
    told = [re.sub(r"<[^>]*>|https?://\S+", "", one) for one in cited]
    assert not [one for one in told if re.search(r"\dT\d", one)]


def test_search_engines_are_told_the_data_sets(committed_db: str, client: Client) -> None:
    certify(1)
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page_of(client), re.S)
    told = {one["url"].split("/api/v1/")[1] for one in json.loads(block)}
    assert {"statistics/high-tech-firms/", "statistics/high-tech-firms/bridge/", "statistics/graduates/"} <= told


def test_unpublished_firms_are_not_counted(committed_db: str, client: Client) -> None:
    certify(1)
    hidden = certify(2)
    with acting(reason="test"):
        hidden.is_published = False
        hidden.save()
    assert stock_of(page_of(client)) == 1


def test_an_empty_register_has_a_page(committed_db: str, client: Client) -> None:
    page = page_of(client)
    assert "No district has a high-tech firm on this day" in page
    assert "There is nothing to project from" in page


def test_a_figure_that_cannot_be_answered_leaves_the_others(committed_db: str, client: Client) -> None:
    certify(1)
    with acting(reason="test"):
        Target.objects.get(code="high-tech-2027").delete()
    page = page_of(client)
    assert f"These figures cannot be shown for {DAY} just now." in page and 'id="zones"' not in page
    assert data_of(page, "districts")["rows"]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("year=2027", "2027 has not begun by 2026-06-30"),
        ("year=x", "year:"),
        ("yaer=2025", "the nearest is “year”"),
        ("year=2025&year=2024", "year is given more than once."),
        ("known_at=2026-06-30", "known_at:"),
    ],
)
def test_a_wrong_question_is_refused_in_a_sentence(db: None, client: Client, question: str, sentence: str) -> None:
    response = client.get(f"{PAGE}&{question}")
    assert response.status_code == 400
    assert sentence in response.content.decode().replace("&#x27;", "'")


def test_the_first_page_is_the_dashboard(db: None, client: Client) -> None:
    assert client.get("/").headers["Location"] == "/dashboard/"


def test_only_reading_is_answered(db: None, client: Client) -> None:
    assert client.post(PAGE).status_code == 405


def test_no_inline_script_nor_style_is_needed(committed_db: str, client: Client) -> None:
    response = client.get(PAGE)
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    page = text_of(response)
    scripts = re.findall(r"<script\b([^>]*)>", page)
    data = ('type="application/json"', 'type="application/ld+json"')
    assert [one for one in scripts if "src=" not in one and not any(kind in one for kind in data)] == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []


def test_echarts_is_the_published_file() -> None:
    assert hashlib.sha256(ECHARTS.read_bytes()).hexdigest() == PUBLISHED


def test_each_district_in_force_has_a_tile(db: None) -> None:
    codes = sorted(District.objects.on(DAY).values_list("code", flat=True))
    places = placed(codes)
    assert len(set(places.values())) == len(codes)
    lowest = max(row for _column, row in PLACES.values())
    assert [code for code, (_column, row) in places.items() if row > lowest] == []


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("秀山土家族苗族自治县", "秀山"),
        ("两江新区", "两江"),
        ("万州区", "万州"),
        ("忠县", "忠县"),
        ("Pengshui Miao and Tujia Autonomous County", "Pengshui"),
        ("Distretto di Liangjiang (Nuova area)", "Liangjiang"),
        ("Contea autonoma tujia di Shizhu", "Shizhu"),
    ],
)
def test_a_tile_has_the_short_name(name: str, short: str) -> None:
    assert short_name(name) == short


def test_round_goals_are_short_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert [goal(value) for value in (20_000, 12_800, 12_805, 7_000)] == ["2 万", "1.28 万", "12,805", "7,000"]
    with translation.override("it"):
        assert goal(20_000) == "20.000"
