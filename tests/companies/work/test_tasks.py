"""What the front page counts and lists: firms that each task keeps and firms that it drops, whose they are."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.listing import shown
from companies.models import AnnualReport, Company, Residency, Seat
from companies.work import tasks
from registry.days import today
from registry.models import Role
from tests.companies.work.house import House, ago, certificate, client_of, house, names, person
from tests.samples import saved

pytestmark = pytest.mark.django_db
SOON = datetime.timedelta(days=90)


@pytest.fixture
def a() -> House:
    return house("A")


def listed(key: str, user: Any) -> dict[str, str]:
    """Name -> why."""
    task = tasks.task_of(key)
    assert task is not None
    return {row["name"]: row["why"] for row in shown(task.rows(user, today()))}


def reported(company: Company) -> Company:
    saved(AnnualReport, company=company, year=today().year - 1, jobs=3)
    return company


def test_residents_are_those_of_today_in_the_own_incubator(a: House) -> None:
    b = house("B")
    a.firm("甲")
    a.firm("来", entered=today() + datetime.timedelta(days=1))
    a.firm("去", left_on=today())
    b.firm("乙")
    moved = a.firm("迁", left_on=ago(10))
    saved(Residency, company=moved, incubator=b.host, entered_on=ago(9))
    assert listed("residents", a.editor) == {"甲": "A孵化器 · 2020-01-01"}
    assert set(listed("residents", b.editor)) == {"乙", "迁"}
    assert set(listed("residents", person("wang", Role.REGISTRAR))) == {"甲", "乙", "迁"}


def test_those_who_left_are_listed_as_long_as_they_can_be_corrected(a: House) -> None:
    a.firm("甲")
    a.firm("昨", left_on=today())
    a.firm("近", left_on=ago(89))
    a.firm("远", left_on=ago(90))
    back = a.firm("回", left_on=ago(30))
    saved(Residency, company=back, incubator=a.host, entered_on=ago(3))
    assert listed("left", a.editor) == {
        "昨": f"A孵化器 · {ago(1)}",
        "近": f"A孵化器 · {ago(90)}",
    }


def test_certificates_that_end_within_ninety_days_and_have_no_successor(a: House) -> None:
    issued = ago(1000)
    ends: dict[str, datetime.date | None] = {
        "今": today(),
        "明": today() + datetime.timedelta(days=1),
        "末": today() + SOON,
        "后": today() + SOON + datetime.timedelta(days=1),
        "无": None,
    }
    for name, end in ends.items():
        certificate(a.firm(name), issued, valid_until=end)
    promised = a.firm("约")
    certificate(promised, issued, valid_until=today() + SOON)
    certificate(promised, today() + datetime.timedelta(days=1), valid_until=today() + datetime.timedelta(days=900))
    renewed = a.firm("续")
    certificate(renewed, issued, valid_until=today() + SOON)
    certificate(renewed, ago(5), valid_until=today() + 12 * SOON)
    revoked = a.firm("撤")
    certificate(revoked, issued, valid_until=today() + SOON, revoked_from=ago(9), revoked_on=ago(3))
    gone = a.firm("亡")
    certificate(gone, issued, valid_until=today() + SOON)
    Company.objects.filter(pk=gone.pk).update(dissolved_on=today())
    assert listed("ending", a.editor) == {
        "明": f"High-tech enterprise · {today()}",
        "末": f"High-tech enterprise · {today() + SOON - datetime.timedelta(days=1)}",
        "约": f"High-tech enterprise · {today() + SOON - datetime.timedelta(days=1)}",
    }


def test_what_is_missing_is_named(a: House) -> None:
    reported(a.firm("全"))
    lacking: dict[str, tuple[dict[str, Any], str]] = {
        "业": ({"industry": None}, "industry"),
        "域": ({"strategic_field": None}, "strategic field"),
        "枢": ({"strategic_field": None, "hub": None}, "hub / strategic field"),
        "人": ({"contact_name": ""}, "contact person"),
        "话": ({"contact_phone": ""}, "contact phone"),
        "资": ({"registered_capital": None}, "registered capital"),
    }
    for name, (values, _told) in lacking.items():
        Company.objects.filter(pk=a.firm(name).pk).update(**values)
    Seat.objects.filter(company=a.firm("位")).update(reporting_unit=None)
    Seat.objects.filter(company=a.firm("迁")).update(valid_until=today())
    gone, left = a.firm("亡"), a.firm("离", left_on=ago(90))
    Company.objects.filter(pk=gone.pk).update(dissolved_on=today(), industry=None)
    Company.objects.filter(pk=left.pk).update(industry=None)  # can no longer be corrected
    expected = {name: told for name, (_values, told) in lacking.items()}
    assert listed("missing", a.editor) == expected | {"位": "reporting unit", "迁": "reporting unit"}


def test_firms_in_residence_report_their_jobs_of_last_year(a: House) -> None:
    reported(a.firm("报"))
    a.firm("未")
    saved(AnnualReport, company=a.firm("空"), year=today().year - 1, jobs=None)
    saved(AnnualReport, company=a.firm("旧"), year=today().year - 2, jobs=5)
    a.firm("去", left_on=ago(5))
    assert set(listed("unreported", a.editor)) == {"未", "空", "旧"}


@pytest.mark.parametrize("key", [task.key for task in (*tasks.MINE, *tasks.TASKS)])
def test_each_card_counts_what_its_page_lists(a: House, key: str) -> None:
    for number in range(3):
        company = a.firm(f"甲{number}", left_on=ago(5) if key == "left" else None)
        Company.objects.filter(pk=company.pk).update(industry=None)
        certificate(company, ago(1000), valid_until=today() + SOON)
    house("B").firm("乙")
    client = client_of(a.editor)
    front = client.get("/admin/")
    [card] = [one for one in (*front.context["mine"], *front.context["tasks"]) if one["task"].key == key]
    page = client.get(reverse("work:list", args=[key]))
    assert card["count"] == page.context["page"].paginator.count == len(names(page.context["page"]))
    assert names(card["rows"]) == names(page.context["page"])[:4]
    assert "乙" not in page.content.decode()


def test_long_lists_are_counted_to_a_bound_and_paged(a: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        a.firm(f"甲{number}")
    monkeypatch.setattr("companies.work.views.MOST_ON_FRONT", 3)
    monkeypatch.setattr("companies.listing.ROWS_ON_A_PAGE", 2)
    client, address = client_of(a.editor), reverse("work:list", args=["residents"])
    assert "3+" in client.get("/admin/").content.decode()
    pages = [names(client.get(f"{address}?page={number}").context["page"]) for number in ("1", "2", "3", "9", "x")]
    assert pages[:3] == [["甲0", "甲1"], ["甲2", "甲3"], ["甲4"]]
    assert pages[3:] == [["甲4"], ["甲0", "甲1"]]


def test_the_front_page_asks_as_much_for_many_firms_as_for_few(a: House) -> None:
    client = client_of(a.editor)
    a.firm("甲")
    client.get("/admin/")
    asked = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        asked.append(len(queries))
        for number in range(8):
            certificate(a.firm(f"乙{number}"), ago(1000), valid_until=today() + SOON)
    assert asked[1] <= asked[0] + 2, asked  # lists that were empty show their first rows
    assert asked[1] < 40


def test_who_works_nowhere_and_who_analyses_get_a_page_of_their_own() -> None:
    stranger = client_of(person("stranger", Role.STAFF)).get("/admin/")
    assert "works for no incubator today" in stranger.content.decode()
    analyst = client_of(person("analyst", Role.ANALYST)).get("/admin/")
    text = analyst.content.decode()
    assert "What needs doing" not in text and "Districts" in text
    for page in (reverse("work:list", args=["missing"]), reverse("work:figures"), reverse("notices:index")):
        assert client_of(person(f"s{page}", Role.STAFF)).get(page).status_code == 403
    assert client_of(person("more", Role.REGISTRAR)).get("/admin/lists/nothing/").status_code == 404
