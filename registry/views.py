"""Lists of the floor: universities and code lists."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.paging import Order
from registry.api.parameters import KNOWN_AT, LANG, Parameter
from registry.api.views import RegisterDetailView, RegisterListView, RegisterView
from registry.filters import CodesFilterSet, UniversityFilterSet
from registry.models import (
    Circle,
    CorridorNode,
    District,
    Hub,
    Industry,
    Province,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
    Zone,
)
from registry.resources import (
    CircleSerializer,
    CodeSerializer,
    CorridorNodeSerializer,
    DistrictSerializer,
    ReportingUnitSerializer,
    StrategicFieldSerializer,
    UniversitySerializer,
)

CODE_ORDERS = (Order("code", "code", is_nullable=False),)


class UniversityListView(RegisterListView):
    """Universities of the city, with their located campuses."""

    queryset = University.objects.prefetch_related("campuses__district")
    serializer_class = UniversitySerializer
    filterset_class = UniversityFilterSet
    orders = CODE_ORDERS


class UniversityDetailView(RegisterDetailView):
    """One university, by the ministry's ten-digit code."""

    queryset = University.objects.prefetch_related("campuses__district")
    serializer_class = UniversitySerializer


class AddressSerializer(serializers.Serializer[Any]):
    """An address of the API."""

    name = serializers.CharField(help_text=gettext_lazy("The last word of the address."))
    url = serializers.URLField(help_text=gettext_lazy("The address."))


class IndexSerializer(serializers.Serializer[Any]):
    """Addresses of the API."""

    vars()["data"] = AddressSerializer(many=True)


class IndexView(RegisterView):
    """The addresses below this one."""

    answer_serializer = IndexSerializer
    below: tuple[str, ...] = ()

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (KNOWN_AT, LANG)

    def get(self, request: Request) -> Response:
        here = request.build_absolute_uri(request.path)
        return Response({"data": [{"name": name, "url": f"{here}{name}/"} for name in self.below]})


class CodeListView(RegisterListView):
    """One code list; `codes/` names them all."""

    filterset_class = CodesFilterSet
    serializer_class = CodeSerializer
    orders = CODE_ORDERS


class ZoneListView(CodeListView):
    queryset = Zone.objects.all()


class DistrictListView(CodeListView):
    queryset = District.objects.select_related("zone", "successor")
    serializer_class = DistrictSerializer


class ReportingUnitListView(CodeListView):
    queryset = ReportingUnit.objects.select_related("district", "successor")
    serializer_class = ReportingUnitSerializer


class CorridorListView(CodeListView):
    queryset = CorridorNode.objects.prefetch_related("areas__district")
    serializer_class = CorridorNodeSerializer


class CircleListView(CodeListView):
    queryset = Circle.objects.select_related("university").prefetch_related("sites")
    serializer_class = CircleSerializer


class HubListView(CodeListView):
    queryset = Hub.objects.all()


class StrategicFieldListView(CodeListView):
    queryset = StrategicField.objects.select_related("hub")
    serializer_class = StrategicFieldSerializer


class TechnologyFieldListView(CodeListView):
    queryset = TechnologyField.objects.all()


class IndustryListView(CodeListView):
    queryset = Industry.objects.all()


class ProvinceListView(CodeListView):
    queryset = Province.objects.all()
