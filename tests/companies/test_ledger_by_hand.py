"""Each reason and each boundary day of the ledger, worked out by hand."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from companies.models import Certification, Company, Residency, Seat
from companies.statistics import ledger
from registry.history import last_recorded_at
from registry.models import Hub, TechnologyField
from tests.companies import hand_table
from tests.companies.ledger_stories import (
    LIANGJIANG,
    SHAPINGBA,
    YUBEI,
    YUZHONG,
    Life,
    Turn,
    certify,
    district,
    live,
    rows,
    seal,
    settle,
    turns,
)
from tests.companies.test_figures_by_hand import days_that_matter, district_by_hand

pytestmark = pytest.mark.django_db

HIGH_TECH, FIRMS, INCUBATED, ADJACENT = "high-tech-firms", "firms", "incubated-firms", "university-adjacent-firms"
MOVING = ((SHAPINGBA, "2015-01-01", "2022-07-01"), (YUZHONG, "2022-07-01", None))
ONE = (("2021-11-12", "2024-11-12"),)
FIRST, EXPIRED = ("2021-11-12", 1, "first_certified"), ("2024-11-12", -1, "expired")

LIVES: dict[str, tuple[str, Life, list[Turn]]] = {
    "certified once": (HIGH_TECH, Life(certificates=ONE), [FIRST, EXPIRED]),
    "a leap day": (
        HIGH_TECH,
        Life(certificates=(("2024-02-29",),)),
        [("2024-02-29", 1, "first_certified"), ("2027-03-01", -1, "expired")],
    ),
    "overlapping certificates": (
        HIGH_TECH,
        Life(certificates=(("2020-01-01", "2023-01-01"), ("2021-11-12", "2024-11-12"), ("2022-01-01", "2024-01-01"))),
        [("2020-01-01", 1, "first_certified"), EXPIRED],
    ),
    "renewed to the day": (
        HIGH_TECH,
        Life(certificates=(("2018-11-12", "2021-11-12"), *ONE)),
        [("2018-11-12", 1, "first_certified"), EXPIRED],
    ),
    "renewed after a gap": (
        HIGH_TECH,
        Life(certificates=(("2018-11-11", "2021-11-11"), *ONE)),
        [
            ("2018-11-11", 1, "first_certified"),
            ("2021-11-11", -1, "expired"),
            ("2021-11-12", 1, "renewed_after_gap"),
            EXPIRED,
        ],
    ),
    "revoked": (
        HIGH_TECH,
        Life(certificates=(("2021-11-12", "2024-11-12", "2022-01-01"),)),
        [FIRST, ("2022-01-01", -1, "revoked")],
    ),
    "revoked from its issue": (HIGH_TECH, Life(certificates=(("2021-11-12", "2024-11-12", "2021-11-12"),)), []),
    "revoked from before its issue": (HIGH_TECH, Life(certificates=(("2021-11-12", "2024-11-12", "2021-01-01"),)), []),
    "revoked after it had expired": (
        HIGH_TECH,
        Life(certificates=(("2021-11-12", "2024-11-12", "2024-11-12"),)),
        [FIRST, EXPIRED],
    ),
    "one of two revoked": (
        HIGH_TECH,
        Life(certificates=(("2020-01-01", "2023-01-01", "2022-01-01"), *ONE)),
        [("2020-01-01", 1, "first_certified"), EXPIRED],
    ),
    "moved in": (
        HIGH_TECH,
        Life(seats=((YUZHONG, "2023-03-15", None),), certificates=ONE),
        [("2023-03-15", 1, "moved_in"), EXPIRED],
    ),
    "seated and certified on one day": (
        HIGH_TECH,
        Life(seats=((YUZHONG, "2021-11-12", None),), certificates=ONE),
        [FIRST, EXPIRED],
    ),
    "certified again after moving in": (
        HIGH_TECH,
        Life(seats=((YUZHONG, "2021-01-01", None),), certificates=(("2017-01-01", "2020-01-01"), *ONE)),
        [("2021-11-12", 1, "renewed_after_gap"), EXPIRED],
    ),
    "moved out": (
        HIGH_TECH,
        Life(seats=((YUZHONG, "2015-01-01", "2023-05-20"),), certificates=ONE),
        [FIRST, ("2023-05-20", -1, "moved_out")],
    ),
    "moved within the city": (
        HIGH_TECH,
        Life(seats=MOVING, certificates=ONE),
        [FIRST, ("2022-07-01", -1, "moved_within_city"), ("2022-07-01", 1, "moved_within_city"), EXPIRED],
    ),
    "another address in the district": (
        HIGH_TECH,
        Life(seats=((YUZHONG, "2015-01-01", "2022-07-01"), (YUZHONG, "2022-07-01", None)), certificates=ONE),
        [FIRST, EXPIRED],
    ),
    "boundary change": (
        HIGH_TECH,
        Life(
            seats=((YUBEI, "2017-01-01", "2025-11-06"), (LIANGJIANG, "2025-11-06", None)),
            certificates=(("2024-11-20", "2027-11-20"),),
        ),
        [
            ("2024-11-20", 1, "first_certified"),
            ("2025-11-06", -1, "boundary_change"),
            ("2025-11-06", 1, "boundary_change"),
            ("2027-11-20", -1, "expired"),
        ],
    ),
    "dissolved": (
        HIGH_TECH,
        Life(certificates=ONE, dissolved="2022-08-31"),
        [FIRST, ("2022-08-31", -1, "dissolved")],
    ),
    "dissolved on the day of expiry": (
        HIGH_TECH,
        Life(certificates=ONE, dissolved="2024-11-12"),
        [FIRST, ("2024-11-12", -1, "dissolved")],
    ),
    "dissolved on the day of issue": (HIGH_TECH, Life(certificates=ONE, dissolved="2021-11-12"), []),
    "not published": (HIGH_TECH, Life(certificates=ONE, values={"is_published": False}), []),
    "sole trader": (HIGH_TECH, Life(certificates=ONE, head="92500106"), []),
    "high-tech firm in an incubator": (
        HIGH_TECH,
        Life(certificates=ONE, stays=((0, "2022-01-01", None, ""),)),
        [FIRST, ("2022-01-01", -1, "incubator_changed"), ("2022-01-01", 1, "incubator_changed"), EXPIRED],
    ),
    "established": (FIRMS, Life(), [("2015-01-01", 1, "established")]),
    "seated, establishment unknown": (FIRMS, Life(established=None), [("2015-01-01", 1, "first_seated")]),
    "established elsewhere": (FIRMS, Life(established="2010-05-05"), [("2015-01-01", 1, "moved_in")]),
    "seated too early": (FIRMS, Life(established="2016-05-05"), [("2016-05-05", 1, "established")]),
    "away and back": (
        FIRMS,
        Life(seats=((SHAPINGBA, "2015-01-01", "2016-01-01"), (SHAPINGBA, "2017-01-01", "2018-01-01"))),
        [
            ("2015-01-01", 1, "established"),
            ("2016-01-01", -1, "moved_out"),
            ("2017-01-01", 1, "moved_in"),
            ("2018-01-01", -1, "moved_out"),
        ],
    ),
    "graduated": (
        INCUBATED,
        Life(stays=((0, "2018-01-01", "2020-01-01", "graduated"),)),
        [("2018-01-01", 1, "entered_incubator"), ("2020-01-01", -1, "graduated")],
    ),
    "left, and entered again": (
        INCUBATED,
        Life(stays=((0, "2018-01-01", "2020-01-01", "left"), (1, "2020-01-02", "2021-01-01", ""))),
        [
            ("2018-01-01", 1, "entered_incubator"),
            ("2020-01-01", -1, "left_incubator"),
            ("2020-01-02", 1, "entered_incubator_again"),
            ("2021-01-01", -1, "left_incubator"),
        ],
    ),
    "from one incubator to the next": (
        INCUBATED,
        Life(stays=((0, "2018-01-01", "2020-01-01", "transferred"), (1, "2020-01-01", None, ""))),
        [
            ("2018-01-01", 1, "entered_incubator"),
            ("2020-01-01", -1, "incubator_changed"),
            ("2020-01-01", 1, "incubator_changed"),
        ],
    ),
    "resident before it was seated": (
        INCUBATED,
        Life(established="2010-01-01", stays=((0, "2014-01-01", "2016-01-01", "closed"),)),
        [("2015-01-01", 1, "moved_in"), ("2016-01-01", -1, "left_incubator")],
    ),
    "linked for a time": (
        ADJACENT,
        Life(links=(("2016-01-01", "2017-01-01"),)),
        [("2016-01-01", 1, "became_adjacent"), ("2017-01-01", -1, "no_longer_adjacent")],
    ),
    "linked for life": (
        ADJACENT,
        Life(links=(("2015-01-01", None),), dissolved="2020-01-01"),
        [("2015-01-01", 1, "established"), ("2020-01-01", -1, "dissolved")],
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_a_life_makes_these_turns(name: str) -> None:
    metric, life, expected = LIVES[name]
    company = live(life)
    seal()
    assert turns(company, metric) == expected


def test_every_reason_has_its_life() -> None:
    told = {reason for _metric, _life, expected in LIVES.values() for _day, _delta, reason in expected}
    assert told == {str(reason) for reason in ledger.Reason} - {"reclassified"}


def test_the_ledger_equals_the_table_of_firms_on_each_day_that_matters() -> None:
    hand_table.load()
    seal()
    days = days_that_matter()
    codes = dict(rows("SELECT id, code FROM registry_district"))
    total, by_district = ledger.series(HIGH_TECH, days), ledger.series(HIGH_TECH, days, by=["district"])
    for day in days:
        expected = Counter(code for firm in hand_table.TABLE if (code := district_by_hand(firm, day)))
        found = {codes.get(key, hand_table.UNKNOWN): number for (key,), number in by_district[day].items()}
        assert (day, found) == (day, dict(expected))
        assert (day, total[day]) == (day, {(): expected.total()})


DAY = datetime.date(2023, 6, 1)


def moment() -> datetime.datetime:
    seal()
    at = last_recorded_at()
    assert at is not None
    return at


def test_a_revocation_with_effect_back_changes_the_day_of_effect_as_known_from_then_on() -> None:
    plain, revoked = live(Life(certificates=ONE)), live(Life(certificates=ONE))
    before = moment()
    Certification.objects.filter(company=revoked).update(revoked_from="2022-01-01", revoked_on="2025-03-01")
    after = moment()
    assert ledger.stock(HIGH_TECH, DAY) == {(): 1}
    assert ledger.stock(HIGH_TECH, DAY, known_at=after) == {(): 1}
    assert ledger.stock(HIGH_TECH, DAY, known_at=before) == {(): 2}
    (revision,) = ledger.revisions(HIGH_TECH, DAY, before, after)
    assert (revision.company, revision.delta, revision.recorded_at) == (revoked.pk, -1, after)
    assert ledger.revisions(HIGH_TECH, DAY.replace(year=2021, month=12), before, after) == []
    assert ledger.revisions(HIGH_TECH, DAY.replace(year=2025), before, after) == []
    spans = (datetime.date(2020, 12, 31), datetime.date(2022, 12, 31))
    known_before, known_after = (ledger.bridge(HIGH_TECH, *spans, known_at=known) for known in (before, after))
    assert [(part.reason, part.value) for part in known_before.parts] == [("first_certified", 2)]
    assert [(part.reason, part.value) for part in known_after.parts] == [("first_certified", 2), ("revoked", -1)]
    who = [
        [turn.company for turn in ledger.turns_of_part(HIGH_TECH, *spans, reason, known_at=after)]
        for reason in (ledger.Reason.FIRST_CERTIFIED, ledger.Reason.REVOKED)
    ]
    assert who == [[plain.pk, revoked.pk], [revoked.pk]]


def test_a_hub_corrected_moves_the_whole_past_of_the_firm_as_known_from_then_on() -> None:
    one, other = Hub.objects.order_by("code")[:2]
    company = live(Life(certificates=ONE, values={"hub": one}))
    before = moment()
    Company.objects.filter(pk=company.pk).update(hub=other)
    after = moment()
    assert ledger.stock(HIGH_TECH, DAY, by=["hub"]) == {(other.pk,): 1}
    assert ledger.stock(HIGH_TECH, DAY, by=["hub"], known_at=before) == {(one.pk,): 1}
    assert ledger.revisions(HIGH_TECH, DAY, before, after) == []
    assert [revision.delta for revision in ledger.revisions(HIGH_TECH, DAY, before, after, hub=[one.pk])] == [-1]
    assert [revision.delta for revision in ledger.revisions(HIGH_TECH, DAY, before, after, hub=[other.pk])] == [1]
    assert turns(company, HIGH_TECH) == [FIRST, EXPIRED]


def test_a_firm_taken_from_the_public_leaves_all_its_days_and_comes_back_to_them() -> None:
    company = live(Life(certificates=ONE))
    shown = moment()
    Company.objects.filter(pk=company.pk).update(is_published=False)
    hidden = moment()
    assert turns(company, HIGH_TECH) == []
    Company.objects.filter(pk=company.pk).update(is_published=True)
    again = moment()
    stocks = [ledger.stock(HIGH_TECH, DAY, known_at=known)[()] for known in (shown, hidden, again)]
    assert stocks == [1, 0, 1]
    assert [revision.delta for revision in ledger.revisions(HIGH_TECH, DAY, shown, again)] == [-1, 1]
    assert turns(company, HIGH_TECH) == [FIRST, EXPIRED]


def test_a_deleted_firm_leaves_no_phantom() -> None:
    company = live(Life(certificates=ONE))
    known = moment()
    for fact in (Certification, Seat, Residency):
        fact._default_manager.filter(company=company).delete()
    key = company.pk
    company.delete()
    seal()
    company.pk = key
    assert turns(company, HIGH_TECH) == []
    assert ledger.stock(FIRMS, DAY) == {(): 0}
    assert ledger.stock(FIRMS, DAY, known_at=known) == {(): 1}


def test_a_move_counts_in_both_districts_and_not_in_the_city() -> None:
    live(Life(seats=MOVING, certificates=ONE))
    seal()
    spans = (datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))
    old, new = (district(code, "2022-07-01").pk for code in (SHAPINGBA, YUZHONG))
    assert ledger.bridge(HIGH_TECH, *spans) == ledger.Bridge(1, (), 1)
    left = ledger.Part(ledger.Reason.MOVED_WITHIN_CITY, 0, 1)
    assert ledger.bridge(HIGH_TECH, *spans, district=[old]) == ledger.Bridge(1, (left,), 0)
    joined = ledger.Part(ledger.Reason.MOVED_WITHIN_CITY, 1, 0)
    assert ledger.bridge(HIGH_TECH, *spans, district=[new]) == ledger.Bridge(0, (joined,), 1)


def test_a_firm_whose_certificates_expire_twice_leaves_twice() -> None:
    certificates = (("2015-06-01", "2016-06-01"), ("2017-01-01", "2018-01-01"), ("2019-01-01", "2022-01-01"))
    company = live(Life(certificates=certificates))
    seal()
    spans = (datetime.date(2015, 1, 31), datetime.date(2020, 1, 1))
    first, renewed, expired = ledger.Reason.FIRST_CERTIFIED, ledger.Reason.RENEWED_AFTER_GAP, ledger.Reason.EXPIRED
    parts = (ledger.Part(first, 1, 0), ledger.Part(renewed, 2, 0), ledger.Part(expired, 0, 2))
    assert ledger.bridge(HIGH_TECH, *spans) == ledger.Bridge(0, parts, 1)
    left = [
        ledger.Turn(company.pk, datetime.date(year, month, 1), -1, expired) for year, month in ((2016, 6), (2018, 1))
    ]
    assert ledger.turns_of_part(HIGH_TECH, *spans, expired) == left
    assert ledger.turns_of_part(HIGH_TECH, *spans, expired, limit=1) == left[:1]
    assert ledger.turns_of_part(HIGH_TECH, *spans, expired, after=(left[0].day, company.pk)) == left[1:]


def test_a_move_entered_the_wrong_way_round_is_corrected() -> None:
    company = live(Life(seats=MOVING, certificates=ONE))
    known = moment()
    Seat.objects.filter(company=company).delete()
    settle(company, YUZHONG, "2015-01-01", "2022-07-01")
    settle(company, SHAPINGBA, "2022-07-01")
    seal()
    shapingba = district(SHAPINGBA, "2022-07-01").pk
    days = [datetime.date(2022, 6, 30), datetime.date(2022, 7, 1)]
    now = ledger.series(HIGH_TECH, days, district=[shapingba])
    then = ledger.series(HIGH_TECH, days, district=[shapingba], known_at=known)
    assert ([now[day][()] for day in days], [then[day][()] for day in days]) == ([0, 1], [1, 0])


def test_certificates_in_two_technology_fields_count_in_both_and_once_together() -> None:
    one, other = TechnologyField.objects.order_by("code").values_list("pk", flat=True)[:2]
    company = live(Life(certificates=(("2021-11-12", "2024-11-12", None, one), ("2023-01-01", None, None, other))))
    seal()
    assert ledger.stock(HIGH_TECH, DAY) == {(): 1}
    assert ledger.stock(HIGH_TECH, DAY, by=["technology_field"]) == {(one,): 1, (other,): 1}
    assert turns(company, "high-tech-firms/technology-field") == [
        ("2021-11-12", 1, "first_certified"),
        ("2023-01-01", 1, "reclassified"),
        ("2024-11-12", -1, "reclassified"),
        ("2026-01-01", -1, "expired"),
    ]
    with pytest.raises(ledger.LedgerCannotAnswer, match="twice"):
        ledger.stock(HIGH_TECH, DAY, technology_field=[one, other])


def test_what_the_ledger_does_not_keep_is_refused_by_name() -> None:
    with pytest.raises(ledger.LedgerCannotAnswer, match="graduates"):
        ledger.stock("graduates", DAY)
    with pytest.raises(ledger.LedgerCannotAnswer, match="university"):
        ledger.stock(FIRMS, DAY, by=["university"])
    with pytest.raises(ledger.LedgerCannotAnswer, match="technology fields"):
        ledger.stock(FIRMS, DAY, by=["technology_field"])
    with pytest.raises(ValueError, match="2023-06-01 lies before"):
        ledger.bridge(FIRMS, DAY + datetime.timedelta(days=1), DAY)


def test_a_certificate_entered_for_tomorrow_needs_no_nightly_job() -> None:
    company = live(Life())
    seal()
    certify(company, "2150-03-01")
    seal()
    days = [datetime.date(2150, 2, 28), datetime.date(2150, 3, 1), datetime.date(2153, 3, 1)]
    assert [stock[()] for stock in ledger.series(HIGH_TECH, days).values()] == [0, 1, 0]
