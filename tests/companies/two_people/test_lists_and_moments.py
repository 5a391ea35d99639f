"""The list of firms with cells to change, and two saves at the same moment."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection
from django.test import Client

from companies.models import Company, CompanyName
from registry.models import Hub, StrategicField
from tests.companies.admin_forms import DAY, firm, url
from tests.companies.two_people.pages import Answer, again, now, opened, save, shown


# --- Lists
def test_a_stale_cell_of_the_list_is_refused_with_theirs_and_the_other_cells_are_kept(wang: Client, li: Client) -> None:
    hubs = [Hub.objects.create(code=f"test-{letter}", name_zh=f"{letter}枢纽") for letter in "ABC"]
    first, second = firm(1, hub=hubs[0]), firm(2, "重庆两江软件有限公司", hub=hubs[0])
    his = cells(li.get(url("company_changelist")))
    place = {his[f"form-{i}-id"]: i for i in range(2)}
    one, other = (f"form-{place[str(row.pk)]}-hub" for row in (first, second))
    hers = cells(wang.get(url("company_changelist"))) | {one: str(hubs[1].pk), "_save": "1"}
    assert wang.post(url("company_changelist"), hers).status_code == 302
    answer = li.post(url("company_changelist"), his | {one: hubs[2].pk, other: hubs[2].pk, "_save": "1"})
    assert [(base, mine, theirs, who) for _w, base, mine, theirs, who in shown(answer)] == [
        ("A枢纽", "C枢纽", "B枢纽", "wang")
    ]
    assert (now(first).hub, now(second).hub) == (hubs[1], hubs[0])
    sent = cells(answer)
    assert sent[other] == str(hubs[2].pk)
    [collision] = answer.context["collisions"]
    sent |= {collision.pending_name: collision.token, collision.choice_name: "theirs", "_save": "1"}
    assert li.post(url("company_changelist"), sent).status_code == 302
    assert (now(first).hub, now(second).hub) == (hubs[1], hubs[2])


def cells(page: Answer) -> dict[str, Any]:
    """The list as a browser sends it."""
    sent: dict[str, Any] = {}
    formset = page.context["cl"].formset
    for form in [formset.management_form, *formset.forms]:
        for one in form:
            value = one.value()
            if value is True:
                sent[one.html_name] = "on"
            elif value is not None and value is not False:
                sent[one.html_name] = str(value)
    return sent


def test_rows_of_a_list_that_comes_back_stand_beside_their_own_cells(wang: Client, li: Client) -> None:
    """Renamed meanwhile, the firms change places in the list."""
    hub, other = (Hub.objects.create(code=code, name_zh=code) for code in ("test-a", "test-b"))
    of_other = StrategicField.objects.create(code="test-f", name_zh="领域", hub=other)
    for number in range(1, 6):
        firm(number, f"重庆{number}有限公司", hub=other, strategic_field=of_other)
    sent = cells(li.get(url("company_changelist") + "?o=1"))
    for name in CompanyName.objects.order_by("-pk"):
        CompanyName.objects.filter(pk=name.pk).update(valid_until=DAY(2020, 1, 1))
        CompanyName.objects.create(company=name.company, name_zh=f"庆{9 - name.pk % 7}", valid_from=DAY(2020, 1, 1))
    sent |= {"form-0-hub": hub.pk, "_save": "1"}
    changes = li.post(url("company_changelist") + "?o=1", sent).context["cl"]
    assert [row.pk for row in changes.result_list] == [int(sent[f"form-{i}-id"]) for i in range(5)]


# --- At the same moment
def at_once(company: Company, sends: dict[str, tuple[Client, dict[str, Any]]]) -> dict[str, Answer]:
    """Each from a thread and a connection of its own."""
    answers: dict[str, Answer] = {}
    meeting = threading.Barrier(len(sends))

    def send(name: str) -> None:
        client, sent = sends[name]
        meeting.wait()
        try:
            answers[name] = save(client, company, sent)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(name,)) for name in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_saves_at_one_moment_lose_nothing_and_one_of_two_collides(wang: Client, li: Client) -> None:
    company, clients = firm(), {"wang": wang, "li": li}
    own = {"wang": "contact_name", "li": "contact_phone"}
    for attempt in range(3):
        typed = {name: {own[name]: f"6770000{attempt}", "internal_notes": f"{name} {attempt}"} for name in clients}
        pages = {name: opened(client, company) | typed[name] for name, client in clients.items()}
        answers = at_once(company, {name: (clients[name], pages[name]) for name in clients})
        assert sorted(answer.status_code for answer in answers.values()) == [200, 302]
        [loser] = [name for name, answer in answers.items() if answer.status_code == 200]
        [winner] = set(answers) - {loser}
        assert [(o.mine, o.theirs) for o in answers[loser].context["collisions"]] == [
            (f"{loser} {attempt}", f"{winner} {attempt}")
        ]
        assert save(clients[loser], company, again(answers[loser], "mine")).status_code == 302
        kept = now(company)
        assert (kept.contact_name, kept.contact_phone) == (f"6770000{attempt}", f"6770000{attempt}")
        assert kept.internal_notes == f"{loser} {attempt}"
