"""Certificates, their kinds, and stays in incubators, as lists of their own."""

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from companies.admin.columns import OfFirm
from companies.admin.search import matching
from companies.entering.forms import ISSUED_AHEAD
from companies.models import Certification, CertificationKind, Residency
from registry.admin import EntryAdmin, VocabularyAdmin, labels
from registry.admin.forms import EntryForm
from registry.days import today

CERTIFICATE_FIELDS = (
    ("kind", "number"),
    ("issued_on", "valid_until"),
    ("technology_field", "issuer"),
    "predecessor",
    ("revoked_from", "revoked_on"),
    "revocation_reason",
)


def tell_of_issue_ahead(request: HttpRequest, certificates: Iterable[Certification]) -> None:
    for certificate in certificates:
        if certificate.issued_on > today():
            messages.warning(request, ISSUED_AHEAD % {"day": certificate.issued_on})


class FactOfFirmAdmin(OfFirm, EntryAdmin):
    """A list of one kind of fact; found by the firm."""

    search_fields: ClassVar[Any] = ("company__uscc",)
    search_help_text = _("Credit code, a present or former name, English, pinyin or its initials of the firm")
    autocomplete_fields: ClassVar[Any] = ("company",)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.filter(matching(search_term, "company")), False


@admin.register(Certification)
class CertificationAdmin(FactOfFirmAdmin):
    list_display = (
        *("firm", "kind", "number", labels.day("issued_on", _("issued on")), "last_day"),
        labels.day("revoked_from", _("revoked with effect from")),
    )
    list_filter = ("kind", "technology_field")
    list_select_related = ("company", "kind")
    date_hierarchy = "issued_on"
    ordering = ("-issued_on", "-id")
    search_fields = ("number", "company__uscc")
    autocomplete_fields = ("company", "predecessor")
    fields = ("company", *CERTIFICATE_FIELDS)

    def label(self, entry: Any) -> str:
        return f"{entry.number} · {entry.issued_on}".removeprefix(" · ")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        by_firm, _distinct = super().get_search_results(request, queryset, search_term)
        number = search_term.replace("\0", "").strip()
        return by_firm | queryset.filter(number__icontains=number), False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        tell_of_issue_ahead(request, [obj])

    @admin.display(description=_("valid to (included)"), ordering="valid_until")
    def last_day(self, certification: Certification) -> str:
        return labels.last_day(certification.valid_until)


class CertificationKindForm(EntryForm):
    """A fixed last day exists in every year: 29 February would have no answer in three of four."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        month, day = cleaned.get("ends_month"), cleaned.get("ends_day")
        if month and day:
            try:
                datetime.date(2001, month, day)
            except ValueError:
                self.add_error("ends_day", ValidationError(_("Not every year has this day.")))
        return cleaned


@admin.register(CertificationKind)
class CertificationKindAdmin(VocabularyAdmin):
    form = CertificationKindForm
    list_display = ("code", "name_zh", "name_en", "validity_rule", "validity_years", "mark")
    list_filter = ("validity_rule", "mark")


@admin.register(Residency)
class ResidencyAdmin(FactOfFirmAdmin):
    list_display = ("firm", "incubator", labels.day("entered_on", _("entered on")), "last_day", "outcome", "ground")
    list_filter = ("outcome", "ground", "incubator__kind")
    list_select_related = ("company", "incubator")
    date_hierarchy = "entered_on"
    ordering = ("-entered_on", "-id")
    autocomplete_fields = ("company", "incubator")

    @admin.display(description=labels.LAST_DAYS["left_on"], ordering="left_on")
    def last_day(self, residency: Residency) -> str:
        return labels.last_day(residency.left_on)
