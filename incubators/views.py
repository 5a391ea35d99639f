"""Lists of incubators and of their own code lists."""

from django.db.models import QuerySet

from incubators.filters import IncubatorFilterSet
from incubators.models import Incubator, IncubatorKind, IncubatorLevel
from incubators.resources import IncubatorSerializer
from registry.api.paging import Order
from registry.api.views import RegisterDetailView, RegisterListView, RowsView
from registry.views import CodeListView


class IncubatorRows(RowsView):
    queryset = Incubator.objects.all()
    serializer_class = IncubatorSerializer

    def rows(self) -> QuerySet[Incubator]:
        return Incubator.objects.for_day(self.valid_on).select_related(
            "kind", "designation_on_day__level", "district", "reporting_unit", "university"
        )


class IncubatorListView(IncubatorRows, RegisterListView):
    """Incubators open on the day, with the level that they hold on it."""

    filterset_class = IncubatorFilterSet
    orders = (Order("code", "code", is_nullable=False), Order("valid_from", "valid_from"))


class IncubatorDetailView(IncubatorRows, RegisterDetailView):
    """One incubator, by its code."""


class IncubatorKindListView(CodeListView):
    queryset = IncubatorKind.objects.all()


class IncubatorLevelListView(CodeListView):
    queryset = IncubatorLevel.objects.all()
