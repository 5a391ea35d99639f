"""What every public page has: languages, strict parameters, refusals in words, both clocks, a strict policy."""

import datetime
import json
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, path
from django.utils import translation

from config import pages
from config.urls import urlpatterns as addresses_of_the_house
from registry.models import District
from registry.templatetags.pages import with_clocks
from tests.api.addresses import busy_firm
from tests.pages.reading import Element, addresses, asked, link, main, page, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAY = "2026-11-22"
# Of each page in `config/pages.py` an address, but for its day.
ADDRESSES: dict[str, Callable[[], str]] = {
    "dashboard": lambda: "/dashboard/",
    "dashboard-bridge-part": lambda: "/dashboard/bridge/expired/?from=2024-12-31&to=2025-12-31",
    "dashboard-revisions": lambda: "/dashboard/revisions/",
    "search": lambda: "/firms/",
    "firm": lambda: f"/firms/{busy_firm()}/",
    "districts": lambda: "/districts/",
    "district": lambda: "/districts/500106/",
    "incubators": lambda: "/incubators/",
}
OF_A_PERIOD = ("dashboard-bridge-part",)
EACH = (*ADDRESSES, "abolished", "refused")


def address_of(name: str, day: str = DAY) -> str:
    if name == "refused":
        return "/firms/?distrct=1"
    address = "/districts/500105/" if name == "abolished" else ADDRESSES[name]()
    return address if name in OF_A_PERIOD else f"{address}?valid_on={day}"


def test_every_page_is_looked_at() -> None:
    assert ADDRESSES.keys() == {pattern.name for pattern in pages.urlpatterns if pattern.name}


# --- Languages


@pytest.mark.parametrize(
    ("language", "html", "words"),
    [("zh", "zh-Hans", "企业查询"), ("en", "en", "Find firms"), ("it", "it", "Cerca imprese")],
)
def test_a_page_speaks_the_language_that_is_asked_for(client: Client, language: str, html: str, words: str) -> None:
    response = client.get(f"/firms/?lang={language}&district=500106")
    tree = read(response.content)
    assert tree.all("html")[0].given["lang"] == html
    assert main(tree).all("h1")[0].text == words
    assert response.headers["Content-Language"] == language
    assert {"Cookie", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


def test_the_switch_keeps_path_and_question_and_is_remembered(client: Client) -> None:
    tree = page(client, f"/firms/?district=500106&q=重庆&valid_on={DAY}")
    italian = link(tree, "Italiano")
    assert asked(italian) == {"district": "500106", "q": "重庆", "valid_on": DAY, "lang": "it"}
    assert italian.startswith("/firms/?")
    assert page(client, italian).all("h1")[0].text == "Cerca imprese"
    assert page(client, "/districts/").all("h1")[0].text == "Distretti e contee"
    assert page(client, "/nowhere/", 404).all("h1")[0].text == "Non trovato"


def test_the_browsers_language_is_heard_where_none_was_chosen(client: Client) -> None:
    response = client.get("/firms/", headers={"Accept-Language": "it;q=0.9, en;q=0.8"})
    assert read(response.content).all("h1")[0].text == "Cerca imprese"


ENGLISH = re.compile(r"[^\u4e00-\u9fff]*[A-Za-z]{2,}[^\u4e00-\u9fff]*")
OF_THE_DATA = re.compile(r"[0-9A-Z]{18}|GR\d+|https://\S+|/api/\S+|API|CSV|XLSX|PARQUET|English|Italiano")
"""Codes, numbers and addresses; the names of formats and of languages."""


def texts_of(tree: Element) -> set[str]:
    """What people read in the page's main part, piece by piece; not data of charts, formulas and addresses."""
    return {element.raw.strip() for element in main(tree).every() if element.name not in ("script", "code")}


@pytest.mark.parametrize("name", EACH)
def test_no_english_is_left_over_in_chinese(client: Client, name: str) -> None:
    """What both languages write alike may only be of the data."""
    address = address_of(name)
    chinese, english = (
        page(client, f"{address}&lang={language}", 400 if name == "refused" else 200) for language in ("zh", "en")
    )
    alike = texts_of(english) & texts_of(chinese)
    assert {text for text in alike if ENGLISH.fullmatch(text) and not OF_THE_DATA.fullmatch(text)} == set()


# --- Refusals


@pytest.mark.parametrize("address", ["/firms/", "/districts/", "/districts/500106/"])
def test_an_unknown_parameter_is_refused_by_name_with_the_nearest(client: Client, address: str) -> None:
    tree = page(client, f"{address}?valid_onn={DAY}&lang=en", 400)
    (mistake,) = tree.all("ul", **{"class": "mistakes"})[0].all("li")
    assert mistake.text == "There is no parameter “valid_onn” here; the nearest is “valid_on”."
    chinese = page(client, f"{address}?valid_onn={DAY}&lang=zh", 400)
    assert "此处没有参数“valid_onn”；最接近的是“valid_on”。" in main(chinese).text
    assert chinese.all("html")[0].given["lang"] == "zh-Hans"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("district=500999", "district"),
        ("valid_on=2026-02-30", "valid_on"),
        ("valid_on=2026-01-01&valid_on=2026-01-02", "valid_on"),
        ("known_at=2199-01-01T00:00:00Z", "known_at"),
        ("known_at=yesterday", "known_at"),
        ("order=size", "order"),
        ("lang=de", "lang"),
        ("cursor=nonsense", "cursor"),
        ("district=500105", "district"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_in_the_apis_words(client: Client, query: str, named: str) -> None:
    told = client.get(f"/api/v1/companies/?{query}", headers={"Accept-Language": "en"})
    assert told.status_code == 400
    mistakes = page(client, f"/firms/?{query}", 400).all("ul", **{"class": "mistakes"})[0].all("li")
    assert named in mistakes[0].text
    if named not in ("known_at", "cursor"):  # whose words hold the present moment, or hang on the address
        assert mistakes[0].text.startswith(told.json()["errors"][0]["detail"])


def test_an_address_that_leads_nowhere_is_a_page_and_for_the_api_a_problem(client: Client) -> None:
    for address in ("/nowhere/", "/districts/999999/", "/firms/91500000MA5U000000/"):
        tree = page(client, f"{address}?lang=zh", 404)
        assert tree.all("h1")[0].text == "未找到"
    problem = client.get("/api/v1/nowhere/")
    assert problem.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_pages_are_only_read(client: Client, method: str) -> None:
    response = getattr(client, method)("/firms/?lang=en")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert read(response.content).all("h1")[0].text == "Method not allowed"


def test_head_answers_as_get_without_a_body(client: Client) -> None:
    response = client.head(f"/firms/?valid_on={DAY}")
    assert (response.status_code, response.content) == (200, b"")


def test_a_query_of_a_thousand_names_is_refused_in_a_page(client: Client) -> None:
    tree = page(client, "/firms/?" + "&".join(f"p{number}=1" for number in range(1200)), 400)
    assert tree.all("p", **{"class": "status"})[0].text == "400"


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused")


urlpatterns: list[URLPattern | URLResolver] = [path("away/", away), *addresses_of_the_house]


@override_settings(ROOT_URLCONF="tests.pages.test_frame")
def test_a_page_of_its_own_says_that_the_database_is_away(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = client.get("/away/?lang=it")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    tree = read(response.content)
    assert tree.all("h1")[0].text == "Al momento non disponibile"
    assert "Traceback" not in response.content.decode()


# --- What forms send


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("q=&district=500106&hub=", {"district": "500106"}),
        ("district=500106&district=500107", {"district": "500106,500107"}),
        ("known_at=2026-11-22T08%3A30", {"known_at": "2026-11-22T08:30+08:00"}),
        ("known_at=2026-11-22+08%3A30%3A05.123456", {"known_at": "2026-11-22T08:30:05.123456+08:00"}),
        ("valid_on=&known_at=", {}),
    ],
)
def test_what_a_form_sends_is_led_to_the_strict_address(client: Client, sent: str, meant: dict[str, str]) -> None:
    response = client.get(f"/firms/?{sent}")
    assert response.status_code == 302
    assert asked(response.headers["Location"]) == meant


def test_the_form_states_the_order_of_a_day_and_keeps_the_moment_to_the_microsecond(client: Client) -> None:
    permanent = link(page(client, f"/districts/?valid_on={DAY}&lang=en"), "Permanent link to this state")
    moment_of_link = datetime.datetime.fromisoformat(asked(permanent)["known_at"])
    form = page(client, f"{permanent}&lang=zh").all("form")[0]
    (day,), (moment,) = (form.all("input", name=name) for name in ("valid_on", "known_at"))
    assert (day.given["type"], day.given["value"]) == ("text", DAY)
    assert re.fullmatch(day.given["pattern"], DAY) and "年-月-日" in form.all("label")[0].text
    assert datetime.datetime.fromisoformat(moment.given["value"] + "+08:00") == moment_of_link
    assert re.fullmatch(moment.given["pattern"], moment.given["value"])


def test_moments_are_written_for_people_and_for_programs(client: Client) -> None:
    permanent = link(page(client, f"/districts/?valid_on={DAY}&lang=en"), "Permanent link to this state")
    known_at = asked(permanent)["known_at"]
    words = f"{known_at[:10]} {known_at[11:19]}"
    for language, told in (("zh", f"{words}（北京时间）"), ("en", f"{words} (Beijing time)")):
        tree = page(client, f"{permanent}&lang={language}")
        assert {one.text for one in tree.all("time", datetime=known_at)} == {told}


def test_the_moments_of_a_citation_are_rewritten_but_not_those_of_its_address() -> None:
    address = "http://x/?known_at=2026-11-22T00:30:05Z"
    with translation.override("en"):
        told = with_clocks(f"Firms & <more>, as known at 2026-11-22T00:30:05.5+00:00; {address}.")
    assert told == (
        'Firms &amp; &lt;more&gt;, as known at <time datetime="2026-11-22T08:30:05.500000+08:00">'
        f"2026-11-22 08:30:05 (Beijing time)</time>; {address}."
    )


@pytest.mark.parametrize(
    ("name", "addresses"),
    [("districts", {"statistics/firms/", "statistics/high-tech-firms/"}), ("incubators", {"incubators/"})],
)
def test_search_engines_are_told_the_data_sets(client: Client, name: str, addresses: set[str]) -> None:
    (block,) = page(client, f"{address_of(name)}&lang=en").all("script", type="application/ld+json")
    told = {one["url"].split("/api/v1/")[1]: one for one in json.loads(block.raw)}
    assert addresses <= told.keys()
    assert {one["@type"] for one in told.values()} == {"Dataset"}
    assert all(one["license"] == settings.LICENCE["url"] for one in told.values())


def test_an_empty_unknown_parameter_is_still_refused(client: Client) -> None:
    response = client.get("/firms/?distrct=&q=", follow=True)
    assert response.status_code == 400
    assert "distrct" in main(read(response.content)).text


# --- Both clocks


@pytest.mark.parametrize("name", ADDRESSES)
def test_at_a_moment_before_the_first_record_every_page_says_that_nothing_was_known(client: Client, name: str) -> None:
    """One answer, instead of zeros, empty tables, unknown codes and missing entries."""
    address = address_of(name)
    told = page(client, f"{address}{'&' if '?' in address else '?'}known_at=2000-01-01T00:00:00Z&lang=en", 404)
    assert "The register knew nothing at 2000-01-01" in told.all("main")[0].text


@pytest.mark.parametrize("name", ["search", "districts", "district", "incubators"])
def test_the_clocks_are_told_and_carried_into_the_links(client: Client, name: str) -> None:
    tree = page(client, address_of(name, "2025-03-01") + "&lang=en")
    assert "2025-03-01" in tree.all("footer")[0].text
    within = [
        one
        for one in addresses(tree)
        if one.startswith(("/firms/", "/districts/", "/incubators/")) and "lang=" not in one
    ]
    leading_on = [one for one in within if one not in ("/firms/", "/districts/", "/districts/500106/", "/incubators/")]
    assert leading_on and all(asked(one)["valid_on"] == "2025-03-01" for one in leading_on)


def test_the_permanent_link_shows_the_same_after_a_change(client: Client) -> None:
    before = page(client, "/districts/500106/?lang=en")
    permanent = link(before, "Permanent link to this state")
    assert asked(permanent).keys() == {"valid_on", "known_at"}
    name = before.all("h1")[0].text
    District.objects.filter(code="500106").update(name_en="Renamed")
    assert page(client, "/districts/500106/?lang=en").all("h1")[0].text == "Renamed"
    assert page(client, f"{permanent}&lang=en").all("h1")[0].text == name


# --- The policy


DATA = ("application/json", "application/ld+json")


@pytest.mark.parametrize("name", EACH)
def test_nothing_of_a_page_needs_more_than_its_own_host(client: Client, name: str) -> None:
    response = client.get(address_of(name))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    for element in read(response.getvalue()).every():
        assert not [one for one in element.given if one == "style" or one.startswith("on")], element
        assert element.name != "style"
        if element.name == "script":
            assert element.given.get("type") in DATA or element.given["src"].startswith("/static/")
        if element.name in ("img", "link"):
            assert element.given.get("src", element.given.get("href", "")).startswith("/static/")


def test_the_first_page_leads_on(client: Client) -> None:
    response = client.get("/?lang=it")
    assert response.status_code == 302
    assert client.get(response.headers["Location"]).status_code == 200
