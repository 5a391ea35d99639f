"""Between which values an unknown may lie, exactly: linear programming over fractions (simplex, Bland's rule)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = list[Fraction]


class Impossible(ValueError):
    """No values meet the equations."""


class Unbounded(ValueError):
    """The unknown may grow for ever."""


def bounds(
    equations: Sequence[Sequence[int]], sums: Sequence[Fraction], unknown: int
) -> tuple[Fraction, Fraction | None]:
    """The least and the most (None: any) of one unknown; all unknowns are 0 or more."""
    wanted = [Fraction(int(place == unknown)) for place in range(len(equations[0]))]
    least = -_largest(equations, sums, [-weight for weight in wanted])
    try:
        return least, _largest(equations, sums, wanted)
    except Unbounded:
        return least, None


def _largest(equations: Sequence[Sequence[int]], sums: Sequence[Fraction], weights: Row) -> Fraction:
    tableau, basis = _feasible(equations, sums)
    return _climb(tableau, basis, weights)


def _feasible(equations: Sequence[Sequence[int]], sums: Sequence[Fraction]) -> tuple[list[Row], list[int]]:
    """A basis of the equations: an artificial unknown for each of them, driven to 0."""
    width, height = len(equations[0]), len(equations)
    tableau = []
    for place, (equation, total) in enumerate(zip(equations, sums, strict=True)):
        sign = -1 if total < 0 else 1
        artificial = [Fraction(int(other == place)) for other in range(height)]
        tableau.append([*(Fraction(sign * weight) for weight in equation), *artificial, sign * total])
    basis = [width + place for place in range(height)]
    if _climb(tableau, basis, [Fraction(0)] * width + [Fraction(-1)] * height) != 0:
        raise Impossible
    _drive_out(tableau, basis, width)
    kept = [place for place, unknown in enumerate(basis) if unknown < width]
    return [[*tableau[place][:width], tableau[place][-1]] for place in kept], [basis[place] for place in kept]


def _drive_out(tableau: list[Row], basis: list[int], width: int) -> None:
    for place, unknown in enumerate(basis):
        if unknown >= width:
            entering = next((column for column in range(width) if tableau[place][column]), None)
            if entering is not None:
                _pivot(tableau, basis, place, entering)


def _climb(tableau: list[Row], basis: list[int], weights: Row) -> Fraction:
    """The largest weighted sum, from the basis on; Bland's rule never goes in a circle."""
    while True:
        entering = next(
            (c for c in range(len(weights)) if c not in basis and _gain(tableau, basis, weights, c) > 0), None
        )
        if entering is None:
            return sum((weights[unknown] * row[-1] for unknown, row in zip(basis, tableau, strict=True)), Fraction(0))
        steps = [(row[-1] / row[entering], basis[at], at) for at, row in enumerate(tableau) if row[entering] > 0]
        if not steps:
            raise Unbounded
        _pivot(tableau, basis, min(steps)[2], entering)


def _gain(tableau: list[Row], basis: list[int], weights: Row, column: int) -> Fraction:
    return weights[column] - sum(
        (weights[unknown] * row[column] for unknown, row in zip(basis, tableau, strict=True) if row[column]),
        Fraction(0),
    )


def _pivot(tableau: list[Row], basis: list[int], at: int, entering: int) -> None:
    divisor = tableau[at][entering]
    tableau[at] = [value / divisor for value in tableau[at]]
    for other, row in enumerate(tableau):
        if other != at and (factor := row[entering]):
            tableau[other] = [value - factor * base for value, base in zip(row, tableau[at], strict=True)]
    basis[at] = entering
