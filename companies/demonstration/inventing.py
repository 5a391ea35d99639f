"""Makes up a whole set: lives first, then homes and the firms themselves, then the facts of each."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from companies.demonstration.certificates import Numbers, certify
from companies.demonstration.dealing import Chance
from companies.demonstration.financings import Money
from companies.demonstration.firms import Draft, Stories, describe, name
from companies.demonstration.hosts import Hosts, home_of, invent_hosts, invent_partners, plan_hosts
from companies.demonstration.lists import Home, Lists
from companies.demonstration.lives import Life
from companies.demonstration.names import Namer
from companies.demonstration.places import Places
from companies.demonstration.population import populate
from companies.demonstration.published import published_curve, weights
from companies.demonstration.seats import seat
from companies.demonstration.stories import deal_stories
from companies.demonstration.ties import STILL_THERE, report, stay, tie
from companies.models import Company
from incubators.models import IncubatorSeat
from registry.models import Entry, Partner

# A host opens early enough for a firm to enter within 24 months of its birth, and some time before today.
HOST_OPEN_BY, HOST_OPEN_FOR = datetime.timedelta(days=600), datetime.timedelta(days=60)


@dataclass
class Invention:
    """A set as unsaved rows. The facts of a firm are made up when they are asked for, and not kept."""

    hosts: Hosts
    partners: list[Partner]
    drafts: list[Draft]
    _seed: int
    _lists: Lists
    _places: Places
    _namer: Namer

    def __post_init__(self) -> None:
        self._numbers = Numbers()
        self._money = Money(self._lists, self.partners)
        self._provinces = [province.name_zh for province in self._lists.other_provinces]

    def facts(self, draft: Draft) -> list[Entry]:
        """All rows about the firm; to be asked for once, and in the order of the drafts."""
        draft.facts, draft.chance = [], Chance(self._seed, "facts", draft.number)
        name(draft, self._namer, self._provinces)
        seat(draft, self._lists, self._places)
        certify(draft, self._lists, self._numbers)
        stay(draft, self.hosts)
        tie(draft, self._lists)
        self._money.finance(draft)
        report(draft)
        facts, draft.facts = draft.facts, []
        return facts


def invent(today: datetime.date, seed: int, size: int | None) -> Invention:
    """The whole set, or one of `size` firms; reads the reference lists, writes nothing."""
    lists, namer = Lists(), Namer(seed)
    lists.require()
    lives = populate(published_curve(), seed, today, size)
    spread = weights(lists)
    hosts = invent_hosts(plan_hosts(spread, seed, today, len(lives)), lists, namer, seed, today)
    drafts = _drafts(lives, seed, today, hosts, Places(spread))
    for draft in drafts:
        describe(draft, lists)
    _find_successors(drafts, seed)
    return Invention(hosts, invent_partners(namer, len(lives)), drafts, seed, lists, Places(spread), namer)


def _drafts(lives: Sequence[Life], seed: int, today: datetime.date, hosts: Hosts, places: Places) -> list[Draft]:
    """Homes go first to the firms that stay in theirs, so that no district is left without one."""
    stories = deal_stories(lives, seed, today)
    order = sorted(range(len(lives)), key=lambda place: not lives[place].is_plain)
    made = {place: _draft(place + 1, lives[place], stories[place], seed, today, hosts, places) for place in order}
    return [made[place] for place in range(len(lives))]


def _draft(
    number: int, life: Life, stories: Stories, seed: int, today: datetime.date, hosts: Hosts, places: Places
) -> Draft:
    chance = Chance(seed, "firm", number)
    host_seat = _host_seat(life, stories, chance, today, hosts)
    home = home_of(host_seat) if host_seat else None
    if home is not None and home.is_in_force(life.born_on):
        places.use(home)
    else:
        home = _home(life, chance, places)
    return Draft(number, life, stories, chance, home, today, Company(), host_seat)


def _host_seat(
    life: Life, stories: Stories, chance: Chance, today: datetime.date, hosts: Hosts
) -> IncubatorSeat | None:
    """A firm that is in residence today has been beside its host from its birth."""
    if stories.stay not in STILL_THERE:
        return None
    open_by = min(life.born_on + HOST_OPEN_BY, today - HOST_OPEN_FOR)
    host = hosts.pick(chance, open_by, today)
    return hosts.seat_of(host, life.born_on) if host is not None else None


def _home(life: Life, chance: Chance, places: Places) -> Home:
    if life.place != "known":
        return places.anywhere(life.born_on, chance)
    return places.settle(life.entered_on or life.born_on, chance)


def _find_successors(drafts: Sequence[Draft], seed: int) -> None:
    """Absorbed firms go on in one that was there and still is."""
    chance = Chance(seed, "successors")
    living = [draft for draft in drafts if draft.life.is_plain and draft.life.status == "ordinary"]
    for draft in drafts:
        if draft.life.is_absorbed and living:
            draft.company.successor = _older(chance, living, draft).company


def _older(chance: Chance, living: Sequence[Draft], ended: Draft) -> Draft:
    """One of a few at random that was founded first."""
    return min(chance.choices(living, k=5), key=lambda draft: draft.born_on)
