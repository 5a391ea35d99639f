"""A firm as the file would leave it, and what is said of one row on the way."""

from __future__ import annotations

import datetime
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from companies.imports.rows import FirmRow
from companies.models import Certification, Company, CompanyName, Residency, Seat
from registry.days import last_included
from registry.models import Entry
from registry.names import normalise_name, shown
from registry.sheets.cells import CellError
from registry.sheets.plan import Difference, Problem, RowVerdict, problem_at
from registry.sheets.reading import Table
from registry.sheets.verdicts import Verdict

# Field of an entry -> the column that it came from, where the two are named differently.
COLUMN_OF_FIELD = {
    "number": "certificate_number",
    "kind": "certification_kind",
    "name_zh": "name",
    "hub": "strategic_field",
}
NOTES = defaultdict[str, list[int]]


@dataclass(slots=True)
class Judgement:
    """What is found of one row. Doubts make it ambiguous, problems wrong."""

    table: Table
    typed: FirmRow
    notes: NOTES
    label: str = ""
    code: str = ""
    is_new: bool = False
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    candidates: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def wrong(self, key: str, reason: str, suggestion: str = "") -> None:
        self.problems.append(self._at(key, reason, suggestion))

    def doubt(self, key: str, reason: str, suggestion: str = "") -> None:
        self.doubts.append(self._at(key, reason, suggestion))

    def note(self, sentence: str) -> None:
        self.notes[sentence].append(self.typed.number)

    def _at(self, key: str, reason: str, suggestion: str) -> Problem:
        return problem_at(self.table, self.typed.row, key, CellError(reason, suggestion))

    @property
    def verdict(self) -> Verdict:
        if self.problems:
            return Verdict.WRONG
        if self.doubts:
            return Verdict.AMBIGUOUS
        if self.is_new:
            return Verdict.NEW
        return Verdict.CHANGED if self.differences else Verdict.SAME

    def as_verdict(self) -> RowVerdict:
        label = self.label or self.typed.label
        told = (*self.problems, *self.doubts)
        differences = () if told else tuple(_shared(str(d.field), d.before, d.after) for d in self.differences)
        findings = () if told else tuple(self.findings)
        candidates = tuple(self.candidates)
        return RowVerdict(self.typed.number, self.verdict, label, told, differences, candidates, self.code, findings)


@lru_cache(maxsize=4096)
def _shared(field: str, before: str, after: str) -> Difference:
    """Thousands of rows tell the same words: they are kept once."""
    return Difference(sys.intern(field), before, after)


@dataclass(slots=True)
class Draft:
    """A firm with its facts. `stated` remembers which row gave a field, so that another cannot say otherwise."""

    company: Company
    is_new: bool = False
    is_out_of_reach: bool = False
    names: list[CompanyName] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    certifications: list[Certification] = field(default_factory=list)
    residencies: list[Residency] = field(default_factory=list)
    first_day: datetime.date | None = None
    stated: dict[tuple[int, str], int] = field(default_factory=dict)
    said: dict[str, tuple[int, Any]] = field(default_factory=dict)
    added: list[Entry] = field(default_factory=list)
    changed: dict[int, tuple[Entry, set[str]]] = field(default_factory=dict)
    row_of: dict[int, int] = field(default_factory=dict)

    @property
    def is_dirty(self) -> bool:
        return bool(self.added or self.changed)

    @property
    def current_name(self) -> CompanyName | None:
        return max(self.names, key=lambda name: (name.valid_until is None, name.valid_from), default=None)

    @property
    def label(self) -> str:
        name = self.current_name
        return f"{self.company.uscc} {name.name_zh}" if name else self.company.uscc

    def named(self, name: str) -> CompanyName | None:
        """The name that is spelled so, in Chinese or in English."""
        wanted = normalise_name(name)
        spellings = ((normalise_name(known.name_zh), normalise_name(known.name_en), known) for known in self.names)
        return next((known for *spelled, known in spellings if wanted in spelled), None)

    def add(self, entry: Entry, judgement: Judgement) -> None:
        self.added.append(entry)
        self.row_of[id(entry)] = judgement.typed.number

    def state(self, judgement: Judgement, entry: Any, name: str, value: Any, about: str = "") -> None:
        """The row says that the field holds the value; a row before it that said otherwise makes it wrong."""
        before, number = getattr(entry, name), judgement.typed.number
        earlier = self.stated.setdefault((id(entry), name), number)
        if before == value:
            return
        if earlier != number:
            judgement.wrong(COLUMN_OF_FIELD.get(name, name), contradiction(earlier, shown(text_of(name, before))))
            return
        self.set(judgement, entry, name, value, about)

    def set(self, judgement: Judgement, entry: Any, name: str, value: Any, about: str = "") -> None:
        """Sets a field that follows from others, and tells it."""
        before = getattr(entry, name)
        if before == value:
            return
        setattr(entry, name, value)
        self.row_of[id(entry)] = judgement.typed.number
        if entry.pk is not None:
            self.changed.setdefault(id(entry), (entry, set()))[1].add(name)
        label = f"{about} · {label_of(entry, name)}" if about else label_of(entry, name)
        judgement.differences.append(Difference(label, text_of(name, before), text_of(name, value)))

    def agrees(self, judgement: Judgement, key: str, value: Any) -> bool:
        """Whether no row before says otherwise of something that is no plain field (the seat)."""
        earlier, said = self.said.setdefault(key, (judgement.typed.number, value))
        if said != value:
            judgement.wrong(key, contradiction(earlier, shown(said)))
        return bool(said == value)


def contradiction(row_number: int, said: str) -> str:
    return _("Row %(row)d says “%(said)s” for the same firm.") % {"row": row_number, "said": said}


def label_of(entry: Entry, name: str) -> str:
    if name == "valid_until":
        return str(_("last day"))
    return str(entry._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def text_of(name: str, value: Any) -> str:
    """Open ends are shown as the last day included, as sheets write them."""
    if value is None:
        return ""
    if name == "valid_until" and isinstance(value, datetime.date):
        return last_included(value).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def clean_touched(draft: Draft, judgement: Judgement) -> None:
    """Django's own cleaning of the entries that this row touched; the constraints are left to the database."""
    number = judgement.typed.number
    touched = {id(entry): entry for entry in draft.added} | {key: entry for key, (entry, _f) in draft.changed.items()}
    for key, entry in touched.items():
        if draft.row_of.get(key) != number:
            continue
        try:
            entry.clean_fields(exclude=_not_cleaned(entry))
            entry.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                judgement.wrong(COLUMN_OF_FIELD.get(name, name), " ".join(messages))


def _not_cleaned(entry: Entry) -> set[str]:
    """Relations come from lists that were just read; keys that `clean` computes are not there yet."""
    return {f.name for f in entry._meta.concrete_fields if f.is_relation or not f.editable or f.primary_key}
