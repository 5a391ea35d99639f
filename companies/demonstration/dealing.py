"""Chance that repeats: the same seed gives the same set, and each firm has a stream of its own."""

import datetime
import math
import random
from collections.abc import Mapping


class Chance(random.Random):
    """A stream of chance, named by what it is for: adding a topic or a firm shifts no other."""

    def __init__(self, *topic: object) -> None:
        super().__init__("/".join(str(part) for part in topic))

    def happens(self, share: float) -> bool:
        return self.random() < share

    def day(self, first: datetime.date, last: datetime.date) -> datetime.date:
        """A day from `first` to `last`, both included; `first` if the two are the wrong way round."""
        return first + datetime.timedelta(days=self.randint(0, max(0, (last - first).days)))


class Portion:
    """Whole numbers that add up to a share of what passes by: what is left over is kept for the next time."""

    def __init__(self, chance: Chance) -> None:
        self._kept = chance.random()

    def of(self, number: float) -> int:
        self._kept += number
        whole = math.floor(self._kept)
        self._kept -= whole
        return whole


def deal(chance: Chance, shares: Mapping[str, int], size: int) -> list[str]:
    """A shuffled hand of `size` stories in the proportion of `shares`, each at least once if there is room."""
    total = sum(shares.values())
    hand = [story for story, share in shares.items() for _ in range(max(1, math.floor(size * share / total)))]
    most = max(shares, key=lambda story: shares[story])
    hand = hand[:size] + [most] * (size - len(hand))
    chance.shuffle(hand)
    return hand
