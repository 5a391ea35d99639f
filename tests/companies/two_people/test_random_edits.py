"""Thirty random edits by two at once, beside a merge of plain tables that says what has to come of each."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from companies.models import AnnualReport, Company
from tests.companies.admin_forms import added, errors_of, firm
from tests.companies.two_people.pages import Answer, again, now, opened, save

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
