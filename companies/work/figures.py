"""The incubator's own figures on a day: each with its written definition and the rows that it counts.

They count all of the incubator's firms, drafts and sole traders too; what the public is told stands beside them and is
asked of the API itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.listing import LastDay, written
from companies.models import AnnualReport, Certification, Company, Financing, Residency, ResidencyOutcome
from companies.models.questions import HIGH_TECH, Rows, residency_open
from registry import scope
from registry.models.naming import name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from registry.scope import Person


@dataclass(frozen=True)
class Question:
    """Whose firms, and on which day; `incubators` are of the person's scope."""

    user: Person
    incubators: QuerySet[Any]
    day: datetime.date

    @property
    def begin(self) -> datetime.date:
        """The first day of the day's year."""
        return self.day.replace(month=1, day=1)

    @property
    def stays(self) -> Rows:
        return scope.scope(Residency.objects.all(), self.user).filter(incubator__in=self.incubators)

    @property
    def residents(self) -> Any:
        """Firms whose stay is open on the day."""
        stays = self.stays.filter(residency_open(self.day))
        return scope.scope(Company.objects.all(), self.user).filter(pk__in=stays.values("company"))

    @cached_property
    def year_of_jobs(self) -> int | None:
        """The last year before the day's for which one of the residents reported jobs."""
        told = _reports(self).filter(year__lt=self.day.year)
        found: int | None = told.aggregate(last=Max("year"))["last"]
        return found


def residents(asked: Question) -> Rows:
    stay = asked.stays.filter(residency_open(asked.day), company=OuterRef("pk"))
    found = asked.residents
    return found.annotate(why=Subquery(stay.values(text=_stay_told("entered_on"))[:1])).order_by("uscc")


def _stay_told(day: Any) -> Concat:
    return Concat(name_of("incubator"), Value(" · "), written(day))


def entered(asked: Question) -> Rows:
    found = asked.stays.filter(entered_on__gte=asked.begin, entered_on__lte=asked.day)
    return found.annotate(why=_stay_told("entered_on")).order_by("-entered_on", "-pk")


def graduated(asked: Question) -> Rows:
    return graduated_ever(asked).filter(left_on__gte=asked.begin)


def graduated_ever(asked: Question) -> Rows:
    found = asked.stays.filter(outcome=ResidencyOutcome.GRADUATED, left_on__lte=asked.day)
    return found.annotate(why=_stay_told(LastDay("left_on"))).order_by("-left_on", "-pk")


def high_tech(asked: Question) -> Rows:
    valid = Certification.objects.valid(asked.day).filter(company=OuterRef("pk"), kind__code=HIGH_TECH)
    ends = valid.order_by("-valid_until").values(text=Cast(LastDay("valid_until"), CharField()))
    found = asked.residents.high_tech(asked.day)
    return found.annotate(why=Subquery(ends[:1])).order_by("uscc")


def _financings(asked: Question) -> Rows:
    return scope.scope(Financing.objects.filter(agreed_on__lte=asked.day), asked.user)


def financed(asked: Question) -> Rows:
    own = _financings(asked)
    last = own.filter(company=OuterRef("pk")).order_by("-agreed_on")
    told = Concat(name_of("instrument"), Value(" · "), written("agreed_on"))
    found = asked.residents.filter(pk__in=own.values("company"))
    return found.annotate(why=Subquery(last.values(text=told)[:1])).order_by("uscc")


def financings(asked: Question) -> Rows:
    """Agreed in the year while the firm was in residence: its host is that of the day of agreement."""
    agreed = OuterRef("agreed_on")
    on_that_day = asked.stays.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=agreed), company=OuterRef("company"), entered_on__lte=agreed
    )
    counted = _financings(asked).filter(Exists(on_that_day), agreed_on__gte=asked.begin)
    told = Concat(name_of("instrument"), Value(" · "), written("agreed_on"))
    return counted.annotate(why=told).order_by("-agreed_on", "-pk")


def _reports(asked: Question) -> Rows:
    told = scope.scope(AnnualReport.objects.filter(jobs__isnull=False), asked.user)
    return told.filter(company__in=asked.residents.values("pk"))


def jobs(asked: Question) -> Rows:
    """The reports of the last year that was reported."""
    told = _reports(asked).filter(year=asked.year_of_jobs or 0)
    return told.annotate(why=Concat(F("year"), Value(" · "), F("jobs"), output_field=CharField())).order_by(
        "-jobs", "pk"
    )


@dataclass(frozen=True)
class Figure:
    """What is counted: `rows` with the path to their firm; with `sums`, that field is added up over them.

    `public` is the metric's address in the API with the parameters that it takes beside incubators and days; a flow
    takes the period from the year's first day, or with `is_cumulative` from 1900, to the day.
    """

    key: str
    title: StrOrPromise
    definition: StrOrPromise
    unit: StrOrPromise
    rows: Callable[[Question], Rows]
    firm: str = "pk"
    sums: str = ""
    share_of: str = ""
    public: str = ""
    public_filters: tuple[tuple[str, str], ...] = ()
    is_flow: bool = False
    is_cumulative: bool = False

    def value(self, asked: Question) -> int:
        rows = self.rows(asked).order_by()
        return int(rows.aggregate(total=Sum(self.sums))["total"] or 0) if self.sums else rows.count()

    def question(self, asked: Question, codes: list[str]) -> dict[str, str]:
        """What the API is asked for the public's figure."""
        days = {"valid_on": asked.day.isoformat()}
        if self.is_flow:
            begin = "1900-01-01" if self.is_cumulative else asked.begin.isoformat()
            days = {"from": begin, "to": asked.day.isoformat()}
        return {**dict(self.public_filters), **days, "incubator": ",".join(codes)}


UNIT_FIRMS = pgettext_lazy("unit", "firms")
FIGURES = (
    Figure(
        "residents",
        _("In residence"),
        _("Distinct firms whose stay is open on the day."),
        UNIT_FIRMS,
        residents,
        public="statistics/incubated-firms/",
    ),
    Figure(
        "entered",
        _("Entered this year"),
        _("Stays that began from 1 January of the day's year to the day; a firm that enters twice counts twice."),
        UNIT_FIRMS,
        entered,
        firm="company",
    ),
    Figure(
        "graduated",
        _("Graduated this year"),
        _(
            "Stays that ended with a graduation from 1 January of the day's year to the day; the day of leaving is the "
            "first on which the firm was no longer in residence."
        ),
        UNIT_FIRMS,
        graduated,
        firm="company",
        public="statistics/graduates/",
        is_flow=True,
    ),
    Figure(
        "graduated-ever",
        _("Graduated so far"),
        _("Stays that ended with a graduation by the day."),
        UNIT_FIRMS,
        graduated_ever,
        firm="company",
        public="statistics/graduates/",
        is_flow=True,
        is_cumulative=True,
    ),
    Figure(
        "high-tech",
        _("High-tech firms in residence"),
        _("Firms in residence with a high-tech certificate that counts on the day, and their share of them all."),
        UNIT_FIRMS,
        high_tech,
        share_of="residents",
        public="statistics/incubated-firms/",
        public_filters=(("certified", HIGH_TECH),),
    ),
    Figure(
        "financed",
        _("Financed firms in residence"),
        _("Firms in residence with a financing agreed by the day, published or not, whatever became of it since."),
        UNIT_FIRMS,
        financed,
        share_of="residents",
        public="statistics/financed-firms/",
    ),
    Figure(
        "financings",
        _("Financings agreed this year"),
        _(
            "Financings agreed from 1 January of the day's year to the day with firms that were in residence on the "
            "day of agreement; a firm with three counts three times."
        ),
        pgettext_lazy("unit", "financings"),
        financings,
        firm="company",
        public="statistics/financing-occurrences/",
        is_flow=True,
    ),
    Figure(
        "jobs",
        _("Jobs"),
        _(
            "Sum of the jobs in the annual reports of the firms in residence, for the last year before the day's that "
            "any of them reported; firms without a report add nothing."
        ),
        pgettext_lazy("unit", "jobs"),
        jobs,
        firm="company",
        sums="jobs",
    ),
)


def figure_of(key: str) -> Figure | None:
    return next((figure for figure in FIGURES if figure.key == key), None)
