"""Soft rules among the reference data."""

from django.contrib import admin

from companies.models import SoftRule
from registry.admin import VocabularyAdmin


@admin.register(SoftRule)
class SoftRuleAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "kind", "valid_from", "last_day", "mark")
    list_filter = ("kind", "mark")
