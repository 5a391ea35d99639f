"""What lists show of a firm: its name, seat and certificate of the day, each by one subquery."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from companies.models import Certification, CompanyName, Seat
from companies.models.questions import HIGH_TECH
from registry.admin import labels
from registry.days import today
from registry.models.naming import name_of


def name_today(firm: str) -> Subquery:
    """The latest name begun by today; `firm` is the path to the firm in the outer query."""
    begun = CompanyName.objects.filter(company=OuterRef(firm), valid_from__lte=today())
    return Subquery(begun.order_by("-valid_from").values("name_zh")[:1])


def with_company_columns(firms: QuerySet[Any]) -> QuerySet[Any]:
    seats = Seat.objects.on(today()).filter(company=OuterRef("pk"))
    certificates = Certification.objects.valid(today()).filter(company=OuterRef("pk"), kind__code=HIGH_TECH)
    named: QuerySet[Any] = firms.annotate(
        company_name=name_today("pk"),
        district_today=Subquery(seats.values(text=name_of("district"))[:1]),
        certified_until=Subquery(certificates.order_by("-valid_until").values("valid_until")[:1]),
    )
    return named


def name_of_firm(name: str | None, code: str, is_invented: bool) -> str:
    return format_html("{} {}", name or code, labels.invented()) if is_invented else name or code


class OfFirm:
    """For admins of facts about a firm: the column with its name, and the search for it."""

    list_select_related: ClassVar[Any] = ("company",)

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        facts: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        named: QuerySet[Any] = facts.annotate(company_name=name_today("company"))
        return named

    def label(self, entry: Any) -> str:
        """The firm and the fact's own day."""
        day = getattr(entry, str(self.date_hierarchy))  # type: ignore[attr-defined]
        return f"{getattr(entry, 'company_name', None) or entry.company} · {day}"

    def is_invented(self, entry: Any) -> bool:
        return bool(entry.company.is_invented)

    @admin.display(description=_("firm"), ordering="company__uscc")
    def firm(self, fact: Any) -> str:
        return name_of_firm(fact.company_name, fact.company.uscc, fact.company.is_invented)
