"""The seat of a firm: districts are abolished and merged, so one cell can mean several seats in a row."""

from __future__ import annotations

import datetime
import re
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from companies.imports.drafts import Draft, Judgement
from companies.imports.lists import Lists, Place
from companies.models import Seat
from registry.models import DatedCode, District, ReportingUnit
from registry.sheets.plan import Difference


def in_force(entry: Any, day: datetime.date, lists: Lists) -> Any:
    """What the entry was on the day: its successor once it is abolished; before it was founded from several, none."""
    while entry.valid_until and day >= entry.valid_until and entry.successor:
        entry = entry.successor
    merged = lists.grew_out_of.get(entry)
    if merged and entry.valid_from and day < entry.valid_from:
        same_name = [former for former in merged if _bare(former.name_zh) == _bare(entry.name_zh)]
        return same_name[0] if len(same_name) == 1 else None
    return entry


def _bare(name: str) -> str:
    return re.sub(r"[（(].*[）)]", "", name)


def is_chain(former: DatedCode | None, entry: DatedCode | None) -> bool:
    """Whether `entry` is the one or came out of it."""
    seen: Any = former
    while seen is not None and seen != entry:
        seen = seen.successor
    return seen is not None


def apply_seat(draft: Draft, judgement: Judgement, lists: Lists, on: datetime.date) -> None:
    values = judgement.typed.values
    place: Place = values.get("district") or Place()
    unit: ReportingUnit | None = values.get("reporting_unit") or place.reporting_unit
    address: str = values.get("address", "")
    stated = {"district": place.district, "reporting_unit": unit, "address": address}
    for key, value in stated.items():
        if value and not draft.agrees(judgement, key, value):
            return
    if not any(stated.values()):
        return
    if not draft.seats:
        _found(draft, judgement, lists, stated, draft.first_day or on)
    elif current := _current(draft, on):
        _compare(draft, judgement, lists, current, stated, on)
    elif not _was_there(draft, judgement, stated):
        judgement.doubt(
            "district", _("The firm's last seat in the city has ended; a new one needs its first day: record it first.")
        )


def _current(draft: Draft, on: datetime.date) -> Seat | None:
    held = (s for s in draft.seats if s.valid_from <= on and (s.valid_until is None or s.valid_until > on))
    return next(held, None)


def _boundaries(entry: Any, lists: Lists) -> set[datetime.date]:
    """The days on which the entry was, or became, another."""
    days: set[datetime.date] = set()
    if lists.grew_out_of.get(entry) and entry.valid_from:
        days.add(entry.valid_from)
    while entry is not None and entry.valid_until and entry.successor:
        days.add(entry.valid_until)
        entry = entry.successor
    return days


def _found(draft: Draft, judgement: Judgement, lists: Lists, stated: dict[str, Any], first: datetime.date) -> None:
    """The first seat, or one after the other where a list changed since the firm is known."""
    district, unit, address = stated["district"], stated["reporting_unit"], stated["address"]
    if district is None and unit is None:
        judgement.note(_("An address without a district makes no seat, so it is not taken over"))
        return
    later = {day for entry in (district, unit) if entry for day in _boundaries(entry, lists) if day > first}
    days: list[Any] = [first, *sorted(later), None]
    for start, end in pairwise(days):
        at = {
            "district": in_force(district, start, lists) if district else None,
            "reporting_unit": in_force(unit, start, lists) if unit else None,
        }
        last = draft.seats[-1] if draft.seats else None
        if last and (last.district, last.reporting_unit) == (at["district"], at["reporting_unit"]):
            last.valid_until = end
            continue
        _add(draft, judgement, Seat(**at, address=address, valid_from=start, valid_until=end))
    _tell_succession(draft, judgement, district)


def _add(draft: Draft, judgement: Judgement, seat: Seat) -> None:
    seat.company = draft.company
    draft.seats.append(seat)
    draft.add(seat, judgement)
    judgement.differences.append(Difference(_("seat from %s") % seat.valid_from, "", _described(seat)))


def _described(seat: Seat) -> str:
    parts = (seat.district or _("district not known"), seat.reporting_unit, seat.address)
    return ", ".join(str(part) for part in parts if part)


def _tell_succession(draft: Draft, judgement: Judgement, district: District | None) -> None:
    if district is None:
        return
    if district.valid_until and district.successor:
        told = _("%(old)s was abolished on %(day)s; from that day the seat is in its successor, %(new)s")
        judgement.note(told % {"old": district, "day": district.valid_until, "new": district.successor})
    elif any(seat.district is None for seat in draft.seats):
        told = _("%(new)s was founded on %(day)s from several districts; the district of the seat before is left open")
        judgement.note(told % {"new": district, "day": district.valid_from})


def _was_there(draft: Draft, judgement: Judgement, stated: dict[str, Any]) -> bool:
    """Whether a seat on the day of issue, or any ended one, is what an older list states."""
    return any(
        all(not stated[key] or getattr(seat, key) == stated[key] for key in ("district", "reporting_unit"))
        and (stated["district"] or stated["reporting_unit"])
        for seat in draft.seats
    )


def _compare(
    draft: Draft, judgement: Judgement, lists: Lists, seat: Seat, stated: dict[str, Any], on: datetime.date
) -> None:
    for key in ("district", "reporting_unit"):
        value, held = stated[key], getattr(seat, key)
        if not value or held == value or held == in_force(value, on, lists):
            continue
        if held is None:
            draft.state(judgement, seat, key, in_force(value, on, lists))
        elif is_chain(held, value) and held.valid_until:
            seat = _hand_over(draft, judgement, lists, seat, held.valid_until)
        elif not _was_there(draft, judgement, stated):
            _doubt_move(judgement, key, held)
            return
        else:
            judgement.note(_("The seat is one that the firm has since left; nothing of it is taken over"))
            return
    if stated["address"]:
        draft.state(judgement, seat, "address", stated["address"], _("seat"))


def _hand_over(draft: Draft, judgement: Judgement, lists: Lists, seat: Seat, day: datetime.date) -> Seat:
    """The seat's district was abolished on the day, and the sheet names what came of it."""
    following = Seat(
        district=in_force(seat.district, day, lists) if seat.district else None,
        reporting_unit=in_force(seat.reporting_unit, day, lists) if seat.reporting_unit else None,
        address=seat.address,
        valid_from=day,
        valid_until=seat.valid_until,
    )
    draft.set(judgement, seat, "valid_until", day, _("seat from %s") % seat.valid_from)
    _add(draft, judgement, following)
    return following


def _doubt_move(judgement: Judgement, key: str, held: Any) -> None:
    reason = _("The firm is seated in %s. A move needs its day: record it first, then read the file again.")
    judgement.doubt(key, reason % held)
