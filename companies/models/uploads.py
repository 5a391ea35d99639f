"""Uploaded lists of firms: the file, what was chosen and corrected, what was found of each row, what came of it.

No entries of the register: what an upload writes has its versions and its change-set, which the upload names.
"""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.models import Incubator
from registry.models import ChangeSet
from registry.sheets.verdicts import Verdict

KEPT_FOR = datetime.timedelta(days=90)
"""So long the file, its rows and the corrections are kept; who uploaded what and what came of it stays."""


class Work(models.TextChoices):
    """What is done with a file, at once or in the background."""

    PLAN = "plan", _("judging the rows")
    COMMIT = "commit", _("writing")
    UNDO = "undo", _("undoing")


class UploadQuerySet(models.QuerySet["Upload"]):
    def drop_old(self, now: datetime.datetime | None = None) -> int:
        """Empties uploads older than 90 days of what they read; the number of those emptied."""
        old = self.filter(uploaded_at__lt=(now or timezone.now()) - KEPT_FOR, content__isnull=False)
        UploadRow.objects.filter(upload__in=old).delete()
        return old.update(content=None, corrections={}, proposal={})


class Upload(models.Model):
    """One file that a person uploaded. Where it stands follows from its moments: `companies.uploads.stages`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="uploads"
    )
    incubator = models.ForeignKey(
        Incubator,
        verbose_name=_("incubator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="uploads",
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, db_index=True)
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"), null=True, blank=True)
    row_count = models.PositiveIntegerField(_("rows"))
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    proposal = models.JSONField(_("columns as found"), default=dict, blank=True)
    columns = models.JSONField(_("columns as chosen"), default=dict, blank=True)
    corrections = models.JSONField(_("corrections"), default=dict, blank=True)

    planned_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    plan = models.JSONField(_("what was found"), default=dict, blank=True)

    work = models.CharField(_("work"), max_length=6, choices=Work.choices, blank=True)
    work_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    work_language = models.CharField(_("language"), max_length=10, blank=True)
    work_reason = models.CharField(_("reason"), max_length=500, blank=True)
    work_asked_at = models.DateTimeField(_("asked for at"), null=True, blank=True)
    work_begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    work_ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    work_done = models.PositiveIntegerField(_("done"), default=0)
    work_total = models.PositiveIntegerField(_("of"), default=0)
    failure = models.TextField(_("failure"), blank=True)

    committed_at = models.DateTimeField(_("written at"), null=True, blank=True)
    committed = models.ForeignKey(
        ChangeSet,
        verbose_name=_("change"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone = models.ForeignKey(
        ChangeSet,
        verbose_name=_("change that undid it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects: ClassVar[Any] = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ("-uploaded_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True) | models.Q(committed__isnull=False),
                name="companies_upload_undone_after_written",
                violation_error_message=_("Only what was written can be undone."),
            ),
            models.CheckConstraint(condition=models.Q(work__in=["", *Work.values]), name="companies_upload_work_known"),
        )

    class Access:
        internal: ClassVar[tuple[str, ...]] = (
            *("id", "user", "incubator", "uploaded_at", "file_name", "row_count", "sheet", "columns", "planned_at"),
            *("work", "work_by", "work_language", "work_reason", "work_asked_at", "work_begun_at", "work_ended_at"),
            *("work_done", "work_total", "failure", "committed_at", "committed", "undone_at", "undone"),
        )
        personal: ClassVar[tuple[str, ...]] = ("content", "proposal", "corrections", "plan")

    def __str__(self) -> str:
        return self.file_name


class UploadRow(models.Model):
    """What was found of one row of a file when it was last judged."""

    upload = models.ForeignKey(
        Upload, verbose_name=_("upload"), on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField(_("row"))
    verdict = models.CharField(
        _("verdict"), max_length=9, choices=[(verdict.value, verdict.name) for verdict in Verdict]
    )
    label = models.CharField(_("firm"), max_length=240, blank=True)
    code = models.CharField(_("credit code"), max_length=18, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    differences = models.JSONField(_("differences"), default=list, blank=True)
    candidates = models.JSONField(_("candidates"), default=list, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)

    class Meta:
        verbose_name = _("row of an upload")
        verbose_name_plural = _("rows of uploads")
        ordering = ("upload", "number")
        constraints = (
            models.UniqueConstraint(fields=("upload", "number"), name="companies_uploadrow_once"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=[verdict.value for verdict in Verdict]),
                name="companies_uploadrow_verdict_known",
            ),
        )
        indexes = (models.Index(fields=("upload", "verdict", "number"), name="companies_uploadrow_verdict"),)

    class Access:
        internal: ClassVar[tuple[str, ...]] = ("id", "upload", "number", "verdict", "label", "code", "findings")
        personal: ClassVar[tuple[str, ...]] = ("problems", "differences", "candidates")

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.number}"
