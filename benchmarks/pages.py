"""A page of 100 firms with their relations: the register beside the limit and its peers; filtered; first and last."""

import sys
from urllib.parse import parse_qs, quote, urlsplit

import psycopg

from benchmarks.measuring import Backends, Contender, Job, in_turns
from benchmarks.results import Line, Reach, Table

PAGE = "/api/v1/companies/?limit=100"
PEERS = ("limit", "json_in_sql", "plain_drf", "fastapi_sqlalchemy", "datasette_sqlite", "naive_drf")
SAME_ANSWER = ("limit", "json_in_sql", "plain_drf", "fastapi_sqlalchemy", "naive_drf")
ORDERS = ("name", "uscc")

# Values that keep enough firms to fill a page: the most frequent zone and strategic field of certified firms.
FREQUENT = """
SELECT z.code, f.code, count(*) FROM companies_company c
JOIN companies_seat s ON s.company_id = c.id AND s.valid_from <= %(day)s
    AND (s.valid_until IS NULL OR s.valid_until > %(day)s)
JOIN registry_district d ON d.id = s.district_id JOIN registry_zone z ON z.id = d.zone_id
JOIN registry_strategicfield f ON f.id = c.strategic_field_id
WHERE EXISTS (SELECT FROM companies_certification e JOIN companies_certificationkind k ON k.id = e.kind_id
    WHERE e.company_id = c.id AND k.code = 'high_tech' AND e.issued_on <= %(day)s AND e.valid_until > %(day)s)
GROUP BY 1, 2 ORDER BY 3 DESC
"""
FILTER_DAY = "2026-06-30"
ENOUGH = 300  # some of them are not public


def measure(url: str, rounds: int, *, with_naive: bool) -> list[Table]:
    """Rounds of: the register's page, filtered, first and last by each order; and every peer's page."""
    peers = [name for name in PEERS if with_naive or name != "naive_drf"]
    contenders = {name: Contender(name, url) for name in ("register", *peers)}
    backends = Backends(url)
    try:
        check_same_answers(contenders)
        register = contenders["register"]
        jobs = [Job(name, contender) for name, contender in contenders.items()]
        filtered, kept = filtered_page(url)
        check_full(register, filtered)
        jobs.append(Job("filtered", register, filtered))
        for order in ORDERS:
            first = f"{PAGE}&order={order}"
            jobs += [
                Job(f"first by {order}", register, first),
                Job(f"last by {order}", register, last_page(register, order)),
            ]
        costs = in_turns(jobs, rounds, backends)
    finally:
        for contender in contenders.values():
            contender.close()
        backends.close()
    page, limit = costs["register"], costs["limit"]
    return [
        Table(
            "A page of 100 firms with their relations, CPU a request",
            [Line(LABELS[name], costs[name], limit) for name in contenders],
            [
                Reach("the register, to the limit", page, limit, at_most=2.5),
                Reach("plain DRF, to the register", costs["plain_drf"], page, at_least=5.0),
            ],
        ),
        Table(
            f"The same with three filters and a day ({kept:,} firms kept)",
            [Line("unfiltered", page, page), Line("filtered", costs["filtered"], page)],
            [Reach("filtered, to unfiltered", costs["filtered"], page, at_most=2.5)],
        ),
        Table(
            "First and last page by cursor",
            [
                Line(f"{place} by {order}", costs[f"{place} by {order}"], costs[f"first by {order}"])
                for order in ORDERS
                for place in ("first", "last")
            ],
            [
                Reach(f"last, to first, by {order}", costs[f"last by {order}"], costs[f"first by {order}"], at_most=1.2)
                for order in ORDERS
            ],
        ),
    ]


LABELS = {
    "register": "the register",
    "limit": "the limit: WSGI, psycopg prepared, orjson",
    "json_in_sql": "WSGI, hand-written JSON in SQL",
    "plain_drf": "plain DRF, prefetch, count",
    "fastapi_sqlalchemy": "FastAPI, SQLAlchemy",
    "datasette_sqlite": "Datasette, SQLite (no facts beside the firm)",
    "naive_drf": "naive DRF, a query for each relation",
}


def check_same_answers(contenders: dict[str, Contender]) -> None:
    """All give equal data for the same firms, or nothing is measured."""
    wanted = contenders["register"].answer()["data"]
    assert len(wanted) == 100, f"the page holds {len(wanted)} firms"
    for name in set(SAME_ANSWER) & contenders.keys():
        answer = contenders[name].answer()
        found = answer.get("data") or answer.get("results")
        for ours, theirs in zip(wanted, found, strict=True):
            differing = {key for key in ours.keys() | theirs.keys() if ours.get(key, key) != theirs.get(key, key)}
            if differing:
                raise SystemExit(f"bench: {name} answers otherwise for {ours['uscc']}: {sorted(differing)}")


def filtered_page(url: str) -> tuple[str, int]:
    """Three filters and a day, with as many strategic fields as fill a page, and about how many firms they keep."""
    with psycopg.connect(url) as client:
        rows = client.execute(FREQUENT, {"day": FILTER_DAY}).fetchall()
    zone, fields, kept = rows[0][0], [], 0
    for other, field, firms in rows:
        if other == zone and kept < ENOUGH:
            fields.append(field)
            kept += firms
    query = f"zone={zone}&certified=high_tech&strategic_field={','.join(fields)}&valid_on={FILTER_DAY}"
    return f"{PAGE}&{query}", kept


def check_full(register: Contender, path: str) -> None:
    answer = register.answer(path)
    if len(answer["data"]) != 100 or answer["next"] is None:
        raise SystemExit(f"bench: {path} does not fill a page; load more firms.")


def last_page(register: Contender, order: str) -> str:
    """The path of the last page of 100: a cursor of the first page, moved to the 101st firm from the end."""
    first = register.answer(f"{PAGE}&order={order}")
    end = register.answer(f"{PAGE}&order=-{order}&limit=101".replace("limit=100&", ""))["data"]
    assert len(end) == 101
    given = urlsplit(first["next"])
    cursor = parse_qs(given.query)["cursor"][0]
    moved = register.answer(f"move-cursor:{order}:{end[-1]['id']}:{cursor}")["cursor"]
    path = f"{PAGE}&order={order}&valid_on={first['meta']['valid_on']}&cursor={quote(moved)}"
    answer = register.answer(path)
    if answer["next"] is not None or [firm["id"] for firm in answer["data"]] != [firm["id"] for firm in end[-2::-1]]:
        sys.exit(f"bench: the last page by {order} is not the last.")
    return path
