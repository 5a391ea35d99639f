"""The one search of the front page, and its recent changes, each within the person's scope."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from companies.models import Certification, Company, CompanyName
from companies.work.changes import recent
from incubators.models import StaffMembership
from registry.history import acting
from registry.models import PersonalDataReading, Role, User
from tests.companies.work.house import LONG_AGO, House, ago, certificate, client_of, house, person
from tests.pages.reading import read
from tests.samples import saved


@pytest.fixture
def a(db: None) -> House:
    return house("A")


def found(client: Client, words: str) -> dict[str, list[str]]:
    page = client.get(reverse("work:search"), {"q": words})
    return {group.title: [row["title"] for row in group.rows] for group in page.context["groups"]}


def test_firms_are_found_by_every_name_and_code(a: House) -> None:
    company = a.firm("重庆山城光电科技有限公司")
    CompanyName.objects.filter(company=company).update(valid_until=ago(100))
    saved(CompanyName, company=company, name_zh="重庆长江智造有限公司", name_en="Long River", valid_from=ago(100))
    house("B").firm("重庆山城机械有限公司")
    client = client_of(a.editor)
    for words in ("山城", "长江智造", "changjiang", "cqcj", "long river", company.uscc, company.uscc[3:12].lower()):
        assert found(client, words) == {"firms": ["重庆长江智造有限公司"]}, words
    assert found(client_of(person("wang", Role.REGISTRAR)), "山城") == {
        "firms": ["重庆长江智造有限公司", "重庆山城机械有限公司"]
    }


def test_certificates_are_found_by_the_beginning_of_their_number(a: House) -> None:
    certificate(a.firm("甲"), LONG_AGO, number="GR202051100001")
    certificate(house("B").firm("乙"), LONG_AGO, number="GR202051100002")
    client = client_of(a.editor)
    for words in ("gr20205110", "ＧＲ2020", "GR202051100001"):
        assert found(client, words)["certificates"] == ["GR202051100001"], words
    assert "certificates" not in found(client, "GR2021")
    both = found(client_of(person("wang", Role.REGISTRAR)), "GR2020")
    assert both["certificates"] == ["GR202051100001", "GR202051100002"]


def test_people_are_found_by_those_who_manage_them_and_that_is_noted(a: House) -> None:
    User.objects.filter(pk=a.editor.pk).update(last_name="陈", first_name="明")
    manager = person("boss", Role.STAFF)
    StaffMembership.objects.create(user=manager, incubator=a.host, role="manager", valid_from="2024-03-01")
    assert found(client_of(manager), "陈") == {"users": ["明 陈"]}
    assert PersonalDataReading.objects.get().rows == [a.editor.pk]
    assert found(client_of(a.editor), "陈") == {}
    assert found(client_of(person("stranger", Role.STAFF)), "陈") == {}


def test_incubators_and_code_lists_are_found(a: House) -> None:
    house("B")
    client = client_of(a.editor)
    assert found(client, "孵化器")["incubators"] == ["A孵化器"]
    assert "渝北区" in found(client, "渝北")["Reference data"]
    assert "渝北区" in found(client_of(person("analyst", Role.ANALYST)), "渝北")["Reference data"]
    assert "incubators" not in found(client_of(User.objects.get(username="analyst")), "A孵化器")


def test_who_may_see_no_firms_is_led_to_the_public_search(a: House) -> None:
    a.firm("重庆山城光电科技有限公司")
    page = read(client_of(person("analyst", Role.ANALYST)).get(reverse("work:search"), {"q": "山城"}).content)
    (form,) = page.all("form", action="/firms/")
    (words,) = form.all("input", name="q")
    assert (
        words.given["value"] == "山城"
        and "credit code" not in page.all("input", id="search-all")[0].given["placeholder"]
    )
    assert "重庆山城光电科技有限公司" in Client().get(f"/firms/?q={words.given['value']}").content.decode()


@pytest.mark.parametrize("words", ["。", "%", "_", "'", "\\", "x" * 300, "a\0b", "\N{ZERO WIDTH SPACE}", "<b>"])
def test_odd_words_find_nothing_and_break_nothing(a: House, words: str) -> None:
    a.firm("甲")
    answer = client_of(a.editor).get(reverse("work:search"), {"q": words})
    assert answer.status_code in (200, 302)
    assert "甲" not in answer.content.decode() and "<b>" not in answer.content.decode()


def test_many_hits_lead_to_the_whole_list(a: House) -> None:
    for number in range(12):
        a.firm(f"重庆江北{number}号有限公司")
    page = client_of(a.editor).get(reverse("work:search"), {"q": "江北"})
    [group] = [group for group in page.context["groups"] if group.title == "firms"]
    assert len(group.rows) == 10
    assert client_of(a.editor).get(group.more).context["cl"].result_count == 12


# --- Recent changes
def told(user: User) -> list[tuple[str, str, list[str], list[str]]]:
    return [
        (change.who, change.reason, [firm["name"] for firm in change.firms], change.what) for change in recent(user)
    ]


def test_changes_say_who_what_and_why_within_the_scope(committed_db: str) -> None:
    a, b, wang = house("A"), house("B"), person("wang", Role.REGISTRAR)
    with acting(wang, reason="entered"):
        one, other = a.firm("甲"), b.firm("乙")
    with acting(b.editor, reason="secret of B"):
        Company.objects.filter(pk=other.pk).update(website="https://b.example/")
    with acting(a.editor, reason="new page"):
        Company.objects.filter(pk=one.pk).update(website="https://a.example/")
    with acting(a.editor, reason="struck out"):
        saved(Certification, company=one, issued_on=LONG_AGO)
    with acting(a.editor, reason="mistake"):
        Certification.objects.filter(company=one).delete()
    assert told(a.editor) == [
        ("editor-A", "mistake", ["甲"], ["certificate"]),
        ("editor-A", "struck out", ["甲"], ["certificate"]),
        ("editor-A", "new page", ["甲"], ["firm"]),
        ("a registrar", "entered", ["甲"], ["firm", "name", "residency", "seat"]),
    ]
    assert told(wang)[2:] == [
        ("editor-A", "new page", ["甲"], ["firm"]),
        ("editor-B", "secret of B", ["乙"], ["firm"]),
        ("wang", "entered", ["甲", "乙"], ["firm", "name", "residency", "seat"]),
    ]
    assert told(person("analyst", Role.ANALYST)) == told(person("stranger", Role.STAFF)) == []


def test_of_a_firm_that_went_on_a_host_learns_neither_who_nor_why_nor_of_the_stay(committed_db: str) -> None:
    a, b = house("A"), house("B")
    with acting(a.editor, reason="left"):
        one = a.firm("甲", left_on=ago(20))
    with acting(b.editor, reason="secret of B"):
        saved_stay = saved(type(one.residencies.first()), company=one, incubator=b.host, entered_on=ago(10))
    with acting(b.editor, reason="another secret"):
        Company.objects.filter(pk=one.pk).update(website="https://b.example/")
    assert saved_stay.pk
    assert told(a.editor) == [
        ("another incubator's staff", "", ["甲"], ["firm"]),
        ("editor-A", "left", ["甲"], ["firm", "name", "residency", "seat"]),
    ]
    assert ("editor-B", "secret of B", ["甲"], ["residency"]) in told(b.editor)


def test_a_change_of_many_firms_names_three(committed_db: str) -> None:
    a = house("A")
    with acting(a.editor, reason="list"):
        for name in "一二三四五":
            a.firm(name)
    [change] = recent(a.editor)
    assert (len(change.firms), change.has_more) == (3, True)
    text = client_of(a.editor).get("/admin/").content.decode()
    assert "and more" in text and "list" in text
