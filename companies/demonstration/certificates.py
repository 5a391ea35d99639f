"""The certificates of invented firms as rows, and the other labels that they bear."""

import datetime

from companies.demonstration.firms import Draft
from companies.demonstration.lists import Lists
from companies.demonstration.lives import DAY, Grant
from companies.models import Certification, CertificationKind
from companies.models.questions import HIGH_TECH
from registry.days import add_years

NUMBERS_PER_REGION = 1_000_000


class Numbers:
    """Certificate numbers of the usual pattern, of a region “00” that does not exist."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, issued_on: datetime.date) -> str:
        self._last += 1
        return f"GR{issued_on.year}00{self._last % NUMBERS_PER_REGION:06d}"


def certify(draft: Draft, lists: Lists, numbers: Numbers) -> None:
    """The high-tech certificates of the firm's life, and its other labels."""
    if draft.is_sole_trader:
        return  # a recognition is for companies
    previous: Certification | None = None
    for grant in draft.life.grants:
        previous = _high_tech(draft, lists, numbers, grant, previous)
    _label(draft, lists)


def _high_tech(
    draft: Draft, lists: Lists, numbers: Numbers, grant: Grant, previous: Certification | None
) -> Certification:
    row = _certificate(draft, lists.kinds[HIGH_TECH], grant.issued_on)
    row.number = "" if draft.chance.happens(0.06) else numbers.next(grant.issued_on)
    row.technology_field = None if draft.chance.happens(0.07) else draft.chance.choice(lists.technology_fields)
    row.predecessor = previous
    if grant.revoked_from is not None:
        row.revoked_from, row.revoked_on = grant.revoked_from, grant.revoked_on
        row.revocation_reason = "（演示）研发费用占比不符合认定条件"
    draft.add(row)
    return row


def _certificate(draft: Draft, kind: CertificationKind, issued_on: datetime.date) -> Certification:
    return Certification(company=draft.company, kind=kind, issued_on=issued_on, valid_until=kind.end_for(issued_on))


def _label(draft: Draft, lists: Lists) -> None:
    label, age = draft.stories.label, (draft.now - draft.born_on).days
    if label == "technology_sme":
        _yearly_cycles(draft, lists.kinds[label])
    elif label in ("gazelle", "unicorn"):
        _listed(draft, lists.kinds[label])
    elif label in lists.kinds and age > 400:
        issued_on = draft.chance.day(max(draft.born_on + 200 * DAY, draft.now - 1500 * DAY), draft.now - DAY)
        draft.add(_certificate(draft, lists.kinds[label], issued_on))
        if label == "little_giant" and issued_on - 500 * DAY > draft.born_on:
            draft.add(_certificate(draft, lists.kinds["specialised_sme"], issued_on - 400 * DAY))


def _yearly_cycles(draft: Draft, kind: CertificationKind) -> None:
    for year in range(max(draft.born_on.year + 1, draft.now.year - 3), draft.now.year + 1):
        issued_on = draft.chance.day(datetime.date(year, 4, 10), datetime.date(year, 10, 20))
        if issued_on <= draft.now and draft.chance.happens(0.85):
            row = _certificate(draft, kind, issued_on)
            row.number = f"{year}000000{draft.number:08d}"
            draft.add(row)


def _listed(draft: Draft, kind: CertificationKind) -> None:
    """On somebody's list of a year: some name an end, some do not."""
    issued_on = draft.chance.day(max(draft.born_on + 100 * DAY, draft.now - 1000 * DAY), draft.now)
    row = _certificate(draft, kind, issued_on)
    row.issuer = f"（演示）{kind.name_zh}名单 {issued_on.year}"
    row.valid_until = add_years(issued_on, 2) if draft.chance.happens(0.5) else None
    draft.add(row)
