"""What only real commits show: the order of the numbers, and that one transaction leaves the next alone."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from companies.models import Seat
from registry.history import acting, last_recorded_at
from registry.history.tables import tracked_models
from registry.models import ChangeSet, District, Hub, User
from tests.samples import DAY, change, sample, saved

pytestmark = pytest.mark.usefixtures("committed_db")

Server = psycopg.Connection[Any]
INSERT_HUB = (
    "INSERT INTO registry_hub (code, name_zh, name_en, name_it, mark, source, version)"
    " VALUES (%s, 'x', '', '', 'U', '', 1)"
)
SEQUENCE_OF_HUB = (
    "SELECT c.sequence, c.recorded_at FROM registry_changeset c JOIN history.registry_hub h ON h.changeset_id = c.id"
    " WHERE h.code = %s"
)


@contextmanager
def another_client() -> Iterator[Server]:
    """A second program at the same database."""
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"],
        autocommit=True,
    ) as client:
        # Fails instead of hanging where a lock is held that should not be.
        client.execute("SET lock_timeout = '10s'")
        yield client


def number_of_hub(client: Server, code: str) -> Any:
    return client.execute(SEQUENCE_OF_HUB, [code]).fetchone()


def waits_for_lock(observer: Server, client: Server) -> bool:
    question = "SELECT cardinality(pg_blocking_pids(%s)) > 0"
    return bool(observer.execute(question, [client.info.backend_pid]).fetchone() == (True,))


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    pause, tries = threading.Event(), int(seconds / 0.01)
    for _ in range(tries):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError(f"did not happen within {seconds} s")


def open_version(table: str, pk: int) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.actor_id, c.request_id, c.reason, c.recorded_at = lower(h.recorded),"
            " to_jsonb(b) = to_jsonb(h) - 'recorded' - 'changeset_id' - 'closed_by'"
            f" FROM history.{table} h JOIN registry_changeset c ON c.id = h.changeset_id"
            f" LEFT JOIN {table} b ON b.id = h.id WHERE h.id = %s AND upper_inf(h.recorded)",
            [pk],
        )
        found = cursor.fetchone()
        return tuple(found) if found else None


def test_a_commit_writes_the_versions_of_every_model() -> None:
    clerk = User.objects.create(username="clerk")
    for model in tracked_models():
        with acting(clerk, request_id=model.__name__, reason="entered"):
            entry = saved(model)
        expected = (clerk.pk, model.__name__, "entered", True, True)
        assert (model, open_version(model._meta.db_table, entry.pk)) == (model, expected)
    assert ChangeSet.objects.filter(sequence=None).count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM history.pending")
        assert cursor.fetchone() == (0,)


def test_who_writes_does_not_leak_into_the_next_transaction() -> None:
    clerk = User.objects.create(username="clerk")
    with acting(clerk, request_id="r-1", reason="entered"):
        first = saved(Hub)
    second = saved(Hub)
    with transaction.atomic():
        third = saved(Hub)
    table = Hub._meta.db_table
    assert open_version(table, first.pk) == (clerk.pk, "r-1", "entered", True, True)
    assert open_version(table, second.pk) == (None, "", "", True, True)
    assert open_version(table, third.pk) == (None, "", "", True, True)


def test_without_a_user_the_database_role_is_kept() -> None:
    hub = saved(Hub)
    change_set = ChangeSet.objects.latest("sequence")
    assert open_version(Hub._meta.db_table, hub.pk) is not None
    assert (change_set.actor, change_set.database_role) == (None, connection.settings_dict["USER"])


def all_numbers() -> set[int]:
    return {number for number in ChangeSet.objects.values_list("sequence", flat=True) if number is not None}


def test_a_transaction_that_rolls_back_leaves_neither_version_nor_number() -> None:
    before = saved(Hub)
    clock, numbers = last_recorded_at(), all_numbers()
    name, value = change(Hub)
    with pytest.raises(RuntimeError), acting(reason="given up"):
        Hub.objects.filter(pk=before.pk).update(**{name: value})
        lost = saved(Hub)
        raise RuntimeError
    assert open_version(Hub._meta.db_table, lost.pk) is None
    assert open_version(Hub._meta.db_table, before.pk) is not None
    assert (last_recorded_at(), all_numbers()) == (clock, numbers)
    saved(Hub)
    assert all_numbers() == numbers | {max(numbers) + 1}


def test_whoever_begins_first_and_commits_last_is_recorded_later() -> None:
    with another_client() as early, another_client() as late:
        early.execute("BEGIN")
        early.execute(INSERT_HUB, ["begun-first"])
        late.execute(INSERT_HUB, ["committed-first"])
        early.execute("COMMIT")
        begun_first, committed_first = (number_of_hub(late, code) for code in ("begun-first", "committed-first"))
    assert begun_first > committed_first  # both number and moment
    assert begun_first[1] > committed_first[1]


def test_no_number_is_seen_before_the_one_below_it() -> None:
    with another_client() as first, another_client() as second, another_client() as reader:
        first.execute("BEGIN")
        first.execute(INSERT_HUB, ["first"])
        first.execute("SET CONSTRAINTS ALL IMMEDIATE")  # numbered, and not yet committed
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(second.execute, INSERT_HUB, ["second"])
            until(lambda: waits_for_lock(reader, second))
            assert (number_of_hub(reader, "first"), number_of_hub(reader, "second")) == (None, None)
            first.execute("COMMIT")
            waiting.result(10)
        numbers = [number_of_hub(reader, code)[0] for code in ("first", "second")]
    assert numbers[1] == numbers[0] + 1


def test_a_reader_beside_busy_writers_never_sees_a_gap() -> None:
    def write(writer: int) -> None:
        with another_client() as client:
            for number in range(40):
                client.execute(INSERT_HUB, [f"busy-{writer}-{number}"])

    saved(Hub)
    gaps, seen = [], 0
    question = (
        "SELECT count(*), max(sequence) - min(sequence) + 1, max(sequence) = max(sequence) FILTER"
        " (WHERE recorded_at = (SELECT max(recorded_at) FROM registry_changeset)) FROM registry_changeset"
    )
    with another_client() as reader, ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, writer) for writer in range(4)]
        while not all(writer.done() for writer in writers):
            rows, numbers, last_is_latest = reader.execute(question).fetchone() or (0, 0, False)
            seen = max(seen, rows)
            if rows != numbers or not last_is_latest:
                gaps.append((rows, numbers, last_is_latest))
        for writer in writers:
            writer.result()
    assert gaps == []
    assert seen > 1


def test_who_waits_for_another_in_a_deferred_check_does_not_hold_up_the_rest() -> None:
    """The clock is taken last. Taken earlier, the one who waits for `remover` would stop it, and everybody."""
    district = saved(District)
    seat = sample(Seat, district=district)
    columns = [field for field in Seat._meta.concrete_fields if not field.primary_key]
    insert = "INSERT INTO companies_seat ({}) VALUES ({})".format(
        ", ".join(str(field.column) for field in columns), ", ".join(["%s"] * len(columns))
    )
    connections.close_all()
    with another_client() as remover, another_client() as child, another_client() as bystander:
        remover.execute("BEGIN")
        remover.execute("DELETE FROM registry_district WHERE id = %s", [district.pk])
        with ThreadPoolExecutor(1) as pool:
            child.execute("BEGIN")
            child.execute(INSERT_HUB, ["child"])  # opens the change-set before the check is queued
            child.execute(insert, [getattr(seat, field.attname) for field in columns])
            waiting = pool.submit(child.execute, "COMMIT")
            until(lambda: waits_for_lock(bystander, child))
            bystander.execute("SET lock_timeout = '1s'")
            bystander.execute(INSERT_HUB, ["bystander"])
            remover.execute("COMMIT")
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                waiting.result(10)
    assert not Seat.objects.filter(valid_from=DAY, district_id=district.pk).exists()
