"""What is counted, in words and as a question. Each metric names its list and takes its filters."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.filters import CertificationFilterSet, CompanyFilterSet, FinancingFilterSet, ResidencyFilterSet
from companies.models import Certification, Financing, Residency, ResidencyOutcome
from companies.models.questions import HIGH_TECH
from companies.rows import PUBLIC_FACT, public_companies
from companies.statistics.codes import ADJACENT_FIRMS, FIRMS, HIGH_TECH_FIRMS, INCUBATED_FIRMS
from companies.statistics.dimensions import OF_COMPANIES, OF_INCUBATORS, Dimension
from companies.statistics.events import OF_CERTIFICATIONS, OF_FINANCINGS, OF_RESIDENCIES
from incubators.filters import IncubatorFilterSet
from incubators.models import Incubator
from registry.api.filtersets import StrictFilterSet
from registry.api.parameters import Parameter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Basis(StrEnum):
    """How a stock of certificates is taken: by the days of their validity, or by their last years of issue."""

    DATE = "date"
    CERTIFICATION_YEARS = "certification_years"


@dataclass(frozen=True)
class Metric:
    """A metric is the count of its list with the `implied` filters: `rows(day)` are the list's own rows.

    With `sums`, it is the sum of that decimal field over them. A flow has no day of its own: it counts what happened
    from `from` to `to`, which become the list's filters named in `period`.
    """

    code: str
    name: StrOrPromise
    definition: StrOrPromise
    unit: StrOrPromise
    counts: str
    rows: Callable[[datetime.date], QuerySet[Any]]
    filterset: type[StrictFilterSet]
    dimensions: tuple[Dimension, ...]
    implied: dict[str, str]
    """Filters of the list that make the metric; a caller cannot give them."""
    period: tuple[str, str] | None = None
    refused: tuple[str, ...] = ()
    """Filters of the list that have no sense for the metric."""
    leaves_out_sole_traders: bool = True
    invented: str = "is_invented"
    """The field that marks a counted row as invented for demonstration."""
    sums: str | None = None
    published_only: bool = False
    """Whether every entry of the list is a financing that its parties have published."""
    basis: Basis = Basis.DATE
    version: int = 1

    @property
    def formula(self) -> str:
        """The metric as a question to its list: `count(…)` or `sum(field of …)`, with DAY, FROM and TO to fill in."""
        days = dict(zip(self.period, ("FROM", "TO"), strict=True)) if self.period else {"valid_on": "DAY"}
        question = "&".join(f"{name}={value}" for name, value in {**self.implied, **days}.items())
        what = f"{self.sums} of " if self.sums else ""
        return f"{'sum' if self.sums else 'count'}({what}{self.counts}/?{question})"

    def words(self) -> str:
        """The definition in the active language, with the settings that it depends on."""
        return str(self.definition) % {"metres": settings.ADJACENCY_RADIUS_METRES}

    @property
    def is_flow(self) -> bool:
        return self.period is not None

    def filters(self) -> list[Parameter]:
        """The list's filters that a caller may give."""
        taken = {*self.implied, *self.refused, *(self.period or ())}
        return [parameter for parameter in self.filterset.parameters() if parameter.name not in taken]

    def dimension(self, name: str) -> Dimension:
        return next(dimension for dimension in self.dimensions if dimension.name == name)


def granted(day: datetime.date) -> QuerySet[Certification]:
    return Certification.objects.with_seat_at_issue().filter(PUBLIC_FACT)


def stays(day: datetime.date) -> QuerySet[Residency]:
    return Residency.objects.with_firm_at_end(day).filter(PUBLIC_FACT)


def financings(day: datetime.date) -> QuerySet[Financing]:
    """Published ones, agreed by the day."""
    published = Financing.objects.published().with_firm_at_agreement()
    return published.filter(PUBLIC_FACT, agreed_on__lte=day)


UNIT_FIRMS = pgettext_lazy("unit", "firms")

METRICS = (
    Metric(
        FIRMS,
        _("Firms seated in the city"),
        _(
            "Distinct firms that exist on the day (established on or before it, not dissolved by it) and have a "
            "seat in the city on it."
        ),
        UNIT_FIRMS,
        "companies",
        public_companies,
        CompanyFilterSet,
        OF_COMPANIES,
        implied={"seated": "true"},
    ),
    Metric(
        HIGH_TECH_FIRMS,
        _("High-tech firms"),
        _(
            "Distinct firms seated in the city on the day with at least one high-tech certificate that was issued "
            "on or before the day, ends after it, and is not revoked with effect on or before it. By date; a firm "
            "with overlapping certificates counts once."
        ),
        UNIT_FIRMS,
        "companies",
        public_companies,
        CompanyFilterSet,
        OF_COMPANIES,
        implied={"seated": "true", "certified": HIGH_TECH},
    ),
    Metric(
        INCUBATED_FIRMS,
        _("Firms in residence"),
        _("Distinct firms seated in the city on the day whose stay in an incubator is open on it."),
        UNIT_FIRMS,
        "companies",
        public_companies,
        CompanyFilterSet,
        OF_COMPANIES,
        implied={"seated": "true", "resident": "true"},
    ),
    Metric(
        ADJACENT_FIRMS,
        _("University-adjacent firms"),
        _(
            "Distinct firms seated in the city on the day with a recorded link to a university on it, or with a "
            "seat within the set distance (%(metres)s m) of a campus."
        ),
        UNIT_FIRMS,
        "companies",
        public_companies,
        CompanyFilterSet,
        OF_COMPANIES,
        implied={"seated": "true", "university_adjacent": "true"},
    ),
    Metric(
        "financed-firms",
        _("Financed firms"),
        _(
            "Distinct firms seated in the city on the day with a financing published by its parties and agreed on or "
            "before the day, whatever became of it since."
        ),
        UNIT_FIRMS,
        "companies",
        public_companies,
        CompanyFilterSet,
        OF_COMPANIES,
        implied={"seated": "true", "financed": "true"},
        published_only=True,
    ),
    Metric(
        "graduates",
        _("Graduates of incubators"),
        _(
            "Stays in incubators that ended with a graduation within the period, both days included: the day is the "
            "first on which the firm was no longer in residence. A flow; a firm that graduates twice counts twice, "
            "wherever it sits."
        ),
        pgettext_lazy("unit", "graduations"),
        "residencies",
        stays,
        ResidencyFilterSet,
        OF_RESIDENCIES,
        implied={"outcome": ResidencyOutcome.GRADUATED.value},
        period=("left_from", "left_to"),
        refused=("resident",),
        invented="company__is_invented",
    ),
    Metric(
        "financing-amount",
        _("Amount of financing"),
        _(
            "Sum of the agreed amounts, in 10,000 yuan, of the financings published by their parties that were agreed "
            "within the period, both days included. A flow; what was drawn or repaid later changes nothing."
        ),
        pgettext_lazy("unit", "10,000 yuan"),
        "financings",
        financings,
        FinancingFilterSet,
        OF_FINANCINGS,
        implied={},
        period=("agreed_from", "agreed_to"),
        invented="company__is_invented",
        sums="agreed_amount",
        published_only=True,
    ),
    Metric(
        "financing-occurrences",
        _("Financings agreed"),
        _(
            "Financings published by their parties that were agreed within the period, both days included. A flow; a "
            "firm with three financings counts three times."
        ),
        pgettext_lazy("unit", "financings"),
        "financings",
        financings,
        FinancingFilterSet,
        OF_FINANCINGS,
        implied={},
        period=("agreed_from", "agreed_to"),
        invented="company__is_invented",
        published_only=True,
    ),
    Metric(
        "certifications-granted",
        _("Certificates granted"),
        _(
            "Certificates issued within the period, both days included, to firms seated in the city on the day of "
            "issue. A flow: renewals are included, later revocations change nothing."
        ),
        pgettext_lazy("unit", "certificates"),
        "certifications",
        granted,
        CertificationFilterSet,
        OF_CERTIFICATIONS,
        implied={"seated": "true"},
        period=("issued_from", "issued_to"),
        invented="company__is_invented",
        refused=("valid", "revoked"),
    ),
    Metric(
        "incubators",
        _("Incubators"),
        _("Incubators of every kind that are open on the day."),
        pgettext_lazy("unit", "incubators"),
        "incubators",
        Incubator.objects.for_day,
        IncubatorFilterSet,
        OF_INCUBATORS,
        implied={"open": "true"},
        leaves_out_sole_traders=False,
    ),
)

BY_CODE = {metric.code: metric for metric in METRICS}
