"""Incubators in the admin, with their seats, levels and people."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from incubators.models import Designation, Incubator, IncubatorKind, IncubatorLevel, IncubatorSeat, StaffMembership
from registry import scope
from registry.admin import EntryInline, StackedEntryInline, VocabularyAdmin, labels
from registry.days import today
from registry.models import District, User
from registry.models.naming import name_of

admin.register(IncubatorKind, IncubatorLevel)(VocabularyAdmin)


class IncubatorSeatInline(StackedEntryInline):
    model = IncubatorSeat
    fields = (("valid_from", "valid_until"), ("district", "reporting_unit"), "address", ("latitude", "longitude"))


class DesignationInline(EntryInline):
    model = Designation


class StaffMembershipInline(EntryInline):
    """Of the people whom the reader sees: one row of another would hide the column of people from all rows."""

    model = StaffMembership
    autocomplete_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        people = scope.scope(User._base_manager.all(), request.user)
        return super().get_queryset(request).filter(user__in=people.values("pk"))


class DistrictToday(admin.SimpleListFilter):
    title = _("district of the seat today")
    parameter_name = "district"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        in_force = District.objects.on(today()).order_by("code")
        return [*((one.code, str(one)) for one in in_force), ("none", str(_("not known")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        seats = IncubatorSeat.objects.on(today()).filter(incubator=OuterRef("pk"), district__isnull=False)
        if self.value() == "none":
            return queryset.filter(~Exists(seats))
        return queryset.filter(Exists(seats.filter(district__code=self.value()))) if self.value() else queryset


@admin.register(Incubator)
class IncubatorAdmin(VocabularyAdmin):
    list_display = (
        "code",
        "shown_name",
        "kind",
        "level_today",
        "district_today",
        labels.day("valid_from", _("from")),
        "last_day",
    )
    list_display_links = ("code", "shown_name")
    list_filter = (DistrictToday, "kind", "is_invented", "mark")
    list_select_related = ("kind",)
    search_fields = ("code", "name_zh", "name_en", "operator")
    autocomplete_fields = ("university",)
    inlines = (IncubatorSeatInline, DesignationInline, StaffMembershipInline)
    registrar_fields = (
        *("code", "kind", "name_zh", "name_en", "name_it", "is_invented", "valid_from", "valid_until", "university"),
        *("mark", "source"),
    )
    fieldsets = (
        (
            None,
            {"fields": (("code", "kind"), "name_zh", ("name_en", "name_it"), "operator", "floor_area", "is_invented")},
        ),
        (_("Open"), {"fields": (("valid_from", "valid_until"), "university")}),
        (_("Contact and notes (not public)"), {"fields": (("contact_name", "contact_phone"), "internal_notes")}),
        (_("Source"), {"fields": (("mark", "source"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        held = Designation.objects.on(today()).filter(incubator=OuterRef("pk"))
        seats = IncubatorSeat.objects.on(today()).filter(incubator=OuterRef("pk"))
        incubators: QuerySet[Any] = super().get_queryset(request)
        named: QuerySet[Any] = incubators.annotate(
            level_name=Subquery(held.values(text=name_of("level"))[:1]),
            district_name=Subquery(seats.values(text=name_of("district"))[:1]),
        )
        return named

    @admin.display(description=_("Chinese name"), ordering="name_zh")
    def shown_name(self, incubator: Incubator) -> str:
        return (
            format_html("{} {}", incubator.name_zh, labels.invented()) if incubator.is_invented else incubator.name_zh
        )

    @admin.display(description=_("district"), ordering="district_name")
    def district_today(self, incubator: Any) -> str | None:
        district: str | None = incubator.district_name
        return district

    @admin.display(description=_("level today"), ordering="level_name")
    def level_today(self, incubator: Any) -> str | None:
        level: str | None = incubator.level_name
        return level
