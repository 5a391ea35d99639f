"""`/firms/`: the list of the API, for people."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Company, CompanyName
from companies.pages.narrowing import WORDS
from companies.pages.search import IN_THE_FORM, OF_PAGING, SearchPage
from companies.pages.trail import TRAIL
from incubators.models import Incubator
from registry.downloads.titles import title_of_member
from tests.api.addresses import BASE, answer, walk
from tests.pages.reading import Element, addresses, asked, link, main, page, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAY = "2026-11-22"
QUESTIONS = (
    "",
    "district=500106,500107",
    "hub=H1&certified=high_tech",
    "strategic_field=F06",
    "resident=true",
    "resident=false&university_adjacent=true",
    "financed=true&order=-established_on",
    "graduated=true",
    "q=chongqing",
    "q=重庆&order=uscc",
    "zone=central_urban&certified=high_tech&order=certified_until",
    "seated=any&q=科技",
    "established_from=2020-01-01&established_to=2021-12-31",
    "valid_on=2024-12-31&certified=high_tech",
)


def codes(tree: Element) -> list[str]:
    """The credit codes of the firms on the page."""
    (table,) = main(tree).all("table")
    return [cell.text for cell in table.all("span", **{"class": "code"})]


def lines(tree: Element) -> list[Element]:
    return main(tree).all("table")[0].all("tbody")[0].all("tr")


def valid(firm: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in firm["certifications"] if one["state"] == "valid"]


def on(question: str) -> str:
    return question if "valid_on" in question else "&".join(filter(None, (question, f"valid_on={DAY}")))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_page_shows_the_firms_of_the_list_in_its_order(client: Client, question: str) -> None:
    told = answer(client, f"{BASE}companies/?{on(question)}&limit=50&count=exact")
    tree = page(client, f"/firms/?{on(question)}&lang=en")
    assert told["data"], "a question that finds nothing shows nothing"
    assert codes(tree) == [firm["uscc"] for firm in told["data"]]
    names = [row.all("a")[0].text for row in main(tree).all("table")[0].all("th", scope="row")]
    english = answer(client, f"{BASE}companies/?{on(question)}&limit=50&lang=en")["data"]
    assert names == [firm["name"] for firm in english]
    held = [
        len(row.all("span", **{"class": "held first"}) + row.all("span", **{"class": "held"})) for row in lines(tree)
    ]
    assert held == [len({one["kind"]["code"] for one in valid(firm)}) for firm in english]
    firms = told["meta"]["count"]
    assert main(tree).all("h2")[0].text == f"{firms:,} firm" + ("" if firms == 1 else "s")


def test_the_link_to_the_api_asks_the_same(client: Client) -> None:
    tree = page(client, f"/firms/?hub=H1&order=-established_on&valid_on={DAY}&lang=en")
    by_api = answer(client, link(tree, "This list by API") + "&limit=50")
    assert [firm["uscc"] for firm in by_api["data"]] == codes(tree)
    sheet = asked(link(tree, "As a spreadsheet"))
    assert sheet == {"hub": "H1", "order": "-established_on", "valid_on": DAY, "format": "csv", "lang": "en"}


def test_page_after_page_holds_each_firm_once_in_the_order_of_the_list(client: Client) -> None:
    whole = [firm["uscc"] for firm in walk(client, f"{BASE}companies/?limit=500&valid_on={DAY}")]
    found: list[str] = []
    address: str | None = f"/firms/?valid_on={DAY}&lang=en"
    while address:
        tree = page(client, address)
        found += codes(tree)
        following = [one.given["href"] for one in main(tree).all("a", rel="next")]
        address = following[0] if following else None
    assert found == whole and len(whole) > 150
    hidden = {field.given["name"] for field in main(tree).all("input", type="hidden")}
    assert hidden and "cursor" not in hidden, "another day begins anew"
    assert link(tree, "First page").startswith("/firms/") and "cursor" not in asked(link(tree, "First page"))


def ways(tree: Element, rel: str) -> list[str]:
    return [one.given["href"] for one in main(tree).all("a", rel=rel)]


@pytest.mark.parametrize("question", ["", "order=-established_on", "q=重庆", "seated=any&order=certified_until"])
def test_the_way_back_leads_over_the_same_pages_to_the_first(client: Client, question: str) -> None:
    there, address = [], f"/firms/?{question}&limit=40&valid_on={DAY}&lang=en".replace("?&", "?")
    while True:
        tree = page(client, address)
        there.append(codes(tree))
        if not ways(tree, "next"):
            break
        (address,) = ways(tree, "next")
    assert len(there) > 3
    back = [codes(tree)]
    while ways(tree, "prev"):
        (address,) = ways(tree, "prev")
        tree = page(client, address)
        back.append(codes(tree))
    assert back == there[::-1]
    assert "cursor" not in asked(address) and "trail" not in asked(address)


def test_a_cursor_alone_has_no_way_back_and_a_trail_of_another_question_is_refused(client: Client) -> None:
    first = page(client, f"/firms/?limit=40&valid_on={DAY}")
    second = asked(ways(first, "next")[0])
    alone = page(client, f"/firms/?limit=40&valid_on={DAY}&cursor={second['cursor']}")
    assert ways(alone, "prev") == [] and "trail" not in asked(ways(alone, "next")[0])
    other = asked(ways(page(client, f"/firms/?limit=40&valid_on={DAY}&order=established_on"), "next")[0])
    for trail in ("anything", other["trail"], second["trail"] + "x"):
        refused = client.get("/firms/", {**second, "trail": trail})
        assert refused.status_code == 400 and "trail" in refused.content.decode()
    kept = page(client, ways(first, "next")[0])
    hidden = {field.given["name"] for field in kept.all("input", type="hidden")}
    assert hidden.isdisjoint({"cursor", "trail"}), "another day begins anew"
    assert "trail" not in link(page(client, f"{ways(first, 'next')[0]}&lang=en"), "This list by API")


def test_firms_that_are_not_public_are_on_no_page(client: Client) -> None:
    unseen = Company.objects.filter(is_published=False) | Company.objects.filter(uscc__startswith="92")
    secrets = set(unseen.values_list("uscc", flat=True))
    secrets |= set(CompanyName.objects.filter(company__in=unseen).values_list("name_zh", flat=True))
    assert len(secrets) > 30
    for question in ("seated=any&limit=500", "resident=true&limit=500", "q=重庆&seated=any&limit=500"):
        response = client.get(f"/firms/?{question}&valid_on={DAY}")
        assert response.status_code == 200
        assert not [secret for secret in secrets if secret in response.content.decode()]


def test_the_form_keeps_what_was_chosen(client: Client) -> None:
    question = f"q=科技&district=500106&resident=true&order=uscc&zone=central_urban&valid_on={DAY}"
    form = page(client, f"/firms/?{question}&lang=en").all("form", role="search")[0]
    chosen = {
        select.given["name"]: [one.given["value"] for one in select.all("option") if "selected" in one.given]
        for select in form.all("select")
    }
    assert chosen["district"] == ["500106"] and chosen["resident"] == ["true"] and chosen["order"] == ["uscc"]
    assert chosen["hub"] == []
    typed = {field.given["name"]: field.given["value"] for field in form.all("input")}
    assert typed == {"q": "科技", "incubator": "", "zone": "central_urban", "valid_on": DAY}
    without = next(one for one in addresses(form))
    assert asked(without) == {
        "q": "科技",
        "district": "500106",
        "resident": "true",
        "order": "uscc",
        "valid_on": DAY,
    }


def test_several_choices_of_one_list_stay_together(client: Client) -> None:
    form = page(client, f"/firms/?district=500106,500107&valid_on={DAY}&lang=zh").all("form", role="search")[0]
    (district,) = form.all("select", name="district")
    assert [one.given["value"] for one in district.all("option") if "selected" in one.given] == ["500106,500107"]


def test_the_form_offers_the_codes_of_the_lists(client: Client) -> None:
    form = page(client, f"/firms/?valid_on={DAY}&lang=zh").all("form", role="search")[0]
    for name, of_list in (("district", "districts"), ("hub", "hubs"), ("certified", "certification-kinds")):
        rows_of_list = answer(client, f"{BASE}codes/{of_list}/?limit=500&valid_on={DAY}")["data"]
        (select,) = form.all("select", name=name)
        offered = {one.given["value"]: one.text for one in select.all("option")}
        assert offered == {"": "不限", **{row["code"]: row["zh"] for row in rows_of_list}}


def test_a_question_without_an_answer_says_what_to_do(client: Client) -> None:
    tree = page(client, f"/firms/?q=没有这样的企业&district=500106&valid_on={DAY}&lang=en")
    assert "No firm fits." in main(tree).text and not main(tree).all("table")
    assert asked(link(tree, "These words, everywhere")) == {"q": "没有这样的企业", "seated": "any"}
    assert link(tree, "Start again") == "/firms/"


def test_a_firm_shows_its_former_name_and_its_certificates(client: Client) -> None:
    renamed = CompanyName.objects.filter(valid_until__lte=DAY, company__in=Company.objects.public())[0]
    (row,) = rows(
        main(page(client, f"/firms/?q={renamed.company.uscc}&seated=any&valid_on={DAY}&lang=zh")).all("table")[0]
    )
    assert f"曾用名 {renamed.name_zh}" in row[0]
    certified = answer(client, f"{BASE}companies/?certified=high_tech&limit=1&valid_on={DAY}")["data"][0]
    (row,) = rows(main(page(client, f"/firms/?q={certified['uscc']}&valid_on={DAY}&lang=zh")).all("table")[0])
    assert row[3].startswith("高新技术企业 至 20")


def test_an_incubator_is_asked_for_by_its_code(client: Client) -> None:
    host = Incubator.objects.filter(residencies__left_on__isnull=True, residencies__entered_on__lte=DAY).first()
    assert host is not None
    told = answer(client, f"{BASE}companies/?incubator={host.code}&valid_on={DAY}")["data"]
    assert codes(page(client, f"/firms/?incubator={host.code}&valid_on={DAY}")) == [firm["uscc"] for firm in told]


def test_thirty_firms_cost_as_many_queries_as_three(client: Client) -> None:
    counted = []
    for limit in (3, 30, 3, 30):
        with CaptureQueriesContext(connection) as context:
            assert len(codes(page(client, f"/firms/?limit={limit}&valid_on={DAY}"))) == limit
        counted.append(len(context))
    assert counted[2] == counted[3] <= 25


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("seated=true", "当日注册地：在本市"),
        ("zone=central_urban", "片区：中心城区"),
        ("certification=high_tech", "曾取得证书：高新技术企业"),
        ("established_from=2020-01-01", "成立日期不早于：2020-01-01"),
    ],
)
def test_a_filter_without_a_field_is_told_in_words(client: Client, question: str, words: str) -> None:
    (chips,) = main(page(client, f"/firms/?{question}&valid_on={DAY}&lang=zh")).all("ul", **{"class": "chips"})
    assert chips.text.startswith(words)


def test_every_filter_without_a_field_has_words() -> None:
    names = {one.name for one in SearchPage.parameters()} - {*IN_THE_FORM, *OF_PAGING, TRAIL.name}
    assert {name for name in names if name not in WORDS and not title_of_member(name)} == set()
    assert {"seated", "near", "zone"} <= names
