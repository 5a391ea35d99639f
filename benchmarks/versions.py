"""What versions cost in writing, and what looking back through the `known` views costs in reading.

    python -m benchmarks.versions [--firms 20000] [--rounds 5] [--seconds 2]

Runs on a throw-away cluster with the durable settings (every commit is flushed), removed at the end. Each ratio
comes from one interleaved run: the ways take turns. Read the ratios, not the milliseconds.
"""

import argparse
import datetime
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg

from config.binaries import current_account
from config.embedded import DURABLE, Cluster
from config.folders import make_home

DAY = datetime.date(2025, 6, 30)
# Tables beside the tracked ones that a writer changes in the same way.
PLAIN, EVENTS = "bench_plain", "bench_events"

# The same change without versions, and with the rows of an event table (one insert per row, at its statement's time).
OTHER_WAYS = f"""
CREATE TABLE {PLAIN} (LIKE companies_company INCLUDING ALL);
INSERT INTO {PLAIN} SELECT * FROM companies_company;
CREATE TABLE {EVENTS} (LIKE companies_company INCLUDING ALL);
INSERT INTO {EVENTS} SELECT * FROM companies_company;
CREATE TABLE bench_event_rows (event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, created_at timestamptz,
    context uuid, LIKE companies_company);
CREATE INDEX ON bench_event_rows (id);
CREATE FUNCTION bench_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bench_event_rows OVERRIDING USER VALUE SELECT 0, now(), NULL, NEW.*;
    RETURN NULL;
END $$;
CREATE TRIGGER bench_event AFTER UPDATE ON {EVENTS} FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION bench_event();
"""


@contextmanager
def throw_away_register() -> Iterator[str]:
    """Django on a migrated database of its own; gives the address for further clients."""
    folder = Path(tempfile.mkdtemp(prefix="register-benchmark-", dir="/tmp"))
    folder.chmod(0o711)
    make_home(folder, current_account())
    cluster = Cluster(folder, current_account(), DURABLE)
    try:
        cluster.find_or_start()
        address = cluster.address()
        where = urlencode({"host": address.host, "port": address.port})
        url = f"postgresql://{address.user}:{quote(address.password)}@/{address.name}?{where}"
        os.environ.update(
            DATABASE_URL=url,
            SECRET_KEY="only-for-benchmarks-" + "0123456789abcdef" * 3,
            ALLOWED_HOSTS="localhost",
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield url
    finally:
        cluster.stop()
        shutil.rmtree(cluster.socket_folder, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def run(statement: str, *parameters: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


def fill(firms: int) -> None:
    """Each firm with a name, a seat in one of 40 districts and a certificate; three facts beside the firm."""
    from companies.models import Certification, CertificationKind, Company, CompanyName, Seat
    from registry.credit_code import complete
    from registry.models import District, Zone

    zone = Zone.objects.create(code="bench", name_zh="测试")
    districts = [District.objects.create(code=f"bench-{i}", name_zh=f"区{i}", zone=zone) for i in range(40)]
    kind = CertificationKind.objects.create(code="bench", name_zh="测试")
    companies = Company.objects.bulk_create(
        [Company(uscc=complete("91500112", f"M{i:07d}")) for i in range(firms)], batch_size=5000
    )
    start, end = datetime.date(2023, 1, 1), datetime.date(2026, 1, 1)
    names = [CompanyName(company=c, name_zh=f"重庆{c.pk}科技有限公司", valid_from=start) for c in companies]
    for name in names:
        name.set_keys()
    facts: list[tuple[Any, list[Any]]] = [
        (CompanyName, names),
        (Seat, [Seat(company=c, district=districts[c.pk % 40], valid_from=start) for c in companies]),
        (
            Certification,
            [Certification(company=c, kind=kind, issued_on=start, valid_until=end) for c in companies if c.pk % 2],
        ),
    ]
    for model, rows in facts:
        model.objects.bulk_create(rows, batch_size=5000)


def second_versions() -> None:
    """Every firm and fact changes once."""
    run("UPDATE companies_company SET website = 'https://second.example'")
    run("UPDATE companies_companyname SET name_en = 'second'")
    run("UPDATE companies_seat SET district_id = (SELECT min(id) FROM registry_district) + mod(company_id + 1, 40)")
    run("UPDATE companies_certification SET issuer = 'second'")
    run("VACUUM ANALYZE")


def page() -> list[Any]:
    """A page of 100 firms in the middle of the list, with their relations."""
    from companies.models import Company

    middle = complete_code(9_000)
    firms = Company.objects.filter(uscc__gt=middle).order_by("uscc", "id")
    facts = firms.prefetch_related("names", "seats__district", "certifications__kind")[:100]
    return [
        (
            firm.website,
            [n.name_en for n in firm.names.all()],
            [s.district.code for s in firm.seats.all()],
            [c.issuer for c in firm.certifications.all()],
        )
        for firm in facts
    ]


def complete_code(number: int) -> str:
    from registry.credit_code import complete

    return complete("91500112", f"M{number:07d}")


def by_district() -> list[Any]:
    """Seated firms with a valid certificate, by district."""
    from django.db.models import Count

    from companies.models import CertificationKind, Company, Seat

    certified = Company.objects.existing(DAY).certified(CertificationKind.objects.get(code="bench"), DAY)
    seats = Seat.objects.on(DAY).filter(company__in=certified)
    return list(seats.values_list("district__code").annotate(firms=Count("company")).order_by("district__code"))


def milliseconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def reading(rounds: int, before: datetime.datetime, after: datetime.datetime) -> None:
    print("\nReading, milliseconds (median), and as a multiple of the present")
    print(f"{'work':34}{'present':>9}{'known now':>16}{'known before':>16}")
    for label, work in (("page of 100", page), ("by district", by_district)):
        present, now, then = interleaved(work, rounds, [None, after, before])
        print(f"{label:34}{present:9.1f}{now:9.1f} {now / present:4.1f} x{then:9.1f} {then / present:4.1f} x")


def interleaved(work: Callable[[], Any], rounds: int, moments: list[datetime.datetime | None]) -> list[float]:
    from registry.history.known import as_known

    taken: list[list[float]] = [[] for _ in moments]
    for turn in range(rounds + 1):
        for times, moment in zip(taken, moments, strict=True):
            with as_known(moment):
                spent = milliseconds(work)
            if turn:  # the first warms up
                times.append(spent)
    return [statistics.median(times) for times in taken]


def check_looking_back(before: datetime.datetime, after: datetime.datetime) -> None:
    """The views answer as the tables do, and as they did."""
    from registry.history.known import as_known

    answers = {}
    for name, moment in {"present": None, "after": after, "before": before}.items():
        with as_known(moment):
            answers[name] = (page(), by_district())
    assert answers["present"] == answers["after"], "looking at the last moment differs from the present"
    assert answers["before"] != answers["after"], "looking back sees what came later"
    assert all(website == "" for website, *_ in answers["before"][0])


def writing(url: str, firms: int, rounds: int, seconds: float) -> None:
    ways = {"plain": PLAIN, "events by row": EVENTS, "versions": "companies_company"}
    print("\nWriting: times slower than the same change without versions")
    print(f"{'work':34}" + "".join(f"{name:>24}" for name in ways))
    report(f"UPDATE of {firms:,} rows (rows/s)", ways, rounds, lambda table: firms / bulk_update(table))
    for writers in (1, 2, 8):
        rate = partial(commits_per_second, url, writers, firms, seconds / len(ways))
        report(f"{writers} writer(s), 1 row (commits/s)", ways, rounds, rate)


def report(label: str, ways: dict[str, str], rounds: int, rate: Callable[[str], float]) -> None:
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, table in ways.items():
            rates[name].append(rate(table))
    median = {name: statistics.median(found) for name, found in rates.items()}
    print(f"{label:34}" + "".join(f"{median[n]:15,.0f} {median['plain'] / median[n]:5.1f} x " for n in ways))


def bulk_update(table: str) -> float:
    """Seconds for one statement over all rows, its commit included."""
    return (
        milliseconds(lambda: run(f"UPDATE {table} SET website = 'https://' || {time.time_ns()} || '.example'")) / 1000
    )


def commits_per_second(url: str, writers: int, firms: int, seconds: float, table: str) -> float:
    statement = f"UPDATE {table} SET website = %s WHERE id = %s"

    def write(first: int) -> int:
        done = 0
        with psycopg.connect(url, autocommit=True) as client:
            (low,) = client.execute(f"SELECT min(id) FROM {table}").fetchone() or (0,)
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                client.execute(statement, [f"https://{time.time_ns()}.example", low + (first + done * writers) % firms])
                done += 1
        return done

    with ThreadPoolExecutor(writers) as pool:
        return sum(pool.map(write, range(writers))) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each measurement of writers")
    options = parser.parse_args()
    with throw_away_register() as url:
        from registry.history import last_recorded_at

        fill(options.firms)
        before = last_recorded_at()
        second_versions()
        run(OTHER_WAYS)
        after = last_recorded_at()
        assert before is not None and after is not None
        check_looking_back(before, after)
        reading(options.rounds, before, after)
        writing(url, options.firms, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
