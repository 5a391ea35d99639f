"""The versions of a row, as the database keeps them."""

from typing import Any

import pytest
from django.db import connection

from registry.history.tables import tracked_models
from registry.models import Entry
from tests.samples import saved

MODELS = tracked_models()


def rows(statement: str, *parameters: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if cursor.description is None:
            return []
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def seal() -> None:
    """What the commit would do now; the transaction goes on."""
    rows("SET CONSTRAINTS ALL IMMEDIATE")
    rows("SET CONSTRAINTS ALL DEFERRED")


def versions(model: type[Entry], pk: int) -> list[dict[str, Any]]:
    """The row's versions in order, each with who and why, and whether it equals the row as it is now."""
    table = model._meta.db_table
    return rows(
        "SELECT lower(h.recorded) AS recorded_from, upper(h.recorded) AS recorded_until, h.changeset_id,"
        " h.closed_by, h.version, c.actor_id, c.request_id, c.reason, c.recorded_at, c.sequence,"
        " to_jsonb(b) = to_jsonb(h) - 'recorded' - 'changeset_id' - 'closed_by' AS equals_row"
        f" FROM history.{table} h JOIN registry_changeset c ON c.id = h.changeset_id"
        f" LEFT JOIN {table} b ON b.id = h.id WHERE h.id = %s ORDER BY h.recorded",
        pk,
    )


def columns(schema: str, table: str) -> dict[str, str]:
    found = rows(
        "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
        f"{schema}.{table}",
    )
    return {row["attname"]: row["type"] for row in found}


by_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


def sealed_sample(model: type[Entry]) -> Any:
    entry = saved(model)
    seal()
    return entry
