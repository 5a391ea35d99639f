"""Figures over REST: the metrics with their definitions, and each figure, grouped."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from companies.models import FinancingTable, Indicator, Target, TargetArea
from companies.statistics import targets
from companies.statistics.codes import ADJACENT_FIRMS, FIRMS, HIGH_TECH_FIRMS, INCUBATED_FIRMS, STANDING
from companies.statistics.figures import FigureView
from companies.statistics.metrics import BY_CODE, METRICS, Metric
from companies.statistics.projection.outlooks import outlook
from companies.statistics.resources import FinancingTableSerializer, TargetSerializer
from registry.api.filters import CodeListFilter, TrueOrFalseFilter, WholeNumberFilter
from registry.api.filtersets import StrictFilterSet
from registry.api.languages import language_of
from registry.api.paging import Order
from registry.api.views import RegisterDetailView, RegisterListView, RegisterView
from registry.downloads.lists import DownloadableListView


def metric_entry(metric: Metric) -> dict[str, Any]:
    return {
        "code": metric.code,
        "name": str(metric.name),
        "definition": metric.words(),
        "definition_version": metric.version,
        "formula": metric.formula,
        "unit": str(metric.unit),
        "measure": "flow" if metric.is_flow else "stock",
        "basis": metric.basis.value,
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
            metric_entry(metric)
            | {"figure": request.build_absolute_uri(reverse("figure-" + metric.code))}
            | {name: self.over_time(name, metric) for name in ("series", "bridge", "revisions")}
            for metric in METRICS
        ]
        return Response({"data": data, "meta": self.clocks()})

    def over_time(self, name: str, metric: Metric) -> str | None:
        """Where the metric is asked over time; none for what the ledger does not keep."""
        if metric.code not in STANDING:
            return None
        return self.request.build_absolute_uri(reverse(f"{name}-{metric.code}"))


class FirmsFigure(FigureView):
    metric = BY_CODE[FIRMS]


class HighTechFirmsFigure(FigureView):
    metric = BY_CODE[HIGH_TECH_FIRMS]


class IncubatedFirmsFigure(FigureView):
    metric = BY_CODE[INCUBATED_FIRMS]


class UniversityAdjacentFirmsFigure(FigureView):
    metric = BY_CODE[ADJACENT_FIRMS]


class FinancedFirmsFigure(FigureView):
    metric = BY_CODE["financed-firms"]


class GraduatesFigure(FigureView):
    metric = BY_CODE["graduates"]


class FinancingAmountFigure(FigureView):
    metric = BY_CODE["financing-amount"]


class FinancingOccurrencesFigure(FigureView):
    metric = BY_CODE["financing-occurrences"]


class CertificationsGrantedFigure(FigureView):
    metric = BY_CODE["certifications-granted"]


class IncubatorsFigure(FigureView):
    metric = BY_CODE["incubators"]


class FinancingTableFilterSet(StrictFilterSet):
    """The year and nothing else: a table answers every question alike, so that no two answers can be subtracted."""

    year = WholeNumberFilter(gettext_lazy("The year of the quarter."), least=2000, most=2199, field_name="year")


class FinancingTableListView(DownloadableListView):
    """What the financings that are not published came to, in quarterly tables: small cells hidden, each table final."""

    queryset = FinancingTable.objects.all()
    serializer_class = FinancingTableSerializer
    filterset_class = FinancingTableFilterSet
    each = "cells"
    orders = (Order("ended_on", "ended_on", is_nullable=False),)

    def rows(self, day: datetime.date) -> QuerySet[FinancingTable]:
        return FinancingTable.objects.filter(ended_on__lte=day)


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
    """One target: gap, pace needed, status, the projected stock; the targets of its parts; published and computed
    figures side by side."""

    queryset = TARGETS
    serializer_class = TargetSerializer

    def beside(self, key: int) -> dict[str, Any]:
        target = TARGETS.prefetch_related("area__members").get(pk=key)
        told = targets.answer(target, self.valid_on, self.asked.known_at, language_of(self.request._request))
        return {**told, "projection": outlook(target, self.asked)}
