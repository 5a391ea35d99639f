"""Released tables of financings: what the public is told, that it is final, and that nothing else tells more."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from companies.models import Financing, FinancingInstrument, FinancingTable, FinancingTableCell
from companies.statistics.disclosure import ALL, table_of
from companies.statistics.metrics import BY_CODE
from companies.statistics.releasing import NotOver, Quarter, contributions, release, release_all
from registry.days import today
from registry.history import last_recorded_at
from tests.api.addresses import BASE, ENDPOINTS, answer, walk
from tests.companies.ledger_stories import seal
from tests.companies.test_disclosure import leaks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

TABLES = f"{BASE}statistics/financing-tables/"
FIGURES = ("agreed_amount", "financings", "firms")
PAST = Quarter(2024, 2)


def tables(client: Client, question: str = "?limit=500&valid_on=2026-11-22") -> dict[tuple[int, int], Any]:
    return {(table["year"], table["quarter"]): table for table in walk(client, TABLES + question)}


def unpublished() -> Any:
    return Financing.objects.exclude(confidentiality="published")


def position(cell: dict[str, Any]) -> tuple[Any, Any]:
    zone, instrument = cell["pilot_zone"], cell["instrument"]
    row = ALL if cell["is_all_zones"] else zone and zone["code"]
    return row, ALL if cell["is_all_instruments"] else instrument["code"]


def test_a_table_shows_what_its_quarter_came_to_and_hides_what_is_sensitive(client: Client) -> None:
    shown, hidden = 0, 0
    zones: dict[Any, str] = dict(Financing.objects.values_list("pilot_zone_id", "pilot_zone__code"))
    instruments: dict[Any, str] = dict(Financing.objects.values_list("instrument_id", "instrument__code"))
    for (year, number), told in tables(client).items():
        made = table_of(contributions(Quarter(year, number)))
        expected = {
            (ALL if row is ALL else zones[row], ALL if column is ALL else instruments[column]): (at, cell)
            for at, cell in made.cells.items()
            for row, column in [at]
        }
        assert {position(cell) for cell in told["cells"]} == expected.keys()
        for cell in told["cells"]:
            at, counted = expected[position(cell)]
            assert cell["is_hidden"] == (at in made.hidden)
            figures = [cell[name] for name in FIGURES]
            if cell["is_hidden"]:
                hidden += 1
                assert figures == [None, None, None]
            else:
                shown += 1
                assert figures == [f"{counted.amount:.4f}", counted.financings, counted.firms]
        if number == 1:  # of the others as much is told by random tables
            assert leaks(made) == [], (year, number)
    assert shown > 20
    assert hidden > 50


def test_every_past_quarter_is_told_and_none_that_lasts(client: Client) -> None:
    agreed = unpublished().filter(company__is_published=True).exclude(company__uscc__startswith="92")
    quarters = {(day.year, (day.month + 2) // 3) for day in agreed.values_list("agreed_on", flat=True)}
    now = Quarter.of(min(today(), datetime.date(2026, 11, 22)))
    found = tables(client)
    assert {key for key in quarters if key < (now.year, now.number)} <= found.keys()
    assert (now.year, now.number) not in found
    with pytest.raises(NotOver):
        release(Quarter.of(today()))


def test_a_table_is_the_same_whatever_is_asked(client: Client) -> None:
    whole = tables(client)
    year = tables(client, "?year=2024")
    assert year == {key: table for key, table in whole.items() if key[0] == 2024}
    assert tables(client, "?valid_on=2024-06-30").keys() == {key for key in whole if key < (2024, 2)}
    assert tables(client, "?valid_on=2024-07-01").keys() == {key for key in whole if key <= (2024, 2)}


def test_only_the_year_narrows_the_tables(client: Client) -> None:
    for name in ("pilot_zone", "instrument", "district", "company", "group_by"):
        assert client.get(f"{TABLES}?{name}=KVL").status_code == 400, name


LAST_DAY = "2026-11-22"
NARROWED = ("financed=true", "financed=false", "instrument=KVL,BVL", "instrument=IPP&financed=true")
ORDERED = ("", "&order=-agreed_amount", "&instrument=KVL&count=exact", "&zone=central_urban&count=exact")
WHOLE = ("order=-updated_at&fields=uscc,version,updated_at", "expand=financings&seated=any")
# What no financing could show in, words and lists of codes; and exports, whose counts and digests are the checkpoint's.
NOT_ASKED = ("codes/", "universities/", "exports/")
OTHERS = [one for one in ENDPOINTS if one.kind != "schema" and not one.route.startswith(NOT_ASKED)]


def addresses() -> list[str]:
    """All that the public can ask about financings: each list with its filters, each figure in each grouping."""
    day, period = f"valid_on={LAST_DAY}", f"from=2015-01-01&to={LAST_DAY}"
    asked = [f"financings/?limit=500&{day}{more}" for more in ORDERED]
    asked += [f"companies/?{one}&limit=500&fields=uscc&{day}&count=exact" for one in NARROWED]
    for metric in BY_CODE.values():
        days = period if metric.is_flow else day
        names = [dimension.name for dimension in metric.dimensions]
        if metric.counts == "financings" or "financed" in metric.implied:
            threes = [",".join(names[place : place + 3]) for place in range(0, len(names), 3)]
            asked += [f"statistics/{metric.code}/?group_by={some}&{days}" for some in threes]
        elif metric.counts == "companies":
            asked += [f"statistics/{metric.code}/?{one}&group_by=instrument,zone&{days}" for one in NARROWED]
    return [BASE + address for address in asked]


def everything_public(client: Client) -> dict[str, Any]:
    """Every endpoint, and all about financings, in the present."""
    asked = [endpoint.url(**({"valid_on": LAST_DAY} if endpoint.has_day else {})) for endpoint in OTHERS]
    asked += [f"{BASE}companies/?limit=500&valid_on={LAST_DAY}&{one}" for one in WHOLE]
    return {address: without_clock(answer(client, address)) for address in [*asked, *addresses()]}


def as_known(client: Client, moment: datetime.datetime | None) -> dict[str, Any]:
    """All about financings, as it was known at the moment."""
    assert moment is not None
    known = f"&known_at={quote(moment.isoformat())}"
    return {address: without_clock(answer(client, address + known)) for address in addresses()}


def without_clock(found: Any) -> Any:
    """Without the moment of the last change, and what is signed or quoted with it."""
    clocks = ("known_at", "known_to", "digest", "next", "citation", "sequence", "recorded_at", "after")
    if isinstance(found, dict):
        return {name: without_clock(value) for name, value in found.items() if name not in clocks}
    if isinstance(found, list):
        return [without_clock(value) for value in found]
    return re.sub(r"&known_at=[^&]*", "", found) if isinstance(found, str) else found


def rewrite_what_is_not_published() -> None:
    """Their amounts, days and instruments, and one more."""
    some = list(unpublished().order_by("pk").values_list("pk", flat=True))
    Financing.objects.filter(pk__in=some[::2]).update(agreed_amount=Decimal("987654"), drawn_amount=None)
    Financing.objects.filter(pk__in=some[1::4]).update(agreed_on="2025-02-03", matures_on=None)
    Financing.objects.filter(pk__in=some[::3]).update(instrument=FinancingInstrument.objects.get(code="YZD"))
    late = Financing.objects.get(pk=some[0])
    late.pk = None
    late.save()
    seal()


def test_nothing_but_the_tables_depends_on_what_is_not_published(client: Client) -> None:
    """Whatever becomes of those financings, no public answer changes on either clock: the tables are all there is to
    solve from. What can be solved from them: `tests/companies/test_disclosure.py`."""
    moment = last_recorded_at()
    before, known = everything_public(client), as_known(client, moment)
    rewrite_what_is_not_published()
    assert last_recorded_at() != moment
    assert release_all() == [], "a quarter with a table gets no other"
    assert everything_public(client) == before
    assert as_known(client, moment) == known == as_known(client, last_recorded_at())


def test_what_a_table_counts_is_not_published_afterwards() -> None:
    counted = unpublished().filter(agreed_on__range=("2024-04-01", "2024-06-30")).order_by("pk")[0]
    counted.confidentiality = "published"
    with pytest.raises(ValidationError) as refused:
        counted.full_clean()
    assert set(refused.value.message_dict) == {"confidentiality"}
    with pytest.raises(IntegrityError, match="can no longer be published"), transaction.atomic():
        Financing.objects.filter(pk=counted.pk).update(confidentiality="published")
    with pytest.raises(IntegrityError, match="can no longer be published"), transaction.atomic():
        Financing.objects.filter(pk=counted.pk).update(confidentiality="published", agreed_on=today())


def test_what_is_no_longer_counted_by_a_table_to_come_may_be_published() -> None:
    financing = unpublished().order_by("pk")[0]
    Financing.objects.filter(pk=financing.pk).update(agreed_on=today(), matures_on=None)
    Financing.objects.filter(pk=financing.pk).update(confidentiality="published")
    financing.refresh_from_db()
    financing.full_clean()
    assert financing.confidentiality == "published"


def test_a_released_table_is_final() -> None:
    with pytest.raises(IntegrityError, match="released_once"), transaction.atomic():
        release(PAST)
    for rows in (FinancingTable.objects.all(), FinancingTableCell.objects.all()):
        with pytest.raises(DatabaseError, match="is final"), transaction.atomic():
            rows.update(id=1)
        with pytest.raises(DatabaseError, match="is final"), transaction.atomic():
            rows._raw_delete("default")
    assert FinancingTable.objects.filter(year=PAST.year, quarter=PAST.number).count() == 1


def test_sole_traders_and_firms_that_are_not_public_are_not_counted() -> None:
    firms = {one.firm for one in contributions(PAST)}
    financing = unpublished().filter(company__in=firms, agreed_on__range=("2024-04-01", "2024-06-30"))[0]
    before = len(contributions(PAST))
    own = sum(one.firm == financing.company_id for one in contributions(PAST))
    type(financing.company).objects.filter(pk=financing.company_id).update(is_published=False)
    assert len(contributions(PAST)) == before - own
