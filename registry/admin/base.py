"""The admin of an entry: scoped rows, a reason for each change, refusals in words, versions as history."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import DataError, IntegrityError, connection, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from registry import scope
from registry.admin import labels, versions
from registry.admin.fields import CreditCodeField, DayField, LastDayField, NameField
from registry.admin.forms import REASON, EntryForm, EntryFormSet, PeriodForm
from registry.admin.refusals import words_of
from registry.history.acting import check_constraints_now
from registry.models import Entry

if TYPE_CHECKING:
    from django import forms

    ModelAdmin = admin.ModelAdmin[Any]
    InlineAdmin = admin.options.InlineModelAdmin[Any, Any]
    Scoped = BaseModelAdmin[Any]
    ScopedModel = admin.ModelAdmin[Any]
else:
    ModelAdmin, InlineAdmin = admin.ModelAdmin, admin.options.InlineModelAdmin
    Scoped = ScopedModel = object

REFUSAL = "register_refusal"  # attributes of the request
CHOICES = "register_choices"


class ScopedAdmin(Scoped):
    """Rights come from `registry.scope` alone, for the rows and for every choice of a related row."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope.may_enter(request.user, self.model)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope.may_enter(request.user, self.model)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope.may_enter(request.user, self.model)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope.may_enter(request.user, self.model)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return scope.may_enter(request.user, self.model)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return scope.scope(super().get_queryset(request), request.user)

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that a field may point to: those that the person sees in that model's own admin."""
        model = db_field.remote_field.model
        its_admin = self.admin_site._registry.get(model)
        if its_admin:
            return its_admin.get_queryset(request).order_by(*its_admin.get_ordering(request))
        return scope.scope(model._default_manager.all(), request.user)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in labels.LAST_DAYS:
            kwargs |= {"form_class": LastDayField, "label": labels.LAST_DAYS[db_field.name], "help_text": ""}
        elif isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
            kwargs["form_class"] = DayField
        elif db_field.name == "uscc":
            kwargs["form_class"] = CreditCodeField
        elif db_field.name == "name_zh":
            kwargs["form_class"] = NameField
        elif isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
            return db_field.formfield(**kwargs)  # past the admin's own widget, which writes days by language
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no pop-up editing of one entry from within another
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            chosen: Any = field
            chosen.label_from_instance = labels.label_of
            if db_field.name not in self.get_autocomplete_fields(request):
                field.choices = self._choices_once(field, db_field, request)
        return field

    def _choices_once(self, field: Any, db_field: Any, request: HttpRequest) -> list[Any]:
        """A select's choices, read once for a page and not for each form of each row."""
        if not hasattr(request, CHOICES):
            setattr(request, CHOICES, {})
        read = getattr(request, CHOICES)
        key = (db_field.remote_field.model, type(self).get_field_queryset, field.empty_label)
        if key not in read:
            read[key] = list(field.choices)
        choices: list[Any] = read[key]
        return choices


class ScopedList(ScopedAdmin, ScopedModel):
    """A list that answers every parameter, and every refusal of the database, with a page."""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST":
            return self.in_words(request, lambda: super(ScopedList, self).changelist_view(request, extra_context))
        try:
            return super().changelist_view(request, extra_context)
        except (
            ValueError,
            TypeError,
            IndexError,
            OverflowError,
            DataError,
        ):  # a parameter that no database can compare
            return HttpResponseRedirect(f"{request.path}?e=1")

    def in_words(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """The view's answer; where the database refuses, the same page again with its sentence."""
        try:
            with transaction.atomic():
                return view()
        except (IntegrityError, DataError) as error:
            messages.error(request, words_of(error))
            return HttpResponseRedirect(request.get_full_path())


class EntryAdmin(ScopedList, ModelAdmin):
    """What every entry's admin is built on; nothing registers an entry without it (a test looks)."""

    form = EntryForm
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/entry_form.html"
    object_history_template = "admin/entry_history.html"

    def label(self, entry: Any) -> str:
        """The entry as a choice or a heading names it."""
        return labels.plain(entry)

    def is_invented(self, entry: Any) -> bool:
        """Whether the page has to say that the entry is invented for demonstration."""
        return bool(getattr(entry, "is_invented", False))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name != REASON]  # stands below the inlines

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: type[forms.ModelForm[Any]] = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, REFUSAL, "")  # type: ignore[attr-defined]
        return form

    # --- Saving: whatever the database refuses comes back as a sentence in the form that was sent.
    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                return view(request, object_id, form_url, extra_context)
        except (IntegrityError, DataError) as error:
            setattr(request, REFUSAL, words_of(error))
            return view(request, object_id, form_url, extra_context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = kwargs.get("obj")
        if entry is not None:
            context |= {"subtitle": self.label(entry), "is_invented": self.is_invented(entry)}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        _tell_reason(form.cleaned_data.get(REASON, ""))
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        check_constraints_now()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        check_constraints_now()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        check_constraints_now()

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self.in_words(request, lambda: super(EntryAdmin, self).delete_view(request, object_id, extra_context))

    # --- History
    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        entry = self.get_object(request, object_id)
        extra = {}
        if entry is not None and self.has_view_permission(request, entry):
            extra = {"changes": versions.changes_of(entry, self.facts()), "subtitle": self.label(entry)}
        return super().history_view(request, object_id, {**(extra_context or {}), **extra})

    def facts(self) -> Iterable[tuple[type[Entry], str]]:
        """The models of the dated facts about this entry, each with its foreign key; their versions are shown too."""
        return [(inline.model, labels.owner_key(inline.model, self.model)) for inline in self.inlines]


class EntryInline(ScopedAdmin, InlineAdmin):
    """Facts of an entry on its page, judged as a set."""

    template = "admin/edit_inline/tabular.html"
    form = PeriodForm
    formset = EntryFormSet
    extra = 0


class StackedEntryInline(EntryInline):
    template = "admin/edit_inline/stacked.html"


def _tell_reason(reason: str) -> None:
    """To the transaction that carries the request, before its first write: that write fixes what is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registry.reason', %s, true)", [reason])
