"""What firms are filtered by. Filters over the same relation are asked together: one `Exists`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.filters.places import (
    ZoneFilter,
    distance_of_seat,
    far_from_campus,
    in_circle,
    near_campus,
)
from companies.filters.shared import BY_DISTANCE, SEATED, copy_with_default
from companies.models import (
    AdjacencyBasis,
    CertificationKind,
    Confidentiality,
    FinancingInstrument,
    UniversityLink,
)
from companies.models.questions import Rows, facts, not_existing, valid_certificate
from companies.search import Search, SearchFilter
from incubators.models import Designation, Incubator, IncubatorLevel
from registry.api.filters import (
    ChoicesFilter,
    CodeListFilter,
    DayFilter,
    MomentFilter,
    NearFilter,
    OneChoiceFilter,
    TrueOrFalseFilter,
)
from registry.api.filtersets import StrictFilterSet
from registry.api.kinds import Near, Refused
from registry.models import (
    CorridorArea,
    CorridorNode,
    District,
    Hub,
    Industry,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
    Zone,
)
from registry.models.entries import in_period


class LaterDayFilter(DayFilter):
    """A day after the day of the answer."""

    def resolve(self, value: datetime.date, valid_on: datetime.date | None) -> datetime.date:
        if valid_on is not None and value <= valid_on:
            words = {"day": value.isoformat(), "valid_on": valid_on.isoformat()}
            raise Refused("not_a_later_day", gettext("%(day)s does not lie after the day %(valid_on)s.") % words)
        return value


class CompanyFilterSet(StrictFilterSet):
    """Filters of firms; what they hold, where they sit and who hosts them is that of the day."""

    half_open: ClassVar[Mapping[str, str]] = {"expiring_from": "expiring_before"}

    q = SearchFilter(
        _(
            "Words to look for, each in a present or former name (Chinese, traditional or simplified; English; pinyin "
            "or its initials) or in the credit code. Without `order`, the firms whose names fit best come first."
        )
    )
    seated = OneChoiceFilter(
        _("true: seated in the city on the day (the default); false: the others; any: all."),
        choices=SEATED,
        method="seated_on_the_day",
        default="true",
    )
    district = CodeListFilter(
        _("Districts in force on the day, of the seat."), rows=District.objects.all, field_name="seat_on_day__district"
    )
    reporting_unit = CodeListFilter(
        _("Reporting units in force on the day, of the seat."),
        rows=ReportingUnit.objects.all,
        field_name="seat_on_day__reporting_unit",
    )
    zone = ZoneFilter(
        _("Zones (一区两群) of the seat's district."), rows=Zone.objects.all, field_name="seat_on_day__district"
    )
    corridor = CodeListFilter(
        _("Nodes of the innovation corridor whose areas hold the seat's district on the day."),
        rows=CorridorNode.objects.all,
        method="in_corridor",
    )
    hub = CodeListFilter(_("Hubs."), rows=Hub.objects.all, field_name="hub")
    strategic_field = CodeListFilter(
        _("Strategic fields."), rows=StrategicField.objects.all, field_name="strategic_field"
    )
    industry = CodeListFilter(_("Industries."), rows=Industry.objects.all, field_name="industry")
    technology_field = CodeListFilter(
        _("Technology fields of a certificate valid on the day; with `certified`, of a certificate of those kinds."),
        rows=TechnologyField.objects.all,
        method="asked_together",
    )
    incubator = CodeListFilter(
        _("Incubators in which it is in residence on the day."),
        rows=Incubator.objects.all,
        field_name="residency_on_day__incubator",
    )
    incubator_level = CodeListFilter(
        _("Levels held on the day by the incubator in which it is in residence."),
        rows=IncubatorLevel.objects.all,
        method="hosted_at_level",
    )
    university = CodeListFilter(
        _("Universities to which it has a recorded link on the day; with `adjacency_basis`, a link on that basis."),
        rows=University.objects.all,
        method="asked_together",
    )
    university_adjacent = TrueOrFalseFilter(
        _("Whether it is adjacent to a university on the day: by a recorded link, or by distance from a campus."),
        method="adjacent",
    )
    adjacency_basis = ChoicesFilter(
        _("Bases of a recorded link on the day, or `distance` from a campus."),
        choices=(*AdjacencyBasis.values, BY_DISTANCE),
        method="asked_together",
    )
    certified = CodeListFilter(
        _("Kinds of certificates, one of which is valid on the day."),
        rows=CertificationKind.objects.all,
        method="asked_together",
    )
    certification = CodeListFilter(
        _("Kinds of certificates, one of which was issued on or before the day, whatever became of it."),
        rows=CertificationKind.objects.all,
        of_any_day=True,
        method="ever_certified",
    )
    expiring_before = LaterDayFilter(
        _(
            "A day after `valid_on`: certified on `valid_on` (with `certified`, by those kinds), with no such "
            "certificate still valid on this day."
        ),
        method="asked_together",
    )
    expiring_from = LaterDayFilter(
        _(
            "A day after `valid_on`: certified on `valid_on` (with `certified`, by those kinds), with such a "
            "certificate still valid on this day."
        ),
        method="asked_together",
    )
    resident = TrueOrFalseFilter(_("Whether it is in residence in an incubator on the day."), method="in_residence")
    graduated = TrueOrFalseFilter(_("Whether it left an incubator as a graduate by the day."), method="has_graduated")
    financed = TrueOrFalseFilter(
        _("Whether a financing published by its parties was agreed by the day."), method="asked_together"
    )
    instrument = CodeListFilter(
        _("Instruments of a published financing agreed by the day."),
        rows=FinancingInstrument.objects.all,
        of_any_day=True,
        method="asked_together",
    )
    established_from = DayFilter(_("Established on or after this day."), field_name="established_on", lookup_expr="gte")
    established_to = DayFilter(_("Established on or before this day."), field_name="established_on", lookup_expr="lte")
    near = NearFilter(_("lat,lng,km: seated on the day within so many kilometres of the place."), method="seated_near")
    updated_since = MomentFilter(
        _("The firm, or a fact that its answer carries, changed at or after this moment."),
        field_name="change__updated_at",
        lookup_expr="gte",
    )

    def filter_queryset(self, queryset: Rows) -> Rows:
        asked = self.resolved()
        queryset = super().filter_queryset(queryset)
        for question in (self._certificates, self._links, self._financings):
            queryset = question(queryset, asked)
        return queryset

    def asked_together(self, queryset: Rows, name: str, value: Any) -> Rows:
        """Left to the questions that put parameters over one relation into one `Exists`."""
        return queryset

    def _certificates(self, queryset: Rows, asked: dict[str, Any]) -> Rows:
        if not asked.keys() & {"certified", "technology_field", "expiring_before", "expiring_from"}:
            return queryset
        wanted = self.wanted_certificates()
        held = wanted
        if last_day := asked.get("expiring_before"):
            day, lasting = self.valid_on, facts("Certification", wanted, valid_certificate(last_day))
            queryset = queryset.filter(~Exists(lasting))
            # It follows that what is held ends in between; it is said for the indexes of ends.
            held &= Q(valid_until__gt=day, valid_until__lte=last_day) | Q(
                revoked_from__gt=day, revoked_from__lte=last_day
            )
        if still := asked.get("expiring_from"):
            held &= valid_certificate(still)
        return queryset.filter(Exists(facts("Certification", held)))

    def wanted_certificates(self) -> Q:
        """Valid on the day, of the kinds and fields that were asked for."""
        asked, wanted = self.resolved(), valid_certificate(self.valid_on)
        if kinds := asked.get("certified"):
            wanted &= Q(kind__in=kinds)
        if fields := asked.get("technology_field"):
            wanted &= Q(technology_field__in=fields)
        return wanted

    def _links(self, queryset: Rows, asked: dict[str, Any]) -> Rows:
        universities, bases = asked.get("university"), asked.get("adjacency_basis")
        if universities is None and bases is None:
            return queryset
        linked = in_period(self.valid_on)
        if universities is not None:
            linked &= Q(university__in=universities)
        if bases is None:
            return queryset.filter(Exists(facts("UniversityLink", linked)))
        recorded = [basis for basis in bases if basis != BY_DISTANCE]
        found = Q(Exists(facts("UniversityLink", linked, basis__in=recorded))) if recorded else Q()
        if BY_DISTANCE in bases:
            found |= near_campus(universities)
        return queryset.filter(found)

    def _financings(self, queryset: Rows, asked: dict[str, Any]) -> Rows:
        if not asked.keys() & {"financed", "instrument"}:
            return queryset
        agreed = Q(confidentiality=Confidentiality.PUBLISHED, agreed_on__lte=self.valid_on)
        if instruments := asked.get("instrument"):
            queryset = queryset.filter(Exists(facts("Financing", agreed, instrument__in=instruments)))
        if "financed" in asked:
            financed = Exists(facts("Financing", agreed))
            queryset = queryset.filter(financed if asked["financed"] else ~financed)
        return queryset

    def searched(self, queryset: Rows, name: str, value: Search) -> Rows:
        return value.narrow(queryset)

    def seated_on_the_day(self, queryset: Any, name: str, value: str) -> Any:
        if value == "any":
            return queryset
        # By the join that filters of the seat use, too: a second look at the seats costs as much as the first.
        if value == "true":
            return queryset.existing(self.valid_on).filter(seat_on_day__company__isnull=False)
        return queryset.filter(not_existing(self.valid_on) | Q(seat_on_day__company__isnull=True))

    def in_corridor(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        areas = CorridorArea.objects.filter(
            in_period(self.valid_on), node__in=value, district=OuterRef("seat_on_day__district")
        )
        return queryset.filter(Exists(areas))

    def hosted_at_level(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        held = Designation.objects.on(self.valid_on).filter(
            incubator=OuterRef("residency_on_day__incubator"), level__in=value
        )
        return queryset.filter(Exists(held))

    def adjacent(self, queryset: Rows, name: str, value: bool) -> Rows:
        is_linked = Exists(facts("UniversityLink", in_period(self.valid_on)))
        if value:
            linked = UniversityLink.objects.on(self.valid_on).order_by().values("company")
            return queryset.filter(Q(pk__in=linked) | near_campus())
        return queryset.filter(~is_linked, far_from_campus())

    def ever_certified(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(Exists(facts("Certification", kind__in=value, issued_on__lte=self.valid_on)))

    def in_residence(self, queryset: Rows, name: str, value: bool) -> Rows:
        return queryset.filter(residency_on_day__company__isnull=not value)

    def has_graduated(self, queryset: Rows, name: str, value: bool) -> Rows:
        graduated = Exists(facts("Residency", outcome="graduated", left_on__lte=self.valid_on))
        return queryset.filter(graduated if value else ~graduated)

    def seated_near(self, queryset: Rows, name: str, value: Near) -> Rows:
        metres = int(value.kilometres * 1000)
        circle = in_circle(value.latitude, value.longitude, metres)
        return queryset.filter(circle).annotate(distance=distance_of_seat(value.latitude, value.longitude))


class ResidentFilterSet(CompanyFilterSet):
    """Firms in residence in one incubator, seated in the city or not."""

    incubator = None  # type: ignore[assignment]  # django-filter takes a filter away so
    seated = copy_with_default(CompanyFilterSet.base_filters["seated"], "any")
