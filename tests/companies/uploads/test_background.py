"""Long lists: judged and written by a worker, with news for the page, and nothing left behind where it is killed."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from companies.models import Company, Upload, Work
from companies.uploads import working
from companies.uploads.stages import WORKING_ON, Stage, stage_of
from registry.models import User
from tests.companies.imports.lists import as_table, digest, good_row
from tests.companies.uploads.pages import (
    REASON,
    file_of,
    logged_in,
    proposed,
    registrar,
    step,
    uploaded,
    verdicts,
)

CHECKOUT = Path(__file__).resolve().parents[3]
ENOUGH_SECONDS = 60
NAME = "重庆山城{}号精密机械有限公司"


@pytest.fixture
def user(committed_db: str) -> User:
    return registrar()


@pytest.fixture
def client(user: User) -> Client:
    return logged_in(user)


@pytest.fixture
def long_from_10(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS_DONE_AT_ONCE", 9)


Worker = subprocess.Popen[bytes]


@pytest.fixture
def worker(committed_db: str) -> Iterator[Callable[[], Worker]]:
    """Starts `manage.py db_worker` on the database of this test; it ends when nothing is left to do."""
    begun: list[Worker] = []

    def start() -> Worker:
        host = connection.settings_dict
        address = (
            f"postgresql://{host['USER']}:{host['PASSWORD']}@/{committed_db}?host={host['HOST']}&port={host['PORT']}"
        )
        environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay", "--verbosity", "0"]
        begun.append(subprocess.Popen(command, cwd=CHECKOUT, env=environment))
        return begun[-1]

    yield start
    for one in begun:
        one.kill()
        one.wait()


def news(client: Client, upload: Upload) -> dict[str, object]:
    found: dict[str, object] = client.get(f"/admin/uploads/{upload.pk}/progress/").json()
    return found


def test_a_long_list_waits_for_a_worker_which_judges_and_writes_it(
    client: Client, long_from_10: None, worker: Callable[[], Worker]
) -> None:
    upload = uploaded(client, file_of(as_table([good_row(place) for place in range(1, 13)])))
    page = step(client, upload, "columns", proposed(upload)).content.decode()
    assert stage_of(upload) is Stage.WAITING
    assert f'data-progress="/admin/uploads/{upload.pk}/progress/"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert news(client, upload)["sentence"] == "Waiting for a worker. You can close this page and come back."
    before = digest()
    assert worker().wait(ENOUGH_SECONDS) == 0
    assert stage_of(upload) is Stage.PLANNED
    assert set(verdicts(upload).values()) == {"new"}
    assert digest() == before

    step(client, upload, "commit", {"reason": REASON})
    assert stage_of(upload) is Stage.WAITING
    assert worker().wait(ENOUGH_SECONDS) == 0
    upload.refresh_from_db()
    assert stage_of(upload) is Stage.COMMITTED
    assert upload.committed is not None
    assert upload.committed.reason == f"upload 名单.xlsx: {REASON}"
    assert upload.committed.actor == upload.user

    step(client, upload, "undo", {"reason": "the wrong list"})
    assert worker().wait(ENOUGH_SECONDS) == 0
    assert stage_of(upload) is Stage.UNDONE
    assert not Company.objects.filter(uscc__in=upload.rows.values("code")).exists()
    assert {result.status for result in DBTaskResult.objects.all()} == {"SUCCESSFUL"}


def test_a_worker_killed_in_the_middle_of_writing_leaves_nothing_and_the_page_says_so(
    client: Client, long_from_10: None, worker: Callable[[], Worker]
) -> None:
    upload = uploaded(client, file_of(as_table([good_row(place) for place in range(1, 1_201)])))
    step(client, upload, "columns", proposed(upload))
    assert worker().wait(ENOUGH_SECONDS) == 0
    before = digest()
    step(client, upload, "commit", {"reason": REASON})
    running = worker()
    _wait_until(lambda: _is_writing(upload), running)
    assert news(client, upload)["stage"] == "working"
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    _wait_until(lambda: stage_of(upload) is not Stage.WORKING)  # the server notices the closed connection
    assert stage_of(upload) is Stage.STOPPED
    page = client.get(f"/admin/uploads/{upload.pk}/").content.decode()
    assert "The worker was stopped in the middle. Nothing was written." in page
    assert digest() == before
    assert upload.committed_at is None

    step(client, upload, "again")
    assert worker().wait(ENOUGH_SECONDS) == 0
    assert stage_of(upload) is Stage.COMMITTED
    assert Company.objects.filter(uscc__in=upload.rows.values("code")).count() == 1_200


def _is_writing(upload: Upload) -> bool:
    upload.refresh_from_db()
    return upload.work == Work.COMMIT and upload.work_done > 0


def _wait_until(is_so: Callable[[], bool], worker: Worker | None = None) -> None:
    """Asks the database again and again: each question takes its time. Fails when the worker ends before."""
    for _turn in range(20_000):
        if is_so():
            return
        assert worker is None or worker.poll() is None, "the worker has ended"
    pytest.fail("it never came to be so")


def test_two_pieces_of_work_on_one_upload_are_refused(client: Client, long_from_10: None, user: User) -> None:
    upload = uploaded(client, file_of(as_table([good_row(place) for place in range(1, 13)])))
    step(client, upload, "columns", proposed(upload))
    with pytest.raises(working.Busy):
        working.ask(upload, Work.PLAN, user)
    assert DBTaskResult.objects.count() == 1


def test_a_file_that_can_no_longer_be_read_says_why(client: Client, long_from_10: None) -> None:
    upload = uploaded(client, file_of(as_table([good_row(place) for place in range(1, 13)])))
    step(client, upload, "columns", proposed(upload))
    Upload.objects.update(content=b"%PDF")
    working.do_work.call(upload.pk)
    upload.refresh_from_db()
    assert "holds PDF" in upload.failure
    assert upload.work_ended_at is not None
    assert stage_of(upload) is Stage.COLUMNS
    assert "holds PDF" in client.get(f"/admin/uploads/{upload.pk}/").content.decode()


def test_what_nobody_takes_up_says_that_no_worker_seems_to_run(client: Client, long_from_10: None) -> None:
    upload = uploaded(client, file_of(as_table([good_row(place) for place in range(1, 13)])))
    step(client, upload, "columns", proposed(upload))
    assert str(news(client, upload)["sentence"]).startswith("Waiting for a worker.")
    Upload.objects.update(work_asked_at=timezone.now() - datetime.timedelta(seconds=31))
    assert str(news(client, upload)["sentence"]).startswith("No worker has begun with it: none seems to be running.")
    with connection.copy().cursor() as another:  # a worker that is busy with another upload
        another.execute("SELECT pg_advisory_lock(%s, 0)", [WORKING_ON])
        assert str(news(client, upload)["sentence"]).startswith("Waiting for a worker.")
        another.connection.close()
