"""The forms of entries: a reason for the change, periods in order, and rows that are judged as a set."""

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from registry import scope
from registry.admin.gone import GoneRows
from registry.admin.merging import MADE_FROM, MergingForm
from registry.days import last_included
from registry.models.entries import NoOverlap
from registry.phones import check_phone

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
    ModelFormSet = forms.BaseModelFormSet[Any, Any]
    InlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    ModelForm, ModelFormSet, InlineFormSet = forms.ModelForm, forms.BaseModelFormSet, forms.BaseInlineFormSet

PERIODS = (("valid_from", "valid_until"), ("entered_on", "left_on"))
REASON = "change_reason"
NO_FIELDS_OF_THE_ENTRY = (REASON, MADE_FROM)


class RefusableForm(ModelForm):
    """`refusal` is what the database or the scope said of the same input a moment ago."""

    refusal = ""

    def clean(self) -> dict[str, Any] | None:
        if self.refusal:
            raise forms.ValidationError(self.refusal)
        return super().clean()


class PeriodForm(MergingForm):
    """Refuses a period that ends before it begins; PostgreSQL could not even compare it with others."""

    is_row = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for start, end in PERIODS:
            first, until = cleaned.get(start), cleaned.get(end)
            if first and until and until <= first:
                days = {"first": first.isoformat(), "last": last_included(until).isoformat()}
                self.add_error(
                    end, ValidationError(_("The last day, %(last)s, lies before the first, %(first)s."), params=days)
                )
        return cleaned


class EntryForm(PeriodForm):
    """`refusal` is what the database said of the same input a moment ago: the form then says it."""

    is_row = False
    refusal: ClassVar[str] = ""
    change_reason = forms.CharField(
        label=_("Reason for the change"),
        help_text=_("Kept in the history beside your name; may stay empty."),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merge()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.refusal:
            raise ValidationError(self.refusal)
        return cleaned

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != REASON]

    def clean_contact_phone(self) -> str:
        """What stood there before this rule may stay."""
        phone: str = self.cleaned_data["contact_phone"]
        if "contact_phone" in self.changed_data:
            check_phone(phone)
        return phone


class WritableRows(ModelFormSet):
    """Rows that `user` may only read are shown, and neither changed nor deleted by what is sent."""

    user: ClassVar[Any] = None
    keys: ClassVar[tuple[str, ...]] = ()

    def _construct_form(self, i: int, **rest: Any) -> Any:
        form = super()._construct_form(i, **rest)  # type: ignore[misc]
        if form.instance.pk is not None and form.instance.pk not in self.writable:
            for name in form.fields.keys() - {*self.keys, form.instance._meta.pk.name}:
                form.fields[name].disabled = True
        form.merge()
        return form

    @cached_property
    def writable(self) -> set[int]:
        shown = {row.pk for row in self.get_queryset()}
        if self.user.is_registrar:
            return shown
        model: Any = self.model
        rows = model._base_manager.filter(pk__in=shown)
        return set(scope.scope(rows, self.user, write=True).values_list("pk", flat=True))


class CellForm(PeriodForm):
    """The cells of one row of a list."""


class CellFormSet(WritableRows):
    """The rows of a list of which some cells can be written."""


class EntryFormSet(WritableRows, InlineFormSet):
    """Rows of one owner, judged together: ending one period and beginning the next is one save."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = (self.fk.name,)  # type: ignore[misc]
        self.gone = GoneRows(self)
        if self.is_bound:
            self.data = self.gone.run()

    def _construct_form(self, i: int, **rest: Any) -> Any:
        form = super()._construct_form(i, **rest)
        form.instance.judged_as_a_set = True
        return form

    def clean(self) -> None:
        super().clean()
        if self.gone.found:
            told = _("Somebody else deleted a row that was changed here: choose at the top of the page.")
            raise ValidationError(told)
        model: Any = self.model
        for constraint in model._meta.constraints:
            if isinstance(constraint, NoOverlap):
                self.refuse_overlaps(constraint)

    def kept_forms(self) -> list[Any]:
        """The forms whose rows will stand after the save and can be read, unchanged ones included."""
        return [
            form
            for form in self.forms
            if hasattr(form, "cleaned_data")
            and (form.instance.pk or form.has_changed())
            and not form.cleaned_data.get("DELETE")
        ]

    def refuse_overlaps(self, constraint: NoOverlap) -> None:
        start, end = constraint.sides
        owner = [name for name in constraint.owner if name != self.fk.name]
        by_owner = defaultdict(list)
        for form in self.kept_forms():
            key = tuple(form.cleaned_data.get(name) for name in owner)
            if None not in key and not {start, end} & set(form.errors):
                by_owner[key].append(form)
        for forms_of_owner in by_owner.values():
            _refuse_overlaps(forms_of_owner, start, end, str(constraint.get_violation_error_message()))


def _refuse_overlaps(rows: list[Any], start: str, end: str, message: str) -> None:
    reached = datetime.date.min
    for form in sorted(rows, key=lambda form: form.cleaned_data[start] or datetime.date.min):
        if (form.cleaned_data[start] or datetime.date.min) < reached:
            form.add_error(start, message)
        reached = max(reached, form.cleaned_data.get(end) or datetime.date.max)
