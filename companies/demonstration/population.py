"""All invented lives of a set: those that ever held a high-tech certificate, and those that never did."""

import datetime

from companies.demonstration.codes import LARGEST_NUMBER
from companies.demonstration.cohorts import Cohorts
from companies.demonstration.curve import Curve
from companies.demonstration.dealing import Chance, deal
from companies.demonstration.lives import DAY, Life

NEVER_CERTIFIED = 0.18  # to each firm that ever was
SAMPLE = 0.05  # the part of the city that a set's scale is found with
YOUNG_SHARE = 0.75
PLACES = {"plain": 130, "moved": 8, "entered": 8, "left": 8, "returned": 4, "nowhere": 8, "unknown": 8}
FATES = {"alive": 150, "dissolved": 14, "absorbed": 6}
STATUSES = {"ordinary": 120, "sole_trader": 32, "unpublished": 18}


def populate(curve: Curve, seed: int, today: datetime.date, size: int | None = None) -> list[Life]:
    """The lives of the whole set, or of one of `size` firms: then the curve is scaled down with it."""
    if size is None:
        certified = Cohorts(curve, seed, today).live()
        size = min(round(len(certified) * (1 + NEVER_CERTIFIED)), LARGEST_NUMBER)
        if len(certified) > size:
            return populate(curve, seed, today, size)
    else:
        certified = _certified_of(curve, seed, today, size)
    lives = certified + never_certified(size - len(certified), seed, today)
    Chance(seed, "order").shuffle(lives)
    return lives


def scaled_to(curve: Curve, seed: int, today: datetime.date, size: int) -> Curve:
    """The curve of a set of so many firms."""
    sample = len(Cohorts(curve.scaled(SAMPLE), seed, today).live())
    return curve.scaled(size * SAMPLE / max(sample * (1 + NEVER_CERTIFIED), 1))


def _certified_of(curve: Curve, seed: int, today: datetime.date, size: int) -> list[Life]:
    """A little smaller where chance made more of them than there is room for."""
    curve = scaled_to(curve, seed, today, size)
    while len(found := Cohorts(curve, seed, today).live()) > size:
        curve = curve.scaled(0.97)
    return found


def never_certified(number: int, seed: int, today: datetime.date) -> list[Life]:
    hands = [deal(Chance(seed, "others", place), of, number) for place, of in enumerate((PLACES, FATES, STATUSES))]
    return [
        _never_certified(Chance(seed, "other", place), today, *hand)
        for place, hand in enumerate(zip(*hands, strict=True))
    ]


def _never_certified(chance: Chance, today: datetime.date, place: str, fate: str, status: str) -> Life:
    """Three in four are young; what befalls one of the others does so in the middle of its life."""
    is_young = place == "plain" and fate == "alive" and chance.happens(YOUNG_SHARE)
    born_on = today - chance.randint(*((130, 1900) if is_young else (900, 4500))) * DAY
    life = Life(born_on, status=status, place=place if place in ("unknown", "nowhere") else "known")
    age = (today - born_on).days
    middle = born_on + round(age * chance.uniform(0.35, 0.65)) * DAY
    if place == "entered":
        life.entered_on = middle
    elif place == "moved":
        life.moved_on = middle
    elif place in ("left", "returned"):
        life.left_on = middle
        life.returned_on = middle + (today - middle) // 2 if place == "returned" else None
    if fate != "alive" and place != "left":
        life.ended_on = today - chance.randint(1, age // 8) * DAY
        life.is_absorbed = fate == "absorbed" and life.is_counted
    return life
