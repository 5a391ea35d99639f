"""The pages of work and of notices as each role: no trace of B for anybody of A, and B's own people find theirs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote_plus, urlencode

import pytest
from django.urls import reverse

from companies.models import Company, NoticeLine, Residency
from companies.work.changes import recent
from companies.work.figures import FIGURES
from companies.work.tasks import MINE, TASKS
from registry.days import today
from registry.models import User
from tests.scope.cast import CANARY, DRAFT, HIDDEN, World, as_
from tests.scope.test_matrix import OUTSIDERS, leaks

NOTHING = "zzzz9"
PAGES_OF_NOTICE = ("not-entered", "appeared", "renewed", "lapsed", "unknown", "doubtful")


def addresses(cast: World) -> Iterator[str]:
    """Every page, asked for B in every way that its parameters allow."""
    yield "/admin/"
    codes = {"": "", "own": cast.a.host.code, "theirs": cast.b.host.code}
    words = [CANARY, HIDDEN, DRAFT, cast.b.host.code, *(firm.uscc for firm in cast.b.of(Company)), "person"]
    yield from (f"{reverse('work:search')}?{urlencode({'q': word})}" for word in words)
    yield from (reverse("work:list", args=[task.key]) for task in (*MINE, *TASKS))
    for code, day in itertools.product(codes.values(), ("2024-03-01", str(today()))):
        query = urlencode({"incubator": code, "day": day})
        yield f"{reverse('work:figures')}?{query}"
        yield from (f"{reverse('work:figure', args=[figure.key])}?{query}" for figure in FIGURES)
    yield reverse("notices:index")
    for line in cast.b.of(NoticeLine):
        notice = reverse("notices:notice", args=[line.notice_id])
        yield from (f"{notice}?part={part}" for part in PAGES_OF_NOTICE)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_of_another_incubator_finds_a_trace(cast: World, name: str) -> None:
    client, seen = as_(cast, name), 0
    for address in addresses(cast):
        answer = client.get(address)
        seen += answer.status_code == 200
        typed = next((text for _name, text in parse_qsl(address.partition("?")[2]) if leaks(text, cast)), None)
        if typed is None:
            assert leaks(answer.content.decode(), cast) == [], address
        else:  # the answer is that to any words or code that nobody has
            nothing = client.get(address.replace(quote_plus(typed), NOTHING))
            assert body(answer.content).replace(typed.encode(), NOTHING.encode()) == body(nothing.content), address
    assert seen >= (40 if name.endswith("_a") else 1), seen


@pytest.mark.parametrize("name", ["editor_b", "auditor", "registrar"])
def test_those_who_may_do_find_it(cast: World, name: str) -> None:
    client = as_(cast, name)
    texts = {address: client.get(address).content.decode() for address in addresses(cast)}
    assert CANARY in texts["/admin/"] and cast.b.firm.uscc in texts[reverse("work:list", args=["missing"])]
    found = "".join(text for address, text in texts.items() if "search" not in address)
    assert leaks(found, cast) == cast.secrets(public=True)


def test_numbers_tell_nothing_of_another_incubator(cast: World) -> None:
    """The same pages before and after all of B has gone elsewhere: no count changes."""
    client = as_(cast, "editor_a")
    asked = [address for address in addresses(cast) if cast.b.host.code not in address and "search" not in address]
    before = [client.get(address).content for address in asked]
    Residency.objects.filter(incubator=cast.b.host).update(left_on="2024-06-01", outcome="graduated")
    after = [client.get(address).content for address in asked]
    assert [address for address, one, two in zip(asked, before, after, strict=True) if body(one) != body(two)] == []


def body(page: bytes) -> bytes:
    found = page.partition(b"<main")[2].partition(b"</main>")[0]
    assert found, page[:300]
    return found


def test_recent_changes_are_those_of_the_own_firms(cast: World) -> None:
    user = User.objects.get(username="editor_a")
    own = {firm.pk for firm in cast.a.of(Company)}
    changes = recent(user)
    assert changes and {firm["pk"] for change in changes for firm in change.firms} <= own
    assert all(HIDDEN not in change.reason for change in changes)


def test_a_firm_that_went_on_counts_in_no_list_of_its_former_host(cast: World) -> None:
    firm = cast.a.firm
    Residency.objects.filter(company=firm).update(left_on="2024-06-01")
    Residency.objects.create(company=firm, incubator=cast.b.host, entered_on="2024-06-17")
    client = as_(cast, "editor_a")
    for task in (*MINE, *TASKS):
        assert firm.uscc not in client.get(reverse("work:list", args=[task.key])).content.decode(), task.key
    residents = client.get(reverse("work:figure", args=["residents"])).content.decode()
    assert firm.uscc not in residents and cast.b.host.name_zh not in residents
