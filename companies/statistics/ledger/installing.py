"""The ledger's tables, functions and trigger after every migrate, and its first filling."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db import connections

from companies.statistics.ledger.rebuilding import rebuild, rule, set_rule

TABLES = Path(__file__).with_name("tables.sql")
FUNCTIONS = Path(__file__).with_name("functions.sql")
# A migration that stopped halfway leaves tables that the functions cannot read yet.
IS_READY = """
SELECT count(*) = 2 FROM information_schema.columns WHERE table_schema = 'public'
AND (table_name, column_name) IN (('companies_seat', 'campus_metres'), ('companies_certification', 'revoked_from'))
"""


def install_after_migrate(sender: AppConfig, using: str, **_rest: Any) -> None:
    """After the migrations of companies. A ledger that is new, or was derived by another rule, is derived anew."""
    if sender.label != "companies":
        return
    with connections[using].cursor() as cursor:
        cursor.execute(IS_READY)
        if cursor.fetchone() != (True,):
            return
        found = rule_found(cursor)
        if found is not None and found[0] != rule()[0]:
            # Without a rule nobody asks the empty tables, until the ledger that is derived below is there.
            cursor.execute("DROP TABLE IF EXISTS ledger.entry, ledger.month, ledger.year, ledger.rule")
        cursor.execute(TABLES.read_text(encoding="utf-8"))
        cursor.execute(FUNCTIONS.read_text(encoding="utf-8"))
        if found == rule():
            return
        cursor.execute("SELECT EXISTS (SELECT FROM companies_company)")
        if cursor.fetchone() == (False,):
            set_rule(cursor)
            return
    rebuild(using)


def rule_found(cursor: Any) -> tuple[int, int] | None:
    """What the ledger in the database was derived by; none when there is no ledger."""
    cursor.execute("SELECT to_regclass('ledger.rule') IS NOT NULL")
    if cursor.fetchone() == (False,):
        return None
    cursor.execute("SELECT definition, adjacency_metres FROM ledger.rule")
    found: tuple[int, int] | None = cursor.fetchone()
    return found
