"""What the register learned of a firm, when: the entries of `…/history/` in words, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import Certification, Company, CompanyName, Financing, Residency, Seat, UniversityLink
from companies.pages.life import Change, Names, named

MODELS: dict[str, type[Model]] = {
    "firm": Company,
    "name": CompanyName,
    "seat": Seat,
    "residency": Residency,
    "university_link": UniversityLink,
    "certification": Certification,
    "financing": Financing,
}
"""Whose fields name the members of an entry, by the subject of a change."""


@dataclass(frozen=True)
class Difference:
    words: str
    old: str
    new: str


@dataclass(frozen=True)
class Learned:
    """One change of one entry."""

    words: str
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class Writing:
    """What was recorded at one moment. Entries that were new are only counted."""

    recorded_at: str
    how: str
    new_entries: str
    learned: list[Learned]


def writings(changes: Sequence[Change], names: Names) -> list[Writing]:
    found = [
        _writing(list(together), names) for _sequence, together in groupby(changes, key=lambda one: one["sequence"])
    ]
    return found[::-1]


def _writing(together: list[Change], names: Names) -> Writing:
    new = sum(change["kind"] == "create" for change in together)
    how = _("entered by a person") if together[0]["reason_class"] == "entered" else _("loaded from a file")
    told = ngettext("%d new entry", "%d new entries", new) % new if new else ""
    learned = [_learned(change, names) for change in together if change["kind"] != "create"]
    return Writing(together[0]["recorded_at"], how, told, learned)


def _learned(change: Change, names: Names) -> Learned:
    meta = MODELS[change["subject"]]._meta
    words = _("%(subject)s: %(act)s") % {"subject": meta.verbose_name, "act": kind_words()[change["kind"]]}
    told = [
        Difference(
            str(getattr(meta.get_field(name), "verbose_name", name)),
            named(change["old"], name, names),
            named(change["new"], name, names),
        )
        for name in change["changed"]
    ]
    return Learned(words, told)


def kind_words() -> dict[str, str]:
    return {
        "correct": _("corrected"),
        "end": _("came to its end"),
        "delete": _("deleted as a mistake"),
        "withdraw": _("no longer public"),
    }
