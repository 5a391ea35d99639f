"""Which cells of a table have to be hidden so that nobody works out what one firm or one party agreed.

A table crosses two dimensions, with its margins. A cell is sensitive with fewer than three firms in it, or where one
firm, or one party that provides the money, holds more than 85 % of the amount; also a margin, and the sum of what is
hidden in a line whose margin is shown. The rule and what it withstands: docs/decisions/0012-disclosure.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Final

FEWEST_FIRMS = 3
LARGEST_SHARE = Decimal("0.85")
PROTECTION = Decimal("0.2")
"""A hidden sensitive amount may be this share larger or smaller, for all that the table shows."""


class _All:
    def __repr__(self) -> str:
        return "ALL"


ALL: Final = _All()
"""The margin of a dimension."""
Position = tuple[Hashable, Hashable]
Corners = tuple[Position, Position, Position, Position]


@dataclass(frozen=True)
class Contribution:
    """One financing: its row and column, whose it is, and who provides it."""

    row: Hashable
    column: Hashable
    firm: Hashable
    providers: frozenset[Hashable]
    amount: Decimal


@dataclass
class Cell:
    """What several financings come to."""

    contributions: list[Contribution] = field(default_factory=list)

    @property
    def financings(self) -> int:
        return len(self.contributions)

    @property
    def firms(self) -> int:
        return len({one.firm for one in self.contributions})

    @property
    def amount(self) -> Decimal:
        return sum((one.amount for one in self.contributions), Decimal(0))

    @property
    def is_sensitive(self) -> bool:
        if not self.contributions:
            return False
        return self.firms < FEWEST_FIRMS or self._largest_holding() > self.amount * LARGEST_SHARE

    def _largest_holding(self) -> Decimal:
        held: dict[tuple[str, Hashable], Decimal] = defaultdict(Decimal)
        for one in self.contributions:
            held["firm", one.firm] += one.amount
            for provider in one.providers:
                held["provider", provider] += one.amount
        return max(held.values())


class Table:
    """The cells and margins of all contributions; `hidden` grows until nothing sensitive can be worked out."""

    def __init__(self, contributions: Iterable[Contribution]) -> None:
        told = list(contributions)
        self.rows = list(dict.fromkeys(one.row for one in told))
        self.columns = list(dict.fromkeys(one.column for one in told))
        self.cells: dict[Position, Cell] = {at: Cell() for at in product([*self.rows, ALL], [*self.columns, ALL])}
        for one in told:
            for at in product((one.row, ALL), (one.column, ALL)):
                self.cells[at].contributions.append(one)
        self.hidden: set[Position] = set()

    def hide(self) -> None:
        """Hide what is sensitive, and what would give it away."""
        sensitive = [at for at, cell in self.cells.items() if cell.is_sensitive]
        self.hidden = set(sensitive)
        for at in sensitive:
            self._protect(at)
        while self._hide_one_more():
            pass

    # --- a hidden cell must not be solved for
    def _protect(self, at: Position) -> None:
        """Hide a rectangle through the cell along which amounts can move; for a margin without one, all it sums up."""
        ways = [corners for corners in self._rectangles(at) if self._has_room(corners)]
        if ways:
            cheapest: Corners = min(ways, key=self._cost)
            self.hidden |= set(cheapest)
        else:
            self.hidden |= self._summed_up(at)

    def _summed_up(self, at: Position) -> set[Position]:
        """What a margin sums up, with the margins across: all of it can grow or shrink in one proportion.

        Any other cell has a rectangle with room: the one of its three margins, each of which is at least as large.
        """
        inside = [(row, column) for row in self.rows for column in self.columns if at[0] in (row, ALL)]
        inside = [(row, column) for row, column in inside if at[1] in (column, ALL)]
        counted = [where for where in inside if self.cells[where].financings]
        return {across for row, column in counted for across in product((row, ALL), (column, ALL))}

    def _rectangles(self, at: Position) -> Iterator[Corners]:
        """The cell, its two neighbours, and the one across."""
        for row, column in product([*self.rows, ALL], [*self.columns, ALL]):
            if row is not at[0] and row != at[0] and column is not at[1] and column != at[1]:
                yield at, (at[0], column), (row, at[1]), (row, column)

    def _has_room(self, corners: Corners) -> bool:
        """Whether all sums stay as they are when the cell grows or shrinks by its protection, and no corner empties.

        The neighbours move against the cell and the one across moves with it; a margin moves the other way round.
        """
        at = corners[0]
        margin = self.cells[at].amount * PROTECTION
        for place, corner in enumerate(corners[1:], 1):
            cell = self.cells[corner]
            falls = (place < 3) == (_is_margin(corner) == _is_margin(at))
            if cell.amount <= margin or (falls and cell.firms < 2):
                return False
        return True

    def _cost(self, corners: Corners) -> tuple[int, Decimal, int]:
        new = [at for at in corners if at not in self.hidden]
        margins = sum(ALL in at for at in new)
        return margins, sum((self.cells[at].amount for at in new), Decimal(0)), len(new)

    # --- nor the sum of several
    def _hide_one_more(self) -> bool:
        """One more cell of a line whose hidden cells together are sensitive, while its margin shows their sum."""
        known = self._known()
        for line, margin in self.lines():
            unknown = [at for at in line if at not in known]
            if margin in known and unknown and self._together(unknown).is_sensitive:
                shown = [at for at in line if at not in self.hidden and self.cells[at].financings]
                shown = shown or [at for at in (margin,) if at not in self.hidden]
                self.hidden |= {min(shown, key=lambda at: self.cells[at].amount)} if shown else set(self.cells)
                return True
        return False

    def lines(self) -> Iterator[tuple[list[Position], Position]]:
        """Cells that add up, and what they add up to."""
        for row in [*self.rows, ALL]:
            yield [(row, column) for column in self.columns], (row, ALL)
        for column in [*self.columns, ALL]:
            yield [(row, column) for row in self.rows], (ALL, column)

    def _known(self) -> set[Position]:
        """What is shown, and what follows from it one by one: the only unknown of a line."""
        known = set(self.cells) - self.hidden
        while True:
            following = {
                unknown[0]
                for line, margin in self.lines()
                if len(unknown := [at for at in (*line, margin) if at not in known]) == 1
            }
            if not following:
                return known
            known |= following

    def _together(self, positions: Collection[Position]) -> Cell:
        return Cell([one for at in positions for one in self.cells[at].contributions])


def _is_margin(at: Position) -> bool:
    """Of one dimension: the grand total is the margin of a margin."""
    return (at[0] is ALL) != (at[1] is ALL)


def table_of(contributions: Iterable[Contribution]) -> Table:
    table = Table(contributions)
    table.hide()
    return table


def shown_cells(table: Table) -> Mapping[Position, Cell | None]:
    """By position; None for a hidden one."""
    return {at: None if at in table.hidden else cell for at, cell in table.cells.items()}
