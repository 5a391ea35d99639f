"""Gives homes to firms, so that each place has its part of them; a place that is younger catches up."""

import datetime
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from companies.demonstration.dealing import Chance
from companies.demonstration.lists import Home


@dataclass
class Share:
    """What several homes have become, or will: their goal together, and how many firms they have."""

    goal: float
    firms: int = 0


@dataclass(frozen=True)
class Choice:
    """The homes of one share that are in force over a period, with their weights."""

    share: Share
    homes: list[Home]
    weights: list[float]


class Places:
    """Deals out homes by weight: the next firm goes where, for its weight, fewest are."""

    def __init__(self, weights: Mapping[Home, float]) -> None:
        self._weights = weights
        shares: dict[Home, Share] = {}
        self._shares: dict[Home, Share] = {}
        for home, weight in weights.items():
            share = self._shares[home] = shares.setdefault(home.last, Share(0.0))
            share.goal += weight
        changes = {day for home in weights for day in (home.begins_on, home.ends_on) if day is not None}
        self._changes = [datetime.date.min, *sorted(changes)]
        self._open = [self._choices(day) for day in self._changes]

    def settle(self, born_on: datetime.date, chance: Chance) -> Home:
        """A home that was in force on the day of birth."""
        found = self._open_on(born_on)
        choice = min(found, key=lambda choice: choice.share.firms / choice.share.goal)
        choice.share.firms += 1
        return chance.choices(choice.homes, choice.weights)[0]

    def use(self, home: Home) -> None:
        """A firm settled here for another reason."""
        if home in self._shares:
            self._shares[home].firms += 1

    def anywhere(self, on: datetime.date, chance: Chance, outside: Home | None = None) -> Home:
        """A home in force on the day, for a firm that is counted nowhere, or in another district than one it leaves."""
        left = next(outside.parts(on, None))[0].district.pk if outside is not None else None
        found = [home for choice in self._open_on(on) for home in choice.homes if home.district.pk != left]
        return chance.choices(found, [self._weights[home] for home in found])[0]

    def _open_on(self, day: datetime.date) -> list[Choice]:
        return self._open[bisect_right(self._changes, day) - 1]

    def _choices(self, day: datetime.date) -> list[Choice]:
        """Of the homes in force on the day, the shares with the largest goals first."""
        parts: dict[int, list[Home]] = {}
        for home in self._weights:
            if home.is_in_force(day):
                parts.setdefault(id(self._shares[home]), []).append(home)
        found = [
            Choice(self._shares[homes[0]], homes, [self._weights[home] for home in homes]) for homes in parts.values()
        ]
        return sorted(found, key=lambda choice: -choice.share.goal)
