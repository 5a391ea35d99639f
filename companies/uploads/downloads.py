"""Lists that were downloaded from the register itself: their columns are known by name, in every language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import override

from companies.models import Certification, Financing, Residency
from registry.downloads.titles import title_of_member
from registry.sheets.columns import fold
from registry.sheets.headers import IGNORED, ColumnMap

MARKS = ("id", "version")
"""Members that every download holds and no list made by people does."""
# Path of the member -> key. Codes rather than names, which differ by language; a firm's name is met in each.
_KEYS = {
    ("company",): "uscc",
    ("uscc",): "uscc",
    ("company_name",): "name",
    ("name",): "name",
    ("district", "code"): "district",
    ("reporting_unit", "code"): "reporting_unit",
    ("strategic_field", "code"): "strategic_field",
    ("industry", "code"): "industry",
    ("kind", "code"): "certification_kind",
    ("technology_field", "code"): "technology_field",
    ("incubator", "code"): "incubator",
    ("incubator", "name"): IGNORED,
    ("valid_until",): IGNORED,  # there it is the first day after, in lists of people the last day
}
_OF_FIRMS = frozenset({"district", "reporting_unit", "strategic_field", "industry"})
"""Read in a list of firms; in a list of facts they are what the firm was on a day."""
_OF_STAYS = frozenset({"incubator"})
"""Not read in a list of firms: it does not name the day of a stay."""
_FIELDS: dict[tuple[type[Any], str], str] = {
    (Certification, "number"): "certificate_number",
    (Certification, "issued_on"): "issued_on",
    (Residency, "entered_on"): "entered_on",
    (Residency, "left_on"): "left_on",
    (Financing, "matures_on"): IGNORED,
}


def keys_if_downloaded(found: ColumnMap) -> dict[str, str]:
    """Letter -> key for the columns of a download whose meaning its heading alone does not tell; else nothing."""
    titles = {fold(column.title) for column in found.columns}
    if not all(titles & marks for marks in _marks()):
        return {}
    known = _headings()
    keys = {column.letter: known[fold(column.title)] for column in found.columns if fold(column.title) in known}
    is_of_facts = not titles.isdisjoint(_spelled(("company",)))
    unread = _OF_FIRMS if is_of_facts else _OF_STAYS
    return {letter: IGNORED if key in unread else key for letter, key in keys.items()}


@cache
def _marks() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_spelled((name,))) for name in MARKS)


@cache
def _headings() -> Mapping[str, str]:
    named = {text: key for path, key in _KEYS.items() for text in _spelled(path)}
    return named | {text: key for (model, name), key in _FIELDS.items() for text in _of_field(model, name)}


def _languages() -> Iterable[str]:
    return [code for code, _name in settings.LANGUAGES]


def _spelled(path: tuple[str, ...]) -> Iterable[str]:
    """The name in CSV, and the title in a workbook in each language."""
    yield fold("_".join(path))
    for language in _languages():
        with override(language):
            yield fold(" · ".join(title_of_member(name) for name in path))


def _of_field(model: type[Any], name: str) -> Iterable[str]:
    yield fold(name)
    for language in _languages():
        with override(language):
            yield fold(capfirst(str(model._meta.get_field(name).verbose_name)))
