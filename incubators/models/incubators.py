"""The hosts: incubators of every kind, and the levels that they are granted for a time."""

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from incubators.models.vocabularies import IncubatorKind, IncubatorLevel
from registry.models import District, Entry, ReportingUnit, University
from registry.models.entries import (
    NoOverlap,
    PeriodQuerySet,
    Positioned,
    Vocabulary,
    in_period,
    period_is_not_empty,
    position_is_whole,
)

__all__ = ["Designation", "Incubator", "IncubatorKind", "IncubatorLevel"]


class IncubatorQuerySet(PeriodQuerySet):
    def for_day(self, on: datetime.date) -> Self:
        """With the one designation of the day as `designation_on_day`."""
        return self.annotate(
            designation_on_day=models.FilteredRelation("designations", condition=in_period(on, "designations__"))
        )

    def designated(self, levels: list[IncubatorLevel], on: datetime.date) -> Self:
        """Incubators that hold one of `levels` on the day."""
        held = Designation.objects.on(on).filter(incubator=models.OuterRef("pk"), level__in=levels)
        return self.filter(models.Exists(held))


class Incubator(Positioned, Vocabulary):
    """A host of firms: maker space, incubator, accelerator, science park; open from `valid_from` to `valid_until`."""

    kind = models.ForeignKey(IncubatorKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="incubators")
    operator = models.CharField(_("operator"), max_length=200, blank=True)
    district = models.ForeignKey(
        District,
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incubators",
    )
    reporting_unit = models.ForeignKey(
        ReportingUnit,
        verbose_name=_("reporting unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incubators",
    )
    university = models.ForeignKey(
        University,
        verbose_name=_("university"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incubators",
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    floor_area = models.DecimalField(_("floor area (m²)"), max_digits=12, decimal_places=2, null=True, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=60, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    internal_notes = models.TextField(_("internal notes"), blank=True)
    is_invented = models.BooleanField(_("invented for demonstration"), default=False)

    objects: ClassVar[Any] = IncubatorQuerySet.as_manager()

    class Meta(Vocabulary.Meta):
        verbose_name = _("incubator")
        verbose_name_plural = _("incubators")
        constraints = (
            *Vocabulary.Meta.constraints,
            position_is_whole(),
            models.CheckConstraint(
                condition=models.Q(floor_area__isnull=True) | models.Q(floor_area__gt=0),
                name="incubators_incubator_floor_area_positive",
                violation_error_message=_("The floor area is more than 0 m²."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "kind",
            "operator",
            "district",
            "reporting_unit",
            "university",
            "address",
            "floor_area",
            "is_invented",
        )
        internal: ClassVar[tuple[str, ...]] = ("internal_notes",)
        personal: ClassVar[tuple[str, ...]] = ("contact_name", "contact_phone")


class Designation(Entry):
    """A level granted to an incubator and withdrawn on dates; at most one on a day."""

    incubator = models.ForeignKey(
        Incubator, verbose_name=_("incubator"), on_delete=models.CASCADE, related_name="designations"
    )
    level = models.ForeignKey(
        IncubatorLevel, verbose_name=_("level"), on_delete=models.PROTECT, related_name="designations"
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ("valid_from", "id")
        constraints = (
            period_is_not_empty(),
            NoOverlap(
                name="%(app_label)s_%(class)s_one_a_day",
                owner=("incubator",),
                violation_error_message=_("The incubator already holds a level on a day of this period."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("incubator", "level", "valid_from", "valid_until", "document")

    def __str__(self) -> str:
        return f"{self.valid_from} – {self.valid_until or ''}"
