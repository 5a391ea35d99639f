"""Invented incubators with the levels they were granted, and invented banks, guarantors, insurers and funds."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from companies.demonstration.dealing import Chance
from companies.demonstration.lists import Home, Lists
from companies.demonstration.names import Namer
from companies.demonstration.places import Places
from incubators.models import Designation, Incubator, IncubatorSeat
from registry.models import Partner, PartnerKind
from registry.models.entries import Mark

SOURCE = "invented for demonstration"
OPENED_YEARS_AGO = 14


@dataclass(frozen=True)
class HostPlan:
    """A host to invent; levels in the order in which they were granted, "" for one that was withdrawn."""

    kind: str
    district: str
    unit: str
    levels: tuple[str, ...] = ()
    is_closed: bool = False
    opened_on: datetime.date | None = None


# The first twelve hosts of every set: each kind, each level, one that closed, one in an abolished district.
PLANS = (
    HostPlan("incubator", "500112", "500112", ("district", "municipal", "national", "excellence")),
    HostPlan("maker_space", "500106", "500106", ("district", "municipal")),
    HostPlan("incubator", "500106", "cq_hightech_zone", ("municipal", "national")),
    HostPlan("accelerator", "500107", "cq_hightech_zone", ("municipal", "standard")),
    HostPlan("university_science_park", "500108", "500108", ("national",)),
    HostPlan("university_science_park", "500109", "500109", ("district", "national", "excellence")),
    HostPlan("park", "500113", "500113", ("district",)),
    HostPlan("maker_space", "500103", "500103"),
    HostPlan("incubator", "500120", "500120", ("district", "standard")),
    HostPlan("accelerator", "500118", "500118", ("municipal", "")),
    HostPlan("incubator", "500101", "500101", ("district", "municipal")),
    HostPlan("maker_space", "500102", "500102", ("district",), is_closed=True),
)
FIRMS_PER_HOST, FIRMS_PER_ROUND_OF_PARTNERS = 200, 4000
MORE_KINDS = ("incubator", "maker_space", "incubator", "accelerator", "park", "maker_space", "university_science_park")
MORE_LEVELS = (("district",), (), ("district", "municipal"), ("municipal",), ("district", "municipal", "national"))
PARTNERS = {
    PartnerKind.BANK: ("商业银行", 4),
    PartnerKind.GUARANTOR: ("融资担保有限公司", 2),
    PartnerKind.INSURER: ("财产保险公司", 2),
    PartnerKind.FUND: ("创业投资基金", 3),
    PartnerKind.GOVERNMENT: ("科技局", 1),
    PartnerKind.PARK: ("金融服务平台", 1),
}


@dataclass
class Hosts:
    incubators: list[Incubator]
    seats: list[IncubatorSeat]
    designations: list[Designation]

    def pick(
        self, chance: Chance, first: datetime.date, last: datetime.date, other_than: Incubator | None = None
    ) -> Incubator | None:
        """A host that was open on both days, by its floor area; none if there was none."""
        open_then = [
            host
            for host in self.incubators
            if host.valid_from
            and host.valid_from <= first
            and (host.valid_until is None or host.valid_until > last)
            and host is not other_than
        ]
        areas = [float(host.floor_area or 1) for host in open_then]
        return chance.choices(open_then, areas)[0] if open_then else None

    def seat_of(self, host: Incubator, on: datetime.date) -> IncubatorSeat:
        """Its seat on the day; its first one before it was open."""
        seats = self._seats[host.code]
        return next((seat for seat in reversed(seats) if seat.valid_from and seat.valid_from <= on), seats[0])

    @cached_property
    def _seats(self) -> dict[str, list[IncubatorSeat]]:
        found: dict[str, list[IncubatorSeat]] = defaultdict(list)
        for seat in self.seats:
            found[seat.incubator.code].append(seat)
        return found


def home_of(seat: IncubatorSeat) -> Home | None:
    return Home(seat.district, seat.reporting_unit) if seat.district is not None else None


def plan_hosts(weights: Mapping[Home, float], seed: int, today: datetime.date, firms: int) -> list[HostPlan]:
    """One host for so many firms, spread as the firms are; at least the first twelve."""
    places, chance = Places(weights), Chance(seed, "hosts")
    plans = list(PLANS)
    while len(plans) < firms // FIRMS_PER_HOST:
        opened_on = today - datetime.timedelta(days=chance.randint(400, OPENED_YEARS_AGO * 365))
        home = places.settle(opened_on, chance)
        unit = home.unit.code if home.unit else home.district.code
        kind, levels = MORE_KINDS[len(plans) % len(MORE_KINDS)], MORE_LEVELS[len(plans) % len(MORE_LEVELS)]
        plans.append(HostPlan(kind, home.district.code, unit, levels, opened_on=opened_on))
    return plans


def invent_hosts(plans: Sequence[HostPlan], lists: Lists, namer: Namer, seed: int, today: datetime.date) -> Hosts:
    hosts = Hosts([], [], [])
    for number, plan in enumerate(plans, start=1):
        chance = Chance(seed, "host", number)
        host = _host(plan, number, lists, namer, chance, today)
        hosts.incubators.append(host)
        hosts.seats += _seats(plan, number, host, lists, chance)
        hosts.designations += _designations(plan, host, lists, chance, today)
    return hosts


def _host(plan: HostPlan, number: int, lists: Lists, namer: Namer, chance: Chance, today: datetime.date) -> Incubator:
    kind = next((kind for kind in lists.incubator_kinds if kind.code == plan.kind), lists.incubator_kinds[0])
    word = namer.word()
    opened_on = datetime.date(today.year - OPENED_YEARS_AGO + number % 5, 1 + number % 12, 15)
    return Incubator(
        code=f"DEMO-{number:02d}",
        kind=kind,
        name_zh=f"重庆{word}{kind.name_zh}（演示）",
        name_en=f"{kind.name_en} {number} (demonstration)",
        name_it=f"{kind.name_it} {number} (dimostrazione)",
        operator=f"重庆{word}孵化器运营有限公司（演示）",
        floor_area=Decimal(chance.randint(15, 150) * 100 * (1 + len(plan.levels))),
        contact_name="（演示）联系人",
        contact_phone=f"000-{number:08d}",
        is_invented=True,
        mark=Mark.UNCERTAIN,
        source=SOURCE,
        valid_from=plan.opened_on or opened_on,
        valid_until=today - datetime.timedelta(days=200) if plan.is_closed else None,
    )


def _seats(plan: HostPlan, number: int, host: Incubator, lists: Lists, chance: Chance) -> list[IncubatorSeat]:
    """One place for good, at a campus of the district if there is one; a seat, and another after each reform."""
    address = f"（演示）创业路{number}号"
    home = lists.home(plan.district, plan.unit)
    if home is None or host.valid_from is None:
        return [IncubatorSeat(incubator=host, address=address, valid_from=host.valid_from)]
    place = chance.choice(lists.campuses.get(plan.district) or [home.district])
    return [
        IncubatorSeat(
            incubator=host,
            district=part.district,
            reporting_unit=part.unit,
            address=address,
            latitude=place.latitude,
            longitude=place.longitude,
            valid_from=begins,
            valid_until=ends,
        )
        for part, begins, ends in home.parts(host.valid_from, host.valid_until)
    ]


def _designations(
    plan: HostPlan, host: Incubator, lists: Lists, chance: Chance, today: datetime.date
) -> list[Designation]:
    """Each level until the next; the last one stands unless it was withdrawn or the host closed."""
    if not plan.levels or host.valid_from is None:
        return []
    span = (today - host.valid_from).days
    days = [
        host.valid_from + datetime.timedelta(days=span * place // (len(plan.levels) + 1))
        for place in range(1, len(plan.levels) + 1)
    ]
    by_code = {level.code: level for level in lists.incubator_levels}
    days = [
        max(day, by_code[code].valid_from or day) if code else day for day, code in zip(days, plan.levels, strict=True)
    ]
    ends = [*days[1:], host.valid_until]
    return [
        Designation(
            incubator=host,
            level=by_code[code],
            valid_from=begins,
            valid_until=ends_on,
            document=f"（演示）认定〔{begins.year}〕{chance.randint(1, 99)}号",
        )
        for code, begins, ends_on in zip(plan.levels, days, ends, strict=True)
        if code and begins <= today
    ]


def invent_partners(namer: Namer, firms: int) -> list[Partner]:
    partners: list[Partner] = []
    rounds = 1 + firms // FIRMS_PER_ROUND_OF_PARTNERS
    for kind, (what, count) in PARTNERS.items():
        for number in range(1, count * rounds + 1):
            word = namer.word()
            code = f"DEMO-{kind.value.upper()}-{number}"
            name = f"{word}{what}（演示）"
            partners.append(
                Partner(
                    code=code,
                    kind=kind.value,
                    name_zh=name,
                    name_en=f"{kind.value} {number} (demonstration)",
                    mark=Mark.UNCERTAIN,
                    source=SOURCE,
                )
            )
    return partners
