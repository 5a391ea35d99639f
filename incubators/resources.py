"""How incubators answer; seat and level are those of the day (see `IncubatorQuerySet.for_day`)."""

from rest_framework import serializers

from incubators.models import Incubator
from registry.resources import CodedSerializer, NameField


class IncubatorSerializer(serializers.ModelSerializer[Incubator]):
    name = NameField()
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
