"""The limit: four prepared statements over plain columns, tuples shaped in Python, orjson; nothing around them.

No framework, authentication, parameters, cursor or snapshot. One connection in autocommit.
"""

import datetime
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import psycopg

from benchmarks import requests

HERE = ZoneInfo("Asia/Shanghai")
PAGE = "/companies"
LIMIT = 100


def on_day(table: str, start: str = "valid_from", end: str = "valid_until") -> str:
    begun = f"({table}.{start} IS NULL OR {table}.{start} <= %(day)s)"
    return f"{begun} AND ({table}.{end} IS NULL OR {table}.{end} > %(day)s)"


# Every firm has a name on its days, so the names' index gives the order; `seat` is at most one on a day.
FIRMS = f"""
SELECT c.id, c.uscc, n.name_zh, d.code, d.name_zh, z.code, z.name_zh, u.code, u.name_zh, s.address,
    s.latitude::text, s.longitude::text, h.code, h.name_zh, f.code, f.name_zh, i.code, i.name_zh, b.code, b.name_zh,
    c.established_on, c.dissolved_on, a.uscc, c.registered_capital::text, c.website, c.is_invented, g.updated_at,
    c.version
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
CROSS JOIN LATERAL (SELECT c.name_zh) n
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
ORDER BY c.pinyin, c.id
"""
NAMES = """
SELECT company_id, name_zh, name_en, valid_from, valid_until
FROM companies_companyname WHERE company_id = ANY(%(firms)s) ORDER BY valid_from, id
"""
LINKS = f"""
SELECT l.company_id, v.code, v.name_zh, l.basis, t.name_zh
FROM companies_universitylink l
JOIN registry_university v ON v.id = l.university_id
LEFT JOIN registry_circlesite t ON t.id = l.circle_site_id
WHERE l.company_id = ANY(%(firms)s) AND {on_day("l")} ORDER BY l.valid_from, l.id
"""
CERTIFICATES = """
SELECT e.company_id, e.id, k.code, k.name_zh, e.number, t.code, t.name_zh, e.issued_on, e.valid_until, e.revoked_from,
    CASE WHEN e.revoked_from <= %(day)s THEN 'revoked' WHEN e.valid_until <= %(day)s THEN 'expired' ELSE 'valid' END
FROM companies_certification e
JOIN companies_certificationkind k ON k.id = e.kind_id
LEFT JOIN registry_technologyfield t ON t.id = e.technology_field_id
WHERE e.company_id = ANY(%(firms)s) AND e.issued_on <= %(day)s ORDER BY e.issued_on, e.id
"""


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    settings = "-c jit=off -c TimeZone=Asia/Shanghai"
    client = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=settings)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        body = page(client)
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return requests.wsgi(application), PAGE


def page(client: psycopg.Connection[Any]) -> bytes:
    day = datetime.datetime.now(HERE).date()
    # Binary results: days, numbers and texts need no parsing. The cursor keeps one prepared statement for each query.
    with client.cursor(binary=True) as cursor:

        def rows(query: str, **values: Any) -> list[tuple[Any, ...]]:
            return cursor.execute(query, {"day": day, **values}, prepare=True).fetchall()

        firms = rows(FIRMS, limit=LIMIT + 1)
        following, firms = firms[LIMIT:], firms[:LIMIT]
        ids = [firm[0] for firm in firms]
        names, links, certificates = (grouped(rows(query, firms=ids)) for query in (NAMES, LINKS, CERTIFICATES))
    data = [
        shaped(firm, names.get(firm[0], ()), links.get(firm[0], ()), certificates.get(firm[0], ())) for firm in firms
    ]
    return orjson.dumps({"data": data, "next": following[0][0] if following else None, "meta": {"valid_on": day}})


def grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    of_firm: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        of_firm[row[0]].append(row)
    return of_firm


def shaped(firm: tuple[Any, ...], names: Any, links: Any, held: Any) -> dict[str, Any]:
    id_, uscc, name, d, d_name, z, z_name, u, u_name, address, latitude, longitude, *rest = firm
    h, h_name, f, f_name, i, i_name, b, b_name, established_on, dissolved_on, successor, capital, *rest = rest
    website, is_invented, updated_at, version = rest
    return {
        "id": id_,
        "uscc": uscc,
        "name": name,
        "names": [
            {"name_zh": zh, "name_en": en, "valid_from": start, "valid_until": end} for _, zh, en, start, end in names
        ],
        "district": d and {"code": d, "name": d_name},
        "zone": z and {"code": z, "name": z_name},
        "reporting_unit": u and {"code": u, "name": u_name},
        "address": address,
        "latitude": latitude,
        "longitude": longitude,
        "hub": h and {"code": h, "name": h_name},
        "strategic_field": f and {"code": f, "name": f_name},
        "industry": i and {"code": i, "name": i_name},
        "incubator": b and {"code": b, "name": b_name},
        "universities": [
            {"code": code, "name": university, "basis": basis, "circle_site": site}
            for _, code, university, basis, site in links
        ],
        "certifications": [
            {
                "id": key,
                "kind": {"code": kind, "name": kind_name},
                "number": number,
                "technology_field": field and {"code": field, "name": field_name},
                "issued_on": issued_on,
                "valid_until": valid_until,
                "revoked_from": revoked_from,
                "state": state,
            }
            for _, key, kind, kind_name, number, field, field_name, issued_on, valid_until, revoked_from, state in held
        ],
        "established_on": established_on,
        "dissolved_on": dissolved_on,
        "successor": successor,
        "registered_capital": capital,
        "website": website,
        "is_invented": is_invented,
        "updated_at": updated_at,
        "version": version,
    }
