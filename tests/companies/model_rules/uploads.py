"""Uploads and the rows that were judged."""

import datetime

from companies.models import Upload, UploadRow
from registry.models import ChangeSet
from tests.rules import Case, MakeCase, fields_once, known
from tests.samples import saved

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


def undone_after_written() -> Case:
    return Case(
        refused=[{"undone_at": NOON}],
        allowed=[{"undone_at": NOON, "committed": ChangeSet.objects.latest("pk")}, {}],
    )


RULES: dict[str, MakeCase] = {
    "companies_upload_undone_after_written": undone_after_written,
    "companies_upload_work_known": known("work", "plan", "commit", "undo", ""),
    "companies_uploadrow_once": lambda: fields_once(
        UploadRow, {"number": 2, "upload": lambda: saved(Upload)}, upload=lambda: saved(Upload), number=1
    ),
    "companies_uploadrow_verdict_known": known("verdict", "new", "changed", "same", "ambiguous", "wrong"),
}
