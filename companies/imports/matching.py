"""Which firms of the register the rows of a sheet can be: by credit code, else by any name they bore."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Value
from django.db.models.functions import Replace
from rapidfuzz import fuzz, process

from companies.imports.comparing import Holders
from companies.imports.drafts import Draft
from companies.imports.reach import EVERYTHING, Reach
from companies.imports.rows import FirmRow
from companies.models import Certification, Company, CompanyName, Residency, Seat
from registry.names import normalise_name, pinyin_key

# Pairs of names compared when looking for the nearest ones: some seconds, then only the reason is given.
NEAREST_BUDGET = 3_000_000
NEAREST_CUTOFF = 80
FIRMS_AT_ONCE = 250
"""As many are held in memory, with all their facts, while the rows of a file are judged."""
NUMBERS_AT_ONCE = 1_000


class Register:
    """The firms that the rows name, read batch by batch, and the firms that the file adds.

    A firm is let go after its batch, unless a row without a credit code may still mean it by its name. One out of reach
    is met by its credit code alone: whether a name is in the register, a draft's too, is not told.
    """

    def __init__(self, rows: Iterable[FirmRow], *, lock: bool = False, reach: Reach = EVERYTHING) -> None:
        rows = list(rows)
        self.lock, self.reach = lock, reach
        self.holders = _holders(rows, reach)
        self.first_days = _first_days(rows)
        self.named_without_code = {name for row in rows if not row.code for name in _names(row)}
        self.kept: dict[str, Draft] = {}
        self.by_code: dict[str, Draft] = {}
        self.by_name: dict[str, list[Draft]] = {}
        self.let_go: dict[str, list[str]] = {}

    def load(self, rows: list[FirmRow]) -> None:
        """The firms of this batch take the place of those of the last."""
        by_name = _ids_by_name(rows)
        ids = {pk for found in by_name.values() for pk in found}
        wanted = Company.objects.select_related("industry", "hub", "strategic_field")
        if self.lock:
            wanted = wanted.select_for_update(of=("self",), no_key=True)
        codes = {row.code for row in rows if row.code}
        found = {c.pk: c for c in [*wanted.filter(uscc__in=codes).order_by("pk"), *wanted.filter(pk__in=ids)]}
        known = {draft.company.pk: draft for draft in self.kept.values() if draft.company.pk in found}
        drafts = _drafts({pk: company for pk, company in found.items() if pk not in known})
        for pk in self.reach.out_of_reach(drafts):
            drafts[pk].is_out_of_reach = True
        drafts |= known
        self.by_code = self.kept | {draft.company.uscc: draft for draft in drafts.values()}
        self.by_name = {
            name: [drafts[pk] for pk in sorted(pks) if not drafts[pk].is_out_of_reach] for name, pks in by_name.items()
        }
        for draft in self.kept.values():
            for name in draft.names:
                self.learn_name(draft, name.name_zh)

    def finish(self) -> list[Draft]:
        """The firms of the batch that no later row can mean; the others are kept."""
        finished = []
        for code, draft in self.by_code.items():
            names = {normalise_name(name.name_zh) for name in draft.names}
            if names & self.named_without_code:
                self.kept[code] = draft
                continue
            finished.append(draft)
            for name in names if draft.is_new else ():
                self.let_go.setdefault(name, []).append(draft.label)
        return finished

    def new_draft(self, code: str, on: datetime.date) -> Draft:
        draft = Draft(Company(uscc=code), is_new=True, first_day=self.first_days.get(code, on))
        draft.added.append(draft.company)
        self.by_code[code] = draft
        return draft

    def named(self, *names: str) -> list[Draft]:
        """Firms with the first of the names that any firm bears, now or formerly."""
        for name in filter(None, names):
            if drafts := self.by_name.get(normalise_name(name)):
                return drafts
        return []

    def twins(self, *names: str) -> list[str] | None:
        """Labels of the firms that bear such a name; None where no firm bears it."""
        if drafts := self.named(*names):
            return [draft.label for draft in drafts]
        return next((self.let_go[key] for key in map(normalise_name, filter(None, names)) if key in self.let_go), None)

    def learn_name(self, draft: Draft, name: str) -> None:
        """A firm that a row with a code adds can be met by name in the rows without one."""
        known = self.by_name.setdefault(normalise_name(name), [])
        if draft not in known and not draft.is_out_of_reach:
            known.append(draft)


def batches_of(rows: Iterable[FirmRow]) -> Iterator[list[FirmRow]]:
    """Rows with a code first, those of one firm together; within a batch in the order of the file."""
    by_code: dict[str, list[FirmRow]] = {}
    without: list[FirmRow] = []
    for row in rows:
        (by_code.setdefault(row.code, []) if row.code else without).append(row)
    firms = list(by_code.values())
    for start in range(0, len(firms), FIRMS_AT_ONCE):
        batch = [row for same in firms[start : start + FIRMS_AT_ONCE] for row in same]
        yield sorted(batch, key=lambda row: row.number)
    for start in range(0, len(without), FIRMS_AT_ONCE):
        yield without[start : start + FIRMS_AT_ONCE]


def _names(row: FirmRow) -> Iterator[str]:
    return (normalise_name(row.values[key]) for key in ("name", "former_name") if key in row.values)


def _ids_by_name(rows: list[FirmRow]) -> dict[str, set[int]]:
    """Normalised name -> ids of the firms that bear or bore it. The pinyin key narrows, the name itself decides."""
    typed = {row.values[key] for row in rows for key in ("name", "former_name") if key in row.values}
    wanted = {normalise_name(name) for name in typed}
    keys = {pinyin_key(name).replace(" ", "") for name in typed}
    compact = CompanyName.objects.annotate(compact=Replace("pinyin", Value(" "), Value("")))
    found: dict[str, set[int]] = defaultdict(set)
    for company_id, name in compact.filter(compact__in=keys).values_list("company_id", "name_zh"):
        if (normal := normalise_name(name)) in wanted:
            found[normal].add(company_id)
    return found


def _drafts(companies: dict[int, Company]) -> dict[int, Draft]:
    drafts = {pk: Draft(company) for pk, company in companies.items()}
    facts: tuple[tuple[str, type[Any], tuple[str, ...]], ...] = (
        ("names", CompanyName, ()),
        ("seats", Seat, ("district__successor", "reporting_unit__successor")),
        ("certifications", Certification, ("kind", "technology_field")),
        ("residencies", Residency, ("incubator",)),
    )
    for attribute, model, related in facts:
        for fact in model._default_manager.filter(company__in=drafts).select_related(*related).order_by("pk"):
            fact.company = companies[fact.company_id]
            getattr(drafts[fact.company_id], attribute).append(fact)
    for draft in drafts.values():
        days = [name.valid_from for name in draft.names] + [draft.company.established_on]
        draft.first_day = min((day for day in days if day), default=None)
    return drafts


def _holders(rows: list[FirmRow], reach: Reach) -> Holders:
    numbers = sorted({row.values["certificate_number"] for row in rows if "certificate_number" in row.values})
    holders: Holders = {}
    for start in range(0, len(numbers), NUMBERS_AT_ONCE):
        holders |= _holders_of(numbers[start : start + NUMBERS_AT_ONCE], reach)
    return holders


def _holders_of(numbers: list[str], reach: Reach) -> Holders:
    fields = ("kind_id", "number", "company_id", "company__uscc")
    held = list(Certification.objects.filter(number__in=numbers).values_list(*fields))
    current = CompanyName.objects.filter(company__in={row[2] for row in held}, valid_until=None)
    names = dict(current.values_list("company_id", "name_zh"))
    foreign = reach.out_of_reach({row[2] for row in held})
    return {
        (kind, number): (code, "" if pk in foreign else f"{code} {names.get(pk, '')}".strip(), None)
        for kind, number, pk, code in held
    }


def _first_days(rows: list[FirmRow]) -> dict[str, datetime.date]:
    """Code -> the first day that the file knows of the firm: its name and seat begin there."""
    first: dict[str, datetime.date] = {}
    for row in rows:
        days = [row.values[key] for key in ("established_on", "issued_on", "entered_on") if key in row.values]
        if row.code and days:
            first[row.code] = min([*days, first.get(row.code, days[0])])
    return first


class NearestNames:
    """The names of the register that a name without a match resembles, as long as the budget lasts."""

    def __init__(self, reach: Reach = EVERYTHING) -> None:
        self.reach = reach
        self.names: list[str] | None = None
        self.left = NEAREST_BUDGET

    def of(self, name: str) -> str:
        if self.names is None:
            known = CompanyName.objects.all()
            if self.reach.firms is not None:
                known = known.filter(company__in=self.reach.firms)
            self.names = sorted(set(known.values_list("name_zh", flat=True)))
        self.left -= len(self.names)
        if self.left < 0:
            return ""
        found = process.extract(name, self.names, scorer=fuzz.ratio, limit=3, score_cutoff=NEAREST_CUTOFF)
        return " / ".join(match for match, _score, _index in found)
