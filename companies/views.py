"""Lists and details of firms and of the facts about them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    FilteredRelation,
    Max,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import Http404

from companies.filters import (
    CertificationFilterSet,
    CertificationOfOneFilterSet,
    CompanyFilterSet,
    FinancingFilterSet,
    ResidencyFilterSet,
    ResidencyOfOneFilterSet,
    ResidentFilterSet,
)
from companies.models import (
    Certification,
    CertificationKind,
    Company,
    Financing,
    FinancingInstrument,
    Indicator,
    PilotZone,
    Residency,
    TargetArea,
    UniversityLink,
)
from companies.models.questions import HIGH_TECH, facts, public_firm, valid_certificate
from companies.resources import (
    CertificationKindSerializer,
    CertificationSerializer,
    CompanySerializer,
    FinancingSerializer,
    IndicatorSerializer,
    InstrumentSerializer,
    ResidencySerializer,
)
from incubators.models import Incubator
from registry.api.paging import Order
from registry.api.views import RegisterDetailView, RegisterListView, RowsView
from registry.credit_code import normalise
from registry.models.entries import in_period
from registry.views import CodeListView

PUBLIC_FACT = public_firm("company__")


def state_on(day: datetime.date) -> Case:
    """A certificate's state on the day; revocation goes over expiry."""
    return Case(
        When(issued_on__gt=day, then=Value("not_yet_issued")),
        When(revoked_from__lte=day, then=Value("revoked")),
        When(valid_until__lte=day, then=Value("expired")),
        default=Value("valid"),
        output_field=CharField(),
    )


def public_companies(day: datetime.date) -> Any:
    """Firms that everyone may see, with name, seat and residency of the day."""
    return Company.objects.public().for_day(day)


def prepared_companies(day: datetime.date) -> QuerySet[Company]:
    """The same with all that a firm's answer carries; the number of queries does not grow with the rows."""
    certifications = (
        Certification.objects.filter(issued_on__lte=day)
        .annotate(state=state_on(day))
        .select_related("kind", "technology_field")
    )
    links = UniversityLink.objects.on(day).select_related("university", "circle_site")
    last_end = facts("Certification", valid_certificate(day), kind__code=HIGH_TECH)
    companies: QuerySet[Company] = (
        public_companies(day)
        .annotate(
            certified_until=Subquery(
                last_end.order_by().values("company").annotate(last=Max("valid_until")).values("last")
            )
        )
        .select_related(
            "name_on_day",
            "seat_on_day__district__zone",
            "seat_on_day__reporting_unit",
            "residency_on_day__incubator",
            "change",
        )
        .prefetch_related(
            # Small lists by a query each: joined, fifteen tables took PostgreSQL 50 ms to plan and 5 ms to read.
            "hub",
            "strategic_field",
            "industry",
            Prefetch("successor", Company.objects.public()),  # others are named to nobody
            "names",
            Prefetch("certifications", certifications, to_attr="certifications_by_day"),
            Prefetch("university_links", links, to_attr="links_on_day"),
        )
    )
    return companies


class CompanyRows(RowsView):
    queryset = Company.objects.all()
    serializer_class = CompanySerializer
    lookup_field = "uscc"

    def rows(self) -> QuerySet[Company]:
        return prepared_companies(self.valid_on)


class CompanyListView(CompanyRows, RegisterListView):
    """Firms seated in the city on the day; `seated=any` for all."""

    filterset_class = CompanyFilterSet
    orders = (
        Order("name", "name_on_day__pinyin"),
        Order("uscc", "uscc", is_nullable=False),
        Order("established_on", "established_on"),
        Order("updated_at", "change__updated_at"),
        Order("certified_until", "certified_until"),
        Order("distance", "distance", is_nullable=False, needs="near"),
    )


class CompanyDetailView(CompanyRows, RegisterDetailView):
    """One firm by its credit code, seated or not."""

    def row(self, key: str) -> Any:
        return super().row(normalise(key))


class FactListView(RegisterListView):
    """A list of facts about firms that everyone may see."""

    related: tuple[str, ...] = ()

    def rows(self) -> QuerySet[Any]:
        names = in_period(self.valid_on, "company__names__")
        named: QuerySet[Any] = (
            self.facts()
            .filter(PUBLIC_FACT)
            .annotate(name_on_day=FilteredRelation("company__names", condition=names))
            .select_related("company", "name_on_day", *self.related)
        )
        return named

    def facts(self) -> Any:
        return self.queryset.all()


class CertificationListView(FactListView):
    """Certificates, with their state on the day and the seat on the day of issue."""

    queryset = Certification.objects.all()
    serializer_class = CertificationSerializer
    filterset_class = CertificationFilterSet
    related = ("seat_at_issue__district", "seat_at_issue__reporting_unit")
    orders = (
        Order("issued_on", "issued_on", is_nullable=False),
        Order("valid_until", "valid_until"),
        Order("number", "number", is_nullable=False),
    )

    def facts(self) -> Any:
        certifications = Certification.objects.with_seat_at_issue().prefetch_related("kind", "technology_field")
        return certifications.annotate(state=state_on(self.valid_on))


class ResidencyListView(FactListView):
    """Stays of firms in incubators, open or ended."""

    queryset = Residency.objects.all()
    serializer_class = ResidencySerializer
    filterset_class = ResidencyFilterSet
    related = ("incubator",)
    orders = (Order("entered_on", "entered_on", is_nullable=False), Order("left_on", "left_on"))


class FinancingListView(FactListView):
    """Financings that their parties have published, agreed by the day."""

    queryset = Financing.objects.published().prefetch_related("parties__partner")
    serializer_class = FinancingSerializer
    filterset_class = FinancingFilterSet
    related = ("instrument", "pilot_zone")
    orders = (
        Order("agreed_on", "agreed_on", is_nullable=False),
        Order("agreed_amount", "agreed_amount", is_nullable=False),
    )

    def facts(self) -> Any:
        return self.queryset.filter(agreed_on__lte=self.valid_on)


class OfOneCompany:
    """The facts about the firm in the address; 404 when it is not one that everyone may see."""

    def rows(self) -> QuerySet[Any]:
        uscc = normalise(self.kwargs["uscc"])  # type: ignore[attr-defined]
        if not Company.objects.public().filter(uscc=uscc).exists():
            raise Http404
        return super().rows().filter(company__uscc=uscc)  # type: ignore[misc, no-any-return]


class CompanyCertificationListView(OfOneCompany, CertificationListView):
    """The certificates of one firm."""

    filterset_class = CertificationOfOneFilterSet


class CompanyResidencyListView(OfOneCompany, ResidencyListView):
    """The stays of one firm."""

    filterset_class = ResidencyOfOneFilterSet


class IncubatorResidentListView(CompanyListView):
    """Firms in residence in one incubator on the day."""

    filterset_class = ResidentFilterSet

    def rows(self) -> Any:
        host = Incubator.objects.filter(code=self.kwargs["code"]).first()
        if host is None:
            raise Http404
        rows: Any = super().rows()
        return rows.filter(residency_on_day__incubator=host)


class CertificationKindListView(CodeListView):
    queryset = CertificationKind.objects.all()
    serializer_class = CertificationKindSerializer


class InstrumentListView(CodeListView):
    queryset = FinancingInstrument.objects.all()
    serializer_class = InstrumentSerializer


class PilotZoneListView(CodeListView):
    queryset = PilotZone.objects.all()


class IndicatorListView(CodeListView):
    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer


class TargetAreaListView(CodeListView):
    queryset = TargetArea.objects.all()
