"""The people who log in, and the register's own book of changes."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registry import scope
from registry.admin.base import ModelAdmin, ScopedList
from registry.models import ChangeSet, User

scope.declare({User: "memberships__incubator", ChangeSet: scope.NO_INCUBATOR})


@admin.register(User)
class PersonAdmin(ScopedList, UserAdmin):  # type: ignore[type-arg]
    """People; their rights come from the role. One who leaves is made inactive, never deleted: changes name them."""

    list_display = ("username", "last_name", "first_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "last_name", "first_name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email")}),
        (_("Rights"), {"fields": ("role", "is_active", "is_staff")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "usable_password", "password1", "password2", "role", "is_staff")}),)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody takes over the account of one who stands above the roles."""
        is_above = obj is not None and obj.is_superuser and not getattr(request.user, "is_superuser", False)
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ChangeSet)
class ChangeSetAdmin(ScopedList, ModelAdmin):
    """Who changed entries, when and why: read only."""

    list_display = ("sequence", "recorded_at", "actor", "database_role", "reason")
    list_select_related = ("actor",)
    search_fields = ("reason", "actor__username", "request_id")
    date_hierarchy = "recorded_at"
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # type: ignore[override]
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
