"""Mirrors against writers: every replay ends identical to a fresh dump, while eight processes write at random.

    python -m tests.feed.rounds          # 50 rounds, some four minutes
    python -m tests.feed.rounds 5

The writers hold transactions open, roll some back, commit out of the order in which they began, unpublish and delete;
another database of the cluster is kept busy by long transactions. Beside it runs the control: numbers taken from a
plain sequence when a row is written, of which a reader that goes on from the highest number it saw must lose some.
"""

import contextlib
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import psycopg.conninfo

from tests import cluster
from tests.contract.served import served

WRITERS = 8
PLAIN = """
CREATE TABLE plain_feed (seq bigserial PRIMARY KEY, entry_id bigint NOT NULL);
CREATE FUNCTION plain_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO plain_feed (entry_id) VALUES (COALESCE(NEW.id, OLD.id)); RETURN NULL; END $$;
CREATE TRIGGER plain_note AFTER INSERT OR UPDATE OR DELETE ON companies_company
    FOR EACH ROW EXECUTE FUNCTION plain_note();
"""


def set_up() -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        DATABASE_URL=cluster.url(),
        SECRET_KEY="only-for-tests-" + "0123456789abcdef" * 3,
        ALLOWED_HOSTS="testserver,127.0.0.1",
        LOG_LEVEL="ERROR",
    )
    import django

    django.setup()


def write(seed: int, stop: Any, counts: Any) -> None:
    """Random transactions until told to stop."""
    set_up()
    from django.db import DatabaseError, transaction

    chance = random.Random(seed)
    while not stop.is_set():
        with contextlib.suppress(DatabaseError, LookupError, TakenBack):
            with transaction.atomic():
                for _act in range(chance.choice((1, 1, 2, 5))):
                    chance.choice(ACTS)(chance, seed)
                    if chance.random() < 0.3:
                        time.sleep(chance.random() * 0.2)  # held open while others commit
                if chance.random() < 0.2:
                    raise TakenBack
            with counts.get_lock():
                counts.value += 1


class TakenBack(Exception):
    pass


def one_of(model: Any, chance: random.Random) -> Any:
    """Some row; LookupError where there is none."""
    last = model.objects.order_by("-id").values_list("id", flat=True).first() or 0
    found = model.objects.filter(id__gte=chance.randint(0, last)).order_by("id").first()
    if found is None:
        raise LookupError
    return found


def enter(chance: random.Random, seed: int) -> None:
    from companies.models import Certification, Company, CompanyName, Seat
    from registry.credit_code import complete

    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    code = complete("91500112", "M" + "".join(chance.choice(alphabet) for _place in range(7)))
    firm = Company.objects.create(uscc=code, is_published=chance.random() < 0.8)
    CompanyName.objects.create(company=firm, name_zh=f"重庆{code}公司", valid_from="2020-01-01")
    Seat.objects.create(company=firm, district_id=1 + chance.randrange(38), valid_from="2020-01-01")
    Certification.objects.create(company=firm, kind_id=1 + chance.randrange(3), issued_on="2024-01-01")


def publish(chance: random.Random, seed: int) -> None:
    from companies.models import Company

    firm = one_of(Company, chance)
    Company.objects.filter(pk=firm.pk).update(is_published=not firm.is_published)


def change(chance: random.Random, seed: int) -> None:
    from companies.models import Company

    firm = one_of(Company, chance)
    Company.objects.filter(pk=firm.pk).update(website=f"https://{chance.randrange(10**6)}.example", internal_notes="x")


def finance(chance: random.Random, seed: int) -> None:
    from companies.models import Company, Financing, FinancingParty
    from registry.models import Partner

    words = ("confidential", "partners", "published")
    if chance.random() < 0.5:
        made = Financing.objects.create(
            company=one_of(Company, chance), instrument_id=1, agreed_on="2026-01-01", agreed_amount=5,
            confidentiality=chance.choice(words),
        )  # fmt: skip
        FinancingParty.objects.create(financing=made, partner=one_of(Partner, chance), role="lender")
    else:
        row = one_of(Financing, chance)
        Financing.objects.filter(pk=row.pk).update(confidentiality=chance.choice(words))


def report(chance: random.Random, seed: int) -> None:
    from companies.models import AnnualReport, Company

    firm = one_of(Company, chance)
    AnnualReport.objects.update_or_create(
        company=firm, year=2020 + chance.randrange(5), defaults={"jobs": chance.randrange(99)}
    )


def delete(chance: random.Random, seed: int) -> None:
    from companies.models import Certification, Financing, Seat

    one_of(chance.choice((Certification, Seat, Financing)), chance).delete()


ACTS: tuple[Callable[[random.Random, int], None], ...] = (
    enter, enter, publish, publish, change, change, finance, finance, report, delete,
)  # fmt: skip


def keep_busy(url: str, stop: Any) -> None:
    """Long transactions in another database of the cluster: they hold back what a transaction's id would promise."""
    with psycopg.connect(url) as other:
        other.execute("CREATE TABLE IF NOT EXISTS busy (id bigserial, told text)")
        other.commit()
        while not stop.is_set():
            other.execute("INSERT INTO busy (told) SELECT 'x' FROM generate_series(1, 50)")
            time.sleep(1)
            other.commit()


def follow_plainly(url: str, stop: Any, missed: Any) -> None:
    """The control: goes on from the highest number seen; at the end counts what it never saw."""
    seen: set[int] = set()
    with psycopg.connect(url, autocommit=True) as reader:
        while not stop.is_set():
            found = reader.execute("SELECT seq FROM plain_feed WHERE seq > %s", [max(seen, default=0)])
            seen |= {seq for (seq,) in found}
            time.sleep(0.05)
        time.sleep(2)
        seen |= {seq for (seq,) in reader.execute("SELECT seq FROM plain_feed WHERE seq > %s", [max(seen, default=0)])}
        every = {seq for (seq,) in reader.execute("SELECT seq FROM plain_feed")}
    missed.value = len(every - seen)


def dump(folder: Path, circle: Any) -> Path:
    """A fresh dump at the last number."""
    from registry.feed.walking import dumped
    from registry.history import last_sequence

    sequence = last_sequence()
    file = folder / f"{circle}-{sequence}.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        lines.write(json.dumps({"sequence": sequence}) + "\n")
        lines.writelines(event.as_json() + "\n" for event in dumped(circle, sequence))
    return file


def settled(one: Any, tries: int = 10) -> int:
    """Synchronises until the mirror proves itself; how often it had to begin again. A firm withdrawn while its walk was
    under way is left out of it at once, so that the digest of the number before cannot fit."""
    for again in range(tries):
        one.sync()
        if not one.differences():
            return again
    raise AssertionError(f"not the same after {tries} walks: {one.differences()}")


def rounds(root: str, count: int, folder: Path, commits: Any) -> None:
    from incubators.keys import make_key
    from registry.feed.types import Circle
    from registry.models import Partner
    from tests.feed.reading import entries, new_mirror

    bank = Partner.objects.create(code="rounds", name_zh="银行", kind="bank")
    keys = {
        Circle.PUBLIC: make_key(label="p", partner=bank, most_requests=1_000_000)[1],
        Circle.PARTNER: make_key(label="q", partner=bank, reads_partner_fields=True, most_requests=1_000_000)[1],
    }
    followers = {circle: new_mirror(key, root=root) for circle, key in keys.items()}
    dumps = {circle: dump(folder, circle) for circle in keys}
    again = 0
    for number in range(count):
        circle = list(keys)[number % 2]
        from_zero, from_dump = (new_mirror(keys[circle], root=root) for _which in range(2))
        from_dump.load(str(dumps[circle]))
        written = commits.value
        while commits.value < written + WRITERS:  # something to bring along
            followers[circle].sync()
        mirrors = [followers[circle], from_zero, from_dump]
        again += sum(settled(one) for one in mirrors)
        # Three states of three numbers, each proved; and brought to one number, the same rows.
        if number % 5 == 4:
            dumps[circle] = dump(folder, circle)
        print(
            f"round {number + 1:2d} {circle:7s} at {from_zero.get('sequence')}: {len(entries(from_zero))} entries",
            flush=True,
        )
    print(f"walks that had to begin again since a firm was withdrawn meanwhile: {again}")


def at_rest(root: str, folder: Path) -> None:
    """When nobody writes any more: from 0, from a dump, and a fresh dump are the same, row by row."""
    from incubators.keys import make_key
    from registry.feed.types import Circle
    from registry.models import Partner
    from tests.feed.reading import entries, new_mirror

    key = make_key(label="z", partner=Partner.objects.get(code="rounds"), reads_partner_fields=True)[1]
    old = sorted(folder.glob("partner-*.jsonl"), key=lambda file: int(file.stem.split("-")[1]))[0]
    mirrors = [new_mirror(key, root=root) for _which in range(3)]
    mirrors[1].load(str(old))
    mirrors[2].load(str(dump(folder, Circle.PARTNER)))
    for one in mirrors:
        one.sync()
        assert one.differences() == {}
    assert entries(mirrors[0]) == entries(mirrors[1]) == entries(mirrors[2])
    print(f"at rest: {len(entries(mirrors[0]))} entries, the same three times")


def main(count: int) -> None:
    with served() as root, tempfile.TemporaryDirectory() as folder:
        set_up()
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(PLAIN)
        with psycopg.connect(cluster.url(), autocommit=True) as server:
            server.execute("CREATE DATABASE beside")
        context = multiprocessing.get_context("spawn")
        stop, commits, missed = context.Event(), context.Value("i", 0), context.Value("i", -1)
        beside = psycopg.conninfo.make_conninfo(cluster.url(), dbname="beside")
        started = [context.Process(target=write, args=(seed, stop, commits)) for seed in range(WRITERS)]
        started += [
            context.Process(target=keep_busy, args=(beside, stop)),
            context.Process(target=follow_plainly, args=(cluster.url(), stop, missed)),
        ]
        for process in started:
            process.start()
        began = time.monotonic()
        try:
            while commits.value < WRITERS:
                time.sleep(0.1)
            rounds(root, count, Path(folder), commits)
        finally:
            stop.set()
            for process in started:
                process.join(60)
        at_rest(root, Path(folder))
        print(f"{commits.value} commits of {WRITERS} writers in {time.monotonic() - began:.0f} s")
        print(f"the control, a plain sequence, missed {missed.value} rows")
        if missed.value <= 0:
            raise SystemExit("The control missed nothing: this run proves nothing.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
