"""Keys of partners and of incubators' own programmes: made, replaced and revoked here; the secret is shown once."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incubators.keys import grant, replace, scopes_of
from incubators.models import Incubator
from registry import scope
from registry.admin.base import ModelAdmin, ScopedList
from registry.admin.forms import RefusableForm
from registry.days import last_included, today
from registry.keys.making import OVERLAP, furnish, revoke
from registry.keys.telling import KeyState, events_of, state_of
from registry.models import KeyUse, PartnerKey

CHANGEABLE = ("label", "allowed_addresses")
SHOWN_DAYS = 90


class NewKeyForm(RefusableForm):
    """Of staff, who must name an incubator that they manage; a registrar may make a key that writes for none."""

    reader: Any = None
    incubators = forms.ModelMultipleChoiceField(
        Incubator.objects.none(),
        label=_("Writes for"),
        required=False,
        help_text=_("The scope write:incubator: the key writes as an editor of these incubators does."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["incubators"]
        chosen.queryset = scope.scope(Incubator.objects.order_by("code"), self.reader, write=True)
        chosen.required = not self.reader.is_registrar
        self.instance.valid_from = today()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("is_trial") and cleaned.get("incubators"):
            self.add_error("incubators", gettext("A key for trying reads what is public, and no more."))
        return cleaned


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return KeyState.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        day = today()
        in_force = models.Q(revoked_at__isnull=True, valid_until__gt=day)
        soon = models.Q(valid_until__lte=day + datetime.timedelta(days=30))
        asked = {
            KeyState.IN_FORCE: in_force & ~soon,
            KeyState.ENDS_SOON: in_force & soon,
            KeyState.EXPIRED: models.Q(revoked_at__isnull=True, valid_until__lte=day),
            KeyState.REVOKED: models.Q(revoked_at__isnull=False),
        }
        condition = asked.get(self.value())  # type: ignore[call-overload]
        return queryset if condition is None else queryset.filter(condition)


@admin.register(PartnerKey)
class PartnerKeyAdmin(ScopedList, ModelAdmin):
    """What a key may do is fixed when it is made; its label and its addresses can be changed."""

    form = RefusableForm
    list_display = ("prefix", "label", "partner", "rights", "state", "last_day", "last_used")
    list_select_related = ("partner",)
    list_filter = (StateFilter, "is_trial")
    search_fields = ("prefix", "label", "partner__name_zh")
    ordering = ("-made_at", "-id")
    show_full_result_count = False
    autocomplete_fields = ("partner",)
    readonly_fields = ("made_by", "revoked_by")
    registrar_fields = ("partner", "is_trial", "reads_partner_fields", "records_financings", "most_requests")
    change_form_template = "admin/key_form.html"
    fieldsets = (
        (None, {"fields": ("label", "partner", "valid_until")}),
        (_("What it may do"), {"fields": ("reads_partner_fields", "records_financings", "incubators", "is_trial")}),
        (_("Limits"), {"fields": ("allowed_addresses", "most_requests")}),
    )
    changed_fieldsets = (
        (None, {"fields": ("prefix", "label", "partner", "state", "valid_from", "last_day", "last_used")}),
        (_("What it may do"), {"fields": ("rights", "is_trial")}),
        (_("Limits"), {"fields": ("allowed_addresses", "most_requests")}),
    )

    # --- What is shown
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return self.changed_fieldsets
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_readonly_fields(request, obj)
        shown = [name for _title, options in self.changed_fieldsets for name in options["fields"]]
        return [name for name in shown if name not in CHANGEABLE]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewKeyForm
        return super().get_form(request, obj, change, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        last = KeyUse.objects.filter(key=models.OuterRef("pk")).order_by("-day").values("last_used_at")[:1]
        return super().get_queryset(request).annotate(used=models.Subquery(last))

    @admin.display(description=_("may"))
    def rights(self, key: PartnerKey) -> str:
        return format_html_join(mark_safe("<br>"), "{}", ((scope,) for scope in scopes_of(key)))

    @admin.display(description=_("state"))
    def state(self, key: PartnerKey) -> str:
        return str(state_of(key, today()).label)

    @admin.display(description=_("last day"), ordering="valid_until")
    def last_day(self, key: PartnerKey) -> str:
        return last_included(key.valid_until).isoformat()

    @admin.display(description=_("last used"), ordering="used")
    def last_used(self, key: Any) -> str:
        return f"{localtime(key.used):%Y-%m-%d %H:%M}" if key.used else "–"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        key = kwargs.get("obj")
        if key is not None:
            context |= {"subtitle": key.prefix, "events": events_of(key, today()), "in_force": key.is_in_force(today())}
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Making
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            request.key_text = furnish(obj, request.user)  # type: ignore[attr-defined, arg-type]
        super().save_model(request, obj, form, change)
        if not change:
            grant(obj, form.cleaned_data["incubators"])

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self.show_once(request, obj, request.key_text)  # type: ignore[attr-defined]

    def show_once(self, request: HttpRequest, key: PartnerKey, text: str) -> HttpResponse:
        response = self._page(request, key, "admin/key_shown.html", text=text, scopes=scopes_of(key))
        add_never_cache_headers(response)
        return response

    # --- Replacing, revoking, use
    def get_urls(self) -> list[URLPattern]:
        pages = {"replace": self.replace_view, "revoke": self.revoke_view, "use": self.use_view}
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"registry_partnerkey_{name}")
            for name, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def _key(self, request: HttpRequest, object_id: str, *, write: bool) -> PartnerKey:
        key = self.get_object(request, unquote(object_id))
        if key is None:
            raise Http404
        if not (self.has_change_permission if write else self.has_view_permission)(request, key):
            raise PermissionDenied
        return key  # type: ignore[no-any-return]

    def replace_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asked once more by GET; by POST a successor is made, and the old key lasts a week longer at most."""
        key = self._key(request, object_id, write=True)
        if not key.is_in_force(today()) or PartnerKey.objects.filter(replaces=key).exists():
            self.message_user(request, gettext("Only a key in force that has no successor is replaced."), "error")
            return HttpResponseRedirect(reverse("admin:registry_partnerkey_change", args=[key.pk]))
        if request.method != "POST":
            return self._page(request, key, "admin/key_action.html", act="replace", overlap=OVERLAP.days)
        new, text = replace(key, request.user)  # type: ignore[arg-type]
        self.log_change(request, key, gettext("replaced by %(prefix)s") % {"prefix": new.prefix})
        self.log_addition(request, new, gettext("takes the place of %(prefix)s") % {"prefix": key.prefix})
        return self.show_once(request, new, text)

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self._key(request, object_id, write=True)
        if request.method != "POST":
            return self._page(request, key, "admin/key_action.html", act="revoke")
        if revoke(key, request.user):  # type: ignore[arg-type]
            self.log_change(request, key, gettext("revoked"))
        self.message_user(request, gettext("The key %(prefix)s opens nothing any more.") % {"prefix": key.prefix})
        return HttpResponseRedirect(reverse("admin:registry_partnerkey_change", args=[key.pk]))

    def use_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Day by day, how often the key was used and how it was answered."""
        key = self._key(request, object_id, write=False)
        uses = list(key.uses.order_by("-day")[:SHOWN_DAYS])
        most = max((_all_of(use) for use in uses), default=0) or 1
        rows = [(use, _all_of(use), round(100 * _all_of(use) / most)) for use in uses]
        return self._page(request, key, "admin/key_use.html", rows=rows, shown_days=SHOWN_DAYS)

    def _page(self, request: HttpRequest, key: PartnerKey, template: str, **told: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **told,
            "title": gettext("Key"),
            "subtitle": str(key),
            "opts": self.opts,
            "key": key,
            "last_day": last_included(key.valid_until),
        }
        return TemplateResponse(request, template, context).render()


def _all_of(use: KeyUse) -> int:
    return use.answered + use.refused + use.throttled + use.failed
