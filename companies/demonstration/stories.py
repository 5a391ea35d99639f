"""Deals out what happens to firms beside their lives: labels, stays with hosts, ties to universities, money."""

import datetime
from collections.abc import Callable, Mapping, Sequence

from companies.demonstration.dealing import Chance, deal
from companies.demonstration.firms import Stories
from companies.demonstration.lives import Life
from companies.models import AdjacencyBasis

LABELS = {
    "none": 1300,
    "technology_sme": 700,
    "innovative_sme": 420,
    "specialised_sme": 380,
    "little_giant": 60,
    "gazelle": 60,
    "single_champion": 8,
    "unicorn": 2,
}
# Stays by what the age of a firm allows: still there, perhaps beyond 48 months, or over.
STANDING = {"resident": 76, "transferred": 10, "none": 14}
LONG_STANDING = {"resident": 54, "overstayed": 8, "transferred": 8, "none": 30}
FINISHED = {
    "none": 120,
    "certificate": 24,
    "equity": 8,
    "revenue": 14,
    "acquired_or_listed": 4,
    "graduated": 4,
    "left": 20,
}
OF_DISSOLVED = {"none": 12, "closed": 4, "left": 2, "revenue": 1}
TIES = {"none": 182, **dict.fromkeys(AdjacencyBasis.values, 14), "ended": 12, "double": 8}
MONEY = {"none": 170, "one": 84, "two": 32, "three": 14}
YOUNGEST_LABELLED = datetime.timedelta(days=500)
# The ages of firms in residence: a firm may enter within 24 months of its birth, and stay for 48.
YOUNGEST, OVER_48_MONTHS, OLDEST = (datetime.timedelta(days=days) for days in (130, 1550, 2050))


def deal_stories(lives: Sequence[Life], seed: int, today: datetime.date) -> list[Stories]:
    def dealt(topic: str, of: Mapping[str, int], fits: Callable[[Life], bool] = lambda life: True) -> dict[int, str]:
        numbers = [number for number, life in enumerate(lives) if fits(life)]
        hand = deal(Chance(seed, "stories", topic), of, len(numbers))
        return dict(zip(numbers, hand, strict=True))

    def between(least: datetime.timedelta, most: datetime.timedelta) -> Callable[[Life], bool]:
        return lambda life: life.is_plain and least <= today - life.born_on < most

    labels = dealt("label", LABELS, lambda life: _can_be_labelled(life, today))
    ties, money = dealt("tie", TIES), dealt("money", MONEY)
    stays = (
        dealt("finished", FINISHED, lambda life: _was_here(life) and life.ended_on is None)
        | dealt("dissolved", OF_DISSOLVED, lambda life: _was_here(life) and life.ended_on is not None)
        | dealt("standing", STANDING, between(YOUNGEST, OVER_48_MONTHS))
        | dealt("long standing", LONG_STANDING, between(OVER_48_MONTHS, OLDEST))
    )
    return [
        Stories(labels.get(number, "none"), _ground(stays.get(number, "none"), life), ties[number], money[number])
        for number, life in enumerate(lives)
    ]


def _can_be_labelled(life: Life, today: datetime.date) -> bool:
    return life.status != "sole_trader" and (life.gone_on or today) - life.born_on > YOUNGEST_LABELLED


def _was_here(life: Life) -> bool:
    """From its birth: a stay begins within 24 months of it."""
    return life.place != "nowhere" and life.entered_on is None


def _ground(stay: str, life: Life) -> str:
    """Only a firm with a certificate has graduated by it."""
    return "revenue" if stay == "certificate" and not life.grants else stay
