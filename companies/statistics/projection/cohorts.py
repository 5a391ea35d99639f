"""What became of the city's high-tech firms from the end of each year to the end of the next, read in one statement.

A firm is described at a year's end by `left`, the years until its validity ends (1: within the next year; 4: later, or
no end is known), and by `age`, how many high-tech certificates it has been granted so far (3: three or more).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from companies.models import CertificationKind, TargetArea
from companies.models.questions import HIGH_TECH, SOLE_TRADER
from companies.statistics.projection.lives import (
    STOCK,
    Cell,
    Happening,
    Life,
)

YEARS_TO_FILL = 2
"""In the register's first years the cohorts that were certified before it began are missing."""

# Every year's end is told by arithmetic on years: what begins in year a and ends in year b holds at the ends of the
# years a to b - 1. In years the lives of firms are few: one row for each that there is, with its number of firms.
STATEMENT = """
WITH certificate AS (
    SELECT c.company_id AS firm, f.is_invented, f.established_on, f.dissolved_on,
        EXTRACT(YEAR FROM c.issued_on)::int AS first,
        EXTRACT(YEAR FROM LEAST(c.valid_until, c.revoked_from, DATE '9999-12-31'))::int - 1 AS last,
        EXTRACT(YEAR FROM COALESCE(c.valid_until, DATE '9999-12-31'))::int AS until,
        LEAD(c.issued_on) OVER in_order > MAX(COALESCE(c.valid_until, DATE '9999-12-31')) OVER in_order
            AS is_followed_late,
        ROW_NUMBER() OVER in_order AS number
    FROM companies_certification c
    JOIN companies_company f ON f.id = c.company_id AND f.is_published AND f.uscc NOT LIKE %(persons)s
    WHERE c.kind_id = %(kind)s AND c.issued_on <= MAKE_DATE(%(last)s, 12, 31)
    WINDOW in_order AS (PARTITION BY c.company_id ORDER BY c.issued_on, c.id)
), life AS (
    SELECT firm, is_invented, established_on, dissolved_on, MIN(first) AS begun, MAX(last) + 1 AS over,
        ARRAY_AGG(first ORDER BY number) AS firsts, ARRAY_AGG(last ORDER BY number) AS lasts,
        ARRAY_AGG(until ORDER BY number) AS untils, ARRAY_AGG(is_followed_late ORDER BY number) AS lates
    FROM certificate GROUP BY firm, is_invented, established_on, dissolved_on
), place AS (
    SELECT l.firm,
        ARRAY_AGG(GREATEST(
            EXTRACT(YEAR FROM GREATEST(s.valid_from, l.established_on))::int, l.begun
        ) ORDER BY s.valid_from) AS seat_firsts,
        ARRAY_AGG(LEAST(
            EXTRACT(YEAR FROM LEAST(s.valid_until, l.dissolved_on))::int - 1, l.over, %(last)s
        ) ORDER BY s.valid_from) AS seat_lasts
    FROM life l
    JOIN companies_seat s ON s.company_id = l.firm
    LEFT JOIN registry_district d ON d.id = s.district_id
    WHERE %(whole_city)s OR d.zone_id = ANY(%(zones)s) OR s.district_id = ANY(%(districts)s)
        OR s.reporting_unit_id = ANY(%(units)s)
    GROUP BY l.firm
)
SELECT firsts, lasts, untils, lates, seat_firsts, seat_lasts, EXTRACT(YEAR FROM dissolved_on)::int, is_invented,
    COUNT(*)
FROM life JOIN place USING (firm) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""


@dataclass(frozen=True, eq=False)
class Cohorts:
    """`stocks` by year, of its last day; `moves` by year and by what became of the firms within it.

    The cell of a firm that was in the stock before is that of the year before, that of a firm that comes new is its
    first one.
    """

    stocks: Mapping[int, Mapping[Cell, int]]
    moves: Mapping[tuple[int, str], Mapping[Cell, int]]
    includes_invented: bool = False

    def stock(self, year: int) -> int:
        """Firms at the end of the year."""
        return sum(self.stocks.get(year, {}).values())

    def moved(self, year: int, *what: str, left: int | None = None, age: int | None = None) -> int:
        """Firms to which one of these things happened in the year."""
        return sum(
            firms
            for name in what
            for cell, firms in self.moves.get((year, name), {}).items()
            if left in (None, cell[0]) and age in (None, cell[1])
        )

    def at_risk(self, year: int, left: int | None = None, age: int | None = None) -> int:
        """Firms of the stock at the end of the year before."""
        stock = self.stocks.get(year - 1, {})
        return sum(firms for cell, firms in stock.items() if left in (None, cell[0]) and age in (None, cell[1]))

    def whole_years(self, last: int) -> list[int]:
        """The years up to `last` that begin with a stock in which no cohort is missing, oldest first."""
        if not self.stocks:
            return []
        return list(range(min(self.stocks) + YEARS_TO_FILL + 1, last + 1))


def read_cohorts(area: TargetArea | None, last: int) -> Cohorts:
    """Public firms seated in the area (in the city without one) at the ends of the years up to `last`."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, _question(area, last))
        lives = cursor.fetchall()
    found: Counter[Happening] = Counter()
    includes_invented = False
    for *facts, is_invented, firms in lives:
        happenings = list(Life(*facts).happenings(last))
        includes_invented |= is_invented and bool(happenings)
        for happening in happenings:
            found[happening] += firms
    return cohorts_of(tuple(sorted(found.items())), includes_invented)


@lru_cache(maxsize=16)
def cohorts_of(found: tuple[tuple[Happening, int], ...], includes_invented: bool) -> Cohorts:
    """The same rows give the same object, so that what was worked out of it is found again."""
    stocks: dict[int, Counter[Cell]] = {}
    moves: dict[tuple[int, str], Counter[Cell]] = {}
    for (year, what, cell), firms in found:
        place = stocks.setdefault(year, Counter()) if what == STOCK else moves.setdefault((year, what), Counter())
        place[cell] += firms
    return Cohorts(stocks, moves, includes_invented)


def _question(area: TargetArea | None, last: int) -> dict[str, Any]:
    members = list(area.members.all()) if area is not None else []
    return {
        "kind": CertificationKind.objects.values_list("pk", flat=True).get(code=HIGH_TECH),
        "persons": f"{SOLE_TRADER}%",
        "last": last,
        "whole_city": not members,
        "zones": [member.zone_id for member in members if member.zone_id],
        "districts": [member.district_id for member in members if member.district_id],
        "units": [member.reporting_unit_id for member in members if member.reporting_unit_id],
    }
