"""Cohorts with known parameters, firm by firm in whole numbers; shares no code with the projection."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from random import Random

from companies.statistics.projection.cohorts import Cohorts
from companies.statistics.projection.lives import Cell

FIRST, BASE, AHEAD = 2000, 2016, 5


@dataclass(frozen=True)
class Truth:
    """Years differ: renewal and departure by beta draws, grants by gamma draws around a straight line."""

    renewal: tuple[float, float, float] = (0.80, 0.86, 0.90)
    gone: float = 0.03
    ahead: float = 0.04
    grants: float = 120.0
    more_each_year: float = 8.0
    moves_in: float = 6.0
    concentration: float = 400.0
    """Of the beta draws: the smaller, the more one year differs from another."""
    overdispersion: float = 3.0


def binomial(chance: Random, firms: int, share: float) -> int:
    return sum(chance.random() < share for _ in range(firms))


def poisson(chance: Random, mean: float) -> int:
    limit, product, found = math.exp(-min(mean, 600)), chance.random(), 0
    while product > limit:
        product *= chance.random()
        found += 1
    return found


def one_year(chance: Random, truth: Truth, mean: float) -> float:
    """The share of one year."""
    return chance.betavariate(mean * truth.concentration, (1 - mean) * truth.concentration)


def inflow(chance: Random, truth: Truth, mean: float) -> int:
    scale = truth.overdispersion - 1
    return poisson(chance, chance.gammavariate(mean / scale, scale))


def simulate(seed: int, truth: Truth) -> tuple[Cohorts, dict[int, int]]:
    """What a register would know at the end of the year `BASE`, and the stocks that then came."""
    chance, stock = Random(seed), Counter[Cell]()
    stocks: dict[int, Counter[Cell]] = {}
    moves: dict[tuple[int, str], Counter[Cell]] = {}
    for year in range(FIRST, BASE + AHEAD + 1):
        stock = live(chance, truth, stock, year, moves)
        stocks[year] = stock
    known = {year: cells for year, cells in stocks.items() if year <= BASE}
    return Cohorts(known, {key: cells for key, cells in moves.items() if key[0] <= BASE}), {
        year: sum(cells.values()) for year, cells in stocks.items() if year > BASE
    }


def live(
    chance: Random, truth: Truth, stock: Counter[Cell], year: int, moves: dict[tuple[int, str], Counter[Cell]]
) -> Counter[Cell]:
    gone, ahead = one_year(chance, truth, truth.gone), one_year(chance, truth, truth.ahead)
    renewal = [one_year(chance, truth, mean) for mean in truth.renewal]
    following: Counter[Cell] = Counter()

    def tell(what: str, cell: Cell, firms: int, becomes: Cell | None = None) -> None:
        moves.setdefault((year, what), Counter())[cell] += firms
        if becomes:
            following[becomes] += firms

    for (left, age), before in sorted(stock.items()):
        firms = before - (lost := binomial(chance, before, gone))
        tell("moved_out", (left, age), lost)
        again, share = (3, min(age + 1, 3)), (renewal[age - 1] if left == 1 else ahead if left == 2 else 0.0)
        renewed = binomial(chance, firms, share)
        tell("renewed" if left == 1 else "renewed_ahead", (left, age), renewed, again)
        rest = firms - renewed
        if left == 1:
            tell("lapsed", (left, age), rest)
        else:
            tell("kept", (left, age), rest, (left - 1, age))
    tell("granted_first", (3, 1), inflow(chance, truth, truth.grants + truth.more_each_year * (year - FIRST)), (3, 1))
    tell("moved_in", (2, 1), inflow(chance, truth, truth.moves_in), (2, 1))
    return following
