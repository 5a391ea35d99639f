"""Figures that others published, and the targets that the city is measured by. Never mixed into computed figures."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import District, Entry, ReportingUnit, Zone
from registry.models.entries import Mark, Sourced, Vocabulary, in_choices


class MeasureKind(models.TextChoices):
    STOCK = "stock", _("stock on a day")
    FLOW = "flow", _("flow within a period")


class Indicator(Vocabulary):
    """What a published figure or a target measures."""

    measure = models.CharField(_("measure"), max_length=5, choices=MeasureKind.choices, default=MeasureKind.STOCK)
    unit_zh = models.CharField(_("Chinese unit"), max_length=40)
    unit_en = models.CharField(_("English unit"), max_length=40, blank=True)
    unit_it = models.CharField(_("Italian unit"), max_length=40, blank=True)

    class Meta(Vocabulary.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = (*Vocabulary.Meta.constraints, in_choices("measure", MeasureKind))

    class Access:
        public: ClassVar[tuple[str, ...]] = ("measure", "unit_zh", "unit_en", "unit_it")


class TargetArea(Vocabulary):
    """The area of a target or a published figure; it may span several zones. Without members: the whole city."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("target area")
        verbose_name_plural = _("target areas")


class TargetAreaMember(Entry):
    """A zone, district or reporting unit that an area is made of."""

    area = models.ForeignKey(TargetArea, verbose_name=_("area"), on_delete=models.CASCADE, related_name="members")
    zone = models.ForeignKey(
        Zone, verbose_name=_("zone"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reporting_unit = models.ForeignKey(
        ReportingUnit,
        verbose_name=_("reporting unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("member of a target area")
        verbose_name_plural = _("members of target areas")
        constraints = (
            models.CheckConstraint(
                condition=Q(zone__isnull=False, district__isnull=True, reporting_unit__isnull=True)
                | Q(zone__isnull=True, district__isnull=False, reporting_unit__isnull=True)
                | Q(zone__isnull=True, district__isnull=True, reporting_unit__isnull=False),
                name="companies_targetareamember_one_part",
                violation_error_message=_("A member is one zone, one district or one reporting unit."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("area", "zone", "district", "reporting_unit")

    def __str__(self) -> str:
        return str(self.area_id)


class Observation(Sourced, Entry):
    """A figure that somebody published: a stock on `as_of`, or a flow from `period_from` to `as_of`, both included."""

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="observations"
    )
    area = models.ForeignKey(TargetArea, verbose_name=_("area"), on_delete=models.PROTECT, related_name="observations")
    period_from = models.DateField(_("first day of the period"), null=True, blank=True)
    as_of = models.DateField(_("as of"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    is_lower_bound = models.BooleanField(_("at least"), default=False)

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ("indicator", "as_of", "id")
        constraints = (
            in_choices("mark", Mark),
            models.UniqueConstraint(
                fields=("indicator", "area", "period_from", "as_of", "source"),
                nulls_distinct=False,
                name="companies_observation_once",
                violation_error_message=_("This source's figure for this day is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True) | Q(period_from__lte=models.F("as_of")),
                name="companies_observation_period_in_order",
                violation_error_message=_("The period begins on or before its last day."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "indicator",
            "area",
            "period_from",
            "as_of",
            "value",
            "is_lower_bound",
        )

    def __str__(self) -> str:
        return f"{self.as_of} {self.value}"


class Target(Sourced, Entry):
    """A published target: `value` of `indicator` for `area` by the end of `year`. A later document may supersede it."""

    code = models.CharField(_("code"), max_length=60)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="targets"
    )
    area = models.ForeignKey(TargetArea, verbose_name=_("area"), on_delete=models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    document = models.CharField(_("document"), max_length=200, blank=True)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="supersedes",
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("indicator", "year", "code")
        constraints = (
            in_choices("mark", Mark),
            models.UniqueConstraint(
                fields=("code",),
                name="companies_target_code_unique",
                violation_error_message=_("This code is already in the list."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2199),
                name="companies_target_year_plausible",
                violation_error_message=_("The year lies between 2000 and 2199."),
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=models.F("id")),
                name="companies_target_superseded_by_another",
                violation_error_message=_("A target is superseded by another target."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "code",
            "indicator",
            "area",
            "year",
            "value",
            "document",
            "superseded_by",
        )

    def __str__(self) -> str:
        return self.code
