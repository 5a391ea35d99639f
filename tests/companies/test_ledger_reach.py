"""What a change costs the ledger does not grow with the register."""

from typing import Any

import pytest

from companies.models import Company
from tests.companies.ledger_stories import rows, seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

READ = """
    SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables
    WHERE schemaname = 'history' AND relname = ANY (%s)
"""
TABLES = [f"companies_{name}" for name in ("company", "seat", "residency", "certification", "universitylink")]


def test_the_firms_of_a_change_are_found_without_reading_the_others() -> None:
    """Even after one great load, which makes every change-set look great to the planner."""
    firm = Company.objects.earliest("pk")
    Company.objects.filter(pk=firm.pk).update(dissolved_on="2026-01-01")
    seal()
    ((changeset,),) = rows("SELECT max(id) FROM registry_changeset WHERE recorded_at IS NOT NULL")
    for table in TABLES:
        rows(f"ANALYZE history.{table}")
    rows("DISCARD PLANS")
    before = versions_read()
    assert rows("SELECT ledger.touched(%s)", changeset) == [([firm.pk],)]
    assert versions_read() - before < 20


def versions_read() -> Any:
    ((read,),) = rows(READ, TABLES)
    return read
