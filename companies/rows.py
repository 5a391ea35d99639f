"""Firms and facts as they are answered and counted: rows that everyone may see, prepared for a day."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, CharField, Prefetch, QuerySet, Value, When

from companies.models import Certification, Company, CompanyName, Financing, Residency, UniversityLink
from companies.models.questions import public_firm

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


def _facts(day: datetime.date) -> tuple[Prefetch[Any, Any, Any], ...]:
    certifications = (
        Certification.objects.filter(issued_on__lte=day)
        .annotate(state=state_on(day))
        .select_related("kind", "technology_field")
    )
    links = UniversityLink.objects.on(day).select_related("university", "circle_site")
    stays = Residency.objects.filter(entered_on__lte=day).select_related("incubator")
    financings = Financing.objects.published().filter(agreed_on__lte=day).select_related("instrument", "pilot_zone")
    return (
        Prefetch("names", CompanyName.objects.all()),
        Prefetch("certifications", certifications, to_attr="certifications_by_day"),
        Prefetch("university_links", links, to_attr="links_on_day"),
        Prefetch("residencies", stays, to_attr="residencies_by_day"),
        Prefetch("financings", financings, to_attr="financings_by_day"),
    )


def answered_companies(day: datetime.date) -> QuerySet[Company]:
    """With all that a firm's answer carries."""
    companies: QuerySet[Company] = (
        Company.objects.for_day(day)
        .select_related(
            "name_on_day",
            "seat_on_day__district__zone",
            "seat_on_day__reporting_unit",
            "residency_on_day__incubator",
            "change",
        )
        .prefetch_related(
            "hub",
            "strategic_field",
            "industry",
            Prefetch("successor", Company.objects.public()),  # others are named to nobody
            *_facts(day),
        )
    )
    return companies
