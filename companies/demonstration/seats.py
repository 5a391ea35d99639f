"""Where invented firms are seated: moves, boundary changes, and the firms of which nothing is known."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

from companies.demonstration.dealing import Chance, Turns
from companies.demonstration.firms import LONGEST_LIFE, Draft, Stories
from companies.demonstration.lists import Home, Lists
from companies.models import Seat
from registry.models import Province

Position = tuple[Decimal, Decimal]
Period = tuple[datetime.date, datetime.date | None]

PLACES = {
    "ordinary": 172,
    "moved_within": 20,
    "moved_in": 14,
    "moved_out": 12,
    "moved_out_and_back": 4,
    "without_seat": 6,
    "unknown_district": 6,
    "abolished": 24,
    "cq_hightech_zone": 20,
    "liangjiang_new_area": 16,
    "wansheng_etz": 6,
}
UNITS = ("cq_hightech_zone", "liangjiang_new_area", "wansheng_etz")
# Days that a firm must have lived for its certificates, and may have lived and must have for its stay with a host.
YOUNGEST_FOR_CERTIFICATES = {"none": 120, "only": 700, "revoked": 1200}
YOUNGEST_RENEWED = 2300
AGES_FOR_STAYS = {"resident": (120, 1900), "overstayed": (1700, 3000), "transferred": (700, 2600)}
YOUNGEST_OTHERWISE = {"none": 120}


class Places:
    """Gives each firm a home: half of the ordinary ones wherever fewest are, half in the central districts."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._turns = Turns(len(lists.homes))

    def settle(
        self, stories: Stories, chance: Chance, ends_on: datetime.date, beside: Home | None = None
    ) -> tuple[Home, datetime.date]:
        """A home, beside the host if there is one, and a day of establishment that suits all stories."""
        for home in self._candidates(stories, chance, beside):
            first, last = _days_of_birth(home, stories, ends_on)
            if first <= last:
                if home in self._lists.homes:
                    self._turns.use(self._lists.homes.index(home))
                return home, chance.day(first, last)
        raise ValueError(f"No district was in force early enough for a firm that was there until {ends_on}.")

    def another(self, chance: Chance, than: Home, on: datetime.date) -> Home:
        """A home in force on the day, in another district."""
        return chance.choice(
            [h for h in self._lists.homes if h.district.code != than.district.code and _in_force(h, on)]
        )

    def _candidates(self, stories: Stories, chance: Chance, beside: Home | None) -> Iterator[Home]:
        if beside is not None:
            former = [home for home in self._lists.homes if home.next() == beside]
            yield from chance.sample([beside, *former], 1 + len(former))
        if stories.place in UNITS:
            found = self._lists.homes_of_unit(stories.place)
            yield from chance.sample(found, len(found))
        elif stories.place == "abolished":
            yield from chance.sample(self._lists.abolished_homes, len(self._lists.abolished_homes))
        elif chance.happens(0.5):
            yield from chance.sample(self._lists.central_homes, len(self._lists.central_homes))
        yield from (self._lists.homes[place] for place in self._turns.order())


def _days_of_birth(home: Home, stories: Stories, ends_on: datetime.date) -> tuple[datetime.date, datetime.date]:
    youngest, oldest = AGES_FOR_STAYS.get(stories.stay, (YOUNGEST_OTHERWISE.get(stories.stay, 500), LONGEST_LIFE.days))
    youngest = max(youngest, YOUNGEST_FOR_CERTIFICATES.get(stories.certificates, YOUNGEST_RENEWED))
    first, last = ends_on - datetime.timedelta(days=oldest), ends_on - datetime.timedelta(days=youngest)
    if home.ends_on is not None:
        last = min(last, home.ends_on - datetime.timedelta(days=60))
    return (max(first, home.begins_on) if home.begins_on else first), last


def _in_force(home: Home, on: datetime.date) -> bool:
    return (home.begins_on is None or home.begins_on <= on) and (home.ends_on is None or home.ends_on > on)


def seat(draft: Draft, lists: Lists, places: Places) -> None:
    """All seats of the firm, by its story."""
    story, born, gone = draft.stories.place, draft.born_on, draft.gone_on
    province = draft.chance.choice(lists.other_provinces)
    middle = draft.chance.day(born + (draft.now - born) / 3, born + (draft.now - born) * 2 / 3)
    if story == "unknown_district":
        draft.add(Seat(company=draft.company, valid_from=born, valid_until=gone))
    elif story == "moved_within":
        _stay(draft, lists, draft.home, (born, middle))
        _stay(draft, lists, places.another(draft.chance, draft.home, middle), (middle, gone))
    elif story == "moved_in":
        _stay(draft, lists, draft.home, (middle, gone), moved_from=province)
    elif story == "moved_out":
        _stay(draft, lists, draft.home, (born, gone), moved_to=province)
    elif story == "moved_out_and_back":
        _stay(draft, lists, draft.home, (born, middle), moved_to=province)
        back = middle + (draft.now - middle) / 2
        _stay(draft, lists, places.another(draft.chance, draft.home, back), (back, gone), moved_from=province)
    elif story != "without_seat":
        _stay(draft, lists, draft.home, (born, gone))


def _stay(
    draft: Draft,
    lists: Lists,
    home: Home,
    period: Period,
    moved_from: Province | None = None,
    moved_to: Province | None = None,
) -> None:
    """One stay at one address: a seat, and another wherever the division around it changed."""
    position = _position(draft, lists, home)
    number = draft.chance.randint(1, 399)
    for part, begins, ends in home.parts(*period):
        is_first, is_last = begins == period[0], ends == period[1]
        row = Seat(
            company=draft.company,
            district=part.district,
            reporting_unit=part.unit,
            address=f"{part.district.name_zh}（演示）路{number}号",
            valid_from=begins,
            valid_until=ends,
            moved_from=moved_from if is_first else None,
            moved_to=moved_to if is_last else None,
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
        return _near(chance, district.latitude, district.longitude, 0.04)
    return None


def _near(chance: Chance, latitude: Decimal | None, longitude: Decimal | None, reach: float) -> Position | None:
    if latitude is None or longitude is None:
        return None
    moved = (value + Decimal(chance.uniform(-reach, reach)) for value in (latitude, longitude))
    north, east = (value.quantize(Decimal("0.00001")) for value in moved)
    return north, east
