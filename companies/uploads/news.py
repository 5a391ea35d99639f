"""How far the work on an upload is, in a number and a sentence."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Upload, Work
from companies.uploads.stages import Stage, is_anything_worked_on

LONGEST_WAIT = datetime.timedelta(seconds=30)
"""A worker looks for work every second, and one that ended is started again within half a minute."""


def news_of(upload: Upload, stage: Stage) -> dict[str, Any]:
    return {"stage": stage.value, "percent": percent_of(upload, stage), "sentence": _sentence(upload, stage)}


def percent_of(upload: Upload, stage: Stage) -> int:
    return 100 * upload.work_done // upload.work_total if stage is Stage.WORKING and upload.work_total else 0


def nobody_comes(upload: Upload) -> bool:
    """Waiting for longer than an idle worker leaves anything waiting, while none is busy with another upload."""
    waited = timezone.now() - upload.work_asked_at if upload.work_asked_at else LONGEST_WAIT
    return waited > LONGEST_WAIT and not is_anything_worked_on()


def _sentence(upload: Upload, stage: Stage) -> str:
    if stage is Stage.WAITING:
        if nobody_comes(upload):
            return _(
                "No worker has begun with it: none seems to be running. Tell whoever runs the register; the work "
                "begins by itself as soon as one runs. Nothing is lost, and you can close this page."
            )
        return _("Waiting for a worker. You can close this page and come back.")
    if stage is Stage.STOPPED:
        return _("The worker was stopped in the middle. Nothing was written.")
    if not upload.work_total:
        return _("The file is being read. You can close this page and come back.")
    counted = {"done": upload.work_done, "total": upload.work_total}
    if upload.work == Work.COMMIT:
        return _("%(done)d of %(total)d rows are written; they show when all are.") % counted
    return _("%(done)d of %(total)d rows are judged.") % counted
