"""The admin of an entry: scoped rows, a reason for each change, refusals in words, versions as history."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import DataError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from registry import scope
from registry.admin import asked, labels, merged, merging, versions
from registry.admin.deleting import objects_to_delete
from registry.admin.fields import AmountField, CreditCodeField, DayField, LastDayField, LinesField, NameField
from registry.admin.forms import NO_FIELDS_OF_THE_ENTRY, REASON, CellForm, CellFormSet, EntryForm
from registry.admin.readings import note_reading, note_reading_of_list, note_reading_of_versions
from registry.admin.scoped import ScopedAdmin, forget_scope, may_be_looked_up, watch_of
from registry.database_words import REFUSALS, words_of
from registry.history.acting import check_constraints_now, tell_reason
from registry.models import Entry

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ScopedModel = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin
    ScopedModel = object

NO_VALUES = (ValueError, TypeError, IndexError, OverflowError, DataError)
"""What a parameter is answered with that no database can compare."""
REFUSAL = "register_refusal"  # attributes of the request
CHOICES = "register_choices"


class FormAdmin(ScopedAdmin):
    """The fields of a form as people fill them in."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in labels.LAST_DAYS:
            kwargs |= {"form_class": LastDayField, "label": labels.LAST_DAYS[db_field.name], "help_text": ""}
        elif isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
            kwargs["form_class"] = DayField
        elif isinstance(db_field, models.DecimalField) and db_field.name in labels.AMOUNTS:
            kwargs["form_class"] = AmountField
        elif db_field.name == "uscc":
            kwargs["form_class"] = CreditCodeField
        elif db_field.name == "name_zh":
            kwargs["form_class"] = NameField
        elif isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        elif isinstance(db_field, models.TextField):
            kwargs["form_class"] = LinesField
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
            if db_field.name not in self.get_autocomplete_fields(request) and "queryset" not in kwargs:
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


class ScopedList(FormAdmin, ScopedModel):
    """A list that answers every parameter, and every refusal of the database, with a page.

    `reading_actions` need only the right to read.
    """

    reading_actions: tuple[str, ...] = ()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return request is not None and may_be_looked_up(self, lookup, request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        view = super().changelist_view
        try:
            if request.method == "POST":
                return self.in_words(request, lambda: view(request, extra_context))
            response = view(request, extra_context)
        except (asked.CannotAnswerError, *NO_VALUES):
            if not request.GET:
                raise
            return asked.without(request, asked.refused(request, self.get_changelist_instance))
        changes = (getattr(response, "context_data", None) or {}).get("cl")
        if changes is not None and (names := asked.ignored(request, changes)):
            return asked.without(request, names)
        note_reading_of_list(request, self, response)
        return response

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, *NO_VALUES) as error:
            raise asked.CannotAnswerError from error

    def in_words(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """The view's answer; where the database or the scope refuses, the same page again with its sentence."""
        try:
            with transaction.atomic():
                return view()
        except REFUSALS as error:
            messages.error(request, words_of(error))
            return HttpResponseRedirect(request.get_full_path())

    # --- Actions and deleting: of rows that the person may write, and nothing leaves their scope by it
    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        if self.chosen_action(request) in self.reading_actions:
            return super().response_action(request, queryset, *args, **kwargs)
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        mine = scope.scope(queryset, request.user, write=True)
        if mine.filter(pk__in=chosen).count() < queryset.filter(pk__in=chosen).count():
            messages.error(request, _("Among the chosen entries are some that you may only read: nothing was done."))
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, mine, *args, **kwargs)

    def chosen_action(self, request: HttpRequest) -> str:
        """Its name; of the two boxes with actions, `index` says which was used."""
        names, place = request.POST.getlist("action"), request.POST.get("index", "0")
        return names[int(place)] if place.isdecimal() and len(place) < 4 and int(place) < len(names) else ""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return objects_to_delete(objs, request, self.admin_site)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        watch_of(request).before(obj)
        super().delete_model(request, obj)
        self.check_all(request)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            watch_of(request).before(row)
        super().delete_queryset(request, queryset)
        self.check_all(request)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self.in_words(request, lambda: super(ScopedList, self).delete_view(request, object_id, extra_context))

    # --- Saving: whatever is refused comes back as a sentence in the form that was sent
    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                self.lock(request, object_id)
                return view(request, object_id, form_url, extra_context)
        except REFUSALS as error:
            setattr(request, REFUSAL, words_of(error))
            forget_scope(request)
            return view(request, object_id, form_url, extra_context)

    def lock(self, request: HttpRequest, object_id: Any) -> None:
        """Until the commit, so that the form is compared with what it will be written over."""
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if row is not None and self.has_change_permission(request, row):
            inlines = (inline.model for inline in self.get_inline_instances(request, row))
            merging.lock(row, [(model, labels.owner_key(model, self.model)) for model in inlines])

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal, form.reader = getattr(request, REFUSAL, ""), request.user
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        note_reading(request, self, kwargs.get("obj"), context["adminform"])
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        context["collisions"] = merged.collisions([context["adminform"].form], formsets)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        watch_of(request).before(obj)
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)
        watch_of(request).after(obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in (inline.instance for inline in formset.forms if inline.has_changed()):
            watch_of(request).before(row)
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            watch_of(request).after(row)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.check_all(request)
        if kept := merged.kept(form, formsets):
            messages.info(request, _("Kept as somebody else changed it meanwhile: %s") % ", ".join(kept))

    def check_all(self, request: HttpRequest) -> None:
        check_constraints_now()
        watch_of(request).check()

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A save that changes nothing leaves nothing behind."""
        return super().log_change(request, obj, message) if message else None


class EntryAdmin(ScopedList, ModelAdmin):
    """What every entry's admin is built on; nothing registers an entry without it (a test looks)."""

    form = EntryForm
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/entry_form.html"
    change_list_template = "admin/entry_list.html"
    object_history_template = "admin/entry_history.html"

    def label(self, entry: Any) -> str:
        """The entry as a choice or a heading names it."""
        return labels.plain(entry)

    def is_invented(self, entry: Any) -> bool:
        """Whether the page has to say that the entry is invented for demonstration."""
        return bool(getattr(entry, "is_invented", False))

    # --- Nobody overwrites anybody
    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        form: Any = super().get_changelist_form(request, **{"form": CellForm, **kwargs})
        form.reader = request.user
        return form

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        formset: Any = super().get_changelist_formset(request, **{"formset": CellFormSet, **kwargs})
        formset.user = request.user
        return formset

    def _get_list_editable_queryset(self, request: HttpRequest, prefix: str) -> Any:
        rows = super()._get_list_editable_queryset(request, prefix)
        merging.lock_rows(self.model, pk__in=scope.scope(rows, request.user, write=True).values("pk"))
        return rows.order_by("pk")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        changes = (getattr(response, "context_data", None) or {}).get("cl")
        if request.method == "POST" and changes is not None and changes.formset is not None:
            merged.align(changes)
            response.context_data["collisions"] = merged.collisions([], [changes.formset])  # type: ignore[attr-defined]
        return response

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name not in NO_FIELDS_OF_THE_ENTRY]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = kwargs.get("obj")
        if entry is not None:
            context |= {
                "subtitle": self.label(entry),
                "is_invented": self.is_invented(entry),
                "unseen": [self.model._meta.get_field(name).verbose_name for name in self.unseen_keys(request, entry)],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        tell_reason(form.cleaned_data.get(REASON, ""))
        super().save_model(request, obj, form, change)

    # --- History
    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        entry = self.get_object(request, object_id)
        extra = {}
        if entry is not None and self.has_view_permission(request, entry):
            changes = versions.changes_of(entry, self.facts(request), request.user)
            note_reading_of_versions(request, entry)
            extra = {"changes": changes, "subtitle": self.label(entry)}
        return super().history_view(request, object_id, {**(extra_context or {}), **extra})

    def facts(self, request: HttpRequest) -> Iterable[tuple[type[Entry], str]]:
        """The models of the dated facts about this entry, each with its foreign key; their versions are shown too."""
        seen = (inline.model for inline in self.inlines if scope.may_enter(request.user, inline.model))
        return [(model, labels.owner_key(model, self.model)) for model in seen]
