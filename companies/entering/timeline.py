"""A firm's life on its page in the admin: what happened by day, and what was recorded by whom. All of it scoped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from companies.models import (
    AnnualReport,
    Certification,
    Company,
    CompanyName,
    Financing,
    Residency,
    Seat,
    UniversityLink,
)
from companies.pages.life import TELLERS, Event
from registry import scope
from registry.admin import labels
from registry.admin.versions import Change
from registry.days import today

SHOWN_CHANGES = 10


@dataclass(frozen=True)
class Recorded:
    """One change of the register, in short."""

    at: str
    who: str
    reason: str
    what: str


FACTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("name", CompanyName, ()),
    ("seat", Seat, ("district", "reporting_unit", "moved_from", "moved_to")),
    ("residency", Residency, ("incubator",)),
    ("university_link", UniversityLink, ("university",)),
    ("certification", Certification, ("kind", "predecessor")),
    ("financing", Financing, ("instrument",)),
)


def life_of(firm: Company, user: Any) -> list[Event]:
    """Everything of the firm with a day that the person may see, newest first; what lies ahead is marked."""
    found = list(TELLERS["firm"](_members(firm, ("industry",)) | {"successor": ""}, {}))
    for subject, model, related in FACTS:
        rows = scope.scope(model.objects.filter(company=firm), user).select_related(*related)
        for row in rows:
            found += _told(TELLERS[subject], row, related)
    for report in scope.scope(AnnualReport.objects.filter(company=firm), user):
        found.append(Event(f"{report.year}-12-31", _("Annual report of %s") % report.year))
    dated = [event for event in found if event.day]
    dated.sort(key=lambda event: (event.day, not event.ends), reverse=True)
    return [replace(event, is_ahead=event.day > today().isoformat()) for event in dated]


def _told(teller: Callable[..., Iterator[Event]], row: Any, related: tuple[str, ...]) -> Iterator[Event]:
    for event in teller(_members(row, related), {}):
        renewed = getattr(row, "predecessor", None)
        if renewed is not None and not event.ends:
            yield replace(event, more=" · ".join(filter(None, (event.more, _("renews %s") % renewed))))
        else:
            yield event


def _members(row: Any, related: tuple[str, ...]) -> dict[str, Any]:
    """The row as words: days as 2026-06-30, related entries by their name, choices by their label."""
    found: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        if column.is_relation:
            linked = getattr(row, column.name) if column.name in related else None
            found[column.name] = labels.plain(linked) if linked is not None else ""
            continue
        value = getattr(row, column.name)
        shown = dict(column.flatchoices).get(value, value) if column.choices else value
        found[column.name] = "" if shown is None else str(shown)
    return found


def in_short(changes: list[Change]) -> list[Recorded]:
    """The latest changes, each in one line."""
    return [
        Recorded(
            localtime(change.changeset.recorded_at).strftime("%Y-%m-%d %H:%M"),
            change.who,
            change.reason,
            "; ".join(_step(step) for step in change.steps),
        )
        for change in changes[:SHOWN_CHANGES]
    ]


def _step(step: Any) -> str:
    fields = ", ".join(difference.label for difference in step.differences)
    is_told = fields and step.act == _("changed")
    return f"{step.what} · {step.act}" + (f" ({fields})" if is_told else "")
