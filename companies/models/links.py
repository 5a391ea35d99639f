"""What ties a firm to its hosts: residencies, university links; and its yearly reports."""

import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from companies.models.companies import Company
from companies.models.questions import EventQuerySet
from incubators.models import Incubator
from registry.models import CircleSite, Entry, University
from registry.models.entries import (
    NoOverlap,
    PeriodQuerySet,
    in_choices,
    period_is_not_empty,
    shown_period,
)


class ResidencyOutcome(models.TextChoices):
    GRADUATED = "graduated", _("graduated")
    LEFT = "left", _("left without graduating")
    TRANSFERRED = "transferred", _("moved to another incubator")
    CLOSED = "closed", _("closed down")


class GraduationGround(models.TextChoices):
    """Any one of these makes a graduate."""

    CERTIFICATE = "certificate", _("high-tech certificate")
    EQUITY = "equity", _("equity investment of 5 million yuan")
    REVENUE = "revenue", _("revenue over 10 million yuan in two years")
    ACQUIRED_OR_LISTED = "acquired_or_listed", _("acquired or listed")


class ResidencyQuerySet(EventQuerySet):
    def with_firm_at_end(self, day: datetime.date) -> Self:
        """With the firm's seat as `seat_at_event`: of the day on which it left, or while the stay is open, of `day`."""
        return self.with_firm_on(Coalesce(F("left_on"), Value(day)))


class Residency(Entry):
    """A firm's stay in an incubator; a firm is in at most one at a time."""

    company = models.ForeignKey(
        Company, verbose_name=_("firm"), on_delete=models.PROTECT, related_name="residencies", db_index=False
    )
    incubator = models.ForeignKey(
        Incubator, verbose_name=_("incubator"), on_delete=models.PROTECT, related_name="residencies", db_index=False
    )
    entered_on = models.DateField(_("entered on"))
    left_on = models.DateField(
        _("left on"),
        null=True,
        blank=True,
        help_text=_("The first day on which the firm is no longer in residence."),
    )
    outcome = models.CharField(_("outcome"), max_length=11, choices=ResidencyOutcome.choices, blank=True)
    ground = models.CharField(_("ground of graduation"), max_length=18, choices=GraduationGround.choices, blank=True)

    objects: ClassVar[Any] = ResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("residency")
        verbose_name_plural = _("residencies")
        ordering = ("entered_on", "id")
        constraints = (
            period_is_not_empty("entered_on", "left_on"),
            NoOverlap(
                name="%(app_label)s_%(class)s_one_a_day",
                owner=("company",),
                start="entered_on",
                end="left_on",
                violation_error_message=_("The firm is already in an incubator on a day of this period."),
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *ResidencyOutcome.values]),
                name="companies_residency_outcome_known",
                violation_error_message=_("This value is not one of the list."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(left_on__isnull=False),
                name="companies_residency_outcome_of_ended",
                violation_error_message=_("Only a stay that has ended has an outcome."),
            ),
            models.CheckConstraint(
                condition=Q(ground="") | Q(outcome="graduated", ground__in=GraduationGround.values),
                name="companies_residency_ground_of_graduate",
                violation_error_message=_("Only a graduate has a ground of graduation."),
            ),
        )
        indexes = (
            models.Index(
                fields=("company",),
                include=("entered_on", "left_on", "incubator", "outcome"),
                name="residency_of_company",
            ),
            models.Index(fields=("incubator",), include=("company", "entered_on", "left_on"), name="residency_in"),
            models.Index(fields=("entered_on", "id"), include=("company",), name="residency_entered"),
            models.Index(fields=("left_on", "id"), include=("company",), name="residency_left"),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "company",
            "incubator",
            "entered_on",
            "left_on",
            "outcome",
            "ground",
        )

    def __str__(self) -> str:
        return shown_period(self.entered_on, self.left_on)


class AdjacencyBasis(models.TextChoices):
    """Why a firm counts as adjacent to a university; distance is computed, never recorded."""

    CIRCLE_SITE = "circle_site", _("named site of a circle")
    SCIENCE_PARK = "science_park", _("university science park")
    SPIN_OFF = "spin_off", _("spin-off")
    FOUNDED_BY_STAFF = "founded_by_staff", _("founded by staff")
    FOUNDED_BY_STUDENTS = "founded_by_students", _("founded by students")
    FOUNDED_BY_ALUMNI = "founded_by_alumni", _("founded by alumni")
    LICENCE = "licence", _("licence")


SITE_OF_ANOTHER = _("This site belongs to the circle of another university.")


class UniversityLink(Entry):
    """A recorded tie between a firm and a university over a period."""

    company = models.ForeignKey(
        Company, verbose_name=_("firm"), on_delete=models.CASCADE, related_name="university_links"
    )
    university = models.ForeignKey(
        University, verbose_name=_("university"), on_delete=models.PROTECT, related_name="company_links"
    )
    basis = models.CharField(_("basis"), max_length=19, choices=AdjacencyBasis.choices)
    circle_site = models.ForeignKey(
        CircleSite,
        verbose_name=_("site of the circle"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="company_links",
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("university link")
        verbose_name_plural = _("university links")
        ordering = ("valid_from", "id")
        constraints = (
            period_is_not_empty(),
            in_choices("basis", AdjacencyBasis),
            NoOverlap(
                name="%(app_label)s_%(class)s_one_a_day",
                owner=("company", "university", "basis"),
                violation_error_message=_("This link is already recorded for a day of this period."),
            ),
            models.CheckConstraint(
                condition=Q(basis="circle_site", circle_site__isnull=False)
                | (~Q(basis="circle_site") & Q(circle_site__isnull=True)),
                name="companies_universitylink_site_of_circle",
                violation_error_message=_("A link by a circle's site names the site; other links name none."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "company",
            "university",
            "basis",
            "circle_site",
            "valid_from",
            "valid_until",
        )

    def __str__(self) -> str:
        return self.basis

    def clean(self) -> None:
        site = self.circle_site if self.basis == AdjacencyBasis.CIRCLE_SITE else None
        if site is not None and site.circle.university_id != self.university_id:
            raise ValidationError({"circle_site": SITE_OF_ANOTHER})


class AnnualReport(Entry):
    """What a firm reports for a calendar year; money in 10,000 yuan (万元)."""

    company = models.ForeignKey(
        Company, verbose_name=_("firm"), on_delete=models.CASCADE, related_name="annual_reports"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    jobs = models.PositiveIntegerField(_("jobs"), null=True, blank=True)
    revenue = models.DecimalField(_("revenue (10,000 yuan)"), max_digits=18, decimal_places=4, null=True, blank=True)
    rd_expense = models.DecimalField(
        _("R&D expense (10,000 yuan)"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    ip_rights = models.PositiveIntegerField(_("intellectual property rights"), null=True, blank=True)

    class Meta:
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        ordering = ("year", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("company", "year"),
                name="companies_annualreport_one_a_year",
                violation_error_message=_("The firm already has a report for this year."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1980, year__lte=2199),
                name="companies_annualreport_year_plausible",
                violation_error_message=_("The year lies between 1980 and 2199."),
            ),
            models.CheckConstraint(
                condition=Q(jobs__isnull=True) | Q(jobs__lte=2_000_000),
                name="companies_annualreport_jobs_plausible",
                violation_error_message=_("A firm has at most 2,000,000 jobs."),
            ),
            models.CheckConstraint(
                condition=Q(rd_expense__isnull=True) | Q(rd_expense__gte=0),
                name="companies_annualreport_rd_expense_not_negative",
                violation_error_message=_("The R&D expense is not negative."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("company", "year")
        partner: ClassVar[tuple[str, ...]] = ("jobs", "ip_rights")
        internal: ClassVar[tuple[str, ...]] = ("revenue", "rd_expense")

    def __str__(self) -> str:
        return str(self.year)
