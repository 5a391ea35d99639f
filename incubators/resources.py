"""How incubators answer; `level_on_day` is the designation of the day (see `IncubatorQuerySet.for_day`)."""

from rest_framework import serializers

from incubators.models import Incubator
from registry.resources import CodedSerializer, NameField


class IncubatorSerializer(serializers.ModelSerializer[Incubator]):
    name = NameField()
    kind = CodedSerializer()
    level = CodedSerializer(source="designation_on_day.level", allow_null=True)
    district = CodedSerializer(allow_null=True)
    reporting_unit = CodedSerializer(allow_null=True)
    university = CodedSerializer(allow_null=True)

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
