"""Version tables: which models are tracked; their tables, triggers and known views after every migrate."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, transaction

from registry.history.views import KnownView, derived_tables, final_tables
from registry.models.entries import Entry

FUNCTIONS = Path(__file__).with_name("functions.sql")


def tracked_models() -> list[type[Entry]]:
    """Every concrete entry of the register, in the order of the apps (parents before children)."""
    return [model for model in apps.get_models() if issubclass(model, Entry) and not model._meta.proxy]


def prepare_after_migrate(sender: AppConfig, using: str, **_rest: Any) -> None:
    """After each app's migrations: the functions, then version tables and known views of its tables that exist."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    if "registry_changeset" not in existing:
        return
    with connection.cursor() as cursor:
        if sender.label == "registry":
            cursor.execute(FUNCTIONS.read_text(encoding="utf-8"))
        tracked = [model._meta.db_table for model in tracked_models() if model._meta.app_label == sender.label]
        for table in (*tracked, *derived_tables(sender.label)):
            if table in existing:
                with transaction.atomic(using=using):  # who looks back never meets a table without its view
                    follow(cursor, table, is_tracked=table in tracked)
        for table in final_tables(sender.label):
            if table in existing:
                with transaction.atomic(using=using):
                    view = KnownView(cursor, table)
                    view.hide_if_stale()
                    view.show()


def follow(cursor: Any, table: str, *, is_tracked: bool) -> None:
    """The versions, their indexes and their view become what the table now needs."""
    view = KnownView(cursor, table)
    view.hide_if_stale()
    if is_tracked:
        cursor.execute("SELECT history.track(%s)", [table])
    if view.can_be_shown():
        cursor.execute("SELECT history.follow_indexes(%s)", [table])
        view.show()
