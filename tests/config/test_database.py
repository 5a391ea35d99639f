"""Connections of the served process give up soon; those of commands take their time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django.plugin import DjangoDbBlocker

from config import database, environment
from config.environment import DatabaseAddress
from config.management.commands import migrate
from tests import cluster


@contextmanager
def connected(entry: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    made = ConnectionHandler({"default": entry})["default"]
    try:
        yield made
    finally:
        made.close()
        if entry["OPTIONS"].get("pool"):
            made.close_pool()  # type: ignore[attr-defined]


def shown(made: BaseDatabaseWrapper, *names: str) -> list[str]:
    with made.cursor() as cursor:
        return [cursor.execute(f"SHOW {name}").fetchone()[0] for name in names]


def address() -> DatabaseAddress:
    found = environment.read({**REQUIRED, "DATABASE_URL": cluster.url()}).database
    assert found is not None
    return found


REQUIRED = {"SECRET_KEY": "0123456789" * 6, "ALLOWED_HOSTS": "localhost"}
NAMES = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "jit",
    "random_page_cost",
    "timezone",
)


def test_the_served_process_has_short_limits(committed_db: str) -> None:
    with connected(database.served_entry(address(), pool_size=2)) as made:
        assert shown(made, *NAMES) == ["5s", "2s", "10s", "off", "1.1", "Asia/Shanghai"]


def test_a_command_has_none(committed_db: str) -> None:
    with connected(database.entry(address())) as made:
        assert shown(made, *NAMES) == ["0", "0", "0", "off", "1.1", "Asia/Shanghai"]


def test_what_the_address_says_wins() -> None:
    given = DatabaseAddress("register", extra=(("options", "-c statement_timeout=1s"), ("sslmode", "require")))
    options = database.served_entry(given, pool_size=2)["OPTIONS"]
    assert options["options"].endswith("-c statement_timeout=1s")
    assert options["sslmode"] == "require"


def test_behind_a_pooler_no_start_parameter_is_sent_and_no_cursor_is_kept() -> None:
    made = database.served_entry(DatabaseAddress("register"), pool_size=2, pooler="transaction")
    assert "options" not in made["OPTIONS"]
    assert made["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_a_database_that_is_away_is_told_within_the_pools_time(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    away = DatabaseAddress("register", host="127.0.0.1", port="1")
    began = time.monotonic()
    entry = database.served_entry(away, pool_size=2)
    with django_db_blocker.unblock(), connected(entry) as made, pytest.raises(OperationalError):
        made.ensure_connection()
    assert time.monotonic() - began < 3.5


def test_a_migration_gives_way_to_a_long_read(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "ATTEMPTS", 1)
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0)
    with psycopg.connect(cluster.url(), dbname=committed_db) as reader:
        reader.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(CommandError, match="gave way to other users"):
            call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)
    assert shown(connection, "lock_timeout") == ["0"]
