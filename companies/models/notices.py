"""Official lists of the certified firms of a year, as they were published; no entries: a notice certifies nobody.

What became of a firm on a list (first certified, renewed, not entered) follows from its certificates:
`companies.notices.questions`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models.certifications import CertificationKind
from companies.models.companies import Company


class Notice(models.Model):
    """One list: of which kind and year, what it is called, and who loaded it."""

    kind = models.ForeignKey(
        CertificationKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="notices"
    )
    year = models.PositiveSmallIntegerField(_("year of certification"))
    title = models.CharField(_("title of the notice"), max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    loaded_at = models.DateTimeField(_("loaded at"), default=timezone.now)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("loaded by"), on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("official notice")
        verbose_name_plural = _("official notices")
        ordering = ("-loaded_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "year", "title"),
                name="companies_notice_once",
                violation_error_message=_("A notice of this kind, year and title is already loaded."),
            ),
            models.CheckConstraint(
                condition=models.Q(year__range=(1980, 2199)),
                name="companies_notice_year_plausible",
                violation_error_message=_("The year lies between 1980 and 2199."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("id", "kind", "year", "title")
        internal: ClassVar[tuple[str, ...]] = ("file_name", "loaded_at", "loaded_by")

    def __str__(self) -> str:
        return self.title


class NoticeLine(models.Model):
    """One line as it was typed, and the firm that it means: none where no firm or more than one fits.

    `candidates` are the credit codes of the firms that it may mean; one is chosen by a registrar.
    """

    notice = models.ForeignKey(
        Notice, verbose_name=_("official notice"), on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    number = models.PositiveIntegerField(_("row"))
    name = models.CharField(_("name as typed"), max_length=200, blank=True)
    code = models.CharField(_("code as typed"), max_length=60, blank=True)
    certificate_number = models.CharField(_("certificate number as typed"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    company = models.ForeignKey(
        Company, verbose_name=_("firm"), null=True, blank=True, on_delete=models.SET_NULL, related_name="notice_lines"
    )
    candidates = ArrayField(models.CharField(max_length=18), verbose_name=_("candidates"), default=list, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("line of a notice")
        verbose_name_plural = _("lines of notices")
        ordering = ("notice", "number")
        constraints = (
            models.UniqueConstraint(fields=("notice", "number"), name="companies_noticeline_once"),
            models.CheckConstraint(
                condition=models.Q(company__isnull=True) | models.Q(candidates=[]),
                name="companies_noticeline_matched_or_doubtful",
                violation_error_message=_("A line has a firm or candidates, not both."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("id", "notice", "number")
        internal: ClassVar[tuple[str, ...]] = (
            *("name", "code", "certificate_number", "issued_on", "company", "candidates"),
        )

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.number}"
