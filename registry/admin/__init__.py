"""The admin's ground: what every app's admin is built on, and the admin of the registry's own models."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from registry.admin import books, readonly, reference
from registry.admin.autocomplete import autocomplete
from registry.admin.base import EntryAdmin
from registry.admin.inlines import EntryInline, StackedEntryInline
from registry.admin.reference import VocabularyAdmin
from registry.admin.scoped import ScopedAdmin

__all__ = [
    "EntryAdmin",
    "EntryInline",
    "ScopedAdmin",
    "StackedEntryInline",
    "VocabularyAdmin",
    "books",
    "readonly",
    "reference",
]

admin.site.site_header = _("Register of Chongqing's innovation economy")
admin.site.site_title = _("Register of Chongqing's innovation economy")
admin.site.index_title = _("What the register holds")
admin.site.site_url = None
admin.site.empty_value_display = "–"
admin.site.autocomplete_view = autocomplete  # type: ignore[method-assign,assignment]
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
if admin.site.is_registered(Group):
    admin.site.unregister(Group)  # rights come from roles, see registry.scope
