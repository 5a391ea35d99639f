"""Releases the quarterly tables of financings: what they count, and when they become final."""

from __future__ import annotations

import datetime
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from companies.models import Confidentiality, Financing, FinancingTable, FinancingTableCell, PartyRole
from companies.models.questions import public_firm
from companies.statistics.disclosure import ALL, Cell, Contribution, Position, Table, shown_cells, table_of
from registry.days import today

PROVIDERS = (PartyRole.LENDER, PartyRole.INVESTOR, PartyRole.INSURER)


class NotOver(ValueError):
    """The quarter has not ended yet."""


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: datetime.date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.number * 3 - 2, 1)

    @property
    def following(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


def release(quarter: Quarter) -> FinancingTable:
    """Make the table of a quarter public, for ever. NotOver while it lasts, IntegrityError when it has been released.

    Who records a financing waits meanwhile: what is published and what is counted must not change in between.
    """
    if quarter.following.first_day > today():
        raise NotOver(f"{quarter.year} Q{quarter.number} is not over yet.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE companies_financing, companies_financingparty IN SHARE MODE")
        counted = contributions(quarter)
        table = FinancingTable.objects.create(
            year=quarter.year,
            quarter=quarter.number,
            ended_on=quarter.following.first_day,
            released_at=timezone.now(),
            is_invented=_counted(quarter).filter(company__is_invented=True).exists(),
        )
        FinancingTableCell.objects.bulk_create(_cells(table, table_of(counted)))
    return table


def release_all(until: datetime.date | None = None) -> list[FinancingTable]:
    """Every quarter with a financing that is over (by the day, too) and has no table yet, oldest first."""
    day = min(until or today(), today())
    released = {Quarter(*found) for found in FinancingTable.objects.values_list("year", "quarter")}
    days = Financing.objects.filter(agreed_on__lt=day).order_by().values_list("agreed_on", flat=True).distinct()
    due = {Quarter.of(agreed_on) for agreed_on in days} - released
    return [release(quarter) for quarter in sorted(due) if quarter.following.first_day <= day]


def _counted(quarter: Quarter) -> Any:
    """Of public firms, as everywhere in public figures; what is published stands in its own list."""
    return Financing.objects.filter(
        public_firm("company__"), agreed_on__gte=quarter.first_day, agreed_on__lt=quarter.following.first_day
    ).exclude(confidentiality=Confidentiality.PUBLISHED)


def contributions(quarter: Quarter) -> list[Contribution]:
    """By code, so that the same financings give the same table whatever their keys."""
    rows = _counted(quarter).order_by("instrument__code", "pilot_zone__code", "pk").prefetch_related("parties")
    return [
        Contribution(
            row.pilot_zone_id,
            row.instrument_id,
            row.company_id,
            frozenset(party.partner_id for party in row.parties.all() if party.role in PROVIDERS),
            row.agreed_amount,
        )
        for row in rows
    ]


def _cells(table: FinancingTable, made: Table) -> list[FinancingTableCell]:
    return [_cell(table, at, cell) for at, cell in shown_cells(made).items()]


def _cell(table: FinancingTable, at: Position, cell: Cell | None) -> FinancingTableCell:
    def key(value: Hashable) -> Any:
        return None if value is ALL else value

    return FinancingTableCell(
        table=table,
        is_all_zones=at[0] is ALL,
        pilot_zone_id=key(at[0]),
        is_all_instruments=at[1] is ALL,
        instrument_id=key(at[1]),
        is_hidden=cell is None,
        financings=None if cell is None else cell.financings,
        firms=None if cell is None else cell.firms,
        agreed_amount=None if cell is None else cell.amount,
    )
