"""How entries of the floor answer. Serializers are plain declarations: every field names where it comes from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.api.languages import name_in
from registry.models import (
    Campus,
    Circle,
    CircleSite,
    CorridorArea,
    CorridorNode,
    District,
    Hub,
    Industry,
    Partner,
    Province,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
    Zone,
)
from registry.models.entries import OFFICIAL_MARKS
from registry.scope import declare_public

declare_public(Campus, Circle, CircleSite, CorridorArea, CorridorNode, District, Hub, Industry, Partner, Province)
declare_public(ReportingUnit, StrategicField, TechnologyField, University, Zone)


@extend_schema_field(OpenApiTypes.STR)
class NameField(serializers.Field[Any, Any, str, Any]):
    """The name of a row in the asked language, the Chinese one when there is none."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault("source", "*")
        super().__init__(read_only=True, **rest)

    def to_representation(self, value: Any) -> str:
        names = {language: getattr(value, f"name_{language}", None) for language in ("zh", "en", "it")}
        return name_in(self.context.get("language", "zh"), names)


@extend_schema_field(OpenApiTypes.NUMBER)
class NumberField(serializers.Field[Any, Any, Any, Any]):
    """A decimal as a JSON number: whole where it is whole."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(read_only=True, **rest)

    def to_representation(self, value: Decimal) -> int | float:
        return as_number(value)


def as_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


@extend_schema_field(OpenApiTypes.BOOL)
class OfficialField(serializers.Field[Any, Any, bool, Any]):
    """Whether the mark of a row stands for an official source."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault("source", "mark")
        super().__init__(read_only=True, **rest)

    def to_representation(self, value: str) -> bool:
        return value in OFFICIAL_MARKS


class CodedSerializer(serializers.Serializer[Any]):
    """A row of a code list, as other entries name it."""

    code = serializers.CharField()
    name = NameField()


class CodeSerializer(serializers.Serializer[Any]):
    """A row of a code list in full, in all languages, with its validity."""

    code = serializers.CharField()
    zh = serializers.CharField(source="name_zh")
    en = serializers.CharField(source="name_en")
    it = serializers.CharField(source="name_it")
    vars()["from"] = serializers.DateField(source="valid_from", allow_null=True)
    until = serializers.DateField(source="valid_until", allow_null=True)
    mark = serializers.CharField()
    is_official = OfficialField()


class DistrictSerializer(CodeSerializer):
    zone = CodedSerializer()
    successor = CodedSerializer(allow_null=True)
    latitude = serializers.DecimalField(max_digits=8, decimal_places=5, allow_null=True)
    longitude = serializers.DecimalField(max_digits=8, decimal_places=5, allow_null=True)


class ReportingUnitSerializer(CodeSerializer):
    district = CodedSerializer(allow_null=True)
    successor = CodedSerializer(allow_null=True)


class StrategicFieldSerializer(CodeSerializer):
    hub = CodedSerializer()


class CorridorAreaSerializer(serializers.Serializer[Any]):
    district = CodedSerializer()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class CorridorNodeSerializer(CodeSerializer):
    kind = serializers.CharField()
    areas = CorridorAreaSerializer(many=True)


class CircleSiteSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="name_zh")
    address = serializers.CharField()


class CircleSerializer(CodeSerializer):
    university = CodedSerializer()
    sites = CircleSiteSerializer(many=True)


class CampusSerializer(serializers.ModelSerializer[Campus]):
    name = serializers.CharField(source="name_zh")
    district = CodedSerializer(allow_null=True)
    is_official = OfficialField()

    class Meta:
        model = Campus
        fields = ("name", "district", "latitude", "longitude", "mark", "is_official", "source")


class UniversitySerializer(serializers.ModelSerializer[University]):
    name = NameField()
    campuses = CampusSerializer(many=True)
    is_official = OfficialField()

    class Meta:
        model = University
        fields = (
            "id",
            "code",
            "name",
            "name_zh",
            "name_en",
            "name_it",
            "ror",
            "authority",
            "level",
            "is_private",
            "campuses",
            "valid_from",
            "valid_until",
            "mark",
            "is_official",
            "source",
            "version",
        )
