"""Certificates of invented firms: chains told from their last one backwards, so that today's stock is known."""

import datetime

from companies.demonstration.firms import Draft
from companies.demonstration.lists import Lists
from companies.models import Certification, CertificationKind
from registry.days import add_years

HIGH_TECH = "high_tech"
CERTIFICATES = {
    "none": 44,
    "only": 80,
    "renewed_on_time": 34,
    "renewed_early": 30,
    "renewed_late": 32,
    "overlapping": 22,
    "expiring": 16,
    "leap_day": 3,
    "lapsed": 24,
    "revoked": 10,
    "revoked_then_again": 5,
}
LABELS = {
    "none": 130,
    "technology_sme": 60,
    "innovative_sme": 40,
    "specialised_sme": 34,
    "little_giant": 14,
    "gazelle": 12,
    "single_champion": 6,
    "unicorn": 4,
}
# Days between the end of one certificate and the issue of the next; negative: before the end.
GAPS = {
    "renewed_on_time": (0, 0),
    "renewed_early": (-60, -15),
    "renewed_late": (15, 120),
    "overlapping": (-420, -300),  # renewed a year before its end
}
NUMBERS_PER_REGION = 1_000_000
DAY = datetime.timedelta(days=1)


class Numbers:
    """Certificate numbers of the usual pattern, of a region “00” that does not exist."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, issued_on: datetime.date) -> str:
        self._last += 1
        return f"GR{issued_on.year}00{self._last % NUMBERS_PER_REGION:06d}"


def certify(draft: Draft, lists: Lists, numbers: Numbers) -> None:
    """The high-tech certificates and the other labels of the firm."""
    if draft.stories.is_sole_trader:
        return  # a recognition is for companies
    story = draft.stories.certificates
    if story != "none":
        _chain(draft, lists, numbers, _last_issue(draft, story))
    _label(draft, lists)


def _last_issue(draft: Draft, story: str) -> datetime.date:
    """The day of issue of the firm's last high-tech certificate."""
    chance, now = draft.chance, draft.now
    if story == "leap_day":
        return _leap_day_before(now)
    if story == "expiring":
        return chance.day_of_season(add_years(now + 5 * DAY, -3), add_years(now + 58 * DAY, -3))
    if story == "lapsed":
        return chance.day_of_season(add_years(now, -3) - 900 * DAY, add_years(now, -3) - 5 * DAY)
    if story == "revoked":
        return chance.day_of_season(now - 900 * DAY, now - 500 * DAY)
    first = max(draft.born_on + 300 * DAY, add_years(now, -3) + 100 * DAY)
    return chance.day_of_season(first, now - 20 * DAY)


def _leap_day_before(day: datetime.date) -> datetime.date:
    year = day.year - day.year % 4
    while year % 4 or (year % 100 == 0 and year % 400) or datetime.date(year, 2, 29) > day:
        year -= 1
    return datetime.date(year, 2, 29)


def _chain(draft: Draft, lists: Lists, numbers: Numbers, last: datetime.date) -> None:
    story, kind = draft.stories.certificates, lists.kinds[HIGH_TECH]
    issues = [last]
    if story in GAPS or story in ("expiring", "lapsed", "revoked_then_again"):
        gaps = GAPS.get(story, (5, 60))
        while len(issues) < 4 and (earlier := _issue_before(draft, issues[0], gaps)) is not None:
            issues.insert(0, earlier)
    previous: Certification | None = None
    for issued_on in issues:
        is_last = issued_on == last
        row = _certificate(draft, kind, issued_on)
        row.number = "" if draft.chance.happens(0.06) else numbers.next(issued_on)
        row.technology_field = None if draft.chance.happens(0.07) else draft.chance.choice(lists.technology_fields)
        row.predecessor = previous
        if (story == "revoked" and is_last) or (story == "revoked_then_again" and len(issues) > 1 and previous is None):
            _revoke(draft, row)
        draft.add(row)
        previous = row


def _issue_before(draft: Draft, issued_on: datetime.date, gaps: tuple[int, int]) -> datetime.date | None:
    shortest, longest = gaps
    ended = draft.chance.day_of_season(issued_on - longest * DAY, issued_on - shortest * DAY)
    earlier = add_years(ended, -3)
    return earlier if earlier > draft.born_on + 200 * DAY else None


def _certificate(draft: Draft, kind: CertificationKind, issued_on: datetime.date) -> Certification:
    return Certification(company=draft.company, kind=kind, issued_on=issued_on, valid_until=kind.end_for(issued_on))


def _revoke(draft: Draft, row: Certification) -> None:
    """Decided long after the conduct, and with effect from it."""
    row.revoked_from = draft.chance.day(row.issued_on + 60 * DAY, row.issued_on + 200 * DAY)
    row.revoked_on = draft.chance.day(row.revoked_from + 90 * DAY, row.revoked_from + 290 * DAY)
    row.revocation_reason = "（演示）研发费用占比不符合认定条件"


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
