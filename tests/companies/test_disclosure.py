"""What a table hides cannot be worked out from what it shows: an attacker with a linear program tries."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.statistics.disclosure import (
    ALL,
    PROTECTION,
    Cell,
    Contribution,
    Position,
    Table,
    table_of,
)
from tests.companies.bounds import Impossible, bounds

ROWS, COLUMNS = ("pilot", "outside", "second"), ("KVL", "BVL", "IPP", "SEED", "INS")
AMOUNTS = (40, 60, 100, 200, 300, 500, 800, 1500, 10_000)


def financing(row: str, column: str, firm: int, amount: int, bank: int = 0) -> Contribution:
    return Contribution(row, column, firm, frozenset({f"bank-{bank}"} if bank else ()), Decimal(amount))


def crowd(row: str, column: str, first_firm: int, size: int = 6, amount: int = 100) -> list[Contribution]:
    """As many firms with one financing each, of different banks."""
    return [financing(row, column, first_firm + n, amount, bank=first_firm + n) for n in range(size)]


class Attacker:
    """Knows the rows, the columns, every shown cell, and that hidden cells are not empty."""

    def __init__(self, table: Table, published: Collection[Position] = ()) -> None:
        """`published`: cells whose every financing was told by name after the release."""
        self.table = table
        self.unknown = [at for at in table.cells if at in table.hidden]
        self.equations: list[list[int]] = []
        lines = list(table.lines())
        for line, margin in lines:
            self.equations.append([int(at in line) - int(at == margin) for at in self.unknown])
        for at in published:
            self.equations.append([int(at == unknown) for unknown in self.unknown])
        self.lines, self.published = lines, published

    def sums(self, measure: str) -> list[Fraction]:
        """What the shown cells leave for the hidden ones of each line, beyond the one financing that each holds."""
        least = 1 if measure == "financings" else 0
        left = []
        for equation, (line, margin) in zip(self.equations, self.lines, strict=False):
            shown = self.shown(margin, measure) - sum(self.shown(at, measure) for at in line)
            left.append(shown - least * sum(equation))
        return left + [Fraction(getattr(self.table.cells[at], measure)) - least for at in self.published]

    def shown(self, at: Position, measure: str) -> Fraction:
        return Fraction(0) if at in self.table.hidden else Fraction(getattr(self.table.cells[at], measure))

    def interval(self, at: Position, measure: str) -> tuple[Fraction, Fraction | None]:
        least = 1 if measure == "financings" else 0
        low, high = bounds(self.equations, self.sums(measure), self.unknown.index(at))
        return low + least, None if high is None else high + least


def leaks(table: Table) -> list[str]:
    """Every sensitive amount that is known too well, every sensitive number that is known."""
    attacker, found = Attacker(table), []
    for at, cell in table.cells.items():
        if not cell.is_sensitive:
            continue
        if at not in table.hidden:
            found.append(f"{at} is shown")
            continue
        margin = Fraction(cell.amount) * Fraction(PROTECTION)
        low, high = attacker.interval(at, "amount")
        if low > Fraction(cell.amount) - margin or (high is not None and high < Fraction(cell.amount) + margin):
            found.append(f"{at} of {cell.amount} lies between {low} and {high}")
        low, high = attacker.interval(at, "financings")
        if high is not None and high - low < 1:
            found.append(f"{at} holds {cell.financings} financings for sure")
    return found + sensitive_sums(attacker)


def sensitive_sums(attacker: Attacker) -> list[str]:
    """Unknown cells of a line whose sum follows from what is known, and is itself sensitive."""
    table, found = attacker.table, []
    solved = {at for at in attacker.unknown if len(set(attacker.interval(at, "amount"))) == 1}
    for line, margin in table.lines():
        unknown = [at for at in line if at in table.hidden - solved]
        together = Cell([one for at in unknown for one in table.cells[at].contributions])
        if margin not in table.hidden - solved and together.is_sensitive:
            found.append(f"{unknown} come to {together.amount}")
    return found


contributions = st.lists(
    st.builds(
        financing,
        st.sampled_from(ROWS[:2]),
        st.sampled_from(COLUMNS[:4]),
        st.integers(1, 12),
        st.sampled_from(AMOUNTS),
        st.integers(0, 6),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(contributions)
def test_nobody_works_out_a_hidden_cell(told: list[Contribution]) -> None:
    table = table_of(told)
    assert leaks(table) == []


@settings(max_examples=20, deadline=None)
@given(contributions)
def test_the_same_financings_give_the_same_table(told: list[Contribution]) -> None:
    assert table_of(told).hidden == table_of(told).hidden


def test_the_attacker_is_a_good_one() -> None:
    """With the sensitive cells alone hidden, subtraction gives them away."""
    told = [*crowd("pilot", "KVL", 1), *crowd("outside", "KVL", 10), financing("pilot", "BVL", 30, 250)]
    told += crowd("outside", "BVL", 40)
    table = Table(told)
    table.hidden = {at for at, cell in table.cells.items() if cell.is_sensitive}
    assert table.hidden == {("pilot", "BVL")}
    assert Attacker(table).interval(("pilot", "BVL"), "amount") == (Fraction(250), Fraction(250))
    assert leaks(table)
    table.hide()
    assert leaks(table) == []
    assert table.hidden == {("pilot", "BVL"), ("pilot", "KVL"), ("outside", "BVL"), ("outside", "KVL")}


def test_the_bounds_are_those_of_the_equations() -> None:
    # x + y = 10, y + z = 4
    equations, sums = [[1, 1, 0], [0, 1, 1]], [Fraction(10), Fraction(4)]
    found = [bounds(equations, sums, unknown) for unknown in range(3)]
    assert [(int(least), int(most or 0)) for least, most in found] == [(6, 10), (0, 4), (0, 4)]
    assert bounds([[1, -1]], [Fraction(3)], 0) == (Fraction(3), None)
    with pytest.raises(Impossible):
        bounds([[1, 1]], [Fraction(-1)], 0)


SENSITIVE = {
    "two firms": [financing("a", "b", 1, 100), financing("a", "b", 2, 100), financing("a", "b", 2, 90)],
    "one firm holds more than 85 %": [financing("a", "b", n, 10) for n in range(2, 5)] + [financing("a", "b", 1, 171)],
    "one bank provides more than 85 %": [financing("a", "b", n, 100, bank=1) for n in range(6)]
    + [financing("a", "b", 9, 50, bank=2), financing("a", "b", 10, 50, bank=3)],
}
NOT_SENSITIVE = {
    "nothing": [],
    "three firms": [financing("a", "b", n, 100, bank=n) for n in (1, 2, 3)],
    "one firm holds 85 %": [financing("a", "b", n, 10) for n in range(2, 5)] + [financing("a", "b", 1, 170)],
}


@pytest.mark.parametrize("name", [*SENSITIVE, *NOT_SENSITIVE])
def test_what_makes_a_cell_sensitive(name: str) -> None:
    assert Cell((SENSITIVE | NOT_SENSITIVE)[name]).is_sensitive == (name in SENSITIVE)


def test_a_table_of_large_cells_hides_nothing() -> None:
    told = [
        one
        for n, (row, column) in enumerate((r, c) for r in ROWS for c in COLUMNS)
        for one in crowd(row, column, n * 10 + 1)
    ]
    assert table_of(told).hidden == set()


def test_a_firm_larger_than_all_others_takes_the_totals_with_it() -> None:
    """The others together are smaller than what its amount has to be blurred by, so that none of them could."""
    table = table_of([financing("pilot", "KVL", 1, 10_000), *crowd("outside", "KVL", 10, amount=300)])
    assert not table.cells[ALL, ALL].is_sensitive
    assert table.hidden == {("pilot", "KVL"), ("pilot", ALL), (ALL, "KVL"), (ALL, ALL)}
    assert leaks(table) == []


def test_a_margin_of_many_small_cells_is_hidden_with_all_of_them() -> None:
    """No one of them is large enough to blur their sum."""
    columns = [f"I{number}" for number in range(8)]
    told = [one for n, column in enumerate(columns) for one in crowd("outside", column, n * 10 + 10, amount=1000)]
    table = table_of([*told, *(financing("pilot", column, 1, 100) for column in columns)])
    assert ("pilot", ALL) in table.hidden and {("pilot", column) for column in columns} <= table.hidden
    assert leaks(table) == []


def test_hidden_cells_of_the_same_firms_do_not_give_their_sum_away() -> None:
    """Two cells of the same two firms in a row hide each other, but their sum is still that of two firms."""
    told = [financing("pilot", column, firm, 200) for column in ("KVL", "BVL") for firm in (1, 2)]
    for n, (row, column) in enumerate((r, c) for r in ROWS for c in COLUMNS):
        if (row, column) not in {("pilot", "KVL"), ("pilot", "BVL")}:
            told += crowd(row, column, 100 + n * 10, amount=1000)
    table = table_of(told)
    assert leaks(table) == []
    hidden_in_row = [at for at in table.hidden if at[0] == "pilot" and at[1] is not ALL]
    assert len(hidden_in_row) > 2


# --- why what a table counts is not published later


def test_of_a_shown_cell_the_rest_is_known_when_one_is_published() -> None:
    """Three firms, 800 together. The one with 500 publishes: the two others come to 300, and each knows the other's."""
    told = [financing("pilot", "KVL", firm, amount, bank=firm) for firm, amount in ((1, 100), (2, 200), (3, 500))]
    cell, rest = Cell(told), Cell(told[:2])
    assert not cell.is_sensitive
    assert (rest.is_sensitive, cell.amount - told[2].amount) == (True, rest.amount)


def test_what_hides_a_cell_no_longer_does_when_it_is_published() -> None:
    """The neighbours agree to be told; those whom they hide have not been asked."""
    told = [*crowd("pilot", "KVL", 1), *crowd("outside", "KVL", 10), financing("pilot", "BVL", 30, 250)]
    table = table_of([*told, *crowd("outside", "BVL", 40)])
    secret, neighbour = ("pilot", "BVL"), ("pilot", "KVL")
    assert {secret, neighbour} <= table.hidden
    low, high = Attacker(table).interval(secret, "amount")
    assert low < 250 and high is not None and high > 250
    assert Attacker(table, published=[neighbour]).interval(secret, "amount") == (Fraction(250), Fraction(250))
