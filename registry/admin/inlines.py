"""The facts of an entry as rows of its page."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from registry.admin import labels
from registry.admin.base import FormAdmin
from registry.admin.forms import NO_FIELDS_OF_THE_ENTRY, EntryFormSet, PeriodForm

if TYPE_CHECKING:
    InlineAdmin = admin.options.InlineModelAdmin[Any, Any]
else:
    InlineAdmin = admin.options.InlineModelAdmin


class EntryInline(FormAdmin, InlineAdmin):
    """Facts of an entry on its page, judged as a set."""

    template = "admin/entry_rows.html"
    form = PeriodForm
    formset = EntryFormSet
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **{"labels": labels.LAST_DAYS, **kwargs})
        formset.user = formset.form.reader = request.user
        return formset

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name not in NO_FIELDS_OF_THE_ENTRY]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is self.parent_model:  # the page's own entry: nobody chooses it
            kwargs["queryset"] = db_field.related_model._base_manager.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def rows_on_page(self, request: HttpRequest, obj: Any) -> Any:
        return self.get_queryset(request).filter(**{labels.owner_key(self.model, self.parent_model): obj.pk})


class StackedEntryInline(EntryInline):
    template = "admin/edit_inline/stacked.html"
