"""A register of synthetic firms of a given size, in a database for benches alone.

    python -m benchmarks.size [FIRMS] [--keep] [--stop]

Fills `bench_<FIRMS>` on the benches' own server (`.bench/`), or an empty database that DATABASE_URL names. The rows are
the same for the same number. Constraints and indexes are made after the rows, so that all of them are checked; the
triggers that write versions stay off meanwhile, and one change-set is written for all rows afterwards. The codes are
valid, in a pattern that no organisation has; nothing of this is ever shown to users.
"""

import argparse
import datetime
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks import database, size_names, size_versions

DAY = datetime.date(2026, 11, 20)
"""The day that it is in these data."""
SEED = 20261120
STATEMENTS = Path(__file__).with_name("size.sql")
LOADED = (
    "companies_company",
    "companies_companychange",
    "companies_companyname",
    "companies_searchtext",
    "companies_seat",
    "companies_residency",
    "companies_certification",
    "companies_universitylink",
    "companies_financing",
    "companies_financingparty",
)
BESIDE = ("incubators_incubator", "incubators_incubatorseat", "incubators_designation", "registry_partner")

CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype = ANY(%s) ORDER BY contype = 'f' DESC, conname
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('u', 'x', 'p'))
"""
LAST_IDS = """
SELECT setval(pg_get_serial_sequence({name}, 'id'), (SELECT COALESCE(max(id), 1) FROM {table}))
"""


class Clock:
    """Says what has been done and how long it took."""

    def __init__(self) -> None:
        self.begun = self.last = time.perf_counter()

    def say(self, what: str) -> None:
        now = time.perf_counter()
        print(f"{now - self.last:7.1f} s  {what}", flush=True)
        self.last = now


def ready(firms: int, *, keep: bool = True) -> str:
    """The address of a filled database of this size, Django set up on it; fills it when it is empty.

    One that is filled stays as it is, without migrations that came later: a run without `--keep` makes it anew.
    """
    if not keep and not database.is_given():
        database.drop(firms)
    url = database.start(firms)
    database.set_up_django(url)
    with psycopg.connect(url, autocommit=True) as client:
        found = firms_in(client)
        if found not in (0, firms):
            raise SystemExit(f"This database holds {found} firms, not {firms}; it is left alone.")
        if found == 0:
            bring_up_to_date()
            fill(client, firms)
            remember(client)
    return url


def firms_in(client: psycopg.Connection[tuple[int]]) -> int:
    if client.execute("SELECT to_regclass('companies_company')").fetchone() == (None,):
        return 0
    row = client.execute("SELECT count(*) FROM companies_company").fetchone()
    return row[0] if row else 0


def bring_up_to_date() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)


def fill(client: psycopg.Connection[tuple[int]], firms: int) -> None:
    clock = Clock()
    client.execute(
        "SELECT set_config('bench.firms', %s, false), set_config('bench.day', %s, false)", [str(firms), DAY.isoformat()]
    )
    client.execute("SET maintenance_work_mem = '512MB'")
    with client.transaction(), triggers_off(client), bare_tables(client, clock):
        for title, statements in sections():
            client.execute(statements)
            clock.say(title)
        copy_names(client)
        clock.say("names")
        client.execute("SELECT companies_write_search_text(array_agg(id)) FROM companies_company")
        clock.say("search text")
        for table in (*LOADED, *BESIDE):
            if table not in ("companies_companychange", "companies_searchtext"):
                names = {"name": sql.Literal(table), "table": sql.Identifier(table)}
                client.execute(sql.SQL(LAST_IDS).format(**names))
    clock.say("commit")
    client.execute("SELECT companies_write_states(array_agg(id)) FROM companies_company")  # by the indexes
    clock.say("states")
    client.execute("VACUUM ANALYZE")
    clock.say("vacuum and statistics")
    print_counts(client)
    print(f"{time.perf_counter() - clock.begun:7.1f} s  in all")


def remember(client: psycopg.Connection[tuple[int]]) -> None:
    """What the triggers would have kept of the load: the versions, and the ledger of figures."""
    clock = Clock()
    size_versions.write_versions(client, (*LOADED, *BESIDE))
    clock.say("versions")
    entries = size_versions.derive_ledger()
    clock.say(f"ledger, {entries:,} entries")


def sections() -> Iterator[tuple[str, bytes]]:
    """The statements of `size.sql`, by their headings."""
    head, *rest = STATEMENTS.read_text(encoding="utf-8").split("\n-- [")
    yield "tools", head.encode()
    for section in rest:
        title, statements = section.split("]\n", 1)
        yield title, statements.encode()


def copy_names(client: psycopg.Connection[tuple[int]]) -> None:
    query = "SELECT id, COALESCE(established_on, date '2015-01-01') FROM companies_company ORDER BY id"
    firms = [(firm, begun, DAY) for firm, begun in client.execute(query)]  # type: ignore[misc]
    derived = size_names.keyed_columns()
    columns = sql.SQL(", ").join(map(sql.Identifier, (*size_names.COLUMNS, *derived)))
    with client.cursor().copy(sql.SQL("COPY companies_companyname ({}) FROM STDIN").format(columns)) as copy:
        for row in size_names.rows(firms, SEED, derived):
            copy.write_row(row)


@contextmanager
def triggers_off(client: psycopg.Connection[tuple[int]]) -> Iterator[None]:
    tables = [sql.Identifier(table) for table in (*LOADED, *BESIDE)]
    for table in tables:
        client.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
    yield
    client.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        client.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))


@contextmanager
def bare_tables(client: psycopg.Connection[tuple[int]], clock: Clock) -> Iterator[None]:
    """Without foreign keys, unique and exclusion constraints and further indexes; they are made again at the end."""
    tables = list(LOADED)
    constraints = client.execute(CONSTRAINTS, [tables, ["f", "u", "x"]]).fetchall()
    indexes = client.execute(INDEXES, [tables]).fetchall()
    for table, name, _definition in constraints:  # type: ignore[misc]
        client.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())  # type: ignore[has-type]
    for name, _definition in indexes:  # type: ignore[misc]
        client.execute(f"DROP INDEX {name}".encode())
    yield
    client.execute(f"ANALYZE {', '.join(tables)}".encode())  # foreign keys are checked by a join, which needs a plan
    clock.say("statistics")
    for _name, definition in indexes:  # type: ignore[misc]
        client.execute(definition.encode())  # type: ignore[has-type]
    clock.say(f"{len(indexes)} indexes")
    for table, name, definition in reversed(constraints):  # type: ignore[misc]
        client.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}".encode())
    clock.say(f"{len(constraints)} constraints")


def print_counts(client: psycopg.Connection[tuple[int]]) -> None:
    for table in (*LOADED, *BESIDE):
        (rows,) = client.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone() or (0,)
        print(f"{rows:>11,}  {table}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firms", type=int, nargs="?", default=500_000)
    parser.add_argument("--keep", action="store_true", help="use the database as it is, when it is there")
    parser.add_argument("--stop", action="store_true", help="stop the benches' own server at the end")
    options = parser.parse_args()
    given = database.is_given()
    ready(options.firms, keep=options.keep)
    if not given:
        print(f"{database.database_name(options.firms)} on the benches' own server in {database.cluster().home}")
        if options.stop:
            database.cluster().stop()


if __name__ == "__main__":
    main()
