"""The work on an upload: its rows judged, written, or undone. Each within the transaction of whoever asks."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.imports import commit_import, plan_import
from companies.imports.progress import Tell
from companies.imports.reach import NotTheirs, Reach
from companies.imports.undoing import undo_import
from companies.models import Upload, UploadRow, Work
from companies.uploads.columns import table_of
from registry.models import ChangeSet
from registry.sheets.plan import Plan

ROWS_AT_ONCE = 250


def perform(upload: Upload, tell: Tell) -> None:
    """Does the work that was asked for and notes what came of it on the upload, which the caller saves.

    What the person may do is asked now, which may be long after the asking.
    """
    upload.failure = ""
    try:
        _reach(upload)
    except NotTheirs:
        upload.failure = _("Nothing was done: who asked for it works for this incubator no more.")
        return
    {Work.PLAN: _plan, Work.COMMIT: _commit, Work.UNDO: _undo}[Work(upload.work)](upload, tell)


def _reach(upload: Upload) -> Reach:
    assert upload.work_by is not None
    return Reach.of(upload.work_by, upload.incubator)


def _plan(upload: Upload, tell: Tell) -> None:
    _keep(upload, plan_import(table_of(upload), reach=_reach(upload), tell=tell))


def _commit(upload: Upload, tell: Tell) -> None:
    approved = upload.plan.get("digest")
    plan = commit_import(
        table_of(upload),
        upload.work_by,
        reason_of(_("upload %s") % upload.file_name, upload.work_reason),
        reach=_reach(upload),
        tell=tell,
        approves=lambda found: digest_of(found) == approved,
    )
    if plan.is_clean and digest_of(plan) == approved:
        upload.committed_at = timezone.now()
        upload.committed = _change_of_this_transaction()
        return
    _keep(upload, plan)
    upload.failure = _(
        "The register has changed since the rows were judged. They were judged again; nothing was written: look "
        "through them once more."
    )


def _undo(upload: Upload, _tell: Tell) -> None:
    assert upload.committed is not None
    reason = reason_of(_("undo of upload %s") % upload.file_name, upload.work_reason)
    obstacles = undo_import(upload.committed, upload.work_by, reason, _reach(upload))
    if obstacles:
        upload.failure = "\n".join(obstacles)
        return
    upload.undone_at = timezone.now()
    upload.undone = _change_of_this_transaction()


def reason_of(what: str, why: str) -> str:
    return f"{what}: {why}".rstrip(": ")


def _change_of_this_transaction() -> ChangeSet | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (transaction_id,) = cursor.fetchone() or (None,)
    return ChangeSet.objects.filter(pending_transaction=transaction_id).first()


def digest_of(plan: Plan) -> str:
    """Of what a person approves: each row's verdict and differences."""
    digest = hashlib.sha256()
    for row in plan.rows:
        told = (row.row_number, row.verdict, row.code, list(map(dataclasses.astuple, row.differences)))
        digest.update(json.dumps(told).encode())
    return digest.hexdigest()


def _keep(upload: Upload, plan: Plan) -> None:
    """The plan in place of an earlier one."""
    UploadRow.objects.filter(upload=upload).delete()
    for start in range(0, len(plan.rows), ROWS_AT_ONCE):
        UploadRow.objects.bulk_create(_row(upload, found) for found in plan.rows[start : start + ROWS_AT_ONCE])
    upload.planned_at = timezone.now()
    upload.row_count = len(plan.rows)
    upload.plan = {
        "digest": digest_of(plan),
        "counts": {verdict.value: count for verdict, count in plan.counts.items()},
        "findings": sum(bool(row.findings) for row in plan.rows),
        "problems": list(plan.problems),
        "notes": list(plan.notes),
        "not_read": [f"{column.letter} {column.title}".strip() for column in plan.columns_not_read],
        "skipped": [[row.number, row.text] for row in plan.skipped if row.text][:50],
    }


def _row(upload: Upload, found: Any) -> UploadRow:
    return UploadRow(
        upload=upload,
        number=found.row_number,
        verdict=found.verdict.value,
        label=found.label[:240],
        code=found.code,
        problems=[dataclasses.asdict(problem) for problem in found.problems],
        differences=[dataclasses.asdict(difference) for difference in found.differences],
        candidates=list(found.candidates),
        findings=list(found.findings),
    )


def is_clean(upload: Upload) -> bool:
    counts = upload.plan.get("counts", {})
    return bool(upload.plan) and not upload.plan["problems"] and not counts["wrong"] and not counts["ambiguous"]
