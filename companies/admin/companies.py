"""The firm with all its dated facts on one page."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from companies.admin.certifications import tell_of_issue_ahead
from companies.admin.columns import name_of_firm, with_company_columns
from companies.admin.exporting import export_for_correction
from companies.admin.inlines import (
    AnnualReportInline,
    CertificationInline,
    FactInline,
    FinancingInline,
    NameInline,
    ResidencyInline,
    SeatInline,
    UniversityLinkInline,
    next_report,
    words_of_copy,
)
from companies.admin.narrowing import CertifiedToday, DistrictToday, MineToday, ResidentToday
from companies.admin.search import matching
from companies.entering.forms import FirmForm
from companies.entering.head import latest_name, states_of
from companies.models import Certification, Company
from registry.admin import EntryAdmin, labels, versions

LICENCE, REGISTERED, SORTING, CONTACT = range(4)  # the fieldsets
ORDER = (
    *(LICENCE, NameInline, SeatInline, REGISTERED, CertificationInline, ResidencyInline),
    *(UniversityLinkInline, SORTING, AnnualReportInline, FinancingInline, CONTACT),
)


@dataclass(frozen=True)
class Section:
    """A part of the page: a fieldset or a set of facts. `anchor` is where the head leads to."""

    anchor: str
    title: str
    fieldset: Any = None
    inline: Any = None


@admin.register(Company)
class CompanyAdmin(EntryAdmin):
    form = FirmForm
    change_list_template = "companies/admin/firms.html"
    change_form_template = "companies/admin/firm.html"
    actions = (export_for_correction,)
    reading_actions = ("export_for_correction",)
    list_display = (
        "name",
        "uscc",
        "district",
        "certified_to",
        "hub",
        "is_published",
        labels.day("established_on", _("established on")),
    )
    list_display_links = ("name", "uscc")
    list_editable = ("hub", "is_published")
    list_select_related = ("hub",)
    list_filter = (
        MineToday,
        DistrictToday,
        CertifiedToday,
        ResidentToday,
        "hub",
        "industry",
        "is_published",
        "is_invented",
    )
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
        (_("Business licence"), {"fields": ("uscc", ("is_published", "is_invented"))}),
        (
            _("Firm"),
            {"fields": (("established_on", "registered_capital"), ("dissolved_on", "successor"), "website")},
        ),
        (_("Sorting"), {"fields": (("hub", "strategic_field"), "industry")}),
        (
            _("Contact and notes (not public)"),
            {"fields": (("contact_name", "contact_phone", "contact_email"), "internal_notes")},
        ),
    )

    class Media:
        css = {"all": ("companies/entering.css",)}  # noqa: RUF012
        js = ("companies/entering.js",)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else [inline for inline in self.inlines if inline is not FinancingInline]

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        given: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, FactInline):
            given["initial"] = inline.proposed(request, obj if obj is not None and obj.pk else None)
        return given

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        from companies.entering.timeline import in_short, life_of  # with the public pages: not when a worker starts

        firm = kwargs.get("obj")
        context["sections"] = _sections(context)
        if firm is not None:
            changes = versions.changes_of(firm, self.facts(request), request.user)
            report = next_report(firm) if self.has_change_permission(request, firm) else {}
            context |= {
                "head": {"name": latest_name(firm), "states": states_of(firm, request.user)},
                "life": life_of(firm, request.user),
                "recorded": in_short(changes),
                "next_report": {name: str(value) for name, value in report.items()},
                "words_of_copy": words_of_copy(report) if report else "",
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for one in formsets:
            if one.model is Certification:
                tell_of_issue_ahead(request, [*one.new_objects, *(row for row, _changed in one.changed_objects)])
        form.instance.company_name = latest_name(form.instance)  # which this save may have changed

    def label(self, entry: Any) -> str:
        return str(entry)

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


def _sections(context: Any) -> list[Section]:
    """The fieldsets and sets of facts of the page, in the order of the paper."""
    fieldsets = list(context["adminform"])
    inlines = {type(one.opts): one for one in context["inline_admin_formsets"]}
    found = []
    for part in ORDER:
        if isinstance(part, int):
            found.append(Section(f"part-{part}", str(fieldsets[part].name), fieldset=fieldsets[part]))
        elif part in inlines:
            one = inlines[part]
            title = str(one.opts.verbose_name_plural)
            found.append(Section(f"{one.formset.prefix}-group", title, inline=one))
    return found
