"""The ledger with ten times the entries, in a database of its own, asked the same statements in turns."""

import math
import os
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks.asking import processor_time
from benchmarks.measuring import Cost
from benchmarks.results import Bound, Reach, Table
from benchmarks.size import DAY
from benchmarks.turns import TURN_SECONDS, lines, month_ends

TIMES = 10
METRIC = "high-tech-firms"
ENTRY = (
    "metric, company_id, day, delta, reason, district_id, reporting_unit_id, hub_id, strategic_field_id,"
    " technology_field_id, incubator_id, changeset_id, recorded_at"
)
MULTIPLY = f"""
INSERT INTO ledger.entry ({ENTRY})
SELECT metric, company_id * {TIMES} + copy, day, delta, reason, district_id, reporting_unit_id, hub_id,
    strategic_field_id, technology_field_id, incubator_id, changeset_id, recorded_at
FROM one CROSS JOIN generate_series(0, {TIMES - 1}) copy;
UPDATE ledger.month SET delta = delta * {TIMES};
UPDATE ledger.year SET delta = delta * {TIMES};
"""


def measure(rounds: int) -> list[Table]:
    """As of the day, and 120 month ends: at most ten times the time."""
    from companies.statistics import ledger

    ends = month_ends(DAY, 120)
    asked = {
        "of one day by district": lambda: ledger.stock(METRIC, DAY, by=("district",)),
        "of one day in total": lambda: ledger.stock(METRIC, DAY),
        "120 months in total": lambda: ledger.series(METRIC, ends),
        "120 months by district": lambda: ledger.series(METRIC, ends, by=("district",)),
    }
    statements = {label: statement_of(work) for label, work in asked.items()}
    tables = []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as one, tenfold(one) as ten:
        for client in (one, ten):
            client.execute("SET max_parallel_workers_per_gather = 0")
            client.execute("SET jit = off")
        for label, statement in statements.items():
            for small, large in zip(sorted(one.execute(statement)), sorted(ten.execute(statement)), strict=True):
                assert large == (*small[:-1], small[-1] * TIMES), label
            costs = in_turns({"once": one, "ten times": ten}, statement, rounds)
            reach = Reach("ten times the entries, to once", costs["ten times"], costs["once"], at_most=10)
            milliseconds = [1e3 * found.database for found in costs["ten times"]]
            limit = {"of one day by district": 10.0, "120 months by district": 100.0}.get(label)
            bound = Bound("ten times, database", milliseconds, "ms", limit)
            tables.append(Table(f"Ten times the entries: {METRIC} {label}", lines(costs, "once"), [reach, bound]))
    return tables


def statement_of(work: Any) -> str:
    """The statement over the entries as the database got it, values included."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    return next(query["sql"] for query in captured.captured_queries if "ledger.entry" in query["sql"])


def tenfold(one: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A connection to the larger ledger, which is made where it is missing."""
    from companies.statistics.ledger.installing import TABLES

    name = f"{one.info.dbname}_tenfold"
    if not one.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
        one.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    ten = psycopg.connect(make_conninfo(os.environ["DATABASE_URL"], dbname=name), autocommit=True)
    if ten.execute("SELECT to_regclass('ledger.year')").fetchone() == (None,):
        with ten.transaction():
            ten.execute(TABLES.read_bytes())
            ten.execute(f"CREATE TEMP TABLE one AS SELECT {ENTRY} FROM ledger.entry".encode())
            copy(one, f"SELECT {ENTRY} FROM ledger.entry ORDER BY recorded_at", ten, "one")
            for sums in ("ledger.month", "ledger.year"):
                copy(one, f"SELECT * FROM {sums}", ten, sums)
            ten.execute(MULTIPLY.encode())
        ten.execute("VACUUM ANALYZE")
    return ten


def copy(source: psycopg.Connection[Any], query: str, target: psycopg.Connection[Any], table: str) -> None:
    with (
        source.cursor().copy(f"COPY ({query}) TO STDOUT".encode()) as out,
        target.cursor().copy(f"COPY {table} FROM STDIN".encode()) as into,
    ):
        for piece in out:
            into.write(piece)


def in_turns(clients: dict[str, psycopg.Connection[Any]], statement: str, rounds: int) -> dict[str, list[Cost]]:
    def spend(client: psycopg.Connection[Any], times: int) -> Cost:
        before = processor_time(client.info.backend_pid)
        for _ in range(times):
            client.execute(statement.encode()).fetchall()
        return Cost(0.0, (processor_time(client.info.backend_pid) - before) / 1e9 / times)

    costs: dict[str, list[Cost]] = {label: [] for label in clients}
    for client in clients.values():
        spend(client, 2)
    for _round in range(rounds):
        for label, client in clients.items():
            costs[label].append(spend(client, max(2, math.ceil(TURN_SECONDS / max(spend(client, 1).total, 1e-4)))))
    return costs
