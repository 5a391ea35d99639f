"""What a reader asks of the page: the day, the moment of knowing, and the year of what happened."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.dashboard.asking import KeptAsker, without_host
from companies.models.questions import HIGH_TECH
from companies.statistics.projection.projecting import last_whole_year
from registry.api.kinds import IntegerKind
from registry.api.parameters import Asked, Parameter
from registry.api.refusals import Mistake, ParameterProblem
from registry.pages.asking import API

YEAR = Parameter(
    "year",
    IntegerKind(2000, 2199),
    gettext_lazy("The year of what happened; the last whole year by the day when not given."),
)
PAGES = {f"{API}companies/": "search", f"{API}incubators/": "incubators"}
"""Pages that show a list of the API, with the list's own parameters."""


def year_of(asked: Asked) -> int:
    """ParameterProblem for a year that has not begun by the day."""
    day: datetime.date = asked.valid_on
    year: int = asked.values.get("year", last_whole_year(day))
    if year > day.year:
        words = {"year": year, "day": day.isoformat(), "last": day.year}
        detail = _("year: %(year)s has not begun by %(day)s; the last one to be asked is %(last)s.") % words
        raise ParameterProblem([Mistake("year_not_begun", detail, parameter="year", nearest=str(day.year))])
    return year


@dataclass(frozen=True)
class ReadersChoice:
    """`ask` says the day and the moment of knowing by itself; a flow and a period leave the day out."""

    ask: KeptAsker
    day: datetime.date
    year: int
    permanent: str
    """The address of the page with both clocks set: no later change alters what it shows."""

    @property
    def opens_on(self) -> str:
        """The day of the opening stock: the year's flow begins the day after it."""
        return f"{self.year - 1}-12-31"

    @property
    def closes_on(self) -> str:
        """The last day of the year, or the day asked for while the year is not over."""
        return min(f"{self.year}-12-31", self.day.isoformat())

    @property
    def is_whole_year(self) -> bool:
        return self.closes_on == f"{self.year}-12-31"

    @property
    def of_year(self) -> dict[str, str | None]:
        """The parameters of a flow within the year."""
        return {"valid_on": None, "from": f"{self.year}-01-01", "to": self.closes_on}

    def high_tech_on(self, day: str, **place: str) -> str:
        """The page of the high-tech firms of a day, of a place where one is given."""
        return self.page_of(self.ask.address("companies/", **place, certified=HIGH_TECH, valid_on=day)) or ""

    def page_of(self, address: str | None) -> str | None:
        """Where people read a list that the API gave the address of; the address itself where it has no page."""
        if address is None:
            return None
        path, mark, query = without_host(address).partition("?")
        return (reverse(PAGES[path]) if path in PAGES else path) + mark + query
