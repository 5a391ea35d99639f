"""Targets of areas beside the figure of the same area."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from companies.statistics.targets import HIGH_TECH_INDICATOR
from registry.api.languages import name_in
from registry.pages.asking import Asker

CITY = "city"


@dataclass(frozen=True)
class AreaTarget:
    """What an area is to reach by the end of a year, and where it stands."""

    code: str
    area: str
    year: int
    value: int
    document: str
    stock: int

    @property
    def gap(self) -> int:
        return max(self.value - self.stock, 0)

    @property
    def reached(self) -> float:
        """Percent, at most 100: the length of a bar."""
        return min(round(100 * self.stock / self.value, 1), 100.0)


Parts = dict[str, list[str]]
"""Codes of an area's members by kind: zone, district, reporting_unit."""


def areas(ask: Asker) -> dict[str, tuple[str, Parts]]:
    """Name and parts of each target area."""
    rows = ask("codes/target-areas/", {"limit": "500"})["data"]
    return {row["code"]: (name_in(ask.said["lang"], row), _parts(row["members"])) for row in rows}


def _parts(members: list[Mapping[str, Any]]) -> Parts:
    kinds = ("zone", "district", "reporting_unit")
    return {kind: [member[kind]["code"] for member in members if member[kind]] for kind in kinds}


def targets(ask: Asker, year: int, stock_of: Callable[[str, Parts], int | None]) -> list[AreaTarget]:
    """Standing targets for high-tech firms due in the year or later, of areas whose stock is told."""
    question = {"indicator": HIGH_TECH_INDICATOR, "superseded": "false", "limit": "500"}
    named = areas(ask)
    found = []
    for row in ask("targets/", question)["data"]:
        area = row["area"]["code"]
        name, parts = named.get(area, (row["area"]["name"], {}))
        stock = stock_of(area, parts)
        if row["year"] >= year and stock is not None:
            found.append(AreaTarget(row["code"], name, row["year"], row["value"], row["document"], stock))
    return sorted(found, key=lambda one: (one.year, -one.value))
