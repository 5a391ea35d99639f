"""Version tables: which models are tracked, and their tables and triggers after every migrate."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections

from registry.models.entries import Entry

FUNCTIONS = Path(__file__).with_name("functions.sql")


def tracked_models() -> list[type[Entry]]:
    """Every concrete entry of the register, in the order of the apps (parents before children)."""
    return [model for model in apps.get_models() if issubclass(model, Entry) and not model._meta.proxy]


def prepare_after_migrate(sender: AppConfig, using: str, **_rest: Any) -> None:
    """After each app's migrations: the functions, then the version tables of the app's entries that exist."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    if "registry_changeset" not in existing:
        return
    with connection.cursor() as cursor:
        if sender.label == "registry":
            cursor.execute(FUNCTIONS.read_text(encoding="utf-8"))
        for model in tracked_models():
            table = model._meta.db_table
            if model._meta.app_label == sender.label and table in existing:
                cursor.execute("SELECT history.track(%s)", [table])
