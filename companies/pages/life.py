"""A firm's life as a line of days, and the changes that the register recorded, both read from `…/history/`."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

Change = Mapping[str, Any]
Names = Mapping[str, Mapping[str, str]]
"""Member of an entry -> code -> name in the reader's language."""


@dataclass(frozen=True)
class Event:
    """What happened on a day. `ends` marks the end of something."""

    day: str
    words: str
    more: str = ""
    ends: bool = False
    is_ahead: bool = False


def last_known(changes: Sequence[Change]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each entry as it stands after all changes: its subject and its members. Deleted ones are gone."""
    entries: dict[tuple[str, int], Mapping[str, Any] | None] = {}
    for change in changes:
        entries[change["subject"], change["id"]] = change["new"]
    return [(subject, members) for (subject, _key), members in entries.items() if members is not None]


def life(changes: Sequence[Change], names: Names, day: datetime.date) -> list[Event]:
    """Everything with a day, newest first; what lies after `day` is marked."""
    found = [event for subject, entry in last_known(changes) for event in TELLERS[subject](entry, names) if event.day]
    found.sort(key=lambda event: (event.day, not event.ends), reverse=True)
    today = day.isoformat()
    return [
        Event(event.day, event.words, event.more, event.ends, is_ahead=True) if event.day > today else event
        for event in found
    ]


def named(entry: Mapping[str, Any] | None, member: str, names: Names) -> str:
    """What a member of an entry says: the name of a code where one is known, else the value as it is."""
    value = (entry or {}).get(member)
    return names.get(member, {}).get(value, value) if value else ""


def _of_firm(entry: Mapping[str, Any], names: Names) -> Iterator[Event]:
    yield Event(entry["established_on"], _("Established"))
    if entry["dissolved_on"]:
        more = _("Succeeded by %s") % entry["successor"] if entry["successor"] else ""
        yield Event(entry["dissolved_on"], _("Dissolved"), more, ends=True)


def _of_name(entry: Mapping[str, Any], names: Names) -> Iterator[Event]:
    yield Event(entry["valid_from"], _("Name: %s") % entry["name_zh"], entry["name_en"])


def _of_seat(entry: Mapping[str, Any], names: Names) -> Iterator[Event]:
    district, unit = named(entry, "district", names), named(entry, "reporting_unit", names)
    more = _("Moved in from %s") % named(entry, "moved_from", names) if entry["moved_from"] else ""
    where = f"{district} · {unit}" if unit and unit != district else district
    yield Event(entry["valid_from"], _("Seat: %s") % where, more)
    if entry["moved_to"]:
        yield Event(entry["valid_until"], _("Moved to %s") % named(entry, "moved_to", names), ends=True)


def _of_stay(entry: Mapping[str, Any], names: Names) -> Iterator[Event]:
    incubator = named(entry, "incubator", names)
    yield Event(entry["entered_on"], _("Entered the incubator %s") % incubator)
    if entry["left_on"]:
        told = " · ".join(filter(None, (named(entry, "outcome", names), named(entry, "ground", names))))
        yield Event(entry["left_on"], _("Left the incubator %s") % incubator, told, ends=True)


def _of_link(entry: Mapping[str, Any], names: Names) -> Iterator[Event]:
    yield Event(
        entry["valid_from"], _("Linked to %s") % named(entry, "university", names), named(entry, "basis", names)
    )


def _of_certificate(entry: Mapping[str, Any], names: Names) -> Iterator[Event]:
    kind, number = named(entry, "kind", names), entry["number"]
    yield Event(entry["issued_on"], _("Certificate: %s") % kind, number)
    if entry["revoked_from"]:
        words = _("Certificate revoked: %s") % kind
        decided = _("decided on %s") % entry["revoked_on"] if entry["revoked_on"] else ""
        yield Event(entry["revoked_from"], words, " · ".join(filter(None, (number, decided))), ends=True)
    elif entry["valid_until"]:
        yield Event(entry["valid_until"], _("End of the certificate: %s") % kind, number, ends=True)


def _of_financing(entry: Mapping[str, Any], names: Names) -> Iterator[Event]:
    yield Event(entry["agreed_on"], _("Financing: %s") % named(entry, "instrument", names))


TELLERS = {
    "firm": _of_firm,
    "name": _of_name,
    "seat": _of_seat,
    "residency": _of_stay,
    "university_link": _of_link,
    "certification": _of_certificate,
    "financing": _of_financing,
}
