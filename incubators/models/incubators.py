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
    shown_period,
)
from registry.models.places import refuse_unit_of_another

__all__ = ["Designation", "Incubator", "IncubatorKind", "IncubatorLevel", "IncubatorSeat"]


class IncubatorQuerySet(PeriodQuerySet):
    def for_day(self, on: datetime.date) -> Self:
        """With the one seat and the one designation of the day as `seat_on_day` and `designation_on_day`."""
        return self.sharing_joins().annotate(
            seat_on_day=models.FilteredRelation("seats", condition=in_period(on, "seats__")),
            designation_on_day=models.FilteredRelation("designations", condition=in_period(on, "designations__")),
        )


class Incubator(Vocabulary):
    """A host of firms: maker space, incubator, accelerator, science park; open from `valid_from` to `valid_until`."""

    kind = models.ForeignKey(IncubatorKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="incubators")
    operator = models.CharField(_("operator"), max_length=200, blank=True)
    university = models.ForeignKey(
        University,
        verbose_name=_("university"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incubators",
    )
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
            "university",
            "floor_area",
            "is_invented",
        )
        internal: ClassVar[tuple[str, ...]] = ("internal_notes",)
        personal: ClassVar[tuple[str, ...]] = ("contact_name", "contact_phone")


class IncubatorSeat(Positioned, Entry):
    """Where an incubator is over a period: districts are abolished while it stays where it was."""

    incubator = models.ForeignKey(
        Incubator, verbose_name=_("incubator"), on_delete=models.CASCADE, related_name="seats"
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incubator_seats",
    )
    reporting_unit = models.ForeignKey(
        ReportingUnit,
        verbose_name=_("reporting unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incubator_seats",
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    valid_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Empty where the first day is not known.")
    )
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat of an incubator")
        verbose_name_plural = _("seats of incubators")
        ordering = (models.F("valid_from").asc(nulls_first=True), "id")
        constraints = (
            period_is_not_empty(),
            position_is_whole(),
            NoOverlap(
                name="%(app_label)s_%(class)s_one_a_day",
                owner=("incubator",),
                violation_error_message=_("The incubator already has a seat on a day of this period."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "incubator",
            "district",
            "reporting_unit",
            "address",
            "valid_from",
            "valid_until",
        )

    def __str__(self) -> str:
        return shown_period(self.valid_from, self.valid_until)

    def clean(self) -> None:
        refuse_unit_of_another(self.reporting_unit, self.district_id)


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
