"""What a reader of a figure has to know: each flag is a stable code and a sentence."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.statistics.dimensions import Dimension
from companies.statistics.groups import Group
from companies.statistics.metrics import Metric
from registry.api.known_days import Flag, before_first_record, future_day
from registry.api.parameters import Asked


def of_figure(
    metric: Metric,
    asked: Asked,
    rows: QuerySet[Any],
    dimensions: list[Dimension],
    left_out: list[Group],
) -> list[Flag]:
    flags = of_entries(metric, asked, rows.filter(**{metric.invented: True}).exists())
    if metric.published_only or _asks_for_financings(asked.given, dimensions):
        words = _("Only financings that their parties have published are seen.")
        flags.append({"code": "published_financings_only", "detail": words})
    return [*flags, *_of_groups(dimensions, left_out)]


def of_entries(metric: Metric, asked: Asked, counts_invented: bool) -> list[Flag]:
    """What is to be known of the entries that are counted, and of the last day that was asked for."""
    flags = before_first_record(asked.known_at)
    flags += future_day(asked.values.get("to", asked.valid_on), asked.known_on)
    if counts_invented:
        words = _("Entries invented for demonstration are counted; the figure says nothing about the city.")
        flags.append({"code": "invented_data", "detail": words})
    if metric.leaves_out_sole_traders:
        words = _("Sole traders are persons; they are left out of public figures.")
        flags.append({"code": "sole_traders_left_out", "detail": words})
    return flags


def _asks_for_financings(given: AbstractSet[str], dimensions: list[Dimension]) -> bool:
    return bool({"financed", "instrument"} & given) or any(one.name == "instrument" for one in dimensions)


def _of_groups(dimensions: list[Dimension], left_out: list[Group]) -> list[Flag]:
    """Why the groups do not add up to the total."""
    flags = []
    for dimension in dimensions:
        if dimension.is_multi_valued:
            words = _("%s has several values for one entry: groups may add up to more than the total.")
            words %= dimension.name
            flags.append({"code": "multi_valued", "dimension": dimension.name, "detail": words})
    if left_out:
        words = ngettext(
            "%d group outside the range of `having` is left out: the others do not add up to the total.",
            "%d groups outside the range of `having` are left out: the others do not add up to the total.",
            len(left_out),
        )
        flags.append({"code": "groups_left_out", "detail": words % len(left_out)})
    return flags
