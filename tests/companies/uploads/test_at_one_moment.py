"""Several who send the same at one moment, each from a thread and a connection of its own."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from companies.models import Company, Upload
from companies.uploads import requests, working
from companies.uploads.stages import Stage, stage_of, work_on
from tests.companies.imports.lists import as_table, good_row
from tests.companies.uploads.pages import REASON, file_of, judged, logged_in, proposed, registrar, step, uploaded
from tests.samples import uscc

SENT = 6
AT_MOST_SECONDS = 30
BUSY = "Somebody works on this upload right now; wait until it is done."

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(upload: Upload, name: str, sent: dict[str, Any]) -> list[str]:
    """What each of six is told."""
    clients, told = [logged_in(upload.user) for _one in range(SENT)], []
    meeting = threading.Barrier(SENT)

    def send(client: Any) -> None:
        meeting.wait()
        try:
            client.post(f"/admin/uploads/{upload.pk}/{name}/", sent)
            page = client.get(f"/admin/uploads/{upload.pk}/")
            told.append(" ".join(map(str, page.context["messages"])))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(AT_MOST_SECONDS)
    upload.refresh_from_db()
    return told


def first_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is first to have seen what the upload's stage is goes on when the others are done."""
    arrived, reason = threading.Lock(), requests.reason

    def waiting(sent: Any) -> str:
        if arrived.acquire(blocking=False):
            me = threading.current_thread()
            for other in threading.enumerate():
                if other not in (me, threading.main_thread()) and not other.daemon:
                    other.join(AT_MOST_SECONDS)
        return reason(sent)

    monkeypatch.setattr(requests, "reason", waiting)


def test_of_six_who_write_one_upload_one_writes_it_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = logged_in(registrar())
    upload = judged(client, file_of(as_table([good_row(place) for place in range(1, 41)])))
    first_waits(monkeypatch)
    told = at_once(upload, "commit", {"reason": REASON})
    assert sorted(told) == ["", *[BUSY] * (SENT - 1)]
    assert stage_of(upload) is Stage.COMMITTED
    assert upload.committed is not None
    assert upload.failure == ""
    assert Company.objects.filter(uscc__in=[uscc(place) for place in range(1, 41)]).count() == 40
    step(client, upload, "undo", {"reason": "the wrong list"})
    assert stage_of(upload) is Stage.UNDONE
    assert not Company.objects.filter(uscc__in=[uscc(place) for place in range(1, 41)]).exists()


def test_of_six_who_undo_one_upload_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    client = logged_in(registrar())
    upload = judged(client, file_of(as_table([good_row(1)])))
    step(client, upload, "commit", {"reason": REASON})
    assert stage_of(upload) is Stage.COMMITTED
    first_waits(monkeypatch)
    assert sorted(at_once(upload, "undo", {"reason": "the wrong list"})) == ["", *[BUSY] * (SENT - 1)]
    assert upload.undone is not None
    assert upload.failure == ""


def test_of_six_who_ask_for_long_work_one_gives_it_to_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS_DONE_AT_ONCE", 1)
    upload = uploaded(logged_in(registrar()), file_of(as_table([good_row(1), good_row(2)])))
    at_once(upload, "columns", proposed(upload))
    assert stage_of(upload) is Stage.WAITING
    assert DBTaskResult.objects.count() == 1


def test_a_worker_waits_for_a_page_that_holds_the_upload_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its task is taken once: what it left would wait for good."""
    monkeypatch.setattr(working, "ROWS_DONE_AT_ONCE", 1)
    client = logged_in(registrar())
    upload = uploaded(client, file_of(as_table([good_row(1), good_row(2)])))
    step(client, upload, "columns", proposed(upload))

    def work() -> None:
        try:
            working.do_work.call(upload.pk)
        finally:
            connection.close()

    with transaction.atomic():
        assert work_on(upload.pk)
        worker = threading.Thread(target=work)
        worker.start()
        worker.join(1)
    worker.join(AT_MOST_SECONDS)
    assert stage_of(upload) is Stage.PLANNED
