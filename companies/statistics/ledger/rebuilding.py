"""Deriving the whole ledger anew from the versions: each entry is recorded at the change-set that caused it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections, transaction

DEFINITION = 1
"""To be raised when `ledger.path` counts otherwise: the ledger is then derived anew after the next migrate."""
FACTS = ("companies_seat", "companies_residency", "companies_certification", "companies_universitylink")
OF_FIRMS = ("companies_company", *FACTS)
CODES = ("companies_certificationkind", "registry_district", "registry_reportingunit")
"""With those of firms, all tables that `ledger.path` reads."""
AT_A_TIME = 5000
TOLD_EVERY = 1000

COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = format('public.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped
"""
# As the row was at the moment. A row without any version was there before versions were kept, and is as it was; where
# there is none, nothing looks for it.
VERSIONED = "SELECT {columns} FROM history.{table} WHERE recorded @> current_setting('ledger.moment')::timestamptz"
WITHOUT_VERSION = "FROM public.{table} b WHERE NOT EXISTS (SELECT FROM history.{table} h WHERE h.id = b.id)"
BEFORE_ALL = "-infinity"
UNVERSIONED = """
SELECT array_agg(id ORDER BY id) FROM (
    SELECT id FROM public.companies_company b
    WHERE id > %s AND NOT EXISTS (SELECT FROM history.companies_company h WHERE h.id = b.id)
    ORDER BY id LIMIT %s
) firms
"""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Rebuilt:
    """How many change-sets were read again, and how many entries came of them."""

    changesets: int
    entries: int


def rule() -> tuple[int, int]:
    """What the running code counts by: the definition's number and the distance to a campus, in metres."""
    return DEFINITION, settings.ADJACENCY_RADIUS_METRES


def set_rule(cursor: Any) -> None:
    cursor.execute(
        "INSERT INTO ledger.rule VALUES (1, %s, %s) ON CONFLICT (id) DO UPDATE"
        " SET definition = EXCLUDED.definition, adjacency_metres = EXCLUDED.adjacency_metres",
        rule(),
    )


def rebuild(using: str = "default", tell: Tell = lambda sentence: None) -> Rebuilt:
    """One transaction; readers keep the old ledger until it ends, writers wait.

    `recorded_at` comes out as it was written at the time, for the versions hold what each change-set made of the rows.
    """
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT FROM registry_clock FOR UPDATE")
        cursor.execute("ALTER TABLE ledger.entry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM ledger.entry")
        cursor.execute("DELETE FROM ledger.month")
        cursor.execute("DELETE FROM ledger.year")
        set_rule(cursor)
        with past_rows(cursor, OF_FIRMS):
            write_unversioned(cursor, tell)
        with past_rows(cursor, (*OF_FIRMS, *CODES)), indexed_by_firm(cursor):
            changesets = write_changesets(cursor, tell)
        cursor.execute("ALTER TABLE ledger.entry ENABLE TRIGGER USER")
        cursor.execute("SELECT count(*) FROM ledger.entry")
        (entries,) = cursor.fetchone()
    tidy(using)
    return Rebuilt(changesets, entries)


def tidy(using: str) -> None:
    """The sums in the order in which they are read: each part of the rebuilding wrote them anew."""
    with connections[using].cursor() as cursor:
        cursor.execute("CLUSTER ledger.month USING month_pkey")
        cursor.execute("CLUSTER ledger.year USING year_pkey")
        cursor.execute("ANALYZE ledger.entry, ledger.month, ledger.year")


@contextmanager
def past_rows(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    """The tables' names mean the rows as they were at the setting `ledger.moment`."""
    for table in tables:
        cursor.execute(COLUMNS, [table])
        (columns,) = cursor.fetchone()
        past, unversioned = VERSIONED.format(table=table, columns=columns), WITHOUT_VERSION.format(table=table)
        cursor.execute(f"SELECT EXISTS (SELECT {unversioned})")
        if cursor.fetchone() == (True,):
            past += f" UNION ALL SELECT {columns} {unversioned}"
        cursor.execute(f"CREATE TEMP VIEW {table} AS {past}")
    cursor.execute("SELECT current_setting('search_path')")
    (search_path,) = cursor.fetchone()
    cursor.execute("SET LOCAL search_path = pg_temp, public")
    yield
    cursor.execute("SELECT set_config('search_path', %s, true)", [search_path])
    for table in tables:
        cursor.execute(f"DROP VIEW pg_temp.{table}")


@contextmanager
def indexed_by_firm(cursor: Any) -> Iterator[None]:
    """Versions are found by their firm; nothing else asks for them so."""
    for table in FACTS:
        cursor.execute(f"CREATE INDEX ledger_rebuilding_{table} ON history.{table} (company_id)")
    yield
    for table in FACTS:
        cursor.execute(f"DROP INDEX history.ledger_rebuilding_{table}")


def write_unversioned(cursor: Any, tell: Tell) -> None:
    """Firms without a version: known from the beginning, by no change-set."""
    cursor.execute("SELECT set_config('ledger.moment', %s, true)", [BEFORE_ALL])
    last = 0
    while True:
        cursor.execute(UNVERSIONED, [last, AT_A_TIME])
        (firms,) = cursor.fetchone()
        if not firms:
            return
        cursor.execute("SELECT ledger.write_entries(%s, NULL, to_timestamp(0))", [firms])
        last = firms[-1]
        tell(f"firms without versions up to the key {last}")


def write_changesets(cursor: Any, tell: Tell) -> int:
    cursor.execute("SELECT id, recorded_at FROM registry_changeset WHERE sequence IS NOT NULL ORDER BY sequence")
    found = cursor.fetchall()
    for number, (changeset, moment) in enumerate(found, 1):
        cursor.execute("SELECT set_config('ledger.moment', %s, true)", [moment.isoformat()])
        cursor.execute("SELECT ledger.write(%s, %s)", [changeset, moment])
        if number % TOLD_EVERY == 0:
            tell(f"{number} of {len(found)} change-sets")
    return len(found)
