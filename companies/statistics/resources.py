"""How released tables answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from companies.models import FinancingTable, FinancingTableCell
from registry.resources import CodedSerializer
from registry.scope import declare_public

declare_public(FinancingTable, FinancingTableCell)


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
