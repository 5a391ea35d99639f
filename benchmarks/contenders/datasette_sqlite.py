"""Datasette over a copy in SQLite: rows of firms with the labels of their foreign keys. No facts beside the firm,
so not the same answer; for scale only."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from datasette.app import Datasette

from benchmarks import requests

LISTS = {
    "district": "registry_district",
    "reporting_unit": "registry_reportingunit",
    "hub": "registry_hub",
    "strategic_field": "registry_strategicfield",
    "industry": "registry_industry",
    "incubator": "incubators_incubator",
}
FIRMS = """
SELECT c.id, c.uscc, n.name_zh, n.pinyin, s.address, s.latitude::float8, s.longitude::float8, c.established_on::text,
    c.registered_capital::text, c.website, s.district_id, s.reporting_unit_id, c.hub_id, c.strategic_field_id,
    c.industry_id, r.incubator_id
FROM companies_company c
JOIN companies_companyname n ON n.company_id = c.id AND n.valid_until IS NULL
JOIN companies_seat s ON s.company_id = c.id AND s.valid_until IS NULL
LEFT JOIN companies_residency r ON r.company_id = c.id AND r.left_on IS NULL
WHERE c.is_published AND c.uscc NOT LIKE '92%' AND c.dissolved_on IS NULL
"""


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    folder = tempfile.TemporaryDirectory(prefix="register-bench-")
    file = Path(folder.name) / "register.db"
    copy(file)
    service = Datasette([str(file)], settings={"num_sql_threads": 1, "suggest_facets": False}).app()
    service.kept = folder  # removed with the process
    return requests.asgi(service), "/register/firm.json?_labels=on&_size=100&_sort=pinyin"


def copy(file: Path) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as source, sqlite3.connect(file) as target:
        for name, table in LISTS.items():
            target.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, name TEXT)")
            rows = source.execute(f"SELECT id, name_zh FROM {table}".encode()).fetchall()
            target.executemany(f"INSERT INTO {name} VALUES (?, ?)", rows)
        keys = ", ".join(f"{name} INTEGER REFERENCES {name}(id)" for name in LISTS)
        target.execute(
            "CREATE TABLE firm (id INTEGER PRIMARY KEY, uscc TEXT, name_zh TEXT, pinyin TEXT, address TEXT, "
            f"latitude REAL, longitude REAL, established_on TEXT, registered_capital TEXT, website TEXT, {keys})"
        )
        rows = source.execute(FIRMS).fetchall()
        target.executemany(f"INSERT INTO firm VALUES ({', '.join('?' * len(rows[0]))})", rows)
        target.execute("CREATE INDEX firm_pinyin ON firm (pinyin)")
