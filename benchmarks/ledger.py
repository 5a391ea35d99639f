"""Figures from the ledger beside the plain query, DuckDB and themselves with ten times the entries; writing; the past.

    python -m benchmarks.ledger [FIRMS] [--rounds 5] [--only figures series tenfold writes past duckdb]

Works on the data of `benchmarks.size`. CPU of the database, planning included, without parallel workers; every ratio
comes from one interleaved run, after the contenders' answers were found equal.
"""

import argparse
import datetime
import os
from collections.abc import Callable
from functools import cache
from typing import Any

from benchmarks import __main__ as telling
from benchmarks import columns, database, size, tenfold
from benchmarks.results import Bound, Line, Reach, Table
from benchmarks.size import DAY
from benchmarks.turns import cost, in_turns, lines, month_ends, of_database

METRIC = "high-tech-firms"
MONTHS, ASKED_PLAINLY = 120, 12
PAST = (
    "",
    "district=500106",
    "zone=central_urban&certified=high_tech",
    "hub=H1&technology_field=1",
    "university_adjacent=true&district=500107&count=capped",
    "resident=true",
    "certified=high_tech&expiring_before=2027-01-01",
    "established_from=2020-01-01&established_to=2020-12-31",
    "q=科技",
    "near=29.56,106.55,3",
    "order=certified_until&limit=20",
    "order=-established_on&zone=central_urban",
)


def plain_firms(day: datetime.date) -> Any:
    """High-tech firms as one would write it: conditions over joins."""
    from django.db.models import Q

    from companies.models import Company

    def holds(path: str, first: str, until: str) -> Q:
        ends = Q(**{f"{path}{until}__isnull": True}) | Q(**{f"{path}{until}__gt": day})
        return Q(**{f"{path}{first}__lte": day}) & ends

    existing = (Q(established_on__isnull=True) | Q(established_on__lte=day)) & (
        Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=day)
    )
    revoked = Q(certifications__revoked_from__isnull=True) | Q(certifications__revoked_from__gt=day)
    return Company.objects.filter(
        existing,
        holds("seats__", "valid_from", "valid_until"),
        holds("certifications__", "issued_on", "valid_until"),
        revoked,
        is_published=True,
        certifications__kind__code="high_tech",
    ).exclude(uscc__startswith="92")


def plain_total(day: datetime.date) -> int:
    total: int = plain_firms(day).values("pk").distinct().count()
    return total


def plain_by_district(day: datetime.date) -> dict[Any, int]:
    from django.db.models import Count

    found = plain_firms(day).values_list("seats__district").annotate(firms=Count("pk", distinct=True))
    return {(district,): firms for district, firms in found.order_by()}


def figures(rounds: int) -> list[Table]:
    from companies.statistics import ledger
    from companies.statistics.ledger.truth import listed

    works: dict[str, Callable[[], Any]] = {
        "ledger": lambda: ledger.stock(METRIC, DAY, by=("district",)),
        "the list's own query": lambda: listed(METRIC, DAY, ("district",)),
        "plain ORM": lambda: plain_by_district(DAY),
    }
    same_answer(works)
    costs = {label: of_database(found) for label, found in in_turns(works, rounds).items()}
    reaches = [
        Reach("plain ORM, to the ledger", costs["plain ORM"], costs["ledger"], at_least=50),
        Reach("the list's own query, to the ledger", costs["the list's own query"], costs["ledger"]),
        Bound("by district, database", [1e3 * one.database for one in costs["ledger"]], "ms", 5),
    ]
    return [Table(f"{METRIC} of {DAY} by district", lines(costs, "ledger"), reaches), whole_answers(rounds)]


def whole_answers(rounds: int) -> Table:
    """What a caller waits for: the request, with and without the ledger."""
    from unittest.mock import patch

    def with_list(path: str) -> Any:
        with patch("companies.statistics.standing.counted", return_value=None):
            return answer(path)

    works, reaches = {}, []
    for code in ("firms", METRIC, "incubated-firms", "university-adjacent-firms"):
        path = f"/api/v1/statistics/{code}/?valid_on={DAY}&group_by=district"
        assert answer(path) == with_list(path), path
        works[code] = lambda path=path: answer(path)
        works[f"{code}, by the list"] = lambda path=path: with_list(path)
    costs = in_turns(works, rounds)
    for code in list(works)[::2]:
        reaches.append(Reach(f"{code} by the list, to the ledger", costs[f"{code}, by the list"], costs[code]))
    return Table("The whole answer by district", lines(costs, METRIC), reaches)


def series(rounds: int) -> list[Table]:
    from companies.statistics import ledger

    ends = month_ends(DAY, MONTHS)
    sample = ends[:: MONTHS // ASKED_PLAINLY]
    works: dict[str, Callable[[], Any]] = {
        "ledger": lambda: {day: found[()] for day, found in ledger.series(METRIC, ends).items()},
        "ledger, by district": lambda: ledger.series(METRIC, ends, by=("district",)),
        f"plain ORM, {ASKED_PLAINLY} of the months": lambda: {day: plain_total(day) for day in sample},
    }
    ours, _, plain = (work() for work in works.values())
    assert plain == {day: ours[day] for day in sample}
    found = in_turns(works, rounds)
    costs = {"ledger": of_database(found["ledger"]), "ledger, by district": of_database(found["ledger, by district"])}
    costs["plain ORM"] = of_database(found[list(works)[-1]], MONTHS // ASKED_PLAINLY)
    reaches = [
        Reach("plain ORM, to the ledger", costs["plain ORM"], costs["ledger"], at_least=1000),
        Bound("in total, database", [1e3 * one.database for one in costs["ledger"]], "ms", 2),
    ]
    return [Table(f"{MONTHS} month ends (plain: {ASKED_PLAINLY} of them, scaled)", lines(costs, "ledger"), reaches)]


def writes(rounds: int) -> list[Table]:
    """A certificate and its commit, with and without the ledger's trigger; all are deleted again at the end."""
    from django.db import connection

    from companies.models import Certification, CertificationKind, Company

    kind = CertificationKind.objects.get(code="high_tech")
    written = Certification.objects.filter(number__startswith="BENCH-")
    firms = enumerate(Company.objects.filter(is_published=True).order_by("uscc").values_list("pk", flat=True)[:4000])

    def write() -> None:
        number, firm = next(firms)
        days = {"issued_on": datetime.date(2026, 11, 1), "valid_until": datetime.date(2029, 11, 1)}
        Certification.objects.create(company_id=firm, kind=kind, number=f"BENCH-{number}", **days)

    def switch(how: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE registry_changeset {how} TRIGGER ledger_note")

    found: dict[str, list[Any]] = {"plain": [], "with the ledger": []}
    try:
        switch("ENABLE")
        written.delete()  # what a run that was broken off has left
        for _round in range(rounds):
            for how, label in (("DISABLE", "plain"), ("ENABLE", "with the ledger")):
                switch(how)
                write()  # plans are made again after the switch
                found[label].append(cost(write, 40))
    finally:
        switch("ENABLE")
        written.delete()
    costs = {label: of_database(each) for label, each in found.items()}
    reach = Reach("with the ledger, to plain", costs["with the ledger"], costs["plain"], at_most=3)
    return [Table("One certificate, a commit of its own", lines(costs, "plain"), [reach])]


def past(rounds: int) -> list[Table]:
    """Filtered pages of 100 firms, as known before the last change and now."""
    from registry.history import last_recorded_at

    moment = last_recorded_at()
    assert moment is not None
    known_at = moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    told: list[Line] = []
    reaches = []
    for asked in PAST:
        path = f"/api/v1/companies/?valid_on={DAY}" + (f"&{asked}" if asked else "")
        path += "" if "limit" in asked else "&limit=100"
        works = {"now": lambda path=path: answer(path), "then": lambda path=path: answer(f"{path}&known_at={known_at}")}
        costs = in_turns(works, rounds)
        told += [Line(asked or "all", costs["then"], costs["now"])]
        reaches.append(Reach(asked or "all", costs["then"], costs["now"], at_most=5))
    return [Table("A page as known at the last change, to the present one", told, reaches)]


@cache
def client() -> Any:
    """One: each loads all middleware anew."""
    from django.test import Client

    return Client()


def answer(path: str) -> Any:
    response = client().get(path, secure=True)
    assert response.status_code == 200, (path, response.content)
    return response.content


def same_answer(works: dict[str, Callable[[], Any]]) -> None:
    found = {label: work() for label, work in works.items()}
    first = next(iter(found.values()))
    for label, each in found.items():
        if each != first:
            raise SystemExit(f"bench: {label} answers differently.")


def main() -> None:
    parts = {
        "figures": figures,
        "series": series,
        "tenfold": tenfold.measure,
        "writes": writes,
        "past": past,
        "duckdb": columns.measure,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firms", type=int, nargs="?", default=500_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=tuple(parts), default=tuple(parts))
    options = parser.parse_args()
    os.environ.update(LOG_LEVEL="ERROR", PUBLIC_REQUESTS_A_MINUTE="100000000", ALLOWED_HOSTS="testserver,localhost")
    with database.stopped_afterwards():
        url = size.ready(options.firms)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        print(f"{options.firms:,} firms; {telling.machine(url)}")
        for name in options.only:
            for table in parts[name](options.rounds):
                table.print()


if __name__ == "__main__":
    main()
