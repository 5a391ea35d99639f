"""The shapes of the answers, for the schema. The views make them; a test holds both together."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from companies.statistics.answers import ClocksSerializer, FlagSerializer, QuantityField, TextsField
from registry.api.citations import CitationSerializer


class IntervalSerializer(serializers.Serializer[Any]):
    """A projected stock with its intervals."""

    median = serializers.IntegerField(min_value=0, help_text=_("As many paths end above it as below."))
    low_80 = serializers.IntegerField(min_value=0, help_text=_("The lower end of the 80 % interval."))
    high_80 = serializers.IntegerField(min_value=0, help_text=_("The upper end of the 80 % interval."))
    low_95 = serializers.IntegerField(min_value=0, help_text=_("The lower end of the 95 % interval."))
    high_95 = serializers.IntegerField(min_value=0, help_text=_("The upper end of the 95 % interval."))


class ProjectedStockSerializer(IntervalSerializer):
    """The stock at the end of one year."""

    day = serializers.DateField(help_text=_("The last day of the year."))
    reached = serializers.FloatField(help_text=_("The share of the paths that have at least the target's value."))


class LeversSerializer(serializers.Serializer[Any]):
    """What the caller wants held."""

    grants_per_year = serializers.IntegerField(
        allow_null=True, help_text=_("Certificates a year to firms that hold none; null: as in the past.")
    )
    renewal_rate = serializers.FloatField(allow_null=True, help_text=_("The renewal rate; null: as in the past."))
    moves_in = serializers.IntegerField(
        allow_null=True, help_text=_("Firms a year that move in with a certificate; null: as in the past.")
    )


class ReachedSerializer(serializers.Serializer[Any]):
    """Whether and when."""

    first_day = serializers.DateField(
        allow_null=True, help_text=_("The first end of a year with the median at the target or above; null: none.")
    )
    probability = serializers.FloatField(
        allow_null=True, help_text=_("The share of the paths that reach the target on its day; null: not projected.")
    )


class NeededSerializer(serializers.Serializer[Any]):
    """What one lever alone would have to be."""

    grants_per_year = serializers.IntegerField(
        min_value=0, help_text=_("Certificates a year to firms that hold none with which the target is expected.")
    )
    renewal_rate = serializers.FloatField(
        allow_null=True, help_text=_("The renewal rate with which the target is expected; null: none would do.")
    )


class PastShareSerializer(serializers.Serializer[Any]):
    """A share of the past."""

    rate = serializers.FloatField(
        help_text=_("The share, from 0 to 1, a little towards the middle where few are known.")
    )
    cases = serializers.IntegerField(min_value=0, help_text=_("To how many firms it happened in all years together."))
    firms = serializers.IntegerField(min_value=0, help_text=_("To how many it could have happened."))
    dispersion = serializers.FloatField(
        help_text=_("How many times as widely the years vary as by chance alone; below 1 counts as 1.")
    )


class PastRenewalSerializer(PastShareSerializer):
    """The renewal rate of one age."""

    certificates = serializers.IntegerField(
        help_text=_("How many certificates the firm had been granted before; 3 stands for three or more.")
    )


class PastInflowSerializer(serializers.Serializer[Any]):
    """An inflow of the past."""

    next_year = serializers.FloatField(help_text=_("The firms expected in the first projected year."))
    change_per_year = serializers.FloatField(help_text=_("How many more, or fewer, each year."))
    dispersion = serializers.FloatField(
        help_text=_("How many times as widely the years vary as by chance alone; below 1 counts as 1.")
    )


class PastRatesSerializer(serializers.Serializer[Any]):
    """The rates of the past, from which the projection goes on."""

    from_year = serializers.IntegerField(help_text=_("The first year from which they are taken."))
    to_year = serializers.IntegerField(help_text=_("The last year from which they are taken."))
    renewal = PastRenewalSerializer(many=True, help_text=_("Renewed by the end of the year in which validity ends."))
    gone = PastShareSerializer(help_text=_("Dissolved, moved out or revoked within a year."))
    renewed_ahead = PastShareSerializer(help_text=_("Renewed in the year before the one in which validity ends."))
    grants = PastInflowSerializer(help_text=_("Certificates to firms that hold none."))
    moves_in = PastInflowSerializer(help_text=_("Firms that move in with a certificate."))


class TestedPointSerializer(IntervalSerializer):
    """A published stock with what would have been projected for it."""

    as_of = serializers.DateField(help_text=_("The day of the published figure."))
    published = QuantityField(help_text=_("The published figure."))
    is_official = serializers.BooleanField(help_text=_("Whether the figure is verified or derived by arithmetic."))
    mark = serializers.CharField(help_text=_("How far the figure can be relied on: V, D, M or U."))
    computed = serializers.IntegerField(min_value=0, help_text=_("The register's own count on that day."))
    made_on = serializers.DateField(help_text=_("The day from which it would have been projected."))
    years_ahead = serializers.IntegerField(help_text=_("How many years before."))
    is_within_80 = serializers.BooleanField(help_text=_("Whether the published figure lies in the 80 % interval."))
    is_within_95 = serializers.BooleanField(help_text=_("Whether the published figure lies in the 95 % interval."))
    is_computed_within_80 = serializers.BooleanField(
        help_text=_("Whether the register's own count lies in the 80 % interval.")
    )
    is_computed_within_95 = serializers.BooleanField(
        help_text=_("Whether the register's own count lies in the 95 % interval.")
    )


class TestSummarySerializer(serializers.Serializer[Any]):
    """How many official points lay inside."""

    years_ahead = serializers.IntegerField(help_text=_("How many years before."))
    points = serializers.IntegerField(min_value=0, help_text=_("How many official figures could be judged."))
    within_80 = serializers.IntegerField(min_value=0, help_text=_("How many of them lie in the 80 % interval."))
    within_95 = serializers.IntegerField(min_value=0, help_text=_("How many of them lie in the 95 % interval."))
    computed_within_80 = serializers.IntegerField(
        min_value=0, help_text=_("Of how many the register's own count lies in the 80 % interval.")
    )
    computed_within_95 = serializers.IntegerField(
        min_value=0, help_text=_("Of how many the register's own count lies in the 95 % interval.")
    )


class BackTestSerializer(serializers.Serializer[Any]):
    """The test on the past."""

    points = TestedPointSerializer(many=True, help_text=_("Every published stock of a year's end that can be judged."))
    summary = TestSummarySerializer(many=True, help_text=_("The official ones in numbers."))


class AssumptionsSerializer(serializers.Serializer[Any]):
    """What the projection takes for granted."""

    version = serializers.IntegerField(min_value=1, help_text=_("Grows when the assumptions change."))
    text = serializers.ListField(
        child=serializers.CharField(), help_text=_("The assumptions, as sentences in the caller's language.")
    )


class ProjectionSerializer(serializers.Serializer[Any]):
    """The projection of a target's stock."""

    target = serializers.CharField(help_text=_("The code of the target."))
    value = QuantityField(help_text=_("The target's value."))
    due_on = serializers.DateField(help_text=_("The day on which the target is due: the last of its year."))
    base = serializers.DateField(help_text=_("The day from which it is projected: the end of the last whole year."))
    stock = serializers.IntegerField(min_value=0, help_text=_("The register's own count on that day."))
    levers = LeversSerializer(help_text=_("What was asked to be held."))
    path = ProjectedStockSerializer(many=True, help_text=_("The ends of the years to the target's day, ten at most."))
    reached = ReachedSerializer(help_text=_("Whether and when the target is reached."))
    needed = NeededSerializer(
        allow_null=True,
        help_text=_("What each lever alone, all else as assumed, would have to be; null: not projected."),
    )
    rates = PastRatesSerializer(
        allow_null=True, help_text=_("The rates of the past; null where the register is too young.")
    )
    back_test = BackTestSerializer(help_text=_("What would have been projected for the published figures."))
    assumptions = AssumptionsSerializer(help_text=_("What the projection takes for granted."))
    flags = FlagSerializer(many=True, help_text=_("What a reader of the figure has to know; may be empty."))


class ProjectionMetaSerializer(ClocksSerializer):
    """Both clocks, how the answer is quoted, and what proves one that stays."""

    citation = CitationSerializer(help_text=_("How the answer is quoted."))
    digest = serializers.CharField(
        required=False,
        help_text=_("With both clocks given: sha256 over the question and the data, which no later change alters."),
    )


class ProjectionAnswerSerializer(serializers.Serializer[Any]):
    """A projection with its clocks."""

    vars()["data"] = ProjectionSerializer()
    meta = ProjectionMetaSerializer()


class CliffBucketSerializer(serializers.Serializer[Any]):
    """The firms whose validity ends in one period."""

    vars()["from"] = serializers.DateField(help_text=_("The first of the last valid days, included."))
    to = serializers.DateField(
        allow_null=True, help_text=_("The last of the last valid days, included; null: later, or without an end.")
    )
    firms = serializers.IntegerField(min_value=0, help_text=_("Firms whose last certificate ends in the period."))
    certificates = serializers.IntegerField(
        min_value=0, help_text=_("The valid certificates of these firms; more than firms where some renewed ahead.")
    )
    list = serializers.URLField(help_text=_("The list of these firms."))


class CliffSerializer(serializers.Serializer[Any]):
    """The renewal cliff."""

    metric = serializers.CharField(help_text=_("The code of the metric."))
    definition = serializers.URLField(help_text=_("Where the metric is defined in words."))
    valid_on = serializers.DateField(help_text=_("The day on which the answer is true."))
    known_at = serializers.DateTimeField(
        allow_null=True,
        help_text=_("The moment at which the register knew it: that given, or that of the last committed change."),
    )
    filters = TextsField(
        help_text=_("The filters as they were given, those that make the metric, and those that hold anyway.")
    )
    by = serializers.CharField(help_text=_("The length of a period."))
    total = serializers.IntegerField(
        min_value=0, help_text=_("The stock of the day: the firms of all periods together.")
    )
    buckets = CliffBucketSerializer(many=True, help_text=_("Every period from the day on, empty ones included."))
    flags = FlagSerializer(many=True, help_text=_("What a reader of the figure has to know; may be empty."))
    citation = CitationSerializer(help_text=_("How the answer is quoted."))
    digest = serializers.CharField(
        required=False,
        help_text=_("With both clocks given: sha256 over the question and the data, which no later change alters."),
    )
