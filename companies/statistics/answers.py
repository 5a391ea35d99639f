"""The shapes of the figures' answers, for the schema. The views make them; a test holds both together."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from companies.resources import TargetSerializer
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


class ProgressSerializer(serializers.Serializer[Any]):
    """The way from a stock on a day to a target."""

    stock = QuantityField(help_text=_("Where the way begins."))
    gap = QuantityField(help_text=_("How much is missing; negative when there is more than the target."))
    is_reached = serializers.BooleanField(help_text=_("Whether nothing is missing."))
    status = serializers.ChoiceField(
        ("reached", "open", "missed"), help_text=_("reached, open while there is time, or missed.")
    )
    years_left = QuantityField(help_text=_("The years to the day on which the target is due."))
    needed_per_year = PaceField(help_text=_("What has to be added a year; null when nothing is missing or it is over."))
    needed_growth = PaceField(help_text=_("The growth needed, in percent a year; null in the last month, too."))


class ComputedProgressSerializer(ProgressSerializer):
    """The way from the register's own count."""

    includes_invented = serializers.BooleanField(help_text=_("Whether entries invented for demonstration are counted."))


class PublishedProgressSerializer(ProgressSerializer):
    """The way from the newest official figure."""

    as_of = serializers.DateField(help_text=_("The day of the published figure."))


class SideBySideSerializer(serializers.Serializer[Any]):
    """A published figure with the register's own count of the same day."""

    as_of = serializers.DateField(help_text=_("The day of the published figure."))
    published = QuantityField(help_text=_("The published figure."))
    is_lower_bound = serializers.BooleanField(help_text=_("Whether the source says “at least”."))
    is_official = serializers.BooleanField(help_text=_("Whether the figure is verified or derived by arithmetic."))
    mark = serializers.CharField(help_text=_("How far the figure can be relied on: V, D, M or U."))
    source = serializers.CharField(help_text=_("Where the figure comes from."))  # type: ignore[assignment]
    computed = serializers.IntegerField(
        allow_null=True, min_value=0, help_text=_("The register's own count; null for what it does not count.")
    )


class PartAreaSerializer(serializers.Serializer[Any]):
    """An area as others name it."""

    code = serializers.CharField(help_text=_("The code of the area."))
    name = serializers.CharField(help_text=_("The name of the area in the asked language."))


class PartSerializer(serializers.Serializer[Any]):
    """The target of a part of the area."""

    code = serializers.CharField(help_text=_("The code of the part's own target."))
    area = PartAreaSerializer(help_text=_("The part of the area."))
    value = QuantityField(help_text=_("What is to be reached there, in the indicator's unit."))
    computed = serializers.IntegerField(
        allow_null=True, min_value=0, help_text=_("The register's own count there; null for what it does not count.")
    )


class PartsSerializer(serializers.Serializer[Any]):
    """The targets of the parts beside that of the whole, as published: their sum need not be the same."""

    targets = PartSerializer(many=True, help_text=_("The targets of the parts."))
    sum = QuantityField(help_text=_("What they add up to."))
    difference = QuantityField(help_text=_("The sum less the target of the whole; never adjusted."))


class TargetProgressSerializer(TargetSerializer):
    """A target with the way to it, from the register's own count and from published figures, never mixed."""

    due_on = serializers.DateField(help_text=_("The day on which the target is due: the last of its year."))
    computed = ComputedProgressSerializer(
        allow_null=True, help_text=_("The way from the register's own count; null for what it does not count.")
    )
    published = PublishedProgressSerializer(
        allow_null=True, help_text=_("The way from the newest official figure; null when there is none.")
    )
    parts = PartsSerializer(
        allow_null=True,
        help_text=_("The targets of the parts, where zones with targets for the same year make up the whole area."),
    )
    side_by_side = SideBySideSerializer(many=True, help_text=_("Every published figure, oldest first."))

    class Meta(TargetSerializer.Meta):
        fields = (*TargetSerializer.Meta.fields, "due_on", "computed", "published", "parts", "side_by_side")  # type: ignore[assignment]
