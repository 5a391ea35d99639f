"""`/firms/{uscc}/`: what the API tells of a firm, for people."""

import datetime
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Certification, Company, CompanyName, Financing, Residency, UniversityLink
from companies.pages.life import life
from registry.models import User
from tests.api.addresses import BASE, answer, busy_firm
from tests.api.test_privacy import CANARY, sing
from tests.pages.reading import Element, addresses, asked, link, main, page, rows
from tests.samples import keys_of, saved, uscc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAY = "2026-11-22"


def shown(client: Client, code: str, day: str = DAY, language: str = "en") -> Element:
    return page(client, f"/firms/{code}/?valid_on={day}&lang={language}")


def told(client: Client, code: str, day: str = DAY, language: str = "en") -> dict[str, Any]:
    address = f"{BASE}companies/{code}/?valid_on={day}&lang={language}&expand=residencies,financings"
    found: dict[str, Any] = answer(client, address)["data"]
    return found


def firm_with(**facts: Any) -> str:
    firm = Company.objects.public().filter(**facts).order_by("uscc").first()
    assert firm is not None
    return str(firm.uscc)


def section(tree: Element, key: str) -> Element:
    (found,) = main(tree).all("section", **{"aria-labelledby": key})
    return found


def events(tree: Element) -> list[str]:
    return [one.text for one in section(tree, "h-life").all("li")]


def test_it_shows_what_the_api_tells(client: Client) -> None:
    code = busy_firm()
    firm, tree = told(client, code), shown(client, code)
    assert main(tree).all("h1")[0].text == firm["name"]
    facts = section(tree, "h-facts").text
    expected = [firm[name]["name"] for name in ("district", "zone", "hub", "strategic_field", "industry") if firm[name]]
    for words in (*expected, firm["established_on"]):
        assert words in facts
    certificates = rows(section(tree, "h-certificates").all("table")[0])
    newest_first = sorted(firm["certifications"], key=lambda one: one["issued_on"], reverse=True)
    assert [(row[1], row[2]) for row in certificates] == [
        (one["number"] or "–", one["issued_on"]) for one in newest_first
    ]
    assert [row[4].split()[0] for row in certificates] == [one["state"] for one in newest_first]
    stays = rows(section(tree, "h-stays").all("table")[0])
    assert [(row[0], row[1], row[2]) for row in stays] == [
        (stay["incubator"]["name"], stay["entered_on"], stay["left_on"] or "–") for stay in firm["residencies"]
    ]


def test_the_last_day_of_a_certificate_is_a_day_on_which_it_counts(client: Client) -> None:
    one = Certification.objects.filter(company__uscc=busy_firm(), valid_until__isnull=False)[0]
    assert one.valid_until is not None
    last = one.valid_until - datetime.timedelta(days=1)
    row = next(
        row
        for row in rows(section(shown(client, one.company.uscc, last.isoformat()), "h-certificates").all("table")[0])
        if row[1] == one.number
    )
    assert (row[3], row[4]) == (last.isoformat(), "valid")


def test_links_and_published_financings_are_shown_and_no_others(client: Client) -> None:
    code = firm_with(university_links__valid_until__isnull=True, university_links__isnull=False)
    link_of = UniversityLink.objects.filter(company__uscc=code, valid_until__isnull=True)[0]
    assert link_of.university.name_zh in section(shown(client, code, language="zh"), "h-links").text
    code = firm_with(financings__confidentiality="published", financings__agreed_on__lte=DAY)
    before = told(client, code)["financings"]
    Financing.objects.filter(company__uscc=code).exclude(confidentiality="published").update(agreed_amount="73737373")
    tree = shown(client, code)
    table = rows(section(tree, "h-money").all("table")[0])
    assert [row[1] for row in table] == [one["agreed_on"] for one in before]
    assert "737" not in main(tree).text.replace(",", "")


def test_the_day_decides_the_name_and_the_seat(client: Client) -> None:
    renamed = CompanyName.objects.filter(valid_until__lte=DAY, company__in=Company.objects.public())[0]
    assert renamed.valid_until is not None
    before = (renamed.valid_until - datetime.timedelta(days=1)).isoformat()
    assert main(shown(client, renamed.company.uscc, before, "zh")).all("h1")[0].text == renamed.name_zh
    now = shown(client, renamed.company.uscc, language="zh")
    assert main(now).all("h1")[0].text != renamed.name_zh
    assert renamed.name_zh in section(now, "h-names").text and before in section(now, "h-names").text


def test_its_life_is_told_by_days_and_what_lies_ahead_is_marked(client: Client) -> None:
    code = busy_firm()
    firm, told_life = told(client, code), events(shown(client, code))
    days = [one.split()[0] for one in told_life]
    assert days == sorted(days, reverse=True)
    assert f"{firm['established_on']} Established" in told_life
    for one in firm["certifications"]:
        assert f"{one['issued_on']} Certificate: {one['kind']['name']} {one['number']}".strip() in told_life
    for one in firm["residencies"]:
        assert f"{one['entered_on']} Entered the incubator {one['incubator']['name']}" in told_life
    ahead = [one for one in told_life if "(after the day)" in one]
    assert ahead == [one for one in told_life if one.split()[0] > DAY]


def test_a_correction_stands_among_what_was_learned(client: Client) -> None:
    stay = Residency.objects.filter(company__uscc=busy_firm())[0]
    firm = stay.company
    firm.website = "https://corrected.example"
    firm.save()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    learned = section(shown(client, firm.uscc), "h-learned")
    assert "firm: corrected" in learned.text
    assert learned.all("ins")[0].text == "https://corrected.example"


@pytest.mark.parametrize("which", ["unpublished", "sole trader", "unknown"])
def test_a_firm_that_is_not_public_has_no_page_as_it_has_no_address(client: Client, which: str) -> None:
    codes = {
        "unpublished": Company.objects.filter(is_published=False)[0].uscc,
        "sole trader": Company.objects.filter(uscc__startswith="92")[0].uscc,
        "unknown": uscc(9_999_999),
    }
    refused = client.get(f"{BASE}companies/{codes[which]}/?lang=en")
    tree = page(client, f"/firms/{codes[which]}/?lang=en", 404)
    assert main(tree).all("li")[0].text == refused.json()["errors"][0]["detail"]


def test_a_mistyped_code_is_told_with_what_may_be_meant(client: Client) -> None:
    code = busy_firm()
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    (mistake,) = client.get(f"{BASE}companies/{mistyped}/?lang=en").json()["errors"]
    told_to_people = main(page(client, f"/firms/{mistyped}/?lang=en", 404)).all("li")[0].text
    assert mistake["detail"] in told_to_people and mistake["nearest"] in told_to_people


def test_texts_of_a_firm_are_texts_and_no_markup(client: Client) -> None:
    code, text = busy_firm(), '<b>"&</b></script><img src=x>'
    CompanyName.objects.filter(company__uscc=code).update(name_zh=text, name_en="", keys_of=keys_of(text))
    Company.objects.filter(uscc=code).update(website="javascript:alert(1)")
    tree = shown(client, code, language="zh")
    assert main(tree).all("h1")[0].text == text
    assert not main(tree).all("b") and not main(tree).all("img")
    assert "javascript:alert(1)" not in addresses(tree)
    (script,) = tree.all("script", type="application/ld+json")
    assert json.loads(script.raw)["name"] == text


def test_search_engines_are_told_the_same(client: Client) -> None:
    code = busy_firm()
    firm = told(client, code, language="zh")
    (script,) = shown(client, code, language="zh").all("script", type="application/ld+json")
    described = json.loads(script.raw)
    assert (described["@type"], described["name"], described["foundingDate"]) == (
        "Organization",
        firm["name"],
        firm["established_on"],
    )
    assert described["identifier"]["value"] == code
    assert described["address"]["addressLocality"] == firm["district"]["name"]


@pytest.mark.parametrize("who", ["stranger", "registrar"])
def test_no_page_shows_a_field_that_is_not_public(client: Client, who: str) -> None:
    sing()
    if who == "registrar":
        client.force_login(User.objects.create(username="r", role="registrar", is_staff=True))
    code = busy_firm()
    pages = (f"/firms/{code}/", "/firms/?seated=any&limit=500", "/districts/", "/districts/500106/", "/firms/?q=canary")
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        text = response.content.decode().replace("?q=canary", "")
        for secret in (CANARY, "73737373", "737373"):
            assert secret not in text, address


def test_the_links_to_the_api_answer_the_same_firm(client: Client) -> None:
    code = busy_firm()
    tree = shown(client, code)
    assert answer(client, link(tree, "This firm by API (JSON)"))["data"]["uscc"] == code
    assert asked(link(tree, "This firm by API (JSON)")) == {"valid_on": DAY}
    assert answer(client, link(tree, "Its history by API"))["data"]


def test_thirty_more_certificates_cost_no_more_queries(client: Client) -> None:
    def queries() -> int:
        shown(client, code)
        with CaptureQueriesContext(connection) as context:
            shown(client, code)
        return len(context)

    code = busy_firm()
    firm, before = Company.objects.get(uscc=code), queries()
    first = firm.certifications.all()[0]
    for number in range(30):
        issued_on = datetime.date(2015, 1, 1) + datetime.timedelta(days=number)
        saved(Certification, company=firm, kind=first.kind, number=f"more-{number}", issued_on=issued_on)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "more-29" in section(shown(client, code), "h-certificates").text
    assert queries() == before <= 60


# --- The line of days, from changes made by hand


def change(subject: str, key: int, new: dict[str, Any] | None) -> dict[str, Any]:
    return {"subject": subject, "id": key, "new": new}


STAY = {"incubator": "DEMO-1", "entered_on": "2020-01-01", "left_on": None, "outcome": "", "ground": ""}
NAMES = {"incubator": {"DEMO-1": "First"}, "outcome": {"graduated": "graduated"}, "ground": {}}


def test_an_entry_stands_as_last_corrected_and_a_deleted_one_not_at_all() -> None:
    corrected = STAY | {"entered_on": "2020-02-01", "left_on": "2022-01-01", "outcome": "graduated"}
    changes = [
        change("residency", 1, STAY),
        change("residency", 2, STAY | {"entered_on": "2019-01-01"}),
        change("residency", 1, corrected),
        change("residency", 2, None),
    ]
    found = life(changes, NAMES, datetime.date(2021, 1, 1))
    assert [(one.day, one.words, one.more, one.is_ahead) for one in found] == [
        ("2022-01-01", "Left the incubator First", "graduated", True),
        ("2020-02-01", "Entered the incubator First", "", False),
    ]
