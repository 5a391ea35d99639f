"""Filters of the list of incubators."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incubators.models import Incubator, IncubatorKind, IncubatorLevel
from registry.api.filters import CodeListFilter, OneChoiceFilter
from registry.api.filtersets import StrictFilterSet
from registry.models import District, ReportingUnit, University, Zone
from registry.models.entries import in_period


class IncubatorFilterSet(StrictFilterSet):
    open = OneChoiceFilter(
        _("true: open on the day (the default); false: not open on it; any: all."),
        choices=("true", "false", "any"),
        method="open_on_the_day",
        default="true",
    )
    kind = CodeListFilter(_("Kinds of incubators."), rows=IncubatorKind.objects.all, field_name="kind")
    incubator_level = CodeListFilter(
        _("Levels held on the day."), rows=IncubatorLevel.objects.all, field_name="designation_on_day__level"
    )
    district = CodeListFilter(
        _("Districts in force on the day, of the seat."), rows=District.objects.all, field_name="seat_on_day__district"
    )
    zone = CodeListFilter(
        _("Zones (一区两群) of the seat's district."), rows=Zone.objects.all, field_name="seat_on_day__district__zone"
    )
    reporting_unit = CodeListFilter(
        _("Reporting units in force on the day, of the seat."),
        rows=ReportingUnit.objects.all,
        field_name="seat_on_day__reporting_unit",
    )
    university = CodeListFilter(
        _("Universities that it belongs to."), rows=University.objects.all, field_name="university"
    )

    def open_on_the_day(self, queryset: QuerySet[Incubator], name: str, value: str) -> QuerySet[Incubator]:
        if value == "any":
            return queryset
        is_open = in_period(self.valid_on)
        return queryset.filter(is_open if value == "true" else ~is_open)
