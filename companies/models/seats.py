"""Where firms are seated over time."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models.companies import Company
from registry.models import District, Entry, Province, ReportingUnit
from registry.models.entries import (
    NoOverlap,
    PeriodQuerySet,
    Positioned,
    period_is_not_empty,
    position_is_whole,
    shown_period,
)
from registry.models.places import refuse_unit_of_another

OF_THE_DAY = ("company", "valid_from", "valid_until")
"""What decides whose a fact is, and whether it holds on a day."""
FARTHEST_CAMPUS_METRES = 10_000
"""How far the database looks for the nearest campus of a seat (migration 0009)."""


class Seat(Positioned, Entry):
    """Where in the city a firm is seated over a period; a firm without a seat on a day is not in the city."""

    company = models.ForeignKey(
        Company, verbose_name=_("firm"), on_delete=models.CASCADE, related_name="seats", db_index=False
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="seats",
        db_index=False,
    )
    reporting_unit = models.ForeignKey(
        ReportingUnit,
        verbose_name=_("reporting unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="seats",
        db_index=False,
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    campus_metres = models.PositiveIntegerField(
        _("metres to the nearest campus"),
        null=True,
        editable=False,
        help_text=_("Kept by the database; empty beyond 10 km."),
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)
    moved_from = models.ForeignKey(
        Province,
        verbose_name=_("moved in from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    moved_to = models.ForeignKey(
        Province,
        verbose_name=_("moved out to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("valid_from", "id")
        constraints = (
            period_is_not_empty(),
            position_is_whole(),
            NoOverlap(
                name="%(app_label)s_%(class)s_one_a_day",
                owner=("company",),
                violation_error_message=_("The firm already has a seat on a day of this period."),
            ),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True) | Q(valid_until__isnull=False),
                name="companies_seat_moved_out_has_ended",
                violation_error_message=_("A seat that was moved out of the city has a last day."),
            ),
        )
        # What a list of firms asks of a seat stands in the index, so that half a million are counted without the rows.
        indexes = (
            models.Index(
                fields=("company",),
                include=("valid_from", "valid_until", "district", "reporting_unit", "campus_metres"),
                name="seat_of_company",
            ),
            models.Index(fields=("district",), include=(*OF_THE_DAY, "reporting_unit"), name="seat_in_district"),
            models.Index(fields=("reporting_unit",), include=(*OF_THE_DAY, "district"), name="seat_in_unit"),
            models.Index(fields=("latitude", "longitude"), include=OF_THE_DAY, name="seat_position"),
            models.Index(
                fields=("campus_metres",),
                include=OF_THE_DAY,
                condition=Q(campus_metres__isnull=False),
                name="seat_near_campus",
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "company",
            "district",
            "reporting_unit",
            "address",
            "campus_metres",
            "valid_from",
            "valid_until",
            "moved_from",
            "moved_to",
        )

    def __str__(self) -> str:
        return shown_period(self.valid_from, self.valid_until)

    def clean(self) -> None:
        refuse_unit_of_another(self.reporting_unit, self.district_id)
