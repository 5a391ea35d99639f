"""An invented firm while it is being made up, with its names."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from companies.demonstration.codes import invented_code
from companies.demonstration.dealing import Chance
from companies.demonstration.lists import Home, Lists
from companies.demonstration.lives import DAY, Life
from companies.demonstration.names import InventedName, Namer
from companies.models import Company, CompanyName
from incubators.models import Incubator, IncubatorSeat
from registry.models import Entry

RENAMED, WITH_ENGLISH = 0.12, 0.4
WITHOUT_DAY = 12  # of one firm in so many, nobody knows the day of its establishment


@dataclass(frozen=True)
class Stories:
    """What happens to a firm beside its life, dealt before anything is made up."""

    label: str
    stay: str
    tie: str
    money: str


@dataclass
class Draft:
    """A firm with its facts, not yet saved; facts may refer to each other as objects."""

    number: int
    life: Life
    stories: Stories
    chance: Chance
    home: Home
    today: datetime.date
    company: Company
    host_seat: IncubatorSeat | None = None  # where its host was when it was founded
    facts: list[Entry] = field(default_factory=list)

    @property
    def is_sole_trader(self) -> bool:
        return self.life.status == "sole_trader"

    @property
    def born_on(self) -> datetime.date:
        return self.life.born_on

    @property
    def gone_on(self) -> datetime.date | None:
        return self.life.gone_on

    @property
    def now(self) -> datetime.date:
        """The last day on which anything happens to the firm."""
        return self.gone_on - DAY if self.gone_on else self.today

    @property
    def host(self) -> Incubator | None:
        return self.host_seat.incubator if self.host_seat else None

    def add(self, fact: Entry) -> None:
        self.facts.append(fact)


def describe(draft: Draft, lists: Lists) -> None:
    """The firm itself: code, field, industry, capital; one in twelve lacks what a filter groups by."""
    chance, firm = draft.chance, draft.company
    firm.is_invented = True
    firm.uscc = invented_code(draft.number, is_sole_trader=draft.is_sole_trader)
    turn, place = divmod(draft.number, WITHOUT_DAY)
    if place == 0:  # the fields in turn, so that each has firms without a day, also in a small set
        firm.strategic_field = lists.fields[turn % len(lists.fields)]
    elif not chance.happens(0.12):
        firm.strategic_field = chance.choice(lists.fields)
    firm.established_on = draft.born_on if place else None
    if firm.strategic_field is not None:
        firm.hub = firm.strategic_field.hub
    elif chance.happens(0.5):
        firm.hub = chance.choice(lists.fields).hub
    firm.industry = None if chance.happens(0.08) else chance.choice(lists.industries[:14])
    firm.registered_capital = Decimal(chance.choice((50, 100, 200, 500, 1000, 3000, 5000)))
    firm.is_published = draft.life.status != "unpublished"
    firm.dissolved_on = draft.life.ended_on
    _invent_contacts(draft)


def _invent_contacts(draft: Draft) -> None:
    """Addresses of the reserved domain `.example` and a number that no one has."""
    draft.company.website = f"https://firm-{draft.number:05d}.example"
    draft.company.contact_name = "（演示）联系人"
    draft.company.contact_phone = f"000-{draft.number:08d}"
    draft.company.contact_email = f"firm-{draft.number:05d}@demonstration.example"
    draft.company.internal_notes = "（演示）内部备注" if draft.chance.happens(0.1) else ""


def name(draft: Draft, namer: Namer, provinces: list[str]) -> None:
    """One name, or a former one too: firms that came from elsewhere are renamed when they come."""
    chance = draft.chance
    code = draft.company.strategic_field.code if draft.company.strategic_field else ""
    if draft.is_sole_trader:
        current = namer.sole_trader(chance, draft.home.district.name_zh)
    else:
        current = namer.company(chance, code, has_english=chance.happens(WITH_ENGLISH))
    renamed_on = draft.life.entered_on or _renamed_on(draft)
    if renamed_on is not None:
        if draft.life.entered_on is not None and not draft.is_sole_trader:
            former = namer.elsewhere(chance, chance.choice(provinces), code)
        else:
            former = namer.company(chance, code)
        _add_name(draft, former, draft.born_on, renamed_on)
    _add_name(draft, current, renamed_on or draft.born_on, None)


def _renamed_on(draft: Draft) -> datetime.date | None:
    if not draft.chance.happens(RENAMED):
        return None
    earliest = draft.born_on + 120 * DAY
    return draft.chance.day(earliest, draft.now) if earliest < draft.now else None


def _add_name(draft: Draft, name: InventedName, valid_from: datetime.date, valid_until: datetime.date | None) -> None:
    row = CompanyName(
        company=draft.company,
        name_zh=name.zh,
        name_en=name.en,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    row.set_keys()  # a bulk insert calls no save()
    draft.add(row)
