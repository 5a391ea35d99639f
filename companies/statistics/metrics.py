"""What is counted, in words and as a question. Each metric names its list and takes its filters."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.filters import CertificationFilterSet, CompanyFilterSet
from companies.models import Certification
from companies.models.questions import HIGH_TECH
from companies.statistics.dimensions import OF_CERTIFICATIONS, OF_COMPANIES, OF_INCUBATORS, Dimension
from companies.views import PUBLIC_FACT, public_companies
from incubators.filters import IncubatorFilterSet
from incubators.models import Incubator
from registry.api.filtersets import StrictFilterSet
from registry.api.parameters import Parameter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Metric:
    """A metric is the count of its list with the `implied` filters: `rows(day)` are the list's own rows.

    A flow has no day of its own: it counts what happened from `from` to `to`, which become the list's filters
    named in `period`.
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
    version: int = 1

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


UNIT_FIRMS = pgettext_lazy("unit", "firms")

METRICS = (
    Metric(
        "firms",
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
        "high-tech-firms",
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
        "incubated-firms",
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
        "university-adjacent-firms",
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
