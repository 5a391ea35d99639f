"""A metric as people write a formula: what is counted, under which conditions, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from companies.models import ResidencyOutcome
from companies.models.questions import HIGH_TECH
from companies.statistics.metrics import Metric

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ENTRIES: dict[str, StrOrPromise] = {
    "companies": gettext_lazy("firms"),
    "residencies": gettext_lazy("residencies"),
    "financings": gettext_lazy("financings"),
    "certifications": gettext_lazy("certificates"),
    "incubators": gettext_lazy("incubators"),
}
CONDITIONS: dict[tuple[str, str], StrOrPromise] = {
    ("seated", "true"): pgettext_lazy("formula", "seated in the city"),
    ("certified", HIGH_TECH): pgettext_lazy("formula", "with a valid high-tech certificate"),
    ("resident", "true"): pgettext_lazy("formula", "in residence in an incubator"),
    ("university_adjacent", "true"): pgettext_lazy("formula", "adjacent to a university"),
    ("financed", "true"): pgettext_lazy("formula", "with a published financing"),
    ("outcome", ResidencyOutcome.GRADUATED.value): pgettext_lazy("formula", "ended with a graduation"),
    ("open", "true"): pgettext_lazy("formula", "open"),
}
"""The filters that make metrics, with their values."""
SUMS: dict[str, StrOrPromise] = {"agreed_amount": pgettext_lazy("formula", "agreed amount")}
OF_A_DAY, OF_A_PERIOD = "t", ("t₁", "t₂")


def formula(metric: Metric) -> str:
    """Such as: High-tech firms(t) = number of {firms | seated in the city; with …; on day t}."""
    symbols = ", ".join(OF_A_PERIOD) if metric.is_flow else OF_A_DAY
    entries = f"{{{ENTRIES[metric.counts]} | {_('; ').join(conditions(metric))}}}"
    if metric.sums is None:
        counted = pgettext("formula", "number of %s") % entries
    else:
        counted = pgettext("formula", "sum of %(field)s over %(entries)s") % {
            "field": SUMS[metric.sums],
            "entries": entries,
        }
    return f"{metric.name}({symbols}) = {counted}"


def conditions(metric: Metric) -> Iterator[str]:
    for implied in metric.implied.items():
        yield str(CONDITIONS[implied])
    if metric.published_only and metric.is_flow:
        yield pgettext("formula", "published by the parties")
    if metric.is_flow:
        yield pgettext("formula", "from day %(first)s to day %(last)s, both included") % dict(
            zip(("first", "last"), OF_A_PERIOD, strict=True)
        )
    else:
        yield pgettext("formula", "on day %s") % OF_A_DAY
