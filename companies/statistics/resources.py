"""How released tables and targets answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from companies.models import FinancingTable, FinancingTableCell, Target
from registry.resources import CodedSerializer, NumberField, OfficialField
from registry.scope import declare_public

declare_public(FinancingTable, FinancingTableCell, Target)


class FinancingTableCellSerializer(serializers.ModelSerializer[FinancingTableCell]):
    """A cell or a margin; a hidden one has no figures. Amounts in 10,000 yuan, as texts with four decimals."""

    pilot_zone = CodedSerializer(
        allow_null=True, help_text=_("The pilot zone; null outside of any, and for the sum over all.")
    )
    instrument = CodedSerializer(allow_null=True, help_text=_("The instrument; null for the sum over all."))

    class Meta:
        model = FinancingTableCell
        fields = (
            *("is_all_zones", "pilot_zone", "is_all_instruments", "instrument"),
            *("is_hidden", "financings", "firms", "agreed_amount"),
        )


class FinancingTableSerializer(serializers.ModelSerializer[FinancingTable]):
    """A quarter; a pilot zone or an instrument that it does not name had no such financing."""

    cells: Any = FinancingTableCellSerializer(
        many=True, help_text=_("Every cell and margin of pilot zones by instruments.")
    )

    class Meta:
        model = FinancingTable
        fields = ("id", "year", "quarter", "ended_on", "released_at", "is_invented", "cells")


class TargetSerializer(serializers.ModelSerializer[Target]):
    indicator = CodedSerializer()
    area = CodedSerializer()
    value = NumberField()
    is_official = OfficialField()
    superseded_by = serializers.CharField(source="superseded_by.code", allow_null=True)

    class Meta:
        model = Target
        fields = (
            *("id", "code", "indicator", "area", "year", "value", "document", "superseded_by"),
            *("mark", "is_official", "source", "version"),
        )
