"""The register's own books, read only: who changed entries, and who read persons' data."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest

from registry.admin.base import ModelAdmin, ScopedList
from registry.models import ChangeSet, PersonalDataReading


class BookAdmin(ScopedList, ModelAdmin):
    """Nobody writes it by hand."""

    list_per_page = 50
    show_full_result_count = False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """A book has no versions of its own."""
        raise Http404


@admin.register(ChangeSet)
class ChangeSetAdmin(BookAdmin):
    """Who changed entries, when and why."""

    list_display = ("sequence", "recorded_at", "actor", "key", "database_role", "reason")
    list_select_related = ("actor", "key")
    search_fields = ("reason", "actor__username", "key__prefix", "request_id")
    date_hierarchy = "recorded_at"


@admin.register(PersonalDataReading)
class PersonalDataReadingAdmin(BookAdmin):
    """Who read personal data, when, of which rows and which fields."""

    list_display = ("read_at", "reader", "table", "rows", "fields", "page")
    list_select_related = ("reader",)
    list_filter = ("table",)
    search_fields = ("reader__username", "table", "page")
    date_hierarchy = "read_at"
