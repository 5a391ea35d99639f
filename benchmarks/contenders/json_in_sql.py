"""For scale: the limit's connection, but PostgreSQL writes the JSON in one hand-written statement."""

import datetime
import os
from collections.abc import Callable
from typing import Any

import psycopg

from benchmarks import requests
from benchmarks.contenders.limit import HERE, LIMIT, on_day


def coded(alias: str) -> str:
    return f"CASE WHEN {alias}.id IS NOT NULL THEN json_build_object('code', {alias}.code, 'name', {alias}.name_zh) END"


PAGE = f"""
SELECT string_agg(p.entry::text, ',' ORDER BY p.pinyin, p.id) FROM (
SELECT c.id, c.pinyin, (SELECT row_to_json(o) FROM (SELECT c.id, c.uscc, c.name_zh AS name,
    ARRAY(SELECT row_to_json(x) FROM (SELECT m.name_zh, m.name_en, m.valid_from, m.valid_until
        FROM companies_companyname m WHERE m.company_id = c.id ORDER BY m.valid_from, m.id) x) AS names,
    {coded("d")} AS district, {coded("z")} AS zone, {coded("u")} AS reporting_unit, s.address,
    s.latitude::text AS latitude, s.longitude::text AS longitude, {coded("h")} AS hub, {coded("f")} AS strategic_field,
    {coded("i")} AS industry, {coded("b")} AS incubator,
    ARRAY(SELECT row_to_json(x) FROM (SELECT v.code, v.name_zh AS name, l.basis, t.name_zh AS circle_site
        FROM companies_universitylink l JOIN registry_university v ON v.id = l.university_id
        LEFT JOIN registry_circlesite t ON t.id = l.circle_site_id
        WHERE l.company_id = c.id AND {on_day("l")} ORDER BY l.valid_from, l.id) x) AS universities,
    ARRAY(SELECT row_to_json(x) FROM (SELECT e.id, {coded("k")} AS kind, e.number, {coded("t")} AS technology_field,
        e.issued_on, e.valid_until, e.revoked_from, CASE WHEN e.revoked_from <= %(day)s THEN 'revoked'
        WHEN e.valid_until <= %(day)s THEN 'expired' ELSE 'valid' END AS state
        FROM companies_certification e JOIN companies_certificationkind k ON k.id = e.kind_id
        LEFT JOIN registry_technologyfield t ON t.id = e.technology_field_id
        WHERE e.company_id = c.id AND e.issued_on <= %(day)s ORDER BY e.issued_on, e.id) x) AS certifications,
    c.established_on, c.dissolved_on, a.uscc AS successor, c.registered_capital::text AS registered_capital, c.website,
    c.is_invented, to_char(g.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM') AS updated_at, c.version
    ) o) AS entry
FROM (
    SELECT c.*, n.name_zh, n.pinyin
    FROM companies_companyname n
    JOIN companies_company c ON c.id = n.company_id
    WHERE {on_day("n")} AND c.is_published AND c.uscc NOT LIKE '92%%'
        AND (c.established_on IS NULL OR c.established_on <= %(day)s)
        AND (c.dissolved_on IS NULL OR c.dissolved_on > %(day)s)
        AND EXISTS (SELECT FROM companies_seat s WHERE s.company_id = c.id AND {on_day("s")})
    ORDER BY n.pinyin, c.id
    LIMIT %(limit)s
) c
JOIN companies_seat s ON s.company_id = c.id AND {on_day("s")}
LEFT JOIN registry_district d ON d.id = s.district_id
LEFT JOIN registry_zone z ON z.id = d.zone_id
LEFT JOIN registry_reportingunit u ON u.id = s.reporting_unit_id
LEFT JOIN companies_residency r ON r.company_id = c.id AND {on_day("r", "entered_on", "left_on")}
LEFT JOIN incubators_incubator b ON b.id = r.incubator_id
LEFT JOIN registry_hub h ON h.id = c.hub_id
LEFT JOIN registry_strategicfield f ON f.id = c.strategic_field_id
LEFT JOIN registry_industry i ON i.id = c.industry_id
LEFT JOIN companies_company a ON a.id = c.successor_id AND a.is_published AND a.uscc NOT LIKE '92%%'
LEFT JOIN companies_companychange g ON g.company_id = c.id
) p
"""


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    settings = "-c jit=off -c TimeZone=Asia/Shanghai"
    client = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=settings)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        day = datetime.datetime.now(HERE).date()
        with client.cursor() as cursor:
            row = cursor.execute(PAGE, {"day": day, "limit": LIMIT}, prepare=True).fetchone()
        body = f'{{"data": [{row[0] if row else ""}]}}'.encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return requests.wsgi(application), "/companies"
