"""Where invented firms are seated: stays, moves and changes of divisions as rows."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from companies.demonstration.dealing import Chance
from companies.demonstration.firms import Draft
from companies.demonstration.lists import Home, Lists
from companies.demonstration.places import Places
from companies.models import Seat
from registry.models import Province

Position = tuple[Decimal, Decimal]
PLACE = Decimal("0.00001")  # degrees, some metres


@dataclass(frozen=True)
class Stay:
    """At one address, from a day to another (excluded)."""

    home: Home
    begins: datetime.date
    until: datetime.date | None
    moved_from: Province | None = None
    moved_to: Province | None = None


def seat(draft: Draft, lists: Lists, places: Places) -> None:
    """All seats of the firm, by its life."""
    life = draft.life
    if life.place == "unknown":
        draft.add(Seat(company=draft.company, valid_from=life.entered_on or life.born_on, valid_until=draft.gone_on))
    elif life.place == "known":
        for stay in _stays(draft, lists, places):
            _seat(draft, lists, stay)


def _stays(draft: Draft, lists: Lists, places: Places) -> list[Stay]:
    """A firm moves once: in, out, out and back, or within the city."""
    life, home, chance = draft.life, draft.home, draft.chance
    begins, ends = life.entered_on or life.born_on, draft.gone_on
    province = chance.choice(lists.other_provinces)
    if life.moved_on:
        there = places.anywhere(life.moved_on, chance, outside=home)
        return [Stay(home, begins, life.moved_on), Stay(there, life.moved_on, ends)]
    if life.left_on and life.returned_on:
        there = places.anywhere(life.returned_on, chance, outside=home)
        first = Stay(home, begins, life.left_on, moved_to=province)
        return [first, Stay(there, life.returned_on, ends, moved_from=province)]
    came_from = province if life.entered_on else None
    return [Stay(home, begins, ends, moved_from=came_from, moved_to=province if life.left_on else None)]


def _seat(draft: Draft, lists: Lists, stay: Stay) -> None:
    """A seat, and another wherever the division around the address changed."""
    position = _position(draft, lists, stay.home)
    number = draft.chance.randint(1, 399)
    for part, begins, ends in stay.home.parts(stay.begins, stay.until):
        row = Seat(
            company=draft.company,
            district=part.district,
            reporting_unit=part.unit,
            address=f"{part.district.name_zh}（演示）路{number}号",
            valid_from=begins,
            valid_until=ends,
            moved_from=stay.moved_from if begins == stay.begins else None,
            moved_to=stay.moved_to if ends == stay.until else None,
        )
        if position is not None:
            row.latitude, row.longitude = position
        draft.add(row)


def _position(draft: Draft, lists: Lists, home: Home) -> Position | None:
    """Beside the host, near a campus, somewhere in the district, or none."""
    chance, district = draft.chance, home.district
    campuses = lists.campuses.get(district.code, [])
    beside = draft.host_seat
    if beside is not None and beside.latitude is not None and draft.home == home:
        return _near(chance, beside.latitude, beside.longitude, 0.002)
    if campuses and chance.happens(0.4):
        campus = chance.choice(campuses)
        return _near(chance, campus.latitude, campus.longitude, 0.015)
    if chance.happens(0.7):
        return _near(chance, district.latitude, district.longitude, 0.015)
    return None


def _near(chance: Chance, latitude: Decimal | None, longitude: Decimal | None, reach: float) -> Position | None:
    if latitude is None or longitude is None:
        return None
    moved = (value + Decimal(chance.uniform(-reach, reach)) for value in (latitude, longitude))
    north, east = (value.quantize(PLACE) for value in moved)
    return north, east
