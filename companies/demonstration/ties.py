"""Stays of invented firms with invented hosts, their links to universities, and their yearly reports."""

import datetime
from decimal import Decimal

from companies.demonstration.firms import Draft
from companies.demonstration.hosts import Hosts
from companies.demonstration.lists import Lists
from companies.demonstration.lives import DAY
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

STILL_THERE = ("resident", "overstayed", "transferred")
LONGEST_STAY = datetime.timedelta(days=1460)
CHANGED_HOST = 0.2  # of the firms whose stays are over
CHANGES_KNOWN = datetime.timedelta(days=3300)  # of older stays only the last host is known
LATEST_ENTRY = 700  # days after the birth
REPORT_YEARS = 3


def stay(draft: Draft, hosts: Hosts) -> None:
    """The firm's residencies, by its story."""
    story = draft.stories.stay
    if story == "none":
        return
    entered = _entry(draft)
    if story in STILL_THERE:
        _standing_stay(draft, hosts, entered)
    else:
        _finished_stay(draft, hosts, entered)


def _entry(draft: Draft) -> datetime.date:
    """At most 24 months old; an overstaying firm entered at once, another one no more than 48 months ago."""
    story, age = draft.stories.stay, (draft.now - draft.born_on).days
    first, last = 5, max(6, min(LATEST_ENTRY, age // 3))
    if story == "overstayed":
        last = 60
    elif story in STILL_THERE:
        first = max(first, age - LONGEST_STAY.days + 10)
        last = max(first, min(LATEST_ENTRY, age - 30))
    return draft.born_on + draft.chance.randint(first, last) * DAY


def _finished_stay(draft: Draft, hosts: Hosts, entered: datetime.date) -> None:
    story = draft.stories.stay
    left = draft.chance.day(entered + (draft.now - entered) / 3, min(entered + LONGEST_STAY, draft.now))
    if story == "closed":
        outcome, left = ResidencyOutcome.CLOSED, min(entered + LONGEST_STAY, draft.now)
    elif story == "left":
        outcome = ResidencyOutcome.LEFT
    else:
        outcome = ResidencyOutcome.GRADUATED
        if story == "certificate":
            left = min(max(draft.life.grants[0].issued_on, entered + 30 * DAY), entered + LONGEST_STAY, draft.now)
    if left > entered and (host := hosts.pick(draft.chance, entered, left)) is not None:
        ground = story if story in GraduationGround.values else ""
        changed = entered + (left - entered) // 2
        if entered < changed < left and entered > draft.today - CHANGES_KNOWN and draft.chance.happens(CHANGED_HOST):
            before = hosts.pick(draft.chance, entered, changed, other_than=host)
            if before is not None:
                draft.add(_residency(draft, before, entered, changed, ResidencyOutcome.TRANSFERRED))
                entered = changed
        draft.add(_residency(draft, host, entered, left, outcome, ground))


def _standing_stay(draft: Draft, hosts: Hosts, entered: datetime.date) -> None:
    host = draft.host
    if host is None:
        return
    if host.valid_from is not None:
        entered = max(entered, host.valid_from + 30 * DAY)
    if draft.stories.stay == "transferred":
        changed = entered + (draft.today - entered) // 2
        earlier = hosts.pick(draft.chance, entered, changed, other_than=host)
        if earlier is not None:
            draft.add(_residency(draft, earlier, entered, changed, ResidencyOutcome.TRANSFERRED))
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
