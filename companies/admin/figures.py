"""Published figures and targets, with what they measure and where."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from companies.models import Indicator, Observation, Target, TargetArea, TargetAreaMember
from registry.admin import EntryAdmin, EntryInline, VocabularyAdmin, labels


@admin.register(Indicator)
class IndicatorAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "measure", "unit_zh", "mark")
    list_filter = ("measure",)


class TargetAreaMemberInline(EntryInline):
    model = TargetAreaMember


@admin.register(TargetArea)
class TargetAreaAdmin(VocabularyAdmin):
    inlines = (TargetAreaMemberInline,)


@admin.register(Observation)
class ObservationAdmin(EntryAdmin):
    list_display = (
        "indicator",
        "area",
        labels.day("as_of", _("as of")),
        labels.number("value", _("value")),
        "is_lower_bound",
        "mark",
        "source",
    )
    list_filter = ("indicator", "area", "mark")
    list_select_related = ("indicator", "area")
    date_hierarchy = "as_of"
    search_fields = ("indicator__name_zh", "area__name_zh", "source")


@admin.register(Target)
class TargetAdmin(EntryAdmin):
    list_display = ("code", "indicator", "area", "year", labels.number("value", _("value")), "superseded_by", "mark")
    list_filter = ("indicator", "area", "mark")
    list_select_related = ("indicator", "area", "superseded_by")
    search_fields = ("code", "indicator__name_zh", "document")
