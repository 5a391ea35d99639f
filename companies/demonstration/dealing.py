"""Chance that repeats: the same seed gives the same set, and each firm has a stream of its own."""

import datetime
import math
import random
from collections.abc import Mapping

FIRST_SEASON_MONTH = 10  # recognitions are announced from October
LAST_SEASON_DAY = (12, 25)


class Chance(random.Random):
    """A stream of chance, named by what it is for: adding a topic or a firm shifts no other."""

    def __init__(self, *topic: object) -> None:
        super().__init__("/".join(str(part) for part in topic))

    def happens(self, share: float) -> bool:
        return self.random() < share

    def day(self, first: datetime.date, last: datetime.date) -> datetime.date:
        """A day from `first` to `last`, both included; `first` if the two are the wrong way round."""
        return first + datetime.timedelta(days=self.randint(0, max(0, (last - first).days)))

    def day_of_season(self, first: datetime.date, last: datetime.date) -> datetime.date:
        """A day between the two on which certificates are usually announced, or any day if none is."""
        days = max(0, (last - first).days)
        season = [day for n in range(days + 1) if in_season(day := first + datetime.timedelta(days=n))]
        return self.choice(season) if season else self.day(first, last)


def in_season(day: datetime.date) -> bool:
    return day.month >= FIRST_SEASON_MONTH and (day.month, day.day) <= LAST_SEASON_DAY


def deal(chance: Chance, shares: Mapping[str, int], size: int) -> list[str]:
    """A shuffled hand of `size` stories in the proportion of `shares`, each at least once if there is room."""
    total = sum(shares.values())
    hand = [story for story, share in shares.items() for _ in range(max(1, math.floor(size * share / total)))]
    most = max(shares, key=lambda story: shares[story])
    hand = hand[:size] + [most] * (size - len(hand))
    chance.shuffle(hand)
    return hand


class Turns:
    """Places in turn, counted from 0: the one used least so far comes first."""

    def __init__(self, size: int) -> None:
        self._used = [0] * size

    def order(self) -> list[int]:
        return sorted(range(len(self._used)), key=lambda place: (self._used[place], place))

    def use(self, place: int) -> None:
        self._used[place] += 1
