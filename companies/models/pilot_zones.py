"""Zones in which financing is piloted, and what belongs to them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import District, Entry, ReportingUnit
from registry.models.entries import NoOverlap, PeriodQuerySet, Vocabulary, period_is_not_empty


class PilotZone(Vocabulary):
    """A zone in which financing is piloted; its members are dated, for no founding document was found."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("pilot zone")
        verbose_name_plural = _("pilot zones")


class PilotZoneMember(Entry):
    """A district or a reporting unit that belongs to a pilot zone over a period."""

    pilot_zone = models.ForeignKey(
        PilotZone, verbose_name=_("pilot zone"), on_delete=models.CASCADE, related_name="members"
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
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a pilot zone")
        verbose_name_plural = _("members of pilot zones")
        constraints = (
            period_is_not_empty(),
            models.CheckConstraint(
                condition=Q(district__isnull=False, reporting_unit__isnull=True)
                | Q(district__isnull=True, reporting_unit__isnull=False),
                name="companies_pilotzonemember_one_area",
                violation_error_message=_("A member is either a district or a reporting unit."),
            ),
            NoOverlap(
                name="%(app_label)s_%(class)s_district_once",
                owner=("pilot_zone", "district"),
                violation_error_message=_("This district is already a member on a day of this period."),
            ),
            NoOverlap(
                name="%(app_label)s_%(class)s_unit_once",
                owner=("pilot_zone", "reporting_unit"),
                violation_error_message=_("This reporting unit is already a member on a day of this period."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "pilot_zone",
            "district",
            "reporting_unit",
            "valid_from",
            "valid_until",
        )

    def __str__(self) -> str:
        return f"{self.pilot_zone_id}"
