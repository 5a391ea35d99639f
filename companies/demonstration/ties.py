"""Stays of invented firms with invented hosts, their links to universities, and their yearly reports."""

import datetime
from decimal import Decimal

from companies.demonstration.firms import Draft
from companies.demonstration.hosts import Hosts
from companies.demonstration.lists import Lists
from companies.models import (
    AdjacencyBasis,
    AnnualReport,
    GraduationGround,
    Residency,
    ResidencyOutcome,
    UniversityLink,
)
from incubators.models import Incubator
from registry.models import CircleSite, University

STAYS = {
    "none": 112,
    "resident": 110,
    "overstayed": 16,
    "transferred": 16,
    "certificate": 14,
    "equity": 8,
    "revenue": 10,
    "acquired_or_listed": 4,
    "graduated": 4,
    "left": 12,
    "closed": 6,
}
STILL_THERE = ("resident", "overstayed", "transferred")
TIES = {"none": 182, **dict.fromkeys(AdjacencyBasis.values, 14), "ended": 12, "double": 8}
LONGEST_STAY = datetime.timedelta(days=1460)
DAY = datetime.timedelta(days=1)
REPORT_YEARS = 4


def stay(draft: Draft, hosts: Hosts) -> None:
    """The firm's residencies, by its story."""
    story = draft.stories.stay
    if story == "none":
        return
    entered = _entry(draft)
    if story not in STILL_THERE:
        _finished_stay(draft, hosts, entered)
    elif draft.now == draft.today:
        _standing_stay(draft, hosts, entered)


def _entry(draft: Draft) -> datetime.date:
    """At most 24 months old; an overstaying firm entered at once, so that its 48 months are over."""
    if draft.stories.stay == "overstayed":
        return draft.born_on + draft.chance.randint(5, 60) * DAY
    return draft.born_on + draft.chance.randint(5, max(6, min(700, (draft.now - draft.born_on).days // 3))) * DAY


def _finished_stay(draft: Draft, hosts: Hosts, entered: datetime.date) -> None:
    story = draft.stories.stay
    left = draft.chance.day(entered + (draft.now - entered) / 3, min(entered + LONGEST_STAY, draft.now))
    if story == "closed":
        outcome, left = ResidencyOutcome.CLOSED, draft.now
    elif story == "left":
        outcome = ResidencyOutcome.LEFT
    else:
        outcome = ResidencyOutcome.GRADUATED
    found = hosts.open_between(entered, left)
    if found and left > entered:
        ground = story if story in GraduationGround.values else ""
        draft.add(_residency(draft, draft.chance.choice(found), entered, left, outcome, ground))


def _standing_stay(draft: Draft, hosts: Hosts, entered: datetime.date) -> None:
    host = draft.host or draft.chance.choice(hosts.open_between(draft.today, draft.today))
    if host.valid_from is not None:
        entered = max(entered, host.valid_from + 30 * DAY)
    if draft.stories.stay == "transferred":
        changed = entered + (draft.today - entered) / 2
        earlier = [found for found in hosts.open_between(entered, changed) if found is not host]
        if earlier:
            first = draft.chance.choice(earlier)
            draft.add(_residency(draft, first, entered, changed, ResidencyOutcome.TRANSFERRED))
            entered = changed
    draft.add(_residency(draft, host, entered))


def _residency(
    draft: Draft,
    host: Incubator,
    entered_on: datetime.date,
    left_on: datetime.date | None = None,
    outcome: str = "",
    ground: str = "",
) -> Residency:
    return Residency(
        company=draft.company,
        incubator=host,
        entered_on=entered_on,
        left_on=left_on,
        outcome=outcome,
        ground=ground,
    )


def tie(draft: Draft, lists: Lists) -> None:
    """The firm's links to universities, by its story."""
    story = draft.stories.tie
    if story == "ended":
        began = draft.born_on + (draft.now - draft.born_on) / 4
        ended = draft.born_on + (draft.now - draft.born_on) * 3 / 4
        _link(draft, lists, AdjacencyBasis.FOUNDED_BY_ALUMNI, began, ended)
    elif story == "double":
        _link(draft, lists, AdjacencyBasis.SPIN_OFF, draft.born_on)
        _link(draft, lists, AdjacencyBasis.LICENCE, draft.chance.day(draft.born_on, draft.now))
    elif story in AdjacencyBasis.values:
        began_on = draft.chance.day(draft.born_on, draft.now)
        _link(draft, lists, story, None if draft.chance.happens(0.1) else began_on)


def _link(
    draft: Draft,
    lists: Lists,
    basis: str,
    valid_from: datetime.date | None,
    valid_until: datetime.date | None = None,
) -> None:
    site = _site(draft, lists) if basis == AdjacencyBasis.CIRCLE_SITE else None
    draft.add(
        UniversityLink(
            company=draft.company,
            university=site.circle.university if site else _university(draft, lists),
            basis=basis,
            circle_site=site,
            valid_from=valid_from,
            valid_until=valid_until,
        )
    )


def _site(draft: Draft, lists: Lists) -> CircleSite:
    """One of a university of the firm's district if it has one."""
    here = {campus.university_id for campus in lists.campuses.get(draft.home.district.code, [])}
    near = [site for site in lists.circle_sites if site.circle.university_id in here]
    return draft.chance.choice(near or lists.circle_sites)


def _university(draft: Draft, lists: Lists) -> University:
    """One of the firm's district if it has one."""
    campuses = lists.campuses.get(draft.home.district.code, [])
    return draft.chance.choice(campuses).university if campuses else draft.chance.choice(lists.universities)


def report(draft: Draft) -> None:
    """Reports of the last years, as three firms in five hand them in; some answers are left out."""
    chance = draft.chance
    if chance.happens(0.4):
        return
    jobs, revenue = chance.randint(3, 160), Decimal(chance.randint(20, 9000))
    for year in range(max(draft.born_on.year, draft.now.year - REPORT_YEARS), draft.now.year):
        jobs, revenue = max(1, jobs + chance.randint(-4, 14)), revenue * Decimal(chance.randint(92, 135)) / 100
        draft.add(
            AnnualReport(
                company=draft.company,
                year=year,
                jobs=jobs,
                revenue=None if chance.happens(0.05) else revenue.quantize(Decimal("0.0001")),
                rd_expense=(revenue * chance.randint(2, 22) / 100).quantize(Decimal("0.0001")),
                ip_rights=chance.randint(0, 40),
            )
        )
