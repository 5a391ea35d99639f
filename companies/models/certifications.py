"""Certificates of firms; how long a kind is valid is data of the kind."""

import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.models.companies import Company
from companies.models.questions import EventQuerySet, valid_certificate
from registry.days import add_years
from registry.models import Entry, TechnologyField
from registry.models.entries import Vocabulary, in_choices


class ValidityRule(models.TextChoices):
    YEARS = "years", _("a number of years from the day of issue")
    FIXED_DAY = "fixed_day", _("a fixed day of a later year")
    NONE = "none", _("no single rule: entered by hand")


class CertificationKind(Vocabulary):
    """A label that firms hold, with the rule for its end.

    `years`: ends `validity_years` after the day of issue. `fixed_day`: the last valid day is `ends_month`/`ends_day`
    of the year of issue plus `ends_year_offset`.
    """

    validity_rule = models.CharField(
        _("rule of validity"), max_length=9, choices=ValidityRule.choices, default=ValidityRule.NONE
    )
    validity_years = models.PositiveSmallIntegerField(_("years of validity"), null=True, blank=True)
    ends_month = models.PositiveSmallIntegerField(_("month of the last day"), null=True, blank=True)
    ends_day = models.PositiveSmallIntegerField(_("last day"), null=True, blank=True)
    ends_year_offset = models.PositiveSmallIntegerField(_("years after the year of issue"), null=True, blank=True)
    number_pattern = models.CharField(
        _("usual pattern of numbers"),
        max_length=100,
        blank=True,
        help_text=_("A regular expression; other numbers are flagged, never refused."),
    )

    class Meta(Vocabulary.Meta):
        verbose_name = _("kind of certificate")
        verbose_name_plural = _("kinds of certificates")
        constraints = (
            *Vocabulary.Meta.constraints,
            in_choices("validity_rule", ValidityRule),
            models.CheckConstraint(
                condition=(
                    Q(validity_rule="years", validity_years__isnull=False, validity_years__range=(1, 50))
                    | Q(
                        validity_rule="fixed_day",
                        ends_month__isnull=False,
                        ends_month__range=(1, 12),
                        ends_day__isnull=False,
                        ends_day__range=(1, 31),
                        ends_year_offset__isnull=False,
                    )
                    | Q(validity_rule="none")
                )
                & ~Q(ends_month=2, ends_day__gt=28)
                & ~Q(ends_month__in=(4, 6, 9, 11), ends_day__gt=30),
                name="companies_certificationkind_rule_complete",
                violation_error_message=_(
                    "The rule of validity lacks its years, or a year offset with a day that every year has."
                ),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "validity_rule",
            "validity_years",
            "ends_month",
            "ends_day",
            "ends_year_offset",
            "number_pattern",
        )

    def end_for(self, issued_on: datetime.date) -> datetime.date | None:
        """The first day on which a certificate issued on that day no longer counts; none without a rule."""
        if self.validity_rule == ValidityRule.YEARS and self.validity_years:
            return add_years(issued_on, self.validity_years)
        if self.validity_rule == ValidityRule.FIXED_DAY and self.ends_month and self.ends_day:
            year = issued_on.year + (self.ends_year_offset or 0)
            return datetime.date(year, self.ends_month, self.ends_day) + datetime.timedelta(days=1)
        return None


class CertificationQuerySet(EventQuerySet):
    def valid(self, on: datetime.date) -> Self:
        return self.filter(valid_certificate(on))

    def with_seat_at_issue(self) -> Self:
        """With the firm's one seat and one stay on the day of issue as `seat_at_issue` and `stay_at_event`."""
        return self.with_firm_on(F("issued_on"), "seat_at_issue")


class Certification(Entry):
    """One certificate. A renewal is a certificate of its own, which may overlap the one before.

    A revocation takes effect on `revoked_from`, often years before `revoked_on`, the day it was decided.
    """

    company = models.ForeignKey(
        Company, verbose_name=_("firm"), on_delete=models.PROTECT, related_name="certifications", db_index=False
    )
    kind = models.ForeignKey(
        CertificationKind,
        verbose_name=_("kind"),
        on_delete=models.PROTECT,
        related_name="certifications",
        db_index=False,
    )
    number = models.CharField(_("certificate number"), max_length=40, blank=True)
    technology_field = models.ForeignKey(
        TechnologyField,
        verbose_name=_("technology field"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certifications",
    )
    issued_on = models.DateField(_("issued on"))
    valid_until = models.DateField(
        _("valid until (excluded)"),
        null=True,
        blank=True,
        help_text=_("The first day on which it no longer counts; left empty, the rule of its kind fills it."),
    )
    revoked_from = models.DateField(_("revoked with effect from"), null=True, blank=True)
    revoked_on = models.DateField(_("revocation decided on"), null=True, blank=True)
    revocation_reason = models.CharField(_("reason for the revocation"), max_length=300, blank=True)
    predecessor = models.ForeignKey(
        "self",
        verbose_name=_("renews"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewals",
    )
    issuer = models.CharField(_("issuer or list"), max_length=200, blank=True)

    objects: ClassVar[Any] = CertificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ("issued_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "number"),
                condition=~Q(number=""),
                name="companies_certification_number_unique",
                violation_error_message=_("A certificate of this kind with this number is already in the register."),
            ),
            models.UniqueConstraint(
                fields=("company", "kind", "issued_on"),
                name="companies_certification_one_issue_a_day",
                violation_error_message=_("This firm already has a certificate of this kind issued on this day."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("issued_on")),
                name="companies_certification_ends_after_issue",
                violation_error_message=_("A certificate ends after the day of its issue."),
            ),
            models.CheckConstraint(
                condition=Q(issued_on__gte="1980-01-01", issued_on__lt="2200-01-01"),
                name="companies_certification_issue_plausible",
                violation_error_message=_("The day of issue lies between 1980 and 2199."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_from__isnull=True, revoked_on__isnull=True)
                | Q(revoked_from__isnull=False, revoked_on__isnull=False, revoked_from__lte=F("revoked_on")),
                name="companies_certification_revocation_whole",
                violation_error_message=_(
                    "A revocation has a day of effect and a day of decision, not earlier than the effect."
                ),
            ),
            models.CheckConstraint(
                condition=Q(predecessor__isnull=True) | ~Q(predecessor=F("id")),
                name="companies_certification_renews_another",
                violation_error_message=_("A certificate renews another certificate, not itself."),
            ),
        )
        # What a list of firms asks of a certificate stands in the index beside its firm.
        indexes = (
            models.Index(
                fields=("kind", "valid_until", "issued_on"),
                include=("company", "revoked_from", "technology_field"),
                name="certification_validity",
            ),
            models.Index(
                fields=("company", "kind"),
                include=("issued_on", "valid_until", "revoked_from", "technology_field"),
                name="certification_of_company",
            ),
            models.Index(fields=("issued_on", "id"), include=("company",), name="certification_issued"),
            models.Index(fields=("valid_until", "id"), include=("company",), name="certification_ending"),
            models.Index(fields=("number", "id"), include=("company",), name="certification_number"),
            models.Index(
                fields=("revoked_from",),
                include=("company", "issued_on", "valid_until"),
                condition=models.Q(revoked_from__isnull=False),
                name="certification_revoked",
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "company",
            "kind",
            "number",
            "technology_field",
            "issued_on",
            "valid_until",
            "revoked_from",
            "revoked_on",
            "revocation_reason",
            "predecessor",
            "issuer",
        )

    def __str__(self) -> str:
        return self.number or str(self.issued_on)

    def clean(self) -> None:
        if self.valid_until is None and self.issued_on and self.kind_id:
            self.valid_until = self.kind.end_for(self.issued_on)
        if self.predecessor is not None and self.predecessor.company_id != self.company_id:
            raise ValidationError({"predecessor": _("A certificate renews one of the same firm.")})
