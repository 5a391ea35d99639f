"""Writes rows by COPY: triggers and constraints judge them as any other, at a fraction of the cost of an insert."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from companies.models import CertificationState, CompanyState, FinancingState, ResidencyState
from registry.models import Entry


class Writer:
    """Rows refer to each other as objects; each gets its key before it, or what refers to it, is written."""

    def __init__(self) -> None:
        self.written: Counter[type[Entry]] = Counter()

    def write(self, rows: Iterable[Entry]) -> None:
        """Rows of any models. What they refer to is written with them, or before."""
        by_model: dict[type[Entry], list[Entry]] = defaultdict(list)
        for row in rows:
            by_model[type(row)].append(row)
        for model, found in by_model.items():
            self._give_keys(model, found)
        for model, found in by_model.items():
            self._copy(model, found)
            self.written[model] += len(found)

    def _give_keys(self, model: type[Entry], rows: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, len(rows)],
            )
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key

    def _copy(self, model: type[Entry], rows: Sequence[Entry]) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        command = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN"
        plain = [(field.attname, field.name if field.is_relation else None) for field in fields]
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row([_value(row, attribute, relation) for attribute, relation in plain])


class AnotherThread:
    """Runs one thing after another on this thread's connection, which this thread leaves alone meanwhile."""

    def __enter__(self) -> Self:
        self._pool = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._connection.inc_thread_sharing()
        return self

    def run(self, work: Callable[[], None]) -> None:
        """Begins the work when the work before it is done; raises what that one raised."""
        self._wait()
        self._running = self._pool.submit(self._on_the_connection, work)

    def _on_the_connection(self, work: Callable[[], None]) -> None:
        connections[DEFAULT_DB_ALIAS] = self._connection
        work()

    def _wait(self) -> None:
        if self._running is not None:
            self._running.result()

    def __exit__(self, *raised: object) -> None:
        try:
            if raised[0] is None:
                self._wait()
        finally:
            self._pool.shutdown()
            self._connection.dec_thread_sharing()


def _value(row: models.Model, attribute: str, relation: str | None) -> Any:
    """The key of a row referred to as an object, which may have got it after the reference was made."""
    if relation is not None and (related := row._state.fields_cache.get(relation)) is not None:
        return related.pk
    return row.__dict__[attribute]


def analyze(models_: Iterable[type[Entry]]) -> None:
    """Statistics for the planner, which otherwise takes the new tables for empty until autovacuum comes."""
    with connection.cursor() as cursor:
        for model in models_:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def analyze_all() -> None:
    """Of every table, versions and ledger too: without it a target as known at a moment took over five seconds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


GROWING = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
WHERE i.indrelid = ANY (%s::regclass[]) AND m.amname = 'gin'
   OR i.indrelid = ANY (%s::regclass[]) AND NOT i.indisprimary AND c.relname NOT LIKE '%%\\_of\\_company'
ORDER BY 1
"""
SEARCHED = ["public.companies_searchtext", "history.companies_searchtext"]
STATES = [model._meta.db_table for model in (CompanyState, CertificationState, ResidencyState, FinancingState)]


def without_growing_indexes() -> list[str]:
    """Takes away the indexes of searches and of states, for an index is built in a third of the time that it takes to
    grow; those by which a firm's own states are found stay. Gives the statements that make them again."""
    with connection.cursor() as cursor:
        cursor.execute(GROWING, [SEARCHED, STATES])
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def build_indexes(statements: Iterable[str]) -> None:
    """Makes the indexes again, in memory that holds each of them whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for statement in statements:
            cursor.execute(statement)
