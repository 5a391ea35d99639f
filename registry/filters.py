"""Filters of the floor's own lists."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.api.filters import ChoicesFilter, CodeListFilter, TrueOrFalseFilter
from registry.api.filtersets import StrictFilterSet
from registry.models import Campus, Circle, District, University
from registry.models.entries import in_period

UNIVERSITY_LEVELS = ("bachelor", "junior_college")


class CodesFilterSet(StrictFilterSet):
    in_force = TrueOrFalseFilter(
        _("true: only codes in force on the day (the default); false: only those that are not."),
        method="on_the_day",
        default="true",
    )

    def on_the_day(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        in_force = in_period(self.valid_on)
        return queryset.filter(in_force if value else ~in_force)


class UniversityFilterSet(CodesFilterSet):
    level = ChoicesFilter(_("bachelor or junior_college."), choices=UNIVERSITY_LEVELS, field_name="level")
    private = TrueOrFalseFilter(_("Whether it is privately run."), field_name="is_private")
    district = CodeListFilter(
        _("Districts, in force on the day, in which it has a campus."), rows=District.objects.all, method="with_campus"
    )
    has_circle = TrueOrFalseFilter(_("Whether a named circle stands around it on the day."), method="with_circle")

    def with_campus(self, queryset: QuerySet[University], name: str, value: list[District]) -> QuerySet[University]:
        # Or its successor: the campus keeps the district of the time when it was located. By row, as codes return.
        here = Campus.objects.filter(university=OuterRef("pk"))
        return queryset.filter(
            Exists(here.filter(district__in=value)) | Exists(here.filter(district__successor__in=value))
        )

    def with_circle(self, queryset: QuerySet[University], name: str, value: bool) -> QuerySet[University]:
        circles = Exists(Circle.objects.filter(in_period(self.valid_on), university=OuterRef("pk")))
        return queryset.filter(circles if value else ~circles)
