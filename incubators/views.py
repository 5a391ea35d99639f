"""Lists of incubators and of their own code lists."""

import datetime

from django.db.models import QuerySet

from incubators.filters import IncubatorFilterSet
from incubators.models import Incubator, IncubatorKind, IncubatorLevel
from incubators.resources import IncubatorSerializer
from registry.api.paging import Order
from registry.api.views import RegisterDetailView, RowsView
from registry.downloads.lists import DownloadableListView
from registry.views import CodeListView


class IncubatorRows(RowsView):
    queryset = Incubator.objects.all()
    serializer_class = IncubatorSerializer

    def rows(self, day: datetime.date) -> QuerySet[Incubator]:
        incubators: QuerySet[Incubator] = Incubator.objects.for_day(day)
        return incubators

    @classmethod
    def answered(cls, day: datetime.date) -> QuerySet[Incubator]:
        incubators: QuerySet[Incubator] = (
            Incubator.objects.for_day(day)
            .select_related("seat_on_day__district", "seat_on_day__reporting_unit", "designation_on_day__level")
            .prefetch_related("kind", "university", "designations__level")
        )
        return incubators


class IncubatorListView(IncubatorRows, DownloadableListView):
    """Incubators open on the day, with the seat and the level that they have on it."""

    filterset_class = IncubatorFilterSet
    orders = (Order("code", "code", is_nullable=False), Order("valid_from", "valid_from"))


class IncubatorDetailView(IncubatorRows, RegisterDetailView):
    """One incubator, by its code."""


class IncubatorKindListView(CodeListView):
    queryset = IncubatorKind.objects.all()


class IncubatorLevelListView(CodeListView):
    queryset = IncubatorLevel.objects.all()
