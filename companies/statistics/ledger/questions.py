"""What is asked of the ledger, as SQL: where the entries or their sums come from, narrowed and grouped."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from companies.statistics.codes import HIGH_TECH_FIRMS, STANDING

DIMENSIONS = ("district", "reporting_unit", "hub", "strategic_field", "technology_field", "incubator")
BY_TECHNOLOGY_FIELD = f"{HIGH_TECH_FIRMS}/technology-field"
"""A firm counts once in each technology field of its certificates."""
SPLIT_MONTHS = (
    "(SELECT last_day, date_trunc('month', last_day::timestamp)::date AS first_day"
    " FROM unnest(%(split)s::date[]) AS split (last_day)) month, "
)
STILL_PUBLIC = (
    " AND e.company_id NOT IN (SELECT entry_id FROM history.withdrawn WHERE table_name = 'companies_company')"
)
"""As the views of the past do: of a firm that is no longer public nothing is told. In the present its entries add up to
nothing by themselves."""
UNKNOWN = 0
"""The key in the sums of what is not known."""

Keys = Mapping[str, Collection[int | None]]
"""For each dimension the keys that are kept, any of them; None keeps what is unknown."""


class LedgerCannotAnswer(ValueError):
    """The ledger does not hold this: ask the list's own query."""


@dataclass(frozen=True)
class Question:
    """One metric, grouped `by` dimensions, narrowed to `keys`, as known at a moment (None: now)."""

    metric: str
    by: tuple[str, ...] = ()
    keys: Keys = field(default_factory=dict)
    known_at: datetime.datetime | None = None

    def __post_init__(self) -> None:
        if self.metric not in STANDING:
            raise LedgerCannotAnswer(f"The ledger does not keep {self.metric}.")
        if unknown := sorted({*self.by, *self.keys} - set(DIMENSIONS)):
            raise LedgerCannotAnswer(f"The ledger does not keep {', '.join(unknown)}.")
        if self.asks_technology_field:
            if self.metric != HIGH_TECH_FIRMS:
                raise LedgerCannotAnswer(
                    f"The ledger keeps technology fields for {HIGH_TECH_FIRMS}, not {self.metric}."
                )
            if "technology_field" not in self.by and len(self.keys["technology_field"]) != 1:
                raise LedgerCannotAnswer("Firms of several technology fields together would count twice.")

    @property
    def asks_technology_field(self) -> bool:
        return "technology_field" in {*self.by, *self.keys}

    @property
    def kept_as(self) -> str:
        return BY_TECHNOLOGY_FIELD if self.asks_technology_field else self.metric

    @property
    def summed_dimension(self) -> str | None:
        """The one dimension whose sums answer, '' for all together; None where only the entries can."""
        asked = {*self.by, *self.keys}
        if len(asked) > 1:
            return None
        return asked.pop() if asked else ""

    def parameters(self) -> dict[str, Any]:
        lists = {f"keys_{name}": [UNKNOWN if key is None else key for key in keys] for name, keys in self.keys.items()}
        return {"metric": self.kept_as, "known_at": self.known_at, **lists}

    def columns(self, prefix: str = "e.") -> str:
        return "".join(f", COALESCE({prefix}{name}_id, {UNKNOWN}) AS {name}" for name in self.by)

    def narrowed(self) -> str:
        return "".join(f" AND COALESCE(e.{name}_id, {UNKNOWN}) = ANY(%(keys_{name})s)" for name in self.keys)

    def entries(self, days: str, *, columns: str = "", known: str | None = None, beside: str = "") -> str:
        """Entries of some days; `known` narrows the moments of recording ('': all), up to `known_at` when not given."""
        if known is None:
            known = "" if self.known_at is None else " AND e.recorded_at <= %(known_at)s"
        still_public = STILL_PUBLIC if known else ""
        return (
            f"SELECT e.day, e.delta{self.columns()}{columns} FROM {beside}ledger.entry e"
            f" WHERE e.metric = %(metric)s AND {days}{known}{still_public}{self.narrowed()}"
        )

    def turns(self) -> str:
        """Rows (day, delta, a column for each dimension of `by`) that add up to the stock on each day of `days`.

        A past knowledge is the present one without what was recorded since.
        """
        dimension = self.summed_dimension
        if dimension is None:
            return self.entries("e.day <= %(last)s")
        turns = self._sums(dimension)
        if self.known_at is not None:
            later = self.entries("e.day <= %(last)s", known=" AND e.recorded_at > %(known_at)s")
            names = "".join(f", {name}" for name in self.by)
            turns += f" UNION ALL SELECT day, -delta{names} FROM ({later}) later"
        return turns

    def _sums(self, dimension: str) -> str:
        """The sums of the years before that of the first asked day, of the months that no asked day cuts in two, and
        the entries of the others.
        """
        kept = f" AND m.key = ANY(%(keys_{dimension})s)" if dimension in self.keys else ""
        column = f", m.key AS {dimension}" if self.by else ""
        present = self.entries(
            "e.day <= %(last)s AND e.day BETWEEN month.first_day AND month.last_day", known="", beside=SPLIT_MONTHS
        )
        summed = (
            f"SELECT m.last_day AS day, m.delta::integer AS delta{column} FROM ledger.{{table}} m"
            f" WHERE m.metric = %(metric)s AND m.dimension = '{dimension}'{kept} AND {{days}}"
        )
        years = summed.format(table="year", days="m.last_day < %(first_of_year)s")
        months = summed.format(
            table="month", days="m.last_day BETWEEN %(first_of_year)s AND %(last)s AND m.last_day <> ALL(%(split)s)"
        )
        return f"{years} UNION ALL {months} UNION ALL {present}"


def month_end(day: datetime.date) -> datetime.date:
    following = (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return following - datetime.timedelta(days=1)


def split_months(days: Sequence[datetime.date]) -> list[datetime.date]:
    """The last days of the months that an asked day cuts in two: of these the days are needed one by one."""
    return sorted({month_end(day) for day in days if day != month_end(day)})
