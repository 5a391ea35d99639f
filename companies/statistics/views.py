"""Figures over REST: the metrics with their definitions, and each figure, grouped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from companies.models import Indicator, Target, TargetArea
from companies.resources import TargetSerializer
from companies.statistics import counting, targets
from companies.statistics.dimensions import Dimension
from companies.statistics.metrics import BY_CODE, METRICS, Metric
from registry.api.filtersets import CodeListFilter, StrictFilterSet, TrueOrFalseFilter, WholeNumberFilter
from registry.api.kinds import ChoiceKind, DayKind, ListKind, Refused, Schema
from registry.api.languages import language_of
from registry.api.paging import Order
from registry.api.parameters import KNOWN_AT, LANG, VALID_ON, Parameter
from registry.api.refusals import Mistake, ParameterProblem
from registry.api.snapshots import in_one_snapshot
from registry.api.views import RegisterDetailView, RegisterListView, RegisterView

MOST_DIMENSIONS = 3


@dataclass(frozen=True)
class DimensionsKind(ListKind):
    """Up to three names of dimensions, by comma."""

    def parse(self, text: str) -> tuple[Any, ...]:
        names = super().parse(text)
        if len(names) > MOST_DIMENSIONS:
            raise Refused("too_many_values", _("At most %d dimensions at once.") % MOST_DIMENSIONS)
        return names

    def schema(self) -> Schema:
        return super().schema() | {"maxItems": MOST_DIMENSIONS}


@dataclass(frozen=True)
class NoDayKind(DayKind):
    """`valid_on` where it has no sense: a flow happens within a period."""

    def parse(self, text: str) -> Any:
        raise Refused("flow_has_no_day", _("A flow is counted from `from` to `to`; it takes no valid_on."))


FROM = Parameter("from", DayKind(), gettext_lazy("First day of the period, included. Required."))
TO = Parameter("to", DayKind(), gettext_lazy("Last day of the period, included. Required."))


def metric_entry(metric: Metric) -> dict[str, Any]:
    return {
        "code": metric.code,
        "name": str(metric.name),
        "definition": metric.words(),
        "definition_version": metric.version,
        "unit": str(metric.unit),
        "measure": "flow" if metric.is_flow else "stock",
        "counts": metric.counts,
        "implied_filters": metric.implied,
        "period_filters": list(metric.period or ()),
        "dimensions": [
            {"name": dimension.name, "is_multi_valued": dimension.is_multi_valued} for dimension in metric.dimensions
        ],
        "filters": [parameter.name for parameter in metric.filters()],
    }


class MetricListView(RegisterView):
    """Every metric, with its definition, its filters and its dimensions."""

    def get(self, request: Request) -> Response:
        data = [
            metric_entry(metric) | {"figure": request.build_absolute_uri(reverse("figure-" + metric.code))}
            for metric in METRICS
        ]
        return Response({"data": data, "meta": self.clocks()})


class FigureView(RegisterView):
    """One metric's figure: the total, and with `group_by` its groups, `unknown` included, nothing cut."""

    metric: ClassVar[Metric]

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        names = tuple(dimension.name for dimension in cls.metric.dimensions)
        group_by = Parameter(
            "group_by",
            DimensionsKind(ChoiceKind(names)),
            gettext_lazy("Up to three dimensions, by comma."),
        )
        if cls.metric.is_flow:
            no_day = Parameter("valid_on", NoDayKind(), gettext_lazy("Refused: a flow happens within a period."))
            clocks: tuple[Parameter, ...] = (FROM, TO, no_day, KNOWN_AT)
        else:
            clocks = (VALID_ON, KNOWN_AT)
        return (*cls.metric.filters(), group_by, *clocks, LANG)

    @in_one_snapshot
    def get(self, request: Request) -> Response:
        filterset = self.filterset()
        rows = filterset.qs
        dimensions = [self.metric.dimension(name) for name in self.asked.values.get("group_by", ())]
        answer: dict[str, Any] = {
            "metric": self.metric.code,
            "name": str(self.metric.name),
            "definition": request.build_absolute_uri(reverse("metrics")) + f"#{self.metric.code}",
            "unit": str(self.metric.unit),
            **self.days(),
            "filters": filterset.texts,
            "total": counting.total(rows),
        }
        if dimensions:
            answer["groups"] = counting.groups(
                rows, dimensions, filterset.valid_on, filterset.resolved(), language_of(request._request)
            )
        answer["flags"] = self.flags(rows, dimensions)
        return Response(answer)

    def filterset(self) -> StrictFilterSet:
        """The list's own filter set, asked what the caller gave and what the metric implies."""
        implied = dict(self.metric.implied)
        if self.metric.period:
            implied |= dict(zip(self.metric.period, self.period(), strict=True))
        kinds = {parameter.name: parameter.kind for parameter in self.metric.filterset.parameters()}
        read = {name: kinds[name].parse(text) for name, text in implied.items()}
        asked = replace(self.asked, values={**self.asked.values, **read})
        return self.metric.filterset(asked, self.metric.rows(asked.valid_on), request=self.request._request)

    def period(self) -> tuple[str, str]:
        missing = [name for name in ("from", "to") if name not in self.asked.given]
        if missing:
            detail = _("A flow needs both `from` and `to`; missing: %s.") % ", ".join(missing)
            raise ParameterProblem([Mistake("missing_parameter", detail, parameter=missing[0])])
        first, last = self.asked.texts["from"], self.asked.texts["to"]
        if last < first:
            detail = _("`to` (%(last)s) lies before `from` (%(first)s).") % {"first": first, "last": last}
            raise ParameterProblem([Mistake("period_out_of_order", detail, parameter="to", nearest="from")])
        return first, last

    def days(self) -> dict[str, Any]:
        clocks = self.clocks()
        if self.metric.is_flow:
            del clocks["valid_on"]
            period = {name: self.asked.values[name].isoformat() for name in ("from", "to")}
            return {**period, **clocks}
        return dict(clocks)

    def flags(self, rows: QuerySet[Any], dimensions: list[Dimension]) -> list[dict[str, str]]:
        """What a reader of the figure has to know, each with a stable code."""
        flags = []
        if rows.filter(**{self.metric.invented: True}).exists():
            words = _("Entries invented for demonstration are counted; the figure says nothing about the city.")
            flags.append({"code": "invented_data", "detail": words})
        if self.metric.leaves_out_sole_traders:
            words = _("Sole traders are persons; they are left out of public figures.")
            flags.append({"code": "sole_traders_left_out", "detail": words})
        if {"financed", "instrument"} & self.asked.given or any(d.name == "instrument" for d in dimensions):
            words = _("Only financings that their parties have published are seen.")
            flags.append({"code": "published_financings_only", "detail": words})
        for dimension in dimensions:
            if dimension.is_multi_valued:
                words = (
                    _("%s has several values for one firm: groups may add up to more than the total.") % dimension.name
                )
                flags.append({"code": "multi_valued", "dimension": dimension.name, "detail": words})
        return flags


class FirmsFigure(FigureView):
    metric = BY_CODE["firms"]


class HighTechFirmsFigure(FigureView):
    metric = BY_CODE["high-tech-firms"]


class IncubatedFirmsFigure(FigureView):
    metric = BY_CODE["incubated-firms"]


class UniversityAdjacentFirmsFigure(FigureView):
    metric = BY_CODE["university-adjacent-firms"]


class CertificationsGrantedFigure(FigureView):
    metric = BY_CODE["certifications-granted"]


class IncubatorsFigure(FigureView):
    metric = BY_CODE["incubators"]


class TargetFilterSet(StrictFilterSet):
    indicator = CodeListFilter(gettext_lazy("Indicators."), rows=Indicator.objects.all, field_name="indicator")
    area = CodeListFilter(gettext_lazy("Areas."), rows=TargetArea.objects.all, field_name="area")
    year = WholeNumberFilter(gettext_lazy("The year of the target."), least=2000, most=2199, field_name="year")
    superseded = TrueOrFalseFilter(
        gettext_lazy("Whether a later document supersedes it."), method="superseded_by_another"
    )

    def superseded_by_another(self, queryset: QuerySet[Target], name: str, value: bool) -> QuerySet[Target]:
        return queryset.filter(superseded_by__isnull=not value)


TARGETS = Target.objects.select_related("indicator", "area", "superseded_by")


class TargetListView(RegisterListView):
    """Published targets, superseded ones included."""

    queryset = TARGETS
    serializer_class = TargetSerializer
    filterset_class = TargetFilterSet
    orders = (Order("code", "code", is_nullable=False), Order("year", "year", is_nullable=False))


class TargetDetailView(RegisterDetailView):
    """One target: stock of the day, gap, pace needed; published and computed figures side by side."""

    queryset = TARGETS
    serializer_class = TargetSerializer

    def beside(self, key: int) -> dict[str, Any]:
        return targets.answer(TARGETS.prefetch_related("area__members").get(pk=key), self.valid_on)
