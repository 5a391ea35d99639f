"""Two quarters released one after the other, with late records in between: neither table tells of the other's cells."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from companies.models import Financing, FinancingInstrument, FinancingParty, PilotZone
from companies.statistics.disclosure import Table, table_of
from companies.statistics.releasing import Quarter, contributions, release
from registry.models import Partner
from tests.companies.ledger_stories import Life, live
from tests.companies.test_disclosure import leaks
from tests.samples import saved

pytestmark = pytest.mark.django_db

FIRST, SECOND = Quarter(2025, 1), Quarter(2025, 2)
# Of each cell: firms. The first is of two firms, and sensitive; the others are large enough to hide it.
CELLS = {(True, "KVL"): 2, (False, "KVL"): 5, (True, "BVL"): 4, (False, "BVL"): 6}


def finance(company: Any, instrument: str, in_zone: bool, agreed_on: datetime.date, amount: int) -> Financing:
    zone = PilotZone.objects.earliest("code") if in_zone else None
    row: Financing = saved(
        Financing,
        company=company,
        instrument=FinancingInstrument.objects.get(code=instrument),
        pilot_zone=zone,
        agreed_on=agreed_on,
        agreed_amount=Decimal(amount),
        confidentiality="confidential",
    )
    saved(FinancingParty, financing=row, partner=saved(Partner), role="lender")
    return row


def fill(quarter: Quarter, companies: list[Any]) -> None:
    day = quarter.first_day + datetime.timedelta(days=10)
    for place, ((in_zone, instrument), firms) in enumerate(CELLS.items()):
        for number, company in enumerate(companies[:firms]):
            finance(company, instrument, in_zone, day, 100 + 10 * number + place)


def told(quarter: Quarter) -> dict[str, Any]:
    page = Client().get(f"/api/v1/statistics/financing-tables/?year={quarter.year}").json()
    found: dict[str, Any] = next(table for table in page["data"] if table["quarter"] == quarter.number)
    return found


def hidden(quarter: Quarter) -> int:
    return sum(cell["is_hidden"] for cell in told(quarter)["cells"])


def test_a_second_release_and_late_records_tell_nothing_more() -> None:
    companies = [live(Life()) for _ in range(6)]
    fill(FIRST, companies)
    counted: list[Table] = [table_of(contributions(FIRST))]
    release(FIRST)
    before = told(FIRST)
    # Recorded late, moved to another quarter, and corrected: the first table says what it said.
    day = FIRST.first_day + datetime.timedelta(days=20)
    late = finance(companies[5], "KVL", True, day, 999)
    rows = Financing.objects.exclude(pk=late.pk).order_by("pk")
    Financing.objects.filter(pk=rows[0].pk).update(agreed_on=SECOND.first_day)
    Financing.objects.filter(pk=rows[1].pk).update(agreed_amount=Decimal(7))
    fill(SECOND, companies)
    counted.append(table_of(contributions(SECOND)))
    release(SECOND)
    assert told(FIRST) == before
    assert [leaks(table) for table in counted] == [[], []]
    assert hidden(FIRST) >= 4 <= hidden(SECOND)


def test_nothing_that_either_table_counts_is_published_after_its_release() -> None:
    companies = [live(Life()) for _ in range(6)]
    for quarter in (FIRST, SECOND):
        fill(quarter, companies)
    rows = Financing.objects.order_by("agreed_on", "pk")
    of_first, of_second = (rows.filter(agreed_on__gte=quarter.first_day)[0] for quarter in (FIRST, SECOND))
    release(FIRST)
    with pytest.raises(IntegrityError, match="can no longer be published"), transaction.atomic():
        Financing.objects.filter(pk=of_first.pk).update(confidentiality="published")
    Financing.objects.filter(pk=of_second.pk).update(confidentiality="published")
    before = len(contributions(SECOND))
    release(SECOND)
    listed = [row["id"] for row in Client().get("/api/v1/financings/?valid_on=2026-01-01").json()["data"]]
    assert listed == [of_second.pk]
    assert before == sum(CELLS.values()) - 1
