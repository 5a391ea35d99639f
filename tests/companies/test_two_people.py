"""Two people on one firm's page: what only one changed is kept, what both changed is shown and chosen."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from companies.models import AnnualReport, Certification, Company, CompanyName
from registry.models import Hub, Role, StrategicField, User
from tests.companies.admin_forms import DAY, added, as_shown, errors_of, firm, high_tech, seated_firm, url

Answer = Any


def person(name: str) -> Client:
    user, _made = User.objects.get_or_create(username=name, defaults={"role": Role.REGISTRAR, "is_staff": True})
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def wang(committed_db: str) -> Client:
    return person("wang")


@pytest.fixture
def li(committed_db: str) -> Client:
    return person("li")


def page_of(company: Company) -> str:
    return url("company_change", company.pk)


def opened(client: Client, company: Company) -> dict[str, Any]:
    return as_shown(client.get(page_of(company)))


def save(client: Client, company: Company, sent: dict[str, Any]) -> Answer:
    return client.post(page_of(company), sent)


def shown(answer: Answer) -> list[tuple[str, str | None, str, str, str]]:
    return [(one.what, one.base, one.mine, one.theirs, one.who) for one in answer.context["collisions"]]


def again(answer: Answer, choice: str = "") -> dict[str, Any]:
    """The page that came back, as a browser sends it."""
    sent = as_shown(answer)
    for one in answer.context["collisions"]:
        sent |= {one.pending_name: one.token, **dict(one.carried)}
        sent |= {one.choice_name: choice} if choice else {}
    return sent


def now(company: Company) -> Company:
    return Company.objects.get(pk=company.pk)


# --- One field
def test_what_only_one_of_them_changed_is_kept(wang: Client, li: Client) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    assert save(wang, company, hers | {"website": "https://wang.example/"}).status_code == 302
    answer = li.post(page_of(company), his | {"contact_name": "Li"}, follow=True)
    assert "Kept as somebody else changed it meanwhile: Website" in answer.content.decode()
    assert (now(company).website, now(company).contact_name) == ("https://wang.example/", "Li")


def test_a_field_that_both_changed_comes_back_with_base_mine_and_theirs(wang: Client, li: Client) -> None:
    company = firm(website="https://old.example/")
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://wang.example/", "contact_name": "W"})
    answer = save(li, company, his | {"website": "https://li.example/", "internal_notes": "typed"})
    assert shown(answer) == [
        ("Website", "https://old.example/", "https://li.example/", "https://wang.example/", "wang")
    ]
    assert "choose at the top" in errors_of(answer)
    assert (now(company).website, now(company).internal_notes) == ("https://wang.example/", "")
    text = answer.content.decode()
    assert "typed" in text and 'type="radio"' in text and " checked" not in text.partition("</section>")[0]


@pytest.mark.parametrize(("choice", "kept"), [("mine", "https://li.example/"), ("theirs", "https://wang.example/")])
def test_the_choice_is_written_with_everything_else_that_was_typed(
    wang: Client, li: Client, choice: str, kept: str
) -> None:
    company = firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://wang.example/"})
    answer = save(li, company, his | {"website": "https://li.example/", "internal_notes": "typed"})
    assert save(li, company, again(answer, choice)).status_code == 302
    assert (now(company).website, now(company).internal_notes) == (kept, "typed")


def test_without_a_choice_it_is_asked_again_and_nothing_is_written(wang: Client, li: Client) -> None:
    company = firm(website="https://old.example/")
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://wang.example/"})
    first = save(li, company, his | {"website": "https://li.example/"})
    second = save(li, company, again(first))
    assert shown(second) == shown(first)
    assert now(company).website == "https://wang.example/"


def test_a_choice_made_before_a_third_change_is_asked_anew(wang: Client, li: Client) -> None:
    company = firm(website="https://old.example/")
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://wang.example/"})
    first = save(li, company, his | {"website": "https://li.example/"})
    save(wang, company, opened(wang, company) | {"website": "https://third.example/"})
    second = save(li, company, again(first, "mine"))
    assert shown(second) == [
        ("Website", "https://old.example/", "https://li.example/", "https://third.example/", "wang")
    ]
    assert now(company).website == "https://third.example/"


def test_the_same_value_by_both_is_no_collision(wang: Client, li: Client) -> None:
    company = firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://same.example/"})
    assert save(li, company, his | {"website": "https://same.example/", "contact_name": "Li"}).status_code == 302
    assert (now(company).website, now(company).contact_name) == ("https://same.example/", "Li")


@pytest.mark.parametrize("token", ["", "companies_company:1:1", "companies_company:1:1:forged", "\0"])
def test_a_form_that_does_not_say_what_it_was_made_from_overwrites_nothing(wang: Client, token: str) -> None:
    company = firm(website="https://old.example/")
    sent = opened(wang, company) | {"website": "https://new.example/", "made_from": token}
    answer = save(wang, company, sent)
    assert [(one.base, one.mine) for one in answer.context["collisions"]] == [(None, "https://new.example/")]
    assert now(company).website == "https://old.example/"


# --- Rows
def test_a_row_that_another_added_stays(wang: Client, li: Client) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, added(hers, "annual_reports", year="2024", jobs="7"))
    assert save(li, company, added(his, "annual_reports", year="2025", jobs="9")).status_code == 302
    assert list(company.annual_reports.values_list("year", "jobs")) == [(2024, 7), (2025, 9)]


def test_a_row_that_both_changed_is_told_by_its_day(wang: Client, li: Client) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"seats-0-valid_until": "2026-06-30", "seats-0-address": "A road"})
    answer = save(li, company, his | {"seats-0-valid_until": "2026-12-31"})
    assert shown(answer) == [("seat 2015-01-01 · To (last day, included)", "", "2026-12-31", "2026-06-30", "wang")]
    assert save(li, company, again(answer, "mine")).status_code == 302
    assert company.seats.values_list("valid_until", "address").get() == (DAY(2027, 1, 1), "A road")


@pytest.mark.parametrize(("choice", "left"), [("mine", 0), ("theirs", 1)])
def test_a_row_that_another_changed_is_not_deleted_unasked(wang: Client, li: Client, choice: str, left: int) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"seats-0-address": "A road"})
    answer = save(li, company, his | {"seats-0-DELETE": "on"})
    [(what, _base, mine, theirs, who)] = shown(answer)
    assert (what, mine, who) == ("seat 2015-01-01", "delete the row", "wang") and "A road" in theirs
    assert company.seats.count() == 1
    assert save(li, company, again(answer, choice)).status_code == 302
    assert company.seats.filter(address="A road").count() == left


@pytest.mark.parametrize(("choice", "left"), [("mine", ["B road"]), ("theirs", [])])
def test_a_changed_row_that_another_deleted_is_entered_again_only_by_choice(
    wang: Client, li: Client, choice: str, left: list[str]
) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"seats-0-DELETE": "on"})
    answer = save(li, company, his | {"seats-0-address": "B road", "website": "https://li.example/"})
    [(what, _base, mine, theirs, who)] = shown(answer)
    assert (theirs, who) == ("deleted", "wang") and "B road" in mine and what.startswith("seat")
    assert not now(company).website
    assert shown(save(li, company, again(answer))) == shown(answer)
    assert save(li, company, again(answer, choice)).status_code == 302
    assert list(company.seats.values_list("address", flat=True)) == left
    assert now(company).website == "https://li.example/"


def test_a_row_left_alone_that_another_deleted_is_gone_and_its_neighbours_keep_what_is_theirs(
    wang: Client, li: Client
) -> None:
    company = firm()
    for year in (2023, 2024, 2025):
        AnnualReport.objects.create(company=company, year=year, jobs=year)
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"annual_reports-1-DELETE": "on"})
    sent = added(his | {"annual_reports-2-jobs": "25"}, "annual_reports", year="2026", jobs="26")
    assert save(li, company, sent).status_code == 302
    assert list(company.annual_reports.values_list("year", "jobs")) == [(2023, 2023), (2025, 25), (2026, 26)]


def test_a_certificates_own_page_and_the_firms_page_guard_the_same_row(wang: Client, li: Client) -> None:
    company = firm()
    certificate = Certification.objects.create(company=company, kind=high_tech(), issued_on=DAY(2024, 2, 29))
    own = url("certification_change", certificate.pk)
    his, hers = as_shown(li.get(own)), opened(wang, company)
    save(wang, company, hers | {"certifications-0-number": "GR202451000001"})
    answer = li.post(own, his | {"number": "GR202451000002"})
    assert [(mine, theirs) for _w, _b, mine, theirs, _who in shown(answer)] == [("GR202451000002", "GR202451000001")]


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
        typed = {name: {own[name]: f"{attempt}", "internal_notes": f"{name} {attempt}"} for name in clients}
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
        assert (kept.contact_name, kept.contact_phone) == (str(attempt), str(attempt))
        assert kept.internal_notes == f"{loser} {attempt}"


# --- Thirty random edits
FIELDS = ("website", "contact_name", "internal_notes")
ROW_FIELDS = ("jobs", "ip_rights")


@dataclass
class Sheet:
    """The firm as a plain table: fields of the firm, and of its reports by year."""

    fields: dict[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    reports: dict[int, dict[str, str]] = field(default_factory=dict)

    def copy(self) -> Sheet:
        return Sheet(dict(self.fields), {year: dict(row) for year, row in self.reports.items()})

    def flat(self) -> dict[str, str | None]:
        """Every value by its name; a report also by whether it is there."""
        found: dict[str, str | None] = dict(self.fields)
        for year, row in self.reports.items():
            found |= {f"{year}.{name}": value for name, value in row.items()} | {f"{year}": "there"}
        return found


def as_stored(company: Company) -> Sheet:
    kept = now(company)
    rows = AnnualReport.objects.filter(company=company)
    return Sheet(
        {name: getattr(kept, name) for name in FIELDS},
        {r.year: {n: "" if getattr(r, n) is None else str(getattr(r, n)) for n in ROW_FIELDS} for r in rows},
    )


def merged(base: Sheet, mine: Sheet, theirs: Sheet) -> tuple[Sheet, set[str]]:
    """What has to come of it, and the names of what has to be chosen."""
    result, collisions = theirs.copy(), set()
    for name in FIELDS:
        if mine.fields[name] != base.fields[name] != theirs.fields[name] != mine.fields[name]:
            collisions.add(name)
        elif mine.fields[name] != base.fields[name]:
            result.fields[name] = mine.fields[name]
    for year in base.reports.keys() | mine.reports.keys():
        was, own, other = (sheet.reports.get(year) for sheet in (base, mine, theirs))
        if was is None:
            result.reports[year] = dict(own or {})
        elif own is None:
            if other is not None and other != was:
                collisions.add(f"{year}")
            result.reports.pop(year, None)
        elif other is None:
            if own != was:
                collisions.add(f"{year}")
        else:
            for name in ROW_FIELDS:
                if own[name] != was[name] != other[name] != own[name]:
                    collisions.add(f"{year}.{name}")
                elif own[name] != was[name]:
                    result.reports[year][name] = own[name]
    return result, collisions


@dataclass
class Desk:
    """A person with the page as it was opened, and what was typed since."""

    client: Client
    sent: dict[str, Any] = field(default_factory=dict)
    base: Sheet = field(default_factory=Sheet)
    mine: Sheet = field(default_factory=Sheet)

    def open(self, company: Company) -> None:
        self.sent, self.base = opened(self.client, company), as_stored(company)
        self.mine = self.base.copy()

    def row_of(self, year: int) -> str:
        return next(
            key.removesuffix("-year")
            for key, value in self.sent.items()
            if key.startswith("annual_reports-") and key.endswith("-year") and value == str(year)
        )

    def edit(self, dice: random.Random, number: int) -> None:
        act = dice.choice(["field", "field", "row", "row", "row", "add", "delete"])
        if act == "field":
            name, value = dice.choice(FIELDS), dice.choice([f"https://{number}.example/", "https://same.example/"])
            self.sent[name] = self.mine.fields[name] = value
        elif act == "add":
            year = 2000 + number
            self.mine.reports[year] = {"jobs": str(number), "ip_rights": ""}
            self.sent = added(self.sent, "annual_reports", year=str(year), jobs=str(number))
        elif shared := sorted(self.base.reports.keys() & self.mine.reports.keys()):
            year = dice.choice(shared)
            if act == "delete":
                del self.mine.reports[year]
                self.sent[f"{self.row_of(year)}-DELETE"] = "on"
            else:
                name, value = dice.choice(ROW_FIELDS), dice.choice([str(number), "7"])
                self.sent[f"{self.row_of(year)}-{name}"] = self.mine.reports[year][name] = value


def names_of(answer: Answer) -> set[str]:
    """The collisions of the page, named as in the model."""
    columns: list[Any] = [Company._meta.get_field(name) for name in FIELDS]
    columns += [AnnualReport._meta.get_field(name) for name in ROW_FIELDS]
    labels = {str(column.verbose_name).lower(): column.name for column in columns}
    found = set()
    for one in answer.context["collisions"]:
        words = one.what.lower().split(" · ")
        year = next((part[-4:] for part in words if part.startswith("annual report")), "")
        found.add(".".join(filter(None, [year, *(labels[w] for w in words if w in labels)])))
    return found


@pytest.mark.parametrize("seed", [1])
def test_thirty_random_edits_by_two_at_once_lose_nothing_and_show_every_collision(
    wang: Client, li: Client, seed: int
) -> None:
    dice, company = random.Random(seed), firm()
    for year in (1991, 1992, 1993):
        AnnualReport.objects.create(company=company, year=year, jobs=1)
    desks = [Desk(wang), Desk(li)]
    for desk in desks:
        desk.open(company)
    met = 0
    for number in range(30):
        desk = desks[number % 2]
        for turn in range(dice.choice([2, 3, 4])):
            desk.edit(dice, 4 * number + turn)
        before = as_stored(company)
        expected, collisions = merged(desk.base, desk.mine, before)
        answer = save(desk.client, company, desk.sent)
        if collisions:
            assert names_of(answer) == collisions, (number, answer.context["collisions"])
            assert as_stored(company).flat() == before.flat(), number
            choice = dice.choice(["mine", "theirs"])
            settle(expected, collisions, desk.mine if choice == "mine" else before)
            answer = save(desk.client, company, again(answer, choice))
            met += 1
        assert answer.status_code == 302, (number, errors_of(answer))
        assert as_stored(company).flat() == expected.flat(), number
        desk.open(company)
    assert met >= 6, "the two have hardly met"


def settle(expected: Sheet, collisions: set[str], chosen: Sheet) -> None:
    for name in collisions:
        year, _dot, column = name.partition(".")
        if name in FIELDS:
            expected.fields[name] = chosen.fields[name]
        elif column:
            expected.reports[int(year)][column] = chosen.reports[int(year)][column]
        elif int(year) in chosen.reports:
            expected.reports[int(year)] = dict(chosen.reports[int(year)])
        else:
            expected.reports.pop(int(year), None)
