"""Lists and details of firms and of the facts about them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, FilteredRelation, Max, Prefetch, Q, QuerySet, Subquery
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
from companies.filters.event_states import (
    CertificationStateFilterSet,
    FinancingStateFilterSet,
    OfEventStates,
    ResidencyStateFilterSet,
)
from companies.filters.states import CompanyStateFilterSet, have_states
from companies.models import (
    Certification,
    CertificationKind,
    Company,
    Financing,
    FinancingInstrument,
    FinancingParty,
    Indicator,
    PilotZone,
    Residency,
    TargetArea,
)
from companies.models.questions import HIGH_TECH, facts, valid_certificate
from companies.refusals import UnknownFirm, public_firm_of, read_code
from companies.resources import (
    CertificationKindSerializer,
    CertificationSerializer,
    CompanySerializer,
    FinancingSerializer,
    IndicatorSerializer,
    InstrumentSerializer,
    ResidencySerializer,
    TargetAreaSerializer,
)
from companies.rows import PUBLIC_FACT, answered_companies, public_companies, state_on
from companies.search import BY_RELEVANCE, Searched
from incubators.models import Incubator
from registry.api.first_known import refuse_known_later
from registry.api.paging import Order
from registry.api.views import RegisterDetailView, RowsView
from registry.downloads.lists import DownloadableListView
from registry.models.entries import in_period
from registry.views import CodeListView


class CompanyRows(RowsView):
    queryset = Company.objects.all()
    serializer_class = CompanySerializer
    lookup_field = "uscc"

    def rows(self, day: datetime.date) -> QuerySet[Company]:
        companies: QuerySet[Company] = public_companies(day)
        return companies

    @classmethod
    def answered(cls, day: datetime.date) -> QuerySet[Company]:
        return answered_companies(day)


class CompanyListView(Searched, CompanyRows, DownloadableListView):
    """Firms seated in the city on the day; `seated=any` for all."""

    def rows(self, day: datetime.date) -> QuerySet[Company]:
        ends = facts("Certification", valid_certificate(day), kind__code=HIGH_TECH, valid_until__isnull=False)
        last_end = ends.order_by().values("company").annotate(last=Max("valid_until")).values("last")
        return (
            super()
            .rows(day)
            .annotate(certified_until=Subquery(last_end), has_certified_until=Exists(ends))
            .alias(may_lack_a_name=Q(search_text__named_from__gt=day))
        )

    def counted(self, filterset: Any) -> QuerySet[Any]:
        # By states, which know nothing of the host in an address.
        if self.kwargs or not have_states(self.valid_on):
            return super().counted(filterset)
        states: QuerySet[Any] = CompanyStateFilterSet.counted(filterset)
        return states

    filterset_class = CompanyFilterSet
    orders = (
        Order("name", "name_on_day__pinyin", key="name_on_day__company", may_lack="may_lack_a_name"),
        Order("uscc", "uscc", is_nullable=False),
        Order("established_on", "established_on"),
        Order("updated_at", "change__updated_at", key="change__company", is_nullable=False),
        Order("certified_until", "certified_until", present="has_certified_until"),
        Order("distance", "distance", is_nullable=False, needs="near"),
        BY_RELEVANCE,
    )


class CompanyDetailView(CompanyRows, RegisterDetailView):
    """One firm by its credit code, seated or not. A 404 says by `errors[0].code` whether the code is mistyped
    (`bad_check_digit`, `wrong_length`, `wrong_character`, `not_a_credit_code`), sound and not in the register
    (`unknown_uscc`), or in it only since a moment after `known_at` (`known_later`)."""

    def row(self, value: str) -> tuple[int, int]:
        try:
            return super().row(read_code(value))
        except Http404:
            raise UnknownFirm(value) from None


class FactRows(RowsView):
    """Facts about firms that everyone may see."""

    related: tuple[str, ...] = ()

    def rows(self, day: datetime.date) -> QuerySet[Any]:
        facts: QuerySet[Any] = self.facts(day).filter(PUBLIC_FACT)
        return facts

    @classmethod
    def answered(cls, day: datetime.date) -> QuerySet[Any]:
        names = in_period(day, "company__names__")
        named = cls.facts(day).annotate(name_on_day=FilteredRelation("company__names", condition=names))
        told: QuerySet[Any] = named.select_related("company", "name_on_day", *cls.related)
        return told.prefetch_related("company__hub", "company__strategic_field", "company__industry")

    @classmethod
    def facts(cls, day: datetime.date) -> QuerySet[Any]:
        return cls.queryset.all()


class FactListView(FactRows, DownloadableListView):
    """A list of facts about firms that everyone may see."""

    states_class: type[OfEventStates]

    def counted(self, filterset: Any) -> QuerySet[Any]:
        # By states, which know nothing of the firm in an address.
        if self.kwargs or not self.states_class.have_states(self.valid_on):
            return super().counted(filterset)
        states: QuerySet[Any] = self.states_class.counted(filterset)
        return states


class CertificationRows(FactRows):
    queryset = Certification.objects.all()
    serializer_class = CertificationSerializer
    related = ("seat_at_issue__district", "seat_at_issue__reporting_unit")

    @classmethod
    def facts(cls, day: datetime.date) -> QuerySet[Any]:
        certifications = Certification.objects.with_seat_at_issue().prefetch_related("kind", "technology_field")
        stated: QuerySet[Any] = certifications.annotate(state=state_on(day))
        return stated


class CertificationListView(CertificationRows, FactListView):
    """Certificates, with their state on the day and the seat on the day of issue."""

    filterset_class = CertificationFilterSet
    states_class = CertificationStateFilterSet
    orders = (
        Order("issued_on", "issued_on", is_nullable=False),
        Order("valid_until", "valid_until"),
        Order("number", "number", is_nullable=False),
    )


class ResidencyRows(FactRows):
    queryset = Residency.objects.all()
    serializer_class = ResidencySerializer
    related = ("incubator",)

    @classmethod
    def facts(cls, day: datetime.date) -> QuerySet[Any]:
        return Residency.objects.with_firm_at_end(day)


class ResidencyListView(ResidencyRows, FactListView):
    """Stays of firms in incubators, open or ended."""

    filterset_class = ResidencyFilterSet
    states_class = ResidencyStateFilterSet
    orders = (Order("entered_on", "entered_on", is_nullable=False), Order("left_on", "left_on"))


PARTIES = Prefetch("parties", FinancingParty.objects.select_related("partner").order_by("id"))


class FinancingRows(FactRows):
    queryset = Financing.objects.published().prefetch_related(PARTIES)
    serializer_class = FinancingSerializer
    related = ("instrument", "pilot_zone")

    @classmethod
    def facts(cls, day: datetime.date) -> QuerySet[Any]:
        agreed: QuerySet[Any] = cls.queryset.with_firm_at_agreement().filter(agreed_on__lte=day)
        return agreed


class FinancingListView(FinancingRows, FactListView):
    """Financings that their parties have published, agreed by the day."""

    filterset_class = FinancingFilterSet
    states_class = FinancingStateFilterSet
    orders = (
        Order("agreed_on", "agreed_on", is_nullable=False),
        Order("agreed_amount", "agreed_amount", is_nullable=False),
    )


class OfOneCompany:
    """The facts about the firm in the address; 404 when it is not one that everyone may see."""

    def rows(self, day: datetime.date) -> QuerySet[Any]:
        firm = public_firm_of(self.kwargs["uscc"], self.asked.known_at)  # type: ignore[attr-defined]
        return super().rows(day).filter(company=firm)  # type: ignore[misc, no-any-return]


class CompanyCertificationListView(OfOneCompany, CertificationListView):
    """The certificates of one firm."""

    filterset_class = CertificationOfOneFilterSet


class CompanyResidencyListView(OfOneCompany, ResidencyListView):
    """The stays of one firm."""

    filterset_class = ResidencyOfOneFilterSet


class IncubatorResidentListView(CompanyListView):
    """Firms in residence in one incubator on the day."""

    filterset_class = ResidentFilterSet

    def rows(self, day: datetime.date) -> Any:
        hosts = Incubator.objects.filter(code=self.kwargs["code"])
        host = hosts.first()
        if host is None:
            refuse_known_later(hosts, self.kwargs["code"], self.asked.known_at)
            raise Http404
        rows: Any = super().rows(day)
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
    queryset = TargetArea.objects.prefetch_related("members__zone", "members__district", "members__reporting_unit")
    serializer_class = TargetAreaSerializer
