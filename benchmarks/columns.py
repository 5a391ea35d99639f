"""The same counts by DuckDB, a column store in this process, over its own copy of the three tables."""

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import Cost
from benchmarks.results import Reach, Table
from benchmarks.size import DAY
from benchmarks.turns import in_turns, lines, month_ends

TABLES = {
    "firm": "SELECT id, COALESCE(established_on, '-infinity') AS first, COALESCE(dissolved_on, 'infinity') AS until"
    " FROM companies_company WHERE is_published AND uscc NOT LIKE '92%'",
    "seat": "SELECT company_id, district_id, valid_from AS first, COALESCE(valid_until, 'infinity') AS until"
    " FROM companies_seat",
    "certificate": "SELECT company_id, issued_on AS first,"
    " COALESCE(LEAST(valid_until, revoked_from), 'infinity') AS until FROM companies_certification"
    " WHERE kind_id = (SELECT id FROM companies_certificationkind WHERE code = 'high_tech')",
}
COUNT = """
SELECT {key}, count(DISTINCT f.id) FROM day JOIN firm f ON f.first <= day.day AND day.day < f.until
JOIN seat s ON s.company_id = f.id AND s.first <= day.day AND day.day < s.until
JOIN certificate c ON c.company_id = f.id AND c.first <= day.day AND day.day < c.until
GROUP BY 1
"""


def measure(rounds: int) -> list[Table]:
    import duckdb

    from companies.statistics import ledger

    ends = month_ends(DAY, 120)
    store = duckdb.connect(config={"threads": 1})
    copy_tables(store)

    def counted(key: str, days: list[Any]) -> dict[Any, int]:
        store.execute("CREATE OR REPLACE TEMP TABLE day AS SELECT unnest(?::DATE[]) AS day", [days])
        found: dict[Any, int] = dict(store.execute(COUNT.format(key=key)).fetchall())
        return found

    def by_district() -> dict[Any, int]:
        return {group[0]: firms for group, firms in ledger.stock("high-tech-firms", DAY, by=("district",)).items()}

    def by_month() -> dict[Any, int]:
        return {day: stock[()] for day, stock in ledger.series("high-tech-firms", ends).items() if stock[()]}

    tables = []
    for title, ours, key, days in (
        (f"High-tech firms of {DAY} by district", by_district, "s.district_id", [DAY]),
        ("120 month ends in total", by_month, "day.day", ends),
    ):
        works = {"ledger": ours, "DuckDB": lambda key=key, days=days: counted(key, days)}
        assert works["DuckDB"]() == works["ledger"](), title
        costs: dict[str, list[Cost]] = in_turns(works, rounds)
        reach = Reach("DuckDB, to the ledger", costs["DuckDB"], costs["ledger"])
        tables.append(Table(f"{title}, DuckDB {duckdb.__version__} beside it", lines(costs, "ledger"), [reach]))
    return tables


def copy_tables(store: Any) -> None:
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        for name, query in TABLES.items():
            path = Path(folder) / f"{name}.csv"
            with path.open("wb") as out, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)") as copy:
                for piece in copy:
                    out.write(piece)
            store.execute(f"CREATE TABLE {name} AS FROM read_csv('{path}')")
