"""Writes the drafts in bulk inside a transaction, and finds the firm and fact that a constraint refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from companies.imports.drafts import Draft
from companies.imports.reach import EVERYTHING, Reach
from companies.models import Certification, Company, CompanyName, Residency, Seat
from registry.history.acting import check_constraints_now
from registry.models import Entry

CHUNK = 250
ORDER: tuple[type[Entry], ...] = (Company, CompanyName, Seat, Certification, Residency)
COLUMN_OF_CONSTRAINT = {
    "companies_company_uscc_unique": "uscc",
    "companies_company_uscc_valid": "uscc",
    "companies_company_established_plausible": "established_on",
    "companies_company_dissolved_after_established": "established_on",
    "companies_company_capital_not_negative": "registered_capital",
    "companies_companyname_period_not_empty": "renamed_on",
    "companies_companyname_one_a_day": "renamed_on",
    "companies_seat_one_a_day": "district",
    "companies_certification_number_unique": "certificate_number",
    "companies_certification_one_issue_a_day": "issued_on",
    "companies_certification_ends_after_issue": "valid_until",
    "companies_certification_issue_plausible": "issued_on",
    "companies_residency_period_not_empty": "left_on",
    "companies_residency_one_a_day": "entered_on",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fact that the database does not take: the row that brought it, the column's key, why."""

    draft: Draft
    row_number: int
    key: str
    reason: str


class _OutOfReach(Exception):
    """What was written would not be among the firms that its writer may change."""


Look = Callable[[Sequence[Draft]], None]


def unlooked(_drafts: Sequence[Draft]) -> None:
    """For those who ask nothing of what is written."""


def write(drafts: Sequence[Draft], *, keep: bool, reach: Reach = EVERYTHING, look: Look = unlooked) -> list[Refusal]:
    """Writes the drafts and checks every constraint, deferred ones too, and that all are within reach as they stand;
    without `keep` all is rolled back, after a `look` at it."""
    refusals: list[Refusal] = []
    for start in range(0, len(drafts), CHUNK):
        refusals += _write_or_divide(
            drafts[start : start + CHUNK], partial(_attempt, keep=keep, reach=reach, look=look)
        )
    return refusals


def _write_or_divide(drafts: Sequence[Draft], attempt: Callable[[Sequence[Draft]], Exception | None]) -> list[Refusal]:
    error = attempt(drafts)
    if error is None:
        return []
    if len(drafts) == 1:
        return [_culprit(drafts[0], error)]
    middle = len(drafts) // 2
    return _write_or_divide(drafts[:middle], attempt) + _write_or_divide(drafts[middle:], attempt)


def _attempt(drafts: Sequence[Draft], *, keep: bool, reach: Reach, look: Look) -> Exception | None:
    try:
        with transaction.atomic():
            _save(drafts)
            check_constraints_now()
            # A firm that was there may leave by an ended stay; one that is added must be its writer's.
            if reach.out_of_reach([draft.company.pk for draft in drafts if draft.is_new]):
                raise _OutOfReach
            look(drafts)
            if not keep:
                transaction.set_rollback(True)
    except (IntegrityError, DataError, _OutOfReach) as error:
        _forget(drafts)
        return error
    if not keep:
        _forget(drafts)
    return None


def _save(drafts: Sequence[Draft]) -> None:
    for (model, names), entries in _changes(drafts).items():
        model._default_manager.bulk_update(entries, names, batch_size=CHUNK)
    for model in ORDER:
        new = [entry for draft in drafts for entry in draft.added if isinstance(entry, model)]
        _bind(drafts)
        model._default_manager.bulk_create(new, batch_size=CHUNK)


def _bind(drafts: Sequence[Draft]) -> None:
    """Facts take over the id that their firm has just got."""
    for draft in drafts:
        for entry in draft.added:
            if not isinstance(entry, Company):
                entry.company = draft.company  # type: ignore[attr-defined]


def _changes(drafts: Sequence[Draft]) -> dict[tuple[type[Entry], tuple[str, ...]], list[Entry]]:
    grouped: dict[tuple[type[Entry], tuple[str, ...]], list[Entry]] = {}
    for draft in drafts:
        for entry, names in draft.changed.values():
            grouped.setdefault((type(entry), tuple(sorted(names))), []).append(entry)
    return grouped


def _forget(drafts: Sequence[Draft]) -> None:
    """After a rollback the new entries have no id again."""
    for draft in drafts:
        for entry in draft.added:
            entry.pk, entry._state.adding = None, True


def _culprit(draft: Draft, error: Exception) -> Refusal:
    """The entries one by one: the first that is refused names its row."""
    if isinstance(error, _OutOfReach):
        reason = _("A firm that you add is in residence in your incubator, or left it within the last 90 days.")
        return Refusal(draft, min(draft.row_of.values(), default=0), "left_on", reason)
    culprit: Any = None
    try:
        with transaction.atomic():
            for entry, save in _one_by_one(draft):
                culprit = entry
                save()
                check_constraints_now()
            transaction.set_rollback(True)
            culprit = None
    except (IntegrityError, DataError) as narrower:
        error = narrower
    _forget([draft])
    number = draft.row_of.get(id(culprit)) or min(draft.row_of.values(), default=0)
    constraint = _constraint_of(error)
    return Refusal(draft, number, COLUMN_OF_CONSTRAINT.get(constraint, ""), _reason(constraint))


def _one_by_one(draft: Draft) -> Iterator[tuple[Entry, Callable[[], None]]]:
    """Each entry with what writes it."""
    for entry, names in draft.changed.values():
        yield entry, partial(entry.save, update_fields=names)
    for entry in sorted(draft.added, key=lambda added: ORDER.index(type(added))):
        _bind([draft])
        yield entry, partial(entry.save, force_insert=True)


def reason_of_refusal(error: Exception) -> str:
    """Why the database does not take what was written, in a sentence."""
    return _reason(_constraint_of(error))


def _constraint_of(error: Exception) -> str:
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "")


def _reason(constraint: str) -> str:
    for found in _constraints():
        if found.name == constraint:
            return str(found.violation_error_message)
    return _("The register refuses this row (%s).") % (constraint or _("a value is too large"))


def _constraints() -> Iterable[Any]:
    return (found for model in apps.get_models() for found in model._meta.constraints)
