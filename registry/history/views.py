"""The views of the schema `known`: each table's versions under the table's own name, as of `registry.known_at`.

They are for answers that show everyone the same. Who may read more needs views of its own.
"""

from __future__ import annotations

import hashlib
from typing import Any

_withdrawable: set[str] = set()
_derived: dict[str, str] = {}
_final: dict[str, tuple[str, str]] = {}

VIEW = """
SELECT {columns} FROM history.{table} v
WHERE v.recorded @> current_setting('registry.known_at')::timestamptz
"""
FINAL = """
SELECT {columns} FROM public.{table} v
WHERE v."{known_from}" <= current_setting('registry.known_at')::timestamptz
"""
STILL_PUBLIC = "AND v.id NOT IN (SELECT entry_id FROM history.withdrawn WHERE table_name = '{table}')"
COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = format('public.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def declare_withdrawable(table: str) -> None:
    """A table whose entries everyone may read, or not: `history.withdrawn` names those that are no longer public."""
    _withdrawable.add(table)


def declare_derived(table: str, app_label: str) -> None:
    """A table that is no entry, whose versions (its columns and `recorded`) the app's own triggers keep."""
    _derived[table] = app_label


def derived_tables(app_label: str) -> list[str]:
    return [table for table, owner in _derived.items() if owner == app_label]


def declare_final(table: str, app_label: str, known_from: str) -> None:
    """A table whose rows never change nor go: known from the moment in one of its columns, without versions."""
    _final[table] = (app_label, known_from)


def final_tables(app_label: str) -> list[str]:
    return [table for table, (owner, _known_from) in _final.items() if owner == app_label]


class KnownView:
    """The view of one table."""

    def __init__(self, cursor: Any, table: str) -> None:
        self.cursor, self.table, self.name = cursor, table, f'known."{table}"'

    def hide_if_stale(self) -> None:
        """Makes way for changed columns of the versions. To be followed by `show` in the same transaction."""
        if self._fingerprint() != self._shown():
            self.cursor.execute(f"DROP VIEW IF EXISTS {self.name}")

    def show(self) -> None:
        fingerprint = self._fingerprint()
        if fingerprint != self._shown():
            self.cursor.execute(f"CREATE VIEW {self.name} AS {self._query()}")
            self.cursor.execute(f"COMMENT ON VIEW {self.name} IS '{fingerprint}'")

    def can_be_shown(self) -> bool:
        """Whether what it reads is there: after a migration backwards the versions may be gone."""
        schema = "public" if self.table in _final else "history"
        needed = [f'{schema}."{self.table}"', *(["history.withdrawn"] if self.table in _withdrawable else [])]
        self.cursor.execute("SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(%s::text[]) name", [needed])
        (are_there,) = self.cursor.fetchone()
        return bool(are_there)

    def _columns(self) -> list[tuple[str, str]]:
        self.cursor.execute(COLUMNS, [self.table])
        found: list[tuple[str, str]] = self.cursor.fetchall()
        return found

    def _query(self) -> str:
        columns = ", ".join(f'v."{name}"' for name, _type in self._columns())
        if self.table in _final:
            return FINAL.format(columns=columns, table=f'"{self.table}"', known_from=_final[self.table][1])
        view = VIEW.format(columns=columns, table=f'"{self.table}"')
        return view + (STILL_PUBLIC.format(table=self.table) if self.table in _withdrawable else "")

    def _fingerprint(self) -> str:
        made_of = f"{self._query()} {self._columns()}"
        return hashlib.sha256(made_of.encode()).hexdigest()

    def _shown(self) -> str | None:
        self.cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [self.name])
        (comment,) = self.cursor.fetchone()
        return comment  # type: ignore[no-any-return]
