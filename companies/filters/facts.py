"""What facts about firms are filtered by. They are events, so they take codes of any day."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from companies.filters.events import EventFilterSet
from companies.filters.shared import SEATED, copy_with_default
from companies.models import (
    CertificationKind,
    FinancingInstrument,
    GraduationGround,
    PilotZone,
    ResidencyOutcome,
)
from companies.models.questions import Rows, valid_certificate
from incubators.models import Incubator
from registry.api.filters import (
    ChoicesFilter,
    CodeListFilter,
    DayFilter,
    OneChoiceFilter,
    TextFilter,
    TrueOrFalseFilter,
)
from registry.models import Partner, TechnologyField
from registry.models.entries import in_period


class CertificationFilterSet(EventFilterSet):
    """Where the firm sits is told of the day of issue: the seat that the grant counts for."""

    seat = "seat_at_issue__"

    seated = OneChoiceFilter(
        _("true: of firms seated in the city on the day of issue (the default); false: of the others; any: all."),
        choices=SEATED,
        method="seated_at_issue",
        default="true",
    )
    kind = CodeListFilter(
        _("Kinds of certificates."), rows=CertificationKind.objects.all, of_any_day=True, field_name="kind"
    )
    technology_field = CodeListFilter(
        _("Technology fields."), rows=TechnologyField.objects.all, of_any_day=True, field_name="technology_field"
    )
    number = TextFilter(_("The whole number of the certificate."), field_name="number", most_characters=40)
    issued_from = DayFilter(_("Issued on or after this day."), field_name="issued_on", lookup_expr="gte")
    issued_to = DayFilter(_("Issued on or before this day."), field_name="issued_on", lookup_expr="lte")
    valid = TrueOrFalseFilter(_("Whether it counts on the day."), method="valid_on_the_day")
    revoked = TrueOrFalseFilter(_("Whether it was revoked with effect by the day."), method="revoked_by_the_day")

    @property
    def happened_on(self) -> Any:
        return OuterRef("issued_on")

    def seated_at_issue(self, queryset: Rows, name: str, value: str) -> Rows:
        if value == "any":
            return queryset
        return queryset.filter(seat_at_issue__company__isnull=value == "false")

    def valid_on_the_day(self, queryset: Rows, name: str, value: bool) -> Rows:
        valid = valid_certificate(self.valid_on)
        return queryset.filter(valid if value else ~valid)

    def revoked_by_the_day(self, queryset: Rows, name: str, value: bool) -> Rows:
        revoked = Q(revoked_from__isnull=False, revoked_from__lte=self.valid_on)
        return queryset.filter(revoked if value else ~revoked)


class CertificationOfOneFilterSet(CertificationFilterSet):
    """All certificates of one firm, wherever it sat."""

    company = None  # type: ignore[assignment]  # django-filter takes a filter away so
    seated = copy_with_default(CertificationFilterSet.base_filters["seated"], "any")


class ResidencyFilterSet(EventFilterSet):
    """The day of a stay is the one on which the firm left; while it is open, that of the answer."""

    host = "incubator"

    incubator = CodeListFilter(_("Incubators."), rows=Incubator.objects.all, of_any_day=True, field_name="incubator")
    resident = TrueOrFalseFilter(_("Whether the stay is open on the day."), method="open_on_the_day")
    outcome = ChoicesFilter(_("Outcomes of the stay."), choices=ResidencyOutcome.values, field_name="outcome")
    ground = ChoicesFilter(_("Grounds of graduation."), choices=GraduationGround.values, field_name="ground")
    entered_from = DayFilter(_("Entered on or after this day."), field_name="entered_on", lookup_expr="gte")
    entered_to = DayFilter(_("Entered on or before this day."), field_name="entered_on", lookup_expr="lte")
    left_from = DayFilter(_("Left on or after this day."), field_name="left_on", lookup_expr="gte")
    left_to = DayFilter(_("Left on or before this day."), field_name="left_on", lookup_expr="lte")

    @property
    def happened_on(self) -> Any:
        return Coalesce(OuterRef("left_on"), Value(self.valid_on))

    def open_on_the_day(self, queryset: Rows, name: str, value: bool) -> Rows:
        is_open = in_period(self.valid_on, start="entered_on", end="left_on")
        return queryset.filter(is_open if value else ~is_open)


class ResidencyOfOneFilterSet(ResidencyFilterSet):
    """All stays of one firm."""

    company = None  # type: ignore[assignment]  # django-filter takes a filter away so


class FinancingFilterSet(EventFilterSet):
    instrument = CodeListFilter(
        _("Instruments."), rows=FinancingInstrument.objects.all, of_any_day=True, field_name="instrument"
    )
    pilot_zone = CodeListFilter(_("Pilot zones."), rows=PilotZone.objects.all, of_any_day=True, field_name="pilot_zone")
    partner = CodeListFilter(
        _("Partners that take part."), rows=Partner.objects.all, of_any_day=True, method="with_partner"
    )
    agreed_from = DayFilter(_("Agreed on or after this day."), field_name="agreed_on", lookup_expr="gte")
    agreed_to = DayFilter(_("Agreed on or before this day."), field_name="agreed_on", lookup_expr="lte")

    @property
    def happened_on(self) -> Any:
        return OuterRef("agreed_on")

    def with_partner(self, queryset: Rows, name: str, value: list[Partner]) -> Rows:
        part = queryset.model._meta.get_field("parties").related_model
        return queryset.filter(Exists(part.objects.filter(financing=OuterRef("pk"), partner__in=value)))
