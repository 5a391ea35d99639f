"""Places, universities, partners and code lists in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin import labels
from registry.admin.base import EntryAdmin
from registry.admin.inlines import EntryInline
from registry.models import (
    Campus,
    Circle,
    CircleSite,
    CorridorArea,
    CorridorNode,
    District,
    Hub,
    Industry,
    Partner,
    Province,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
    Zone,
)


@admin.register(Zone, Province, Hub, TechnologyField, Industry)
class VocabularyAdmin(EntryAdmin):
    """A list of codes, each with its names and the days on which it is in force."""

    list_display: Any = ("code", "name_zh", "name_en", labels.day("valid_from", _("from")), "last_day", "mark")
    list_display_links = ("code", "name_zh")
    list_filter: ClassVar[Any] = ("mark",)
    search_fields: ClassVar[Any] = ("code", "name_zh", "name_en", "name_it")

    @admin.display(description=_("to (last day, included)"), ordering="valid_until")
    def last_day(self, entry: Any) -> str:
        return labels.last_day(entry.valid_until)


@admin.register(District)
class DistrictAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "name_en", "zone", labels.day("valid_from", _("from")), "last_day", "mark")
    list_filter = ("zone", "mark")
    list_select_related = ("zone",)


@admin.register(ReportingUnit)
class ReportingUnitAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "district", labels.day("valid_from", _("from")), "last_day", "mark")
    list_select_related = ("district",)


class CorridorAreaInline(EntryInline):
    model = CorridorArea


@admin.register(CorridorNode)
class CorridorNodeAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "kind", "name_en", "mark")
    list_filter = ("kind", "mark")
    inlines = (CorridorAreaInline,)


@admin.register(StrategicField)
class StrategicFieldAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "name_en", "hub", "mark")
    list_filter = ("hub",)
    list_select_related = ("hub",)


class CampusInline(EntryInline):
    model = Campus


@admin.register(University)
class UniversityAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "name_en", "authority", "level", "is_private", "mark")
    list_filter = ("level", "is_private", "mark")
    inlines = (CampusInline,)


class CircleSiteInline(EntryInline):
    model = CircleSite


@admin.register(Circle)
class CircleAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "university", "mark")
    list_select_related = ("university",)
    autocomplete_fields = ("university",)
    inlines = (CircleSiteInline,)


@admin.register(Partner)
class PartnerAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "kind", "uscc", labels.day("valid_from", _("from")), "last_day")
    list_filter = ("kind", "mark")
    search_fields = ("code", "name_zh", "name_en", "name_it", "uscc")
