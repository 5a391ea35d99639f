"""The named questions that are asked of firms; each to-many question is one `Exists`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, FilteredRelation, OuterRef, Q

from registry.models.entries import EntryQuerySet, in_period

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from companies.models.certifications import CertificationKind


Rows = Any
"""A queryset whose rows carry annotations of the day, which the type checker cannot see."""
SOLE_TRADER = "92"
HIGH_TECH = "high_tech"
"""Code of the kind of certificate that makes a high-tech firm."""


def facts(model_name: str, *conditions: Q, firm: str = "pk", **lookups: Any) -> QuerySet[Any]:
    """Rows of one kind of fact about the firm of the outer query, whose key stands in its field `firm`."""
    model = apps.get_model("companies", model_name)
    rows: QuerySet[Any] = model._default_manager.filter(*conditions, company=OuterRef(firm), **lookups)
    return rows


def valid_certificate(day: datetime.date, prefix: str = "") -> Q:
    """Issued on or before the day, not yet ended, and not revoked with effect on or before it."""
    return (
        Q(**{f"{prefix}issued_on__lte": day})
        & (Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": day}))
        & (Q(**{f"{prefix}revoked_from__isnull": True}) | Q(**{f"{prefix}revoked_from__gt": day}))
    )


def public_firm(prefix: str = "") -> Q:
    """Published, and no sole trader: those are persons (codes beginning with 92), left out of all that is public."""
    return Q(**{f"{prefix}is_published": True}) & ~Q(**{f"{prefix}uscc__startswith": SOLE_TRADER})


def not_existing(day: datetime.date) -> Q:
    """Not yet established on the day, or dissolved by it."""
    return Q(established_on__gt=day) | Q(dissolved_on__lte=day)


def residency_open(day: datetime.date, prefix: str = "") -> Q:
    return in_period(day, prefix, start="entered_on", end="left_on")


class EventQuerySet(EntryQuerySet):
    """Facts about firms that happened on a day of their own."""

    def with_firm_on(self, happened_on: Any, seat: str = "seat_at_event") -> Self:
        """With the firm's one seat and one stay of that day, as `seat` and `stay_at_event`."""
        stay = residency_open(happened_on, "company__residencies__")
        return self.sharing_joins().annotate(
            **{seat: FilteredRelation("company__seats", condition=in_period(happened_on, "company__seats__"))},
            stay_at_event=FilteredRelation("company__residencies", condition=stay),
        )


class CompanyQuerySet(EntryQuerySet):
    """What can be asked of firms, on a day."""

    def public(self) -> Self:
        """Firms that everyone may see."""
        return self.filter(public_firm())

    def for_day(self, on: datetime.date) -> Self:
        """With the one name, seat and residency of the day as `name_on_day`, `seat_on_day`, `residency_on_day`."""
        return self.sharing_joins().annotate(
            name_on_day=FilteredRelation("names", condition=in_period(on, "names__")),
            seat_on_day=FilteredRelation("seats", condition=in_period(on, "seats__")),
            residency_on_day=FilteredRelation("residencies", condition=residency_open(on, "residencies__")),
        )

    def existing(self, on: datetime.date) -> Self:
        return self.filter(Q(established_on__isnull=True) | Q(established_on__lte=on)).filter(
            Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on)
        )

    def seated(self, on: datetime.date, *conditions: Q, **lookups: Any) -> Self:
        """Existing on the day, with a seat in the city on it (that also meets the conditions)."""
        return self.existing(on).filter(Exists(facts("Seat", in_period(on), *conditions, **lookups)))

    def not_seated(self, on: datetime.date) -> Self:
        seated = self.model._default_manager.seated(on).filter(pk=OuterRef("pk"))
        return self.filter(~Exists(seated))

    def certified(
        self, kind: CertificationKind | Iterable[CertificationKind], on: datetime.date, **lookups: Any
    ) -> Self:
        """With a certificate of the kind (or one of the kinds) that is valid on the day."""
        kinds = kind if isinstance(kind, Iterable) else [kind]
        return self.filter(Exists(facts("Certification", valid_certificate(on), kind__in=list(kinds), **lookups)))

    def high_tech(self, on: datetime.date) -> Self:
        """With a high-tech certificate that is valid on the day: what the 20,000 are counted by."""
        return self.filter(Exists(facts("Certification", valid_certificate(on), kind__code=HIGH_TECH)))

    def resident(self, on: datetime.date, *conditions: Q, **lookups: Any) -> Self:
        return self.filter(Exists(facts("Residency", residency_open(on), *conditions, **lookups)))

    def graduated(self, on: datetime.date) -> Self:
        """Left an incubator as a graduate on or before the day."""
        return self.filter(Exists(facts("Residency", outcome="graduated", left_on__lte=on)))

    def linked_to_university(self, on: datetime.date, **lookups: Any) -> Self:
        """With a recorded link to a university on the day."""
        return self.filter(Exists(facts("UniversityLink", in_period(on), **lookups)))
