"""The shapes of the answers over time, for the schema. The views make them; a test holds both together."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from companies.statistics.answers import FlagSerializer, KeysField, TextsField
from registry.api.citations import CitationSerializer

REASON_CLASSES = ("entered", "loaded")
NEXT = _("The address of the next page; null on the last.")


class StandingSerializer(serializers.Serializer[Any]):
    """What every answer about a metric says first."""

    metric = serializers.CharField(help_text=_("The code of the metric."))
    name = serializers.CharField(help_text=_("The name of the metric in the asked language."))
    definition = serializers.URLField(help_text=_("Where the metric is defined in words."))
    unit = serializers.CharField(help_text=_("What is counted."))
    filters = TextsField(help_text=_("The filters as they were given, and those that make the metric."))
    citation = CitationSerializer(help_text=_("How the answer is quoted."))
    digest = serializers.CharField(
        required=False,
        help_text=_("With both clocks given: sha256 over the question and the data, which no later change alters."),
    )


class PeriodSerializer(StandingSerializer):
    """An answer about two days."""

    vars()["from"] = serializers.DateField(help_text=_("The day that was given as `from`."))
    to = serializers.DateField(help_text=_("The day that was given as `to`."))
    known_at = serializers.DateTimeField(
        allow_null=True,
        help_text=_("The moment at which the register knew it: that given, or that of the last committed change."),
    )


class FlaggedSerializer(serializers.Serializer[Any]):
    """An answer with flags."""

    flags = FlagSerializer(many=True, help_text=_("What a reader of the figure has to know; may be empty."))


class PointSerializer(serializers.Serializer[Any]):
    """A stock on a day."""

    day = serializers.DateField(help_text=_("The day of the stock."))
    value = serializers.IntegerField(min_value=0, help_text=_("The figure: each entry counts once."))


class SeriesGroupSerializer(serializers.Serializer[Any]):
    """One group of a series."""

    key = KeysField(help_text=_("The code of the dimension; `unknown` where there is none."))
    label = TextsField(help_text=_("The name of the code in the asked language."))  # type: ignore[assignment]
    values = serializers.ListField(
        child=serializers.IntegerField(min_value=0, allow_null=True),
        help_text=_("The stock of the group at each point, in their order; null where its code is not in force."),
    )


class SeriesSerializer(PeriodSerializer, FlaggedSerializer):
    """A stock over time."""

    by = serializers.ChoiceField(("month", "quarter", "year"), help_text=_("How far apart the points are."))
    points = PointSerializer(many=True, help_text=_("The stock at the end of each step, without gaps."))
    groups = SeriesGroupSerializer(
        many=True, required=False, help_text=_("With `group_by`: every group, `unknown` last, nothing cut.")
    )


class BridgePartSerializer(serializers.Serializer[Any]):
    """What one reason did to a figure."""

    key = serializers.CharField(help_text=_("The reason, as a stable word."))
    label = serializers.CharField(help_text=_("The reason in the asked language."))  # type: ignore[assignment]
    value = serializers.IntegerField(help_text=_("How often firms joined less how often they left."))
    joined = serializers.IntegerField(min_value=0, help_text=_("How often a firm joined the figure."))
    left = serializers.IntegerField(min_value=0, help_text=_("How often a firm left the figure."))
    firms = serializers.URLField(help_text=_("Where the firms are listed."))


class BridgeSerializer(PeriodSerializer, FlaggedSerializer):
    """From one stock to another: the opening and the values of all parts make the closing."""

    opening = serializers.IntegerField(min_value=0, help_text=_("The stock on the day `from`."))
    parts = BridgePartSerializer(many=True, help_text=_("A part for each reason for which a firm joined or left."))
    closing = serializers.IntegerField(min_value=0, help_text=_("The stock on the day `to`."))


class FirmSerializer(serializers.Serializer[Any]):
    """A firm that joined or left a figure."""

    uscc = serializers.CharField(help_text=_("The credit code of the firm."))
    name = serializers.CharField(
        allow_null=True, help_text=_("The name of the day in the asked language, the Chinese one when there is none.")
    )
    is_invented = serializers.BooleanField(help_text=_("Whether the firm is invented for demonstration."))
    value = serializers.ChoiceField((1, -1), help_text=_("1: it joined the figure; -1: it left it."))


class PartFirmSerializer(FirmSerializer):
    """A firm behind a part of a bridge; one that left twice stands twice."""

    day = serializers.DateField(help_text=_("The first day on which it counted, or no longer counted."))


class PartMetaSerializer(PeriodSerializer, FlaggedSerializer):
    """What a list of firms behind a part was asked for."""

    part = serializers.CharField(help_text=_("The reason, as a stable word."))
    label = serializers.CharField(help_text=_("The reason in the asked language."))  # type: ignore[assignment]


class PartFirmsSerializer(serializers.Serializer[Any]):
    """The firms behind a part of a bridge, by day."""

    vars()["data"] = PartFirmSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text=NEXT)
    meta = PartMetaSerializer()


class TurnSerializer(serializers.Serializer[Any]):
    """A day on which a firm joins the figure, or leaves it, by what was learned."""

    day = serializers.DateField(help_text=_("The first day on which it counted, or no longer counted."))
    reason = serializers.CharField(help_text=_("The reason, as a stable word."))
    label = serializers.CharField(help_text=_("The reason in the asked language."))  # type: ignore[assignment]
    value = serializers.IntegerField(
        help_text=_("1: it joins, or no longer leaves; -1: it leaves, or no longer joins; with a move taken back, 2.")
    )


class RevisionSerializer(FirmSerializer):
    """A firm that a change brought into a figure or took out of it."""

    recorded_at = serializers.DateTimeField(help_text=_("The moment at which the register learned it."))
    sequence = serializers.IntegerField(
        allow_null=True, help_text=_("The number of the change; the changes of one writing share it.")
    )
    reason_class = serializers.ChoiceField(
        REASON_CLASSES, help_text=_("entered: by a person, in a form; loaded: from a file or by a program.")
    )
    turns = TurnSerializer(many=True, help_text=_("What the change wrote anew or took back, up to the day."))


class RevisionsSerializer(StandingSerializer, FlaggedSerializer):
    """Why a figure is another than it was known to be: opening, and joined less left, make closing."""

    valid_on = serializers.DateField(help_text=_("The day on which the answer is true."))
    known_from = serializers.DateTimeField(help_text=_("The earlier moment of knowing."))
    known_to = serializers.DateTimeField(
        help_text=_("The later moment of knowing: that given, or that of the last committed change.")
    )
    opening = serializers.IntegerField(min_value=0, help_text=_("The figure as it was known at the earlier moment."))
    joined = serializers.IntegerField(min_value=0, help_text=_("How often a firm joined the figure."))
    left = serializers.IntegerField(min_value=0, help_text=_("How often a firm left the figure."))
    closing = serializers.IntegerField(min_value=0, help_text=_("The figure as it was known at the later moment."))
    firms = RevisionSerializer(many=True, help_text=_("Each firm with the change, in the order of recording."))
    next = serializers.URLField(allow_null=True, help_text=NEXT)
