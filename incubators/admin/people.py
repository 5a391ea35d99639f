"""The people who log in, with what they work for; passwords are given here once and changed by their owner."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incubators.models import StaffMembership
from registry.accounts.resets import give_one_time_password, has_second_factor
from registry.admin import EntryInline
from registry.admin.base import ModelAdmin, ScopedList
from registry.admin.forms import EntryFormSet, RefusableForm
from registry.models import User


class MembershipFormSet(EntryFormSet):
    """Staff without an incubator would see nothing, and their manager would not see them."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.kept_forms() if form.cleaned_data.get("incubator")]
        if not kept and not self.user.is_registrar and not any(form.errors for form in self.forms):
            raise forms.ValidationError(gettext("Name the incubator that this person works for."))


class MembershipInline(EntryInline):
    model = StaffMembership
    formset = MembershipFormSet
    autocomplete_fields = ("incubator",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1


@admin.register(User)
class PersonAdmin(ScopedList, ModelAdmin):
    """People; their rights come from role and memberships. One who leaves is made inactive, never deleted."""

    form = RefusableForm
    list_display = ("username", "last_name", "first_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "last_name", "first_name", "email")
    ordering = ("username",)
    show_full_result_count = False
    inlines = (MembershipInline,)
    registrar_fields = ("role",)
    change_form_template = "admin/person_form.html"
    fieldsets = (
        (None, {"fields": ("username", ("role", "is_active"))}),
        (_("Person"), {"fields": (("last_name", "first_name"), "email")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody takes over the account of one who stands above the roles."""
        is_above = isinstance(obj, User) and obj.is_superuser and not getattr(request.user, "is_superuser", False)
        return super().has_change_permission(request, obj) and not is_above

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Told by the log of the admin, which names registrars: for those who see everybody."""
        if not (getattr(request.user, "is_registrar", False) or getattr(request.user, "is_auditor", False)):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True
            request.one_time_password = give_one_time_password(obj)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self.show_once(request, obj, request.one_time_password)  # type: ignore[attr-defined]

    # --- Resets
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.one_time_password)
        return [path("<path:object_id>/password/", view, name="registry_user_one_time_password"), *super().get_urls()]

    def one_time_password(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asked once more by GET; by POST the account gets a password that its owner must change."""
        person = self.get_object(request, unquote(object_id))
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person == request.user:
            return HttpResponseRedirect(reverse("account_change_password"))
        if request.method != "POST":
            return self._page(request, person, has_second_factor=has_second_factor(person))
        drops = request.POST.get("second_factor") == "remove"
        password = give_one_time_password(person, drops_second_factor=drops)
        person.save(update_fields=["password", "must_change_password"])
        self.log_change(request, person, gettext("gave a one-time password"))
        return self.show_once(request, person, password)

    def show_once(self, request: HttpRequest, person: User, password: str) -> HttpResponse:
        response = self._page(request, person, password=password)
        add_never_cache_headers(response)
        return response

    def _page(self, request: HttpRequest, person: User, **told: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **told,
            "title": gettext("One-time password"),
            "subtitle": person.get_username(),
            "opts": self.opts,
            "person": person,
        }
        return TemplateResponse(request, "admin/one_time_password.html", context).render()
