"""A list of new firms, each with name, seat and certificate: the register's import beside others, in CPU a row.

All write to one database with the register's constraints and triggers, so all leave versions. The importers take turns;
each turn brings firms that no turn brought before. Peers that are slow get fewer rows: what counts is a row.
"""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from benchmarks import sheets, size_names
from benchmarks.measuring import Backends, Contender, Cost
from benchmarks.results import Line, Reach, Table

ROWS, ROWS_OF_SLOW = 20_000, 300


@dataclass
class Importer:
    label: str
    contender: Contender
    rows: int
    path: str
    costs: list[Cost] = field(default_factory=list)


@contextmanager
def clone(url: str) -> Iterator[str]:
    """A database like that of the address, dropped afterwards; nobody may be connected to the original."""
    name = conninfo_to_dict(url)["dbname"]
    names = {"copy": sql.Identifier(f"{name}_import"), "original": sql.Identifier(str(name))}
    copy = address(url, f"{name}_import")
    with psycopg.connect(address(url, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {copy} WITH (FORCE)").format(**names))
        server.execute(sql.SQL("CREATE DATABASE {copy} TEMPLATE {original}").format(**names))
        try:
            yield copy
        finally:
            server.execute(sql.SQL("DROP DATABASE {copy} WITH (FORCE)").format(**names))


def address(url: str, database: str) -> str:
    """The same server, another database, as a postgresql:// address."""
    before, _, query = url.partition("?")
    return f"{before.rpartition('/')[0]}/{database}" + (f"?{query}" if query else "")


def measure(url: str, rounds: int, *, rows_of_slow: int = ROWS_OF_SLOW) -> Table:
    with clone(url) as copy, tempfile.TemporaryDirectory(prefix="register-bench-") as folder:
        columns = ["name_zh", *size_names.keyed_columns()]
        ours, theirs = Contender("import_register", copy), Contender("import_export", copy)
        plain = Contender("import_copy", copy, {"name_columns": columns})
        importers = [
            Importer("COPY + upsert, nothing judged", plain, ROWS, "{}"),
            Importer("register: plan only", ours, ROWS, "plan:{}"),
            Importer("register: plan and commit", ours, ROWS, "commit:{}"),
            Importer("django-import-export: preview", theirs, rows_of_slow, "plan:{}"),
            Importer("django-import-export: import", theirs, rows_of_slow, "commit:{}"),
        ]
        backends = Backends(copy)
        try:
            for turn in range(rounds + 1):
                _take_turns(importers, turn, backends, Path(folder), columns)
        finally:
            for contender in (ours, theirs, plain):
                contender.close()
            backends.close()
    return _table(importers)


def _take_turns(importers: list[Importer], turn: int, backends: Backends, folder: Path, columns: list[str]) -> None:
    """The first turn warms up with a tenth of the rows and counts nothing."""
    for place, importer in enumerate(importers):
        rows = importer.rows if turn else max(100, importer.rows // 10)
        file, series = folder / "firms.csv", turn * len(importers) + place
        if importer.path == "{}":
            _write_with_keys(file, rows, series, columns)
        else:
            sheets.write(file, rows, series)
        cost = importer.contender.spend(importer.path.format(file), 1, backends).each(rows)
        if turn:
            importer.costs.append(cost)


def _write_with_keys(path: Path, rows: int, series: int, columns: list[str]) -> None:
    from companies.models import CompanyName

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in sheets.firms(rows, series):
            name = CompanyName(name_zh=row.pop("name"))
            name.set_keys()
            writer.writerow([*row.values(), *(getattr(name, column) for column in columns)])


def _table(importers: list[Importer]) -> Table:
    base, _plan, commit, _preview, imported = importers
    lines = [Line(each.label, each.costs, base.costs, note=f"{each.rows:,} rows a turn") for each in importers]
    reaches = [
        Reach("import, to COPY + upsert", commit.costs, base.costs, at_most=6.0),
        Reach("django-import-export, to the register's import", imported.costs, commit.costs, at_least=20.0),
    ]
    return Table("A list of firms in, CPU a row", lines, reaches, unit="µs")
