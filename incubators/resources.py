"""How incubators answer; seat and level are those of the day (see `IncubatorQuerySet.for_day`)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from incubators.models import Designation, Incubator, IncubatorKind, IncubatorLevel, IncubatorSeat
from registry.resources import CodedSerializer, NameField, OfficialField
from registry.scope import declare_public

declare_public(Designation, Incubator, IncubatorKind, IncubatorLevel, IncubatorSeat)


class DesignationSerializer(serializers.ModelSerializer[Designation]):
    """A level as its incubator carries it when asked to, with the period in which it held it."""

    level = CodedSerializer()

    class Meta:
        model = Designation
        fields = ("id", "level", "valid_from", "valid_until")


class IncubatorSerializer(serializers.ModelSerializer[Incubator]):
    expandable: ClassVar[Mapping[str, Any]] = {"designations": lambda: DesignationSerializer(many=True)}

    name = NameField()
    is_official = OfficialField()
    kind = CodedSerializer()
    level = CodedSerializer(source="designation_on_day.level", allow_null=True)
    district = CodedSerializer(source="seat_on_day.district", allow_null=True)
    reporting_unit = CodedSerializer(source="seat_on_day.reporting_unit", allow_null=True)
    university = CodedSerializer(allow_null=True)
    address = serializers.CharField(source="seat_on_day.address", allow_null=True)
    latitude = serializers.DecimalField(source="seat_on_day.latitude", max_digits=8, decimal_places=5, allow_null=True)
    longitude = serializers.DecimalField(
        source="seat_on_day.longitude", max_digits=8, decimal_places=5, allow_null=True
    )

    class Meta:
        model = Incubator
        fields = (
            "id",
            "code",
            "name",
            "name_zh",
            "name_en",
            "name_it",
            "kind",
            "level",
            "operator",
            "district",
            "reporting_unit",
            "university",
            "address",
            "latitude",
            "longitude",
            "floor_area",
            "valid_from",
            "valid_until",
            "mark",
            "is_official",
            "is_invented",
            "version",
        )
