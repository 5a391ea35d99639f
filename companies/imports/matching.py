"""Which firms of the register the rows of a sheet can be: by credit code, else by any name they bore."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Value
from django.db.models.functions import Replace
from rapidfuzz import fuzz, process

from companies.imports.comparing import Holders
from companies.imports.drafts import Draft
from companies.imports.rows import FirmRow
from companies.models import Certification, Company, CompanyName, Residency, Seat
from registry.names import normalise_name, pinyin_key

# Pairs of names compared when looking for the nearest ones: some seconds, then only the reason is given.
NEAREST_BUDGET = 3_000_000
NEAREST_CUTOFF = 80


class Register:
    """The firms that the rows name, read at once, and the firms that the file adds."""

    def __init__(self, rows: Iterable[FirmRow], *, lock: bool = False) -> None:
        rows = list(rows)
        by_name = _ids_by_name(rows)
        ids = {pk for found in by_name.values() for pk in found}
        wanted = Company.objects.select_related("industry", "hub", "strategic_field")
        if lock:
            wanted = wanted.select_for_update(of=("self",), no_key=True)
        codes = {row.code for row in rows if row.code}
        found = {c.pk: c for c in [*wanted.filter(uscc__in=codes).order_by("pk"), *wanted.filter(pk__in=ids)]}
        drafts = _drafts(found)
        self.by_code = {draft.company.uscc: draft for draft in drafts.values()}
        self.by_name = {name: [drafts[pk] for pk in sorted(pks)] for name, pks in by_name.items()}
        self.holders = _holders(rows)
        self.first_days = _first_days(rows)

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

    def learn_name(self, draft: Draft, name: str) -> None:
        """A firm that a row with a code adds can be met by name in the rows without one."""
        known = self.by_name.setdefault(normalise_name(name), [])
        if draft not in known:
            known.append(draft)


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


def _holders(rows: list[FirmRow]) -> Holders:
    numbers = {row.values["certificate_number"] for row in rows if "certificate_number" in row.values}
    fields = ("kind_id", "number", "company_id", "company__uscc")
    held = list(Certification.objects.filter(number__in=numbers).values_list(*fields))
    current = CompanyName.objects.filter(company__in={row[2] for row in held}, valid_until=None)
    names = dict(current.values_list("company_id", "name_zh"))
    return {(kind, number): (code, f"{code} {names.get(pk, '')}".strip(), None) for kind, number, pk, code in held}


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

    def __init__(self) -> None:
        self.names: list[str] | None = None
        self.left = NEAREST_BUDGET

    def of(self, name: str) -> str:
        if self.names is None:
            self.names = sorted(set(CompanyName.objects.values_list("name_zh", flat=True)))
        self.left -= len(self.names)
        if self.left < 0:
            return ""
        found = process.extract(name, self.names, scorer=fuzz.ratio, limit=3, score_cutoff=NEAREST_CUTOFF)
        return " / ".join(match for match, _score, _index in found)
