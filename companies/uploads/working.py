"""Work on an upload, at once for a short list, in the background for a long one."""

from __future__ import annotations

import logging
import time

from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_tasks import task

from companies.imports.progress import untold
from companies.models import Upload, Work
from companies.uploads.judging import perform
from companies.uploads.stages import Stage, stage_of, wait_for, work_on
from registry.models import User
from registry.sheets.errors import SheetError

ROWS_DONE_AT_ONCE = 2_000
SECONDS_BETWEEN_NEWS = 0.3

logger = logging.getLogger(__name__)


POSSIBLE = {
    Work.PLAN: {Stage.COLUMNS, Stage.PLANNED, Stage.STOPPED},
    Work.COMMIT: {Stage.PLANNED, Stage.STOPPED},
    Work.UNDO: {Stage.COMMITTED, Stage.STOPPED},
}
"""From which stages each work may begin. Work that was stopped begins once more."""


class Busy(Exception):
    """Another piece of work on the same upload has not ended, or has ended a moment ago so that this one is void."""


def ask(upload: Upload, work: Work, user: User, reason: str = "") -> None:
    """Does the work before it returns, or has a worker do it. Raises Busy; SheetError for a file no longer readable.

    The upload's lock is held from here to the commit, also while the work is only asked for; a caller whose decision
    rests on the upload takes it before it reads the upload.
    """
    if not work_on(upload.pk) or stage_of(upload) not in POSSIBLE[work]:
        raise Busy
    upload.work, upload.work_by, upload.work_reason = work, user, reason
    if work is not Work.COMMIT or not upload.work_language:
        upload.work_language = get_language() or "zh-hans"  # rows are written in the language they were approved in
    upload.work_asked_at, upload.work_begun_at, upload.work_ended_at = timezone.now(), None, None
    upload.work_done, upload.work_total, upload.failure = 0, 0, ""
    if upload.row_count > ROWS_DONE_AT_ONCE:
        upload.save()
        do_work.enqueue(upload.pk)
        return
    with translation.override(upload.work_language):
        perform(upload, untold)
    upload.work_begun_at, upload.work_ended_at = upload.work_asked_at, timezone.now()
    upload.save()


@task()
def do_work(upload_id: int) -> None:
    """What a worker does: one transaction, in which it holds the upload's lock."""
    with Pulse(upload_id) as pulse:
        try:
            _work(upload_id, pulse)
        except (SheetError, OperationalError) as error:
            _fail(upload_id, str(error).strip())
        except Exception:
            logger.exception("upload %s", upload_id)
            _fail(upload_id, "")
            raise


def _work(upload_id: int, pulse: Pulse) -> None:
    with transaction.atomic():
        wait_for(upload_id)
        pulse.begin()
        upload = Upload.objects.select_related("work_by", "incubator", "committed").get(pk=upload_id)
        if upload.work_ended_at is not None:
            return
        with translation.override(upload.work_language):
            perform(upload, pulse.tell)
        pulse.end()
        upload.work_ended_at = timezone.now()
        upload.work_begun_at = upload.work_begun_at or upload.work_asked_at
        upload.save()


def _fail(upload_id: int, sentence: str) -> None:
    """Nothing of the work was kept; why is noted in a transaction of its own."""
    upload = Upload.objects.get(pk=upload_id)
    with translation.override(upload.work_language):
        failure = sentence or _("The work failed for a reason that the log of the server names. Nothing was written.")
    Upload.objects.filter(pk=upload_id).update(failure=failure, work_ended_at=timezone.now())


class Pulse:
    """News of the work on a connection of its own: those of the working transaction nobody would see."""

    def __init__(self, upload_id: int) -> None:
        self.upload_id = upload_id
        self.connection = connection.copy()
        self.told_at = 0.0

    def __enter__(self) -> Pulse:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def begin(self) -> None:
        self._write("work_begun_at = now()")

    def tell(self, done: int, total: int) -> None:
        if time.monotonic() - self.told_at > SECONDS_BETWEEN_NEWS:
            self.told_at = time.monotonic()
            self._write("work_done = %s, work_total = %s", done, total)

    def end(self) -> None:
        """Before the working transaction writes the same row."""
        self.connection.close()

    def _write(self, assignments: str, *values: int) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(f"UPDATE companies_upload SET {assignments} WHERE id = %s", [*values, self.upload_id])
