"""The shape of a target's answer, for the schema. The view makes it; a test holds both together."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from companies.statistics.answers import PaceField, QuantityField
from companies.statistics.projection.answers import ProjectedStockSerializer
from companies.statistics.resources import TargetSerializer


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


class OutlookSerializer(ProjectedStockSerializer):
    """The stock that is projected for the target's day."""

    base = serializers.DateField(help_text=_("The day from which it is projected: the end of the last whole year."))
    stock = serializers.IntegerField(min_value=0, help_text=_("The register's own count on that day."))


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
    projection = OutlookSerializer(
        allow_null=True,
        help_text=_(
            "The stock projected for the target's day; null where it is not counted, the day is over or more than ten "
            "years off, or the register is too young."
        ),
    )

    class Meta(TargetSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *TargetSerializer.Meta.fields, "due_on", "computed", "published", "parts", "side_by_side", "projection",
        )  # fmt: skip
