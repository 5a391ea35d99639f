"""A whole set of invented firms: dealt, made up, and written."""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, models

from companies.demonstration.certificates import CERTIFICATES, LABELS, Numbers, certify
from companies.demonstration.dealing import Chance, deal
from companies.demonstration.financings import MONEY, Money
from companies.demonstration.firms import Draft, Stories, describe
from companies.demonstration.hosts import Hosts, home_of, invent_hosts, invent_partners
from companies.demonstration.lists import Lists
from companies.demonstration.names import Namer
from companies.demonstration.seats import PLACES, Places, seat
from companies.demonstration.ties import STAYS, STILL_THERE, TIES, report, stay, tie
from companies.models import (
    AnnualReport,
    Certification,
    Company,
    CompanyName,
    Financing,
    FinancingParty,
    FinancingStatusEvent,
    Residency,
    Seat,
    UniversityLink,
)
from incubators.models import IncubatorSeat
from registry.history import acting
from registry.models import Entry, Partner

SEED = 20_000
SIZE = 300
FATES = {"alive": 274, "dissolved": 14, "absorbed": 12}
STATUSES = {"ordinary": 284, "sole_trader": 8, "unpublished": 8}
GONE_PLACES = ("moved_out",)
YOUNG_CERTIFICATES = ("none", "only")
LOCK = 20_261_122  # an advisory lock: any number; two loads at once wait for each other
CORRECTED_SHARE = 15  # one firm in so many is corrected after the load
# Parents first: rows refer to each other as objects, and need the keys of what they refer to.
ORDER: tuple[type[Entry], ...] = (
    CompanyName,
    Seat,
    Residency,
    UniversityLink,
    AnnualReport,
    Financing,
    FinancingParty,
    FinancingStatusEvent,
)


class RealDataPresent(ValueError):
    """The register holds firms that are not invented; the two are never mixed."""


@dataclass(frozen=True)
class Loaded:
    """What a load wrote: firms, and all entries together; nothing if a set was there already."""

    firms: int
    entries: int


def load(
    today: datetime.date, seed: int = SEED, size: int = SIZE, tell: Callable[[str], None] = lambda sentence: None
) -> Loaded:
    """Write an invented set in one transaction; an existing one is left as it is.

    A second transaction then corrects a few of the firms, as a registrar would: otherwise all of them would have
    been changed at one moment, and nothing of the register's memory could be tried.
    """
    with acting(reason=f"demonstration set, seed {seed}"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if Company.objects.filter(is_invented=True).exists():
            return Loaded(0, 0)
        refuse_real_firms()
        written = _write(*invent(today, seed, size), tell=tell)
    with acting(reason="demonstration of a correction"):
        _correct()
    return Loaded(written[Company], sum(written.values()))


def refuse_real_firms() -> None:
    real = Company.objects.filter(is_invented=False).order_by("uscc").first()
    if real is not None:
        raise RealDataPresent(
            f"The register holds firms that are not invented, such as {real.uscc}; "
            "invented firms are never mixed with them."
        )


def invent(today: datetime.date, seed: int, size: int) -> tuple[Hosts, list[Partner], list[Draft]]:
    """The set as unsaved rows; reads the reference lists, writes nothing."""
    lists, namer, numbers = Lists(), Namer(), Numbers()
    hosts, partners = invent_hosts(lists, namer, seed, today), invent_partners(namer, seed)
    money, places = Money(lists, partners), Places(lists)
    drafts: list[Draft] = []
    for number, stories in enumerate(deal_stories(seed, size), start=1):
        draft = _draft(number, stories, seed, today, hosts, places)
        describe(draft, lists, namer)
        seat(draft, lists, places)
        certify(draft, lists, numbers)
        stay(draft, hosts)
        tie(draft, lists)
        money.finance(draft)
        report(draft)
        drafts.append(draft)
    _find_successors(drafts, seed)
    return hosts, partners, drafts


def deal_stories(seed: int, size: int) -> list[Stories]:
    decks = (PLACES, FATES, STATUSES, CERTIFICATES, LABELS, STAYS, TIES, MONEY)
    hands = [deal(Chance(seed, "deck", place), shares, size) for place, shares in enumerate(decks)]
    return [
        _reconciled(Stories(*hand), Chance(seed, "stories", number))
        for number, hand in enumerate(zip(*hands, strict=True))
    ]


def _reconciled(told: Stories, chance: Chance) -> Stories:
    """Stories that could not both be true of one firm give way."""
    fate, residence = told.fate, told.stay
    if residence in STILL_THERE and told.certificates not in YOUNG_CERTIFICATES:
        residence = "certificate" if chance.happens(0.2) else "none"  # too old to be in residence still
    if told.place in GONE_PLACES:
        fate = "alive"
    elif residence == "closed":
        fate = "dissolved"
    certificates = "none" if told.is_sole_trader else told.certificates
    return Stories(told.place, fate, told.status, certificates, told.label, residence, told.tie, told.money)


def _draft(number: int, stories: Stories, seed: int, today: datetime.date, hosts: Hosts, places: Places) -> Draft:
    chance = Chance(seed, "firm", number)
    gone_on = None
    if stories.fate != "alive" or stories.place in GONE_PLACES:
        gone_on = today - datetime.timedelta(days=chance.randint(20, 1200))
    host_seat: IncubatorSeat | None = None
    if stories.place == "ordinary" and stories.stay in STILL_THERE and gone_on is None:
        host_seat = hosts.last_seat_of(chance.choice(hosts.open_between(today, today)))
    home, born_on = places.settle(stories, chance, gone_on or today, home_of(host_seat) if host_seat else None)
    return Draft(number, stories, chance, home, born_on, today, gone_on, host_seat)


def _find_successors(drafts: Sequence[Draft], seed: int) -> None:
    """Absorbed firms go on in one that still exists."""
    chance = Chance(seed, "successors")
    living = [d.company for d in drafts if d.gone_on is None and d.stories.status == "ordinary"]
    for draft in drafts:
        if draft.stories.fate == "absorbed":
            draft.company.successor = chance.choice(living)


def _write(
    hosts: Hosts, partners: list[Partner], drafts: list[Draft], tell: Callable[[str], None]
) -> Counter[type[models.Model]]:
    written: Counter[type[models.Model]] = Counter()

    def insert(rows: Sequence[models.Model]) -> None:
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=2000)
            written[type(rows[0])] += len(rows)

    for rows in (hosts.incubators, hosts.seats, hosts.designations, partners):
        insert(rows)
    companies = [draft.company for draft in drafts]
    insert([company for company in companies if company.successor is None])
    insert([company for company in companies if company.successor is not None])
    tell(f"{len(companies)} invented firms")
    facts = [fact for draft in drafts for fact in draft.facts]
    for model in ORDER:
        insert([fact for fact in facts if type(fact) is model])
    for generation in _generations([fact for fact in facts if isinstance(fact, Certification)]):
        insert(generation)
    tell(f"{sum(written.values())} entries about them; writing their versions")
    return written


def _generations(certificates: list[Certification]) -> list[list[Certification]]:
    """Certificates by how many they renew: a renewal needs the key of the one before."""
    generations: dict[int, list[Certification]] = {}
    for row in certificates:
        depth, earlier = 0, row.predecessor
        while earlier is not None:
            depth, earlier = depth + 1, earlier.predecessor
        generations.setdefault(depth, []).append(row)
    return [generations[depth] for depth in sorted(generations)]


def _correct() -> None:
    """A few firms get a corrected capital."""
    found = Company.objects.filter(is_invented=True).order_by("uscc")
    corrected = [firm for place, firm in enumerate(found) if place % CORRECTED_SHARE == 0]
    for firm in corrected:
        firm.registered_capital = (firm.registered_capital or Decimal(0)) + Decimal("10.5")
    Company.objects.bulk_update(corrected, ["registered_capital"])
