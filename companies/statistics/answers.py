"""The shapes of the figures' answers, for the schema. The views make them; a test holds both together."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from companies.statistics.metrics import Basis, Metric
from registry.api.citations import CitationSerializer

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
KEYS = {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}


@extend_schema_field(TEXTS)
class TextsField(serializers.DictField):
    """Texts by name."""


@extend_schema_field(KEYS)
class KeysField(serializers.DictField):
    """Codes or years by dimension."""


@extend_schema_field({"type": "string", "pattern": r"^[0-9]+\.[0-9]{4}$"})
class AmountField(serializers.CharField):
    """10,000 yuan with four decimals."""


@extend_schema_field({"type": "number"})
class QuantityField(serializers.FloatField):
    """A number, whole where it is whole."""


@extend_schema_field({"type": ["number", "null"]})
class PaceField(serializers.FloatField):
    """A number, or null where it has no sense."""


class FlagSerializer(serializers.Serializer[Any]):
    """What a reader of the figure has to know."""

    code = serializers.CharField(help_text=_("What is to be known, as a stable word."))
    dimension = serializers.CharField(required=False, help_text=_("The dimension that it is about."))
    detail = serializers.CharField(help_text=_("What is to be known, as a sentence in the caller's language."))


class GroupSerializer(serializers.Serializer[Any]):
    """One group of a figure."""

    key = KeysField(help_text=_("The code, or the year, of each dimension; `unknown` where there is none."))
    label = TextsField(  # type: ignore[assignment]
        help_text=_("The name of each code in the asked language.")
    )
    value: Any = serializers.IntegerField(min_value=0, help_text=_("The figure of the group."))
    vars()["list"] = serializers.URLField(
        allow_null=True,
        help_text=_(
            "Where the entries of the group are listed; null where no filter keeps exactly these, as `unknown`."
        ),
    )


class AmountGroupSerializer(GroupSerializer):
    """One group of an amount."""

    value = AmountField(help_text=_("The amount of the group, in 10,000 yuan."))


GROUPS = _("With `group_by`: every group, `unknown` last, nothing cut but what `having` leaves out.")


class FigureSerializer(serializers.Serializer[Any]):
    """A metric's figure: the total and, when asked, its groups."""

    metric = serializers.CharField(help_text=_("The code of the metric."))
    name = serializers.CharField(help_text=_("The name of the metric in the asked language."))
    definition = serializers.URLField(help_text=_("Where the metric is defined in words."))
    unit = serializers.CharField(help_text=_("What is counted."))
    known_at = serializers.DateTimeField(
        allow_null=True,
        help_text=_("The moment at which the register knew it: that given, or that of the last committed change."),
    )
    filters = TextsField(
        help_text=_("The filters as they were given, those that make the metric, and those that hold anyway.")
    )
    total: Any = serializers.IntegerField(min_value=0, help_text=_("The figure: each entry counts once."))
    vars()["list"] = serializers.URLField(help_text=_("Where the entries that are counted are listed."))
    groups: Any = GroupSerializer(many=True, required=False, help_text=GROUPS)
    flags = FlagSerializer(many=True, help_text=_("What a reader of the figure has to know; may be empty."))
    citation = CitationSerializer(help_text=_("How the answer is quoted."))
    digest = serializers.CharField(
        required=False,
        help_text=_("With both clocks given: sha256 over the question and the data, which no later change alters."),
    )


class StockFigureSerializer(FigureSerializer):
    """A figure that stands on a day."""

    valid_on = serializers.DateField(help_text=_("The day on which the answer is true."))


class FlowFigureSerializer(FigureSerializer):
    """A figure of what happened within a period."""

    vars()["from"] = serializers.DateField(help_text=_("The first day of the period, included."))
    to = serializers.DateField(help_text=_("The last day of the period, included."))


class AmountFigureSerializer(FlowFigureSerializer):
    """A sum of amounts within a period."""

    total = AmountField(help_text=_("The amount in 10,000 yuan: each entry counts once."))
    groups = AmountGroupSerializer(many=True, required=False, help_text=GROUPS)


def of_metric(metric: Metric) -> type[FigureSerializer]:
    if metric.sums:
        return AmountFigureSerializer
    return FlowFigureSerializer if metric.is_flow else StockFigureSerializer


class DimensionSerializer(serializers.Serializer[Any]):
    """By what a metric can be grouped."""

    name = serializers.CharField(help_text=_("The word for `group_by`."))
    is_multi_valued = serializers.BooleanField(
        help_text=_("Whether one entry may stand in several groups, so that they add up to more than the total.")
    )


class MetricSerializer(serializers.Serializer[Any]):
    """A metric with its definition, its filters and its dimensions."""

    code = serializers.CharField(help_text=_("The code of the metric."))
    name = serializers.CharField(help_text=_("The name of the metric in the asked language."))
    definition = serializers.CharField(help_text=_("What is counted, in words."))
    definition_version = serializers.IntegerField(min_value=1, help_text=_("Grows when the definition changes."))
    formula = serializers.CharField(
        help_text=_("The metric as a question to its list, with DAY, or FROM and TO, to fill in.")
    )
    unit = serializers.CharField(help_text=_("What is counted."))
    measure = serializers.ChoiceField(
        ("stock", "flow"), help_text=_("stock: stands on a day; flow: happens within a period.")
    )
    basis = serializers.ChoiceField(
        [basis.value for basis in Basis],
        help_text=_(
            "date: by the days on which it is true or happens; certification_years: by the last years of issue."
        ),
    )
    counts = serializers.CharField(help_text=_("The list whose entries are counted."))
    implied_filters = TextsField(help_text=_("The filters of that list which make the metric."))
    period_filters = serializers.ListField(
        child=serializers.CharField(), help_text=_("The filters of that list which take the period of a flow.")
    )
    dimensions = DimensionSerializer(many=True, help_text=_("By what the metric can be grouped."))
    filters = serializers.ListField(
        child=serializers.CharField(), help_text=_("The filters of that list which a caller may give.")
    )
    figure = serializers.URLField(help_text=_("Where the figure is asked."))
    series = serializers.URLField(
        allow_null=True, help_text=_("Where the stock is asked over time; null where it is not kept.")
    )
    bridge = serializers.URLField(
        allow_null=True, help_text=_("Where it is told what led from one day to another; null where it is not kept.")
    )
    revisions = serializers.URLField(
        allow_null=True, help_text=_("Where it is told what has been learned since; null where it is not kept.")
    )


class ClocksSerializer(serializers.Serializer[Any]):
    """Both clocks of an answer."""

    valid_on = serializers.DateField(help_text=_("The day on which the answer is true."))
    known_at = serializers.DateTimeField(
        allow_null=True,
        help_text=_("The moment at which the register knew it: that given, or that of the last committed change."),
    )


class MetricsSerializer(serializers.Serializer[Any]):
    """Every metric."""

    vars()["data"] = MetricSerializer(many=True)
    meta = ClocksSerializer()
