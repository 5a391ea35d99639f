"""What happens to one high-tech firm from the end of each year to the end of the next, told from years alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

Cell = tuple[int, int]
"""`(left, age)`: years until validity ends, and certificates granted so far."""
Happening = tuple[int, str, Cell]
"""The year, what happened by its end, and the cell of the end before; for what is new, and for `STOCK`, of this end."""
LONGEST, OLDEST = 4, 3
CELLS: tuple[Cell, ...] = tuple((left, age) for left in range(1, LONGEST + 1) for age in range(1, OLDEST + 1))

RENEWED = ("renewed", "renewed_late")
LAPSED = "lapsed"
GONE = ("revoked", "dissolved", "moved_out")
GRANTED = ("granted_first", "granted_again")
MOVED_IN = "moved_in"
AHEAD, KEPT = "renewed_ahead", "kept"
STOCK = "stock"


class Life(NamedTuple):
    """The firm's certificates in the order of issue, and its seats.

    `firsts` and `lasts`: the first and the last year at whose end it is valid; `untils`: the year in which it would end
    by itself; `lates`: whether the next one was issued after all had ended. `dissolved`: the year, if any.
    """

    firsts: Sequence[int]
    lasts: Sequence[int]
    untils: Sequence[int]
    lates: Sequence[bool | None]
    seat_firsts: Sequence[int]
    seat_lasts: Sequence[int]
    dissolved: int | None = None

    def held(self, year: int) -> list[int]:
        """The places of the certificates that are valid at the end of the year."""
        return [n for n, first in enumerate(self.firsts) if first <= year <= self.lasts[n]]

    def is_seated(self, year: int) -> bool:
        return any(first <= year <= last for first, last in zip(self.seat_firsts, self.seat_lasts, strict=True))

    def happenings(self, last: int) -> Iterator[Happening]:
        """In the years up to `last`; nothing in years in which it neither was nor is in the stock."""
        before: list[int] = []
        counted = False
        for year in range(self.firsts[0], min(max(self.lasts) + 1, last) + 1):
            held = self.held(year)
            counts = bool(held) and self.is_seated(year)
            if counted:
                yield year, self._what_became(before, held, year, counts), self.cell(before, year - 1)
            elif counts:
                yield year, _how_it_came(before, held), self.cell(held, year)
            if counts:
                yield year, STOCK, self.cell(held, year)
            before, counted = held, counts

    def cell(self, held: list[int], year: int) -> Cell:
        return min(self._until(held) - year, LONGEST), min(held[-1] + 1, OLDEST)

    def _until(self, held: list[int]) -> int:
        return max(self.untils[n] for n in held)

    def _what_became(self, before: list[int], held: list[int], year: int, counts: bool) -> str:
        was_due = self._until(before) == year
        if counts:
            if was_due:
                return RENEWED[1] if self.lates[before[-1]] else RENEWED[0]
            return AHEAD if self._until(held) > self._until(before) else KEPT
        if self.dissolved is not None and self.dissolved <= year:
            return "dissolved"
        if not self.is_seated(year):
            return "moved_out"
        return LAPSED if was_due else "revoked"


def _how_it_came(before: list[int], held: list[int]) -> str:
    if before:
        return MOVED_IN
    return GRANTED[0] if held[0] == 0 else GRANTED[1]
