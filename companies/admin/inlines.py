"""The dated facts of a firm as they stand on its page, in the order of the paper certificate."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from companies.admin.certifications import CERTIFICATE_FIELDS
from companies.models import (
    AnnualReport,
    Certification,
    CompanyName,
    Financing,
    Residency,
    Seat,
    UniversityLink,
)
from registry import scope
from registry.admin import EntryInline, StackedEntryInline

Rows = list[dict[str, Any]]


class FactInline(EntryInline):
    """`is_expected`: nearly every firm has one, so a new firm's page offers an empty row."""

    is_expected = False

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if self.is_expected and obj is None else len(self.proposed(request, obj))

    def proposed(self, request: HttpRequest, obj: Any) -> Rows:
        """What new rows begin with."""
        return []


class NameInline(FactInline):
    """At least one: a firm without a name is nobody's."""

    model = CompanyName
    min_num = 1
    validate_min = True


class SeatInline(FactInline, StackedEntryInline):
    model = Seat
    is_expected = True
    fields = (
        ("valid_from", "valid_until"),
        ("reporting_unit", "district"),
        "address",
        ("latitude", "longitude"),
        ("moved_from", "moved_to"),
    )


class ResidencyInline(FactInline):
    model = Residency
    is_expected = True
    autocomplete_fields = ("incubator",)

    def proposed(self, request: HttpRequest, obj: Any) -> Rows:
        """Who works for one incubator enters firms there."""
        own = scope.incubators_of(request.user, scope.Circle.STAFF)
        return [{"incubator": next(iter(own))}] if obj is None and len(own) == 1 else []


class UniversityLinkInline(FactInline):
    model = UniversityLink
    autocomplete_fields = ("university",)


class CertificationInline(FactInline, StackedEntryInline):
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


COPY = "copy"
COPIED = ("jobs", "revenue", "rd_expense", "ip_rights")


class AnnualReportInline(FactInline):
    """`?copy=report` offers a row for the next year that begins with the last one's values."""

    model = AnnualReport

    def proposed(self, request: HttpRequest, obj: Any) -> Rows:
        if request.method != "GET" or request.GET.get(COPY) != "report" or obj is None:
            return []
        copied = next_report(obj)
        return [copied] if copied else []


def next_report(firm: Any) -> dict[str, Any]:
    """The last report's values with the year after it; nothing where there is no report."""
    last = AnnualReport.objects.filter(company=firm).order_by("-year").first()
    if last is None:
        return {}
    values = {name: getattr(last, name) for name in COPIED if getattr(last, name) is not None}
    return {"year": last.year + 1, **values}


def words_of_copy(report: dict[str, Any]) -> str:
    return _("Copy the report of %(last)s to %(next)s") % {"last": report["year"] - 1, "next": report["year"]}
