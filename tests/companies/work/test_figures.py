"""An incubator's own figures, worked out by hand; each opens to as many rows; the public's are the API's."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import AnnualReport, Company, Financing, FinancingInstrument, Residency
from companies.work.figures import FIGURES, Question
from incubators.models import Incubator
from registry.days import today
from registry.models import Role, User
from tests.companies.work.house import House, certificate, client_of, house, names, person
from tests.samples import saved

pytestmark = pytest.mark.django_db
DAY = datetime.date
ON = "2026-06-30"


@pytest.fixture
def a() -> House:
    """A with seven firms, on 2026-06-30: five in residence, two graduated."""
    made, other = house("A"), house("B")
    other.firm("乙")
    certificate(made.firm("甲"), DAY(2024, 10, 16))
    new, draft = made.firm("新", entered=DAY(2026, 1, 1)), made.firm("稿")
    Company.objects.filter(pk=draft.pk).update(is_published=False)
    certificate(draft, DAY(2024, 10, 16))
    certificate(made.firm("满"), DAY(2023, 6, 30), valid_until=DAY(2026, 6, 30))  # ends on the day
    made.firm("等", entered=DAY(2026, 6, 30))
    made.firm("迟", entered=DAY(2026, 7, 1))
    made.firm("毕", left_on=DAY(2026, 6, 30), outcome="graduated")
    made.firm("早", left_on=DAY(2025, 12, 31), outcome="graduated")
    made.firm("走", left_on=DAY(2026, 3, 1), outcome="left")
    for company, day, kind in (
        (new, DAY(2025, 12, 31), "confidential"),  # before it came
        (new, DAY(2026, 3, 1), "published"),
        (draft, DAY(2026, 6, 30), "published"),
        (draft, DAY(2026, 7, 1), "published"),
    ):
        saved(Financing, company=company, agreed_on=day, confidentiality=kind, instrument=loan())
    for name, year, jobs in (("甲", 2025, 7), ("新", 2025, 3), ("新", 2024, 99), ("毕", 2025, 50), ("满", 2026, 1)):
        saved(AnnualReport, company=Company.objects.get(names__name_zh=name), year=year, jobs=jobs)
    return made


def loan() -> Any:
    return FinancingInstrument.objects.filter(code="work-loan").first() or saved(
        FinancingInstrument, code="work-loan", kind="debt"
    )


BY_HAND = {
    "residents": (5, 4, ["新", "满", "甲", "稿", "等"]),
    "entered": (2, None, ["新", "等"]),
    "graduated": (1, 1, ["毕"]),
    "graduated-ever": (2, 2, ["早", "毕"]),
    "high-tech": (2, 1, ["甲", "稿"]),
    "financed": (2, 1, ["新", "稿"]),
    "financings": (2, 1, ["新", "稿"]),
    "jobs": (10, None, ["新", "甲"]),
}
"""Value, public value, the firms behind it."""


def asked(client: Client, **question: str) -> dict[str, tuple[int, int | None]]:
    rows = client.get(reverse("work:figures"), {"day": ON, **question}).context["rows"]
    return {row["figure"].key: (row["value"], row["public"] and row["public"]["value"]) for row in rows}


def test_the_figures_of_an_incubator(a: House) -> None:
    assert asked(client_of(a.editor)) == {key: (own, public) for key, (own, public, _firms) in BY_HAND.items()}


@pytest.mark.parametrize("key", BY_HAND)
def test_a_figure_opens_to_the_firms_that_it_counts(a: House, key: str) -> None:
    page = client_of(a.editor).get(reverse("work:figure", args=[key]), {"day": ON})
    value, _public, firms = BY_HAND[key]
    assert names(page.context["page"]) == sorted(firms)
    assert page.context["value"] == value
    assert page.context["page"].paginator.count == (2 if key == "jobs" else value)
    assert f"{value}</strong>" in page.content.decode()


def test_jobs_say_their_year_and_who_reported(a: House) -> None:
    text = client_of(a.editor).get(reverse("work:figures"), {"day": ON}).content.decode()
    assert "year 2025, reported by 2 of 5 firms" in text and "40.0" in text


def test_a_public_figure_is_the_apis(a: House) -> None:
    client = client_of(a.editor)
    rows = client.get(reverse("work:figures"), {"day": ON}).context["rows"]
    told = {row["figure"].key: row["public"] for row in rows if row["public"]}
    assert set(told) == {figure.key for figure in FIGURES if figure.public}
    for figure in FIGURES:
        if figure.public:
            answer = Client().get(f"/api/v1/{figure.public}", figure.question(question(), ["host-A"])).json()
            assert answer["total"] == told[figure.key]["value"], figure.key


def test_a_public_figure_opens_the_page_of_its_firms_and_never_data_for_programs(a: House) -> None:
    page = client_of(a.editor).get(reverse("work:figures"), {"day": ON})
    pages = {
        row["figure"].key: row["public"] for row in page.context["rows"] if row["public"] and row["public"]["page"]
    }
    assert set(pages) == {"residents", "high-tech", "financed"}
    for key, public in pages.items():
        opened = Client().get(public["page"] + "&lang=en").content.decode()
        assert f'id="count">{public["value"]} firm' in opened, key
    assert "/api/" not in page.content.decode().partition('id="content-main"')[2]


def question() -> Question:
    return Question(User(), Incubator.objects.none(), DAY.fromisoformat(ON))


def test_by_incubator_the_public_figures_are_the_same(a: House) -> None:
    by_incubator = Client().get("/api/v1/statistics/incubated-firms/", {"valid_on": ON, "group_by": "incubator"}).json()
    assert {group["key"]["incubator"]: group["value"] for group in by_incubator["groups"]}["host-A"] == 4


def test_registrars_choose_an_incubator_or_see_all(a: House) -> None:
    client = client_of(person("wang", Role.REGISTRAR))
    assert asked(client, incubator="host-A") == asked(client_of(a.editor))
    assert asked(client, incubator="host-B")["residents"] == (1, 1)
    assert asked(client)["residents"][0] == 6


def test_nobody_asks_for_an_incubator_that_is_not_theirs(a: House) -> None:
    client = client_of(a.editor)
    for code in ("host-B", "nothing", "x\0"):
        page = client.get(reverse("work:figures"), {"day": ON, "incubator": code})
        assert "No incubator of yours" in page.content.decode()
        assert page.context["rows"][0]["value"] == 5


def test_a_day_that_is_none_is_named(a: House) -> None:
    for text in ("yesterday", "2026-02-30", "0001-01-01"):
        page = client_of(a.editor).get(reverse("work:figures"), {"day": text})
        assert page.context["refusals"], text


def test_the_figures_ask_as_much_for_many_firms_as_for_few(a: House) -> None:
    client, asked_for = client_of(a.editor), []
    client.get(reverse("work:figures"), {"day": ON})
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("work:figures"), {"day": ON})
        asked_for.append(len(queries))
        for number in range(8):
            company = a.firm(f"多{number}")
            saved(AnnualReport, company=company, year=2025, jobs=1)
            Residency.objects.filter(company=company).update(left_on=DAY(2026, 2, 1), outcome="graduated")
    assert asked_for[0] == asked_for[1]


def test_a_day_that_lies_ahead_is_said(a: House) -> None:
    ahead = (today() + datetime.timedelta(days=1)).isoformat()
    for name, key in (("work:figures", []), ("work:figure", ["residents"])):
        text, now = (client_of(a.editor).get(reverse(name, args=key), {"day": day}) for day in (ahead, ""))
        assert f"{ahead} lies ahead" in text.content.decode() and "lies ahead" not in now.content.decode()


@pytest.mark.parametrize("number", ["2", "0", "x"])
def test_a_page_that_there_is_not_is_said(a: House, number: str) -> None:
    client = client_of(a.editor)
    for address in (reverse("work:figure", args=["residents"]), reverse("work:list", args=["unreported"])):
        assert f"There is no page “{number}”; this is page 1." in client.get(address, {"page": number}).content.decode()
        assert "There is no page" not in client.get(address, {"page": "1"}).content.decode()
