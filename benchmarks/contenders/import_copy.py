"""COPY into a table without rules, then one upsert for each kind of fact, in one transaction; nothing is judged.

The keys that a name is ordered and found by stand in the file already: computing them is not this one's work.
Constraints hold and versions are written as for everyone, at commit.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.sheets import HEADINGS

STAGE = """
CREATE TEMPORARY TABLE stage ON COMMIT DROP AS
SELECT ''::text AS uscc, ''::text AS district, ''::text AS address, ''::text AS certificate_number,
    NULL::date AS established_on, NULL::date AS issued_on, NULL::numeric AS registered_capital, n.*
FROM companies_companyname n WHERE false
"""
FIRMS = """
INSERT INTO companies_company (uscc, established_on, registered_capital, website, contact_name, contact_phone,
    contact_email, internal_notes, is_published, is_invented)
SELECT uscc, established_on, registered_capital, '', '', '', '', '', true, false FROM stage
ON CONFLICT (uscc) DO UPDATE SET established_on = EXCLUDED.established_on,
    registered_capital = EXCLUDED.registered_capital
"""
NAMES = """
INSERT INTO companies_companyname (company_id, valid_from, name_en, {columns})
SELECT c.id, s.established_on, '', {columns_of_stage} FROM stage s JOIN companies_company c USING (uscc)
"""
SEATS = """
INSERT INTO companies_seat (company_id, district_id, address, valid_from)
SELECT c.id, d.id, s.address, s.established_on FROM stage s JOIN companies_company c USING (uscc)
JOIN registry_district d ON d.code = s.district AND d.valid_until IS NULL
"""
CERTIFICATES = """
INSERT INTO companies_certification (company_id, kind_id, number, issued_on, valid_until, revocation_reason, issuer)
SELECT c.id, k.id, s.certificate_number, s.issued_on, s.issued_on + interval '3 years', '', ''
FROM stage s JOIN companies_company c USING (uscc) JOIN companies_certificationkind k ON k.code = 'high_tech'
ON CONFLICT (kind_id, number) WHERE number <> '' DO UPDATE SET issued_on = EXCLUDED.issued_on,
    valid_until = EXCLUDED.valid_until
"""


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    client = psycopg.connect(os.environ["DATABASE_URL"], options="-c jit=off")
    columns = list(options["name_columns"])
    staged = [name for name in HEADINGS if name != "name"] + columns
    copy_from = sql.SQL("COPY stage ({}) FROM STDIN (FORMAT csv)").format(
        sql.SQL(", ").join(map(sql.Identifier, staged))
    )
    names = sql.SQL(NAMES).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        columns_of_stage=sql.SQL(", ").join(sql.Identifier("s", name) for name in columns),
    )

    def ask(path: str) -> bytes:
        with client.transaction(), client.cursor() as cursor:
            cursor.execute(STAGE)
            with cursor.copy(copy_from) as copy:
                copy.write(Path(path).read_bytes())
            cursor.execute("ANALYZE stage")
            for statement in (sql.SQL(FIRMS), names, sql.SQL(SEATS), sql.SQL(CERTIFICATES)):
                cursor.execute(statement)
        return json.dumps({"new": cursor.rowcount}).encode()

    return ask, ""
