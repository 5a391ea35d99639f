"""Targets of areas beside the figure of the same area."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from companies.pages.codes import WHOLE
from companies.pages.documents import document_in_words
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
    is_of_district: bool

    @property
    def gap(self) -> int:
        return max(self.value - self.stock, 0)

    @property
    def reached(self) -> float:
        """Percent, at most 100: the length of a bar."""
        return min(round(100 * self.stock / self.value, 1), 100.0)


@dataclass(frozen=True)
class Area:
    """A target area; the city has no members. `zones` are empty where it has other members than zones, too."""

    row: Mapping[str, Any]
    zones: list[str]
    districts: list[str]

    @property
    def is_city(self) -> bool:
        return bool(self.row["code"] == CITY)

    def is_district(self, code: str) -> bool:
        return self.districts == [code] and len(self.row["members"]) == 1


def areas_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Area]:
    """Target areas by code, from the rows of the API's list."""
    return {row["code"]: Area(row, codes(row, "zone", only=True), codes(row, "district")) for row in rows}


def codes(row: Mapping[str, Any], kind: str, *, only: bool = False) -> list[str]:
    members = row["members"]
    found = [member[kind]["code"] for member in members if member[kind]]
    return found if not only or len(found) == len(members) else []


@dataclass(frozen=True)
class Stocks:
    """The high-tech firms of the places that a page knows of, by code."""

    city: int
    zones: Mapping[str, int]
    districts: Mapping[str, int] = field(default_factory=dict)

    def of(self, area: Area) -> int | None:
        """None for an area that is made of something else."""
        if area.is_city:
            return self.city
        if area.zones:
            return sum(self.zones.get(zone, 0) for zone in area.zones)
        return next((firms for code, firms in self.districts.items() if area.is_district(code)), None)


def targets(ask: Asker, year: int, stocks: Stocks, is_shown: Callable[[Area], bool]) -> list[AreaTarget]:
    """Standing targets for high-tech firms due in the year or later, of the areas that are shown."""
    question = {"indicator": HIGH_TECH_INDICATOR, "superseded": "false", "limit": WHOLE}
    areas = areas_of(ask("codes/target-areas/", {"limit": WHOLE})["data"])
    found = []
    for row in ask("targets/", question)["data"]:
        area = areas.get(row["area"]["code"])
        if area is None or row["year"] < year or not is_shown(area) or (stock := stocks.of(area)) is None:
            continue
        name = name_in(ask.said["lang"], area.row)
        document, of_district = document_in_words(row["document"]), bool(area.districts)
        found.append(AreaTarget(row["code"], name, row["year"], row["value"], document, stock, of_district))
    return sorted(found, key=lambda one: (one.year, -one.value))
