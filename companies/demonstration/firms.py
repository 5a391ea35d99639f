"""An invented firm while it is being made up, with its names."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from companies.demonstration.codes import invented_code
from companies.demonstration.dealing import Chance
from companies.demonstration.lists import Home, Lists
from companies.demonstration.names import InventedName, Namer
from companies.models import Company, CompanyName
from incubators.models import Incubator, IncubatorSeat
from registry.models import Entry

LONGEST_LIFE = datetime.timedelta(days=16 * 365)


@dataclass(frozen=True)
class Stories:
    """What happens to a firm, dealt before anything is made up."""

    place: str
    fate: str
    status: str
    certificates: str
    label: str
    stay: str
    tie: str
    money: str

    @property
    def is_sole_trader(self) -> bool:
        return self.status == "sole_trader"


@dataclass
class Draft:
    """A firm with its facts, not yet saved; facts may refer to each other as objects."""

    number: int
    stories: Stories
    chance: Chance
    home: Home
    born_on: datetime.date
    today: datetime.date
    gone_on: datetime.date | None = None  # the first day on which it is dissolved or no longer in the city
    host_seat: IncubatorSeat | None = None  # where the host is today
    company: Company = field(default_factory=lambda: Company(is_invented=True))
    facts: list[Entry] = field(default_factory=list)

    @property
    def now(self) -> datetime.date:
        """The last day on which anything happens to the firm."""
        return self.gone_on - datetime.timedelta(days=1) if self.gone_on else self.today

    @property
    def host(self) -> Incubator | None:
        return self.host_seat.incubator if self.host_seat else None

    def add(self, fact: Entry) -> None:
        self.facts.append(fact)


def describe(draft: Draft, lists: Lists, namer: Namer) -> None:
    """The firm itself: code, field, industry, capital; one in twelve lacks what a filter groups by."""
    chance, firm = draft.chance, draft.company
    firm.uscc = invented_code(draft.number, is_sole_trader=draft.stories.is_sole_trader)
    firm.established_on = None if chance.happens(0.02) else draft.born_on
    if not chance.happens(0.12):
        firm.strategic_field = chance.choice(lists.fields)
        firm.hub = firm.strategic_field.hub
    elif chance.happens(0.5):
        firm.hub = chance.choice(lists.fields).hub
    firm.industry = None if chance.happens(0.08) else chance.choice(lists.industries[:14])
    firm.registered_capital = Decimal(chance.choice((50, 100, 200, 500, 1000, 3000, 5000)))
    firm.is_published = draft.stories.status != "unpublished"
    if draft.stories.fate in ("dissolved", "absorbed"):
        firm.dissolved_on = draft.gone_on
    _invent_contacts(draft)
    _invent_names(draft, namer)


def _invent_contacts(draft: Draft) -> None:
    """Addresses of the reserved domain `.example` and a number that no one has."""
    draft.company.website = f"https://firm-{draft.number:05d}.example"
    draft.company.contact_name = "（演示）联系人"
    draft.company.contact_phone = f"000-{draft.number:08d}"
    draft.company.contact_email = f"firm-{draft.number:05d}@demonstration.example"
    draft.company.internal_notes = "（演示）内部备注" if draft.chance.happens(0.1) else ""


def _invent_names(draft: Draft, namer: Namer) -> None:
    chance = draft.chance
    code = draft.company.strategic_field.code if draft.company.strategic_field else ""
    renamed_on = _renamed_on(draft)
    if draft.stories.is_sole_trader:
        name = namer.sole_trader(chance, draft.home.district.name_zh)
    else:
        name = namer.company(chance, code)
    if renamed_on is not None:
        former = namer.company(chance, code)
        _add_name(draft, former, draft.born_on, renamed_on)
    english = name.en if chance.happens(0.4) else ""
    _add_name(draft, InventedName(name.zh, english, name.word), renamed_on or draft.born_on, None)


def _renamed_on(draft: Draft) -> datetime.date | None:
    if not draft.chance.happens(0.12):
        return None
    earliest = draft.born_on + datetime.timedelta(days=120)
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
