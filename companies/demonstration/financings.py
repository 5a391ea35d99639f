"""Financings of invented firms with invented parties: every instrument, every status, every confidentiality."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import count

from companies.demonstration.firms import Draft
from companies.demonstration.lists import Lists
from companies.demonstration.lives import DAY
from companies.models import (
    Confidentiality,
    Financing,
    FinancingParty,
    FinancingStatusEvent,
    InstrumentKind,
    PartyRole,
    PilotZone,
    Seat,
)
from registry.models import Partner, PartnerKind

TIMES = {"none": 0, "one": 1, "two": 2, "three": 3}
DEBT_PATHS = (
    ("agreed", "drawn"),
    ("agreed", "drawn", "repaid"),
    ("agreed",),
    ("agreed", "drawn", "overdue"),
    ("agreed", "drawn", "overdue", "compensated"),
    ("agreed", "drawn", "overdue", "written_off"),
)
PATHS: dict[str, tuple[tuple[str, ...], ...]] = {
    InstrumentKind.DEBT: DEBT_PATHS,
    InstrumentKind.GUARANTEED_DEBT: DEBT_PATHS,
    InstrumentKind.HYBRID: (("agreed", "drawn", "converted"), ("agreed", "drawn"), ("agreed", "drawn", "exited")),
    InstrumentKind.EQUITY: (("agreed", "drawn"), ("agreed", "drawn", "exited")),
    InstrumentKind.GRANT: (("agreed", "drawn"), ("agreed", "drawn", "converted")),
    InstrumentKind.INSURANCE: (("agreed",), ("agreed", "compensated")),
}
# Who takes part, and with which share of the risk; a grant's giver is no party that the register knows.
ROLES: dict[str, tuple[tuple[tuple[str, str, int | None], ...], ...]] = {
    InstrumentKind.DEBT: (
        ((PartyRole.LENDER, PartnerKind.BANK, 100),),
        ((PartyRole.LENDER, PartnerKind.BANK, 20), (PartyRole.GUARANTOR, PartnerKind.GOVERNMENT, 80)),
        ((PartyRole.LENDER, PartnerKind.BANK, None),),
    ),
    InstrumentKind.GUARANTEED_DEBT: (
        ((PartyRole.LENDER, PartnerKind.BANK, 20), (PartyRole.GUARANTOR, PartnerKind.GUARANTOR, 80)),
        (
            (PartyRole.LENDER, PartnerKind.BANK, 30),
            (PartyRole.GUARANTOR, PartnerKind.GUARANTOR, 40),
            (PartyRole.INSURER, PartnerKind.INSURER, 30),
        ),
    ),
    InstrumentKind.HYBRID: (((PartyRole.LENDER, PartnerKind.BANK, 60), (PartyRole.INVESTOR, PartnerKind.FUND, 40)),),
    InstrumentKind.EQUITY: (
        ((PartyRole.INVESTOR, PartnerKind.FUND, None), (PartyRole.FUND_MANAGER, PartnerKind.FUND, None)),
    ),
    InstrumentKind.INSURANCE: (((PartyRole.INSURER, PartnerKind.INSURER, 100),),),
    InstrumentKind.SECURITISATION: (((PartyRole.FUND_MANAGER, PartnerKind.FUND, None),),),
    InstrumentKind.FUNDING_LINE: (((PartyRole.LENDER, PartnerKind.BANK, None),),),
}
AMOUNTS = (40, 60, 100, 200, 238, 300, 500, 800, 1500, 3000, 10000)
MONEY_SINCE = datetime.timedelta(days=1800)
REPAID_KINDS = (InstrumentKind.DEBT, InstrumentKind.GUARANTEED_DEBT, InstrumentKind.HYBRID)


class Money:
    """Deals instruments, paths and confidentiality in turn, so that each of them occurs."""

    def __init__(self, lists: Lists, partners: list[Partner]) -> None:
        self._lists = lists
        self._partners: dict[str, list[Partner]] = defaultdict(list)
        for partner in partners:
            self._partners[partner.kind].append(partner)
        self._turn: Iterator[int] = count()

    def finance(self, draft: Draft) -> None:
        first, last = max(draft.born_on + 20 * DAY, draft.today - MONEY_SINCE), draft.now - 30 * DAY
        for _ in range(TIMES[draft.stories.money] if first <= last else 0):
            turn = next(self._turn)
            financing = self._financing(draft, turn, draft.chance.day(first, last))
            path = self._path(financing, turn)
            self._complete(draft, financing, path)
            draft.add(financing)
            self._add_parties(draft, financing, turn)
            _add_events(draft, financing, path)

    def _financing(self, draft: Draft, turn: int, agreed_on: datetime.date) -> Financing:
        chance, instruments = draft.chance, self._lists.instruments
        return Financing(
            company=draft.company,
            instrument=instruments[turn % len(instruments)],
            agreed_on=agreed_on,
            agreed_amount=Decimal(chance.choice(AMOUNTS)),
            confidentiality=Confidentiality.values[(turn // 2) % len(Confidentiality.values)],
            reference=f"DEMO-{draft.number:05d}-{turn:05d}",
        )

    def _path(self, financing: Financing, turn: int) -> tuple[str, ...]:
        paths = PATHS.get(financing.instrument.kind, (("agreed", "drawn"),))
        return paths[(turn // len(self._lists.instruments) + turn) % len(paths)]

    def _complete(self, draft: Draft, financing: Financing, path: tuple[str, ...]) -> None:
        """What follows from the path, the kind and where the firm was seated when it was agreed."""
        amount, chance = financing.agreed_amount, draft.chance
        if "drawn" in path:
            financing.drawn_amount = amount * chance.choice((50, 80, 100, 100)) / 100
        financing.amount_as_typed = f"{amount}万元" if amount < 10000 else f"{amount / 10000}亿元"
        if financing.instrument.kind in REPAID_KINDS:
            financing.matures_on = financing.agreed_on + chance.choice((365, 730, 1095)) * DAY
        financing.pilot_zone = self._pilot_zone(draft, financing.agreed_on)

    def _pilot_zone(self, draft: Draft, on: datetime.date) -> PilotZone | None:
        here = next((row for row in draft.facts if isinstance(row, Seat) and _holds(row, on)), None)
        for member in self._lists.pilot_members:
            if here is not None and _holds(member, on):
                same_unit = member.reporting_unit_id and member.reporting_unit_id == here.reporting_unit_id
                if same_unit or (member.district_id and member.district_id == here.district_id):
                    return member.pilot_zone
        return None

    def _add_parties(self, draft: Draft, financing: Financing, turn: int) -> None:
        ways = ROLES.get(financing.instrument.kind, ((),))
        for role, kind, share in ways[turn % len(ways)]:
            partner = draft.chance.choice(self._partners[kind])
            draft.add(FinancingParty(financing=financing, partner=partner, role=role, risk_share=share))


def _holds(row: "Seat | object", on: datetime.date) -> bool:
    begins, ends = getattr(row, "valid_from", None), getattr(row, "valid_until", None)
    return (begins is None or begins <= on) and (ends is None or ends > on)


def _add_events(draft: Draft, financing: Financing, path: tuple[str, ...]) -> None:
    """The statuses in order, none later than the firm's last day."""
    day, step = financing.agreed_on, max(1, (draft.now - financing.agreed_on).days // len(path))
    for status in path:
        draft.add(
            FinancingStatusEvent(
                financing=financing,
                status=status,
                happened_on=day,
                amount=None if status == "agreed" else financing.drawn_amount,
            )
        )
        day = min(day + draft.chance.randint(1, step) * DAY, draft.now)
