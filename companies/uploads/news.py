"""How far the work on an upload is, in a number and a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from companies.models import Upload, Work
from companies.uploads.stages import Stage


def news_of(upload: Upload, stage: Stage) -> dict[str, Any]:
    return {"stage": stage.value, "percent": percent_of(upload, stage), "sentence": _sentence(upload, stage)}


def percent_of(upload: Upload, stage: Stage) -> int:
    return 100 * upload.work_done // upload.work_total if stage is Stage.WORKING and upload.work_total else 0


def _sentence(upload: Upload, stage: Stage) -> str:
    if stage is Stage.WAITING:
        return _("Waiting for a worker. You can close this page and come back.")
    if stage is Stage.STOPPED:
        return _("The worker was stopped in the middle. Nothing was written.")
    if not upload.work_total:
        return _("The file is being read. You can close this page and come back.")
    counted = {"done": upload.work_done, "total": upload.work_total}
    if upload.work == Work.COMMIT:
        return _("%(done)d of %(total)d rows are written; they show when all are.") % counted
    return _("%(done)d of %(total)d rows are judged.") % counted
