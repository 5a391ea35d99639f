"""Versions of the synthetic rows, as of one change-set that loaded them all, and the ledger derived from them."""

from typing import Any

import psycopg
from psycopg import sql

Client = psycopg.Connection[Any]
# The derived tables keep versions by other columns; withdrawn is nobody.
DERIVED = ("companies_companychange", "companies_searchtext")
CHANGESET = """
WITH clock AS (
    UPDATE registry_clock SET sequence = sequence + 1, recorded_at = clock_timestamp() RETURNING sequence, recorded_at
)
INSERT INTO registry_changeset (database_role, request_id, reason, sequence, recorded_at)
SELECT current_user, '', 'bench', sequence, recorded_at FROM clock RETURNING id, recorded_at
"""
COLUMNS = """
SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
WHERE attrelid = format('public.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped
"""
INDEXES = """
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = format('history.%%I', %s::text)::regclass AND c.relname LIKE 'like\\_%%'
"""

WITHOUT_VERSION = "WHERE id NOT IN (SELECT id FROM {})"


def write_versions(client: Client, tables: tuple[str, ...]) -> None:
    """In one transaction, without the triggers: they would write the same, row by row."""
    guarded = [sql.Identifier("public", "registry_changeset"), sql.Identifier("public", "registry_clock")]
    guarded += [sql.Identifier("history", table) for table in tables if table not in DERIVED]
    with client.transaction():
        for table in guarded:
            client.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        changeset, moment = client.execute(CHANGESET).fetchone() or (0, None)
        for table in tables:
            copy_rows(client, table, {"recorded": moment} | ({} if table in DERIVED else {"changeset_id": changeset}))
        client.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            client.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))


def copy_rows(client: Client, table: str, beside: dict[str, Any]) -> None:
    for (index,) in client.execute(INDEXES, [table]).fetchall():
        client.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier("history", index)))
    (columns,) = client.execute(COLUMNS, [table]).fetchone() or ((),)
    values = {"recorded": sql.SQL("tstzrange({}, NULL)"), "changeset_id": sql.SQL("{}")}
    client.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} {}").format(
            sql.Identifier("history", table),
            sql.SQL(", ").join(map(sql.Identifier, (*columns, *beside))),
            sql.SQL(", ").join(
                [*map(sql.Identifier, columns), *(values[name].format(sql.Literal(beside[name])) for name in beside)]
            ),
            sql.Identifier("public", table),
            sql.SQL("" if table in DERIVED else WITHOUT_VERSION).format(sql.Identifier("history", table)),
        )
    )
    client.execute("SELECT history.follow_indexes(%s)", [table])


def derive_ledger() -> int:
    """The number of entries; the firms came in without the trigger that writes them."""
    from django.db import connection

    from companies.statistics.ledger.rebuilding import rebuild

    entries = rebuild().entries
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return entries
