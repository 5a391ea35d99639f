"""The firm with all its dated facts on one page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from companies.admin.certifications import CERTIFICATE_FIELDS
from companies.admin.columns import name_of_firm, with_company_columns
from companies.admin.exporting import export_for_correction
from companies.admin.narrowing import CertifiedToday, DistrictToday, ResidentToday
from companies.admin.search import matching
from companies.models import (
    AnnualReport,
    Certification,
    Company,
    CompanyName,
    Financing,
    Residency,
    Seat,
    UniversityLink,
)
from registry.admin import EntryAdmin, EntryInline, StackedEntryInline, labels


class NameInline(EntryInline):
    """At least one: a firm without a name is nobody's."""

    model = CompanyName
    min_num = 1
    validate_min = True


class SeatInline(StackedEntryInline):
    model = Seat
    fields = (
        ("valid_from", "valid_until"),
        ("district", "reporting_unit"),
        "address",
        ("latitude", "longitude"),
        ("moved_from", "moved_to"),
    )


class ResidencyInline(EntryInline):
    model = Residency
    autocomplete_fields = ("incubator",)


class UniversityLinkInline(EntryInline):
    model = UniversityLink
    autocomplete_fields = ("university",)


class CertificationInline(StackedEntryInline):
    model = Certification
    fields = CERTIFICATE_FIELDS

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """A certificate renews one of the same firm: no other is offered."""
        found = super().get_field_queryset(db, db_field, request)
        if db_field.name != "predecessor":
            return found
        key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        return found.filter(company=key) if key else found.none()


class FinancingInline(EntryInline):
    """A list only: a financing has parties and statuses, and so a page of its own."""

    model = Financing
    fields = ("instrument", "agreed_on", "agreed_amount", "drawn_amount", "confidentiality")
    readonly_fields = fields
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("instrument")


class AnnualReportInline(EntryInline):
    model = AnnualReport


@admin.register(Company)
class CompanyAdmin(EntryAdmin):
    change_list_template = "companies/admin/firms.html"
    change_form_template = "companies/admin/firm_form.html"
    actions = (export_for_correction,)
    list_display = (
        "name",
        "uscc",
        "district",
        "certified_to",
        labels.day("established_on", _("established on")),
        "is_published",
    )
    list_display_links = ("name", "uscc")
    list_filter = (DistrictToday, CertifiedToday, ResidentToday, "hub", "industry", "is_published", "is_invented")
    date_hierarchy = "established_on"
    search_fields = ("uscc", "names__name_zh")
    search_help_text = _("Credit code, a present or former name, English, pinyin or its initials")
    autocomplete_fields = ("successor",)
    registrar_fields = ("is_invented",)
    inlines = (
        NameInline,
        SeatInline,
        CertificationInline,
        ResidencyInline,
        UniversityLinkInline,
        AnnualReportInline,
        FinancingInline,
    )
    fieldsets = (
        (None, {"fields": ("uscc", ("is_published", "is_invented"), ("established_on", "dissolved_on"), "successor")}),
        (_("Sorting"), {"fields": (("hub", "strategic_field"), "industry")}),
        (_("Firm"), {"fields": (("registered_capital", "website"),)}),
        (
            _("Contact and notes (not public)"),
            {"fields": (("contact_name", "contact_phone", "contact_email"), "internal_notes")},
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else [inline for inline in self.inlines if inline is not FinancingInline]

    def label(self, entry: Any) -> str:
        name = getattr(entry, "company_name", None)
        return f"{name}（{entry.uscc}）" if name else entry.uscc

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_company_columns(super().get_queryset(request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.filter(matching(search_term)), False

    @admin.display(description=_("name"), ordering="company_name")
    def name(self, company: Any) -> str:
        return name_of_firm(company.company_name, company.uscc, company.is_invented)

    @admin.display(description=_("district"), ordering="district_today")
    def district(self, company: Any) -> str | None:
        district: str | None = company.district_today
        return district

    @admin.display(description=_("high-tech to (included)"), ordering="certified_until")
    def certified_to(self, company: Any) -> str:
        return labels.last_day(company.certified_until)
