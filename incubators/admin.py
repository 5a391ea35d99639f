"""Incubators in the admin, with their levels and their people."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from incubators.models import Designation, Incubator, IncubatorKind, IncubatorLevel, StaffMembership
from registry import scope
from registry.admin import EntryInline, VocabularyAdmin, labels
from registry.days import today

scope.declare(
    {
        Incubator: scope.ITSELF,
        Designation: "incubator",
        StaffMembership: "incubator",
        IncubatorKind: scope.NO_INCUBATOR,
        IncubatorLevel: scope.NO_INCUBATOR,
    }
)

admin.register(IncubatorKind, IncubatorLevel)(VocabularyAdmin)


class DesignationInline(EntryInline):
    model = Designation


class StaffMembershipInline(EntryInline):
    model = StaffMembership
    autocomplete_fields = ("user",)


@admin.register(Incubator)
class IncubatorAdmin(VocabularyAdmin):
    list_display = (
        "code",
        "shown_name",
        "kind",
        "level_today",
        "district",
        labels.day("valid_from", _("from")),
        "last_day",
    )
    list_display_links = ("code", "shown_name")
    list_filter = ("kind", "is_invented", "mark")
    list_select_related = ("kind", "district")
    search_fields = ("code", "name_zh", "name_en", "operator")
    autocomplete_fields = ("university",)
    inlines = (DesignationInline, StaffMembershipInline)
    fieldsets = (
        (None, {"fields": (("code", "kind"), "name_zh", ("name_en", "name_it"), "operator", "is_invented")}),
        (_("Place"), {"fields": (("district", "reporting_unit"), "address", ("latitude", "longitude"), "floor_area")}),
        (_("Open"), {"fields": (("valid_from", "valid_until"), "university")}),
        (_("Contact and notes (not public)"), {"fields": (("contact_name", "contact_phone"), "internal_notes")}),
        (_("Source"), {"fields": (("mark", "source"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        held = Designation.objects.on(today()).filter(incubator=OuterRef("pk"))
        incubators: QuerySet[Any] = super().get_queryset(request)
        level = Subquery(held.values("level__name_zh")[:1])
        named: QuerySet[Any] = incubators.annotate(level_name=level)
        return named

    @admin.display(description=_("Chinese name"), ordering="name_zh")
    def shown_name(self, incubator: Incubator) -> str:
        return (
            format_html("{} {}", incubator.name_zh, labels.invented()) if incubator.is_invented else incubator.name_zh
        )

    @admin.display(description=_("level today"), ordering="level_name")
    def level_today(self, incubator: Any) -> str | None:
        level: str | None = incubator.level_name
        return level
