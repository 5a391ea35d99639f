"""Periods that are asked by two parameters: one that holds no day is refused."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry.api.parameters import Asked
from registry.api.refusals import Mistake, ParameterProblem


def out_of_order(
    values: Mapping[str, Any], texts: Mapping[str, str], half_open: Mapping[str, str]
) -> Iterator[Mistake]:
    """A mistake for each pair of days that has none between: `…_from` with its `…_to`, which means its day, and the
    pairs of `half_open`, of which the second does not mean its day."""
    firsts = {name: day for name, day in values.items() if name.endswith("_from") and isinstance(day, datetime.date)}
    for first, day in firsts.items():
        last, until = first.removesuffix("_from") + "_to", half_open.get(first, "")
        if values.get(last, day) < day:
            detail = _("%(last)s (%(to)s) lies before %(first)s (%(from)s).")
            yield _about(first, last, detail, texts)
        if until in values and values[until] <= day:
            detail = _("%(last)s (%(to)s) does not lie after %(first)s (%(from)s).")
            yield _about(first, until, detail, texts)


def refuse_out_of_order(asked: Asked, first: str, last: str) -> None:
    """ParameterProblem where the second parameter lies before the first; both may be days or moments."""
    if first in asked.values and last in asked.values and asked.values[last] < asked.values[first]:
        raise ParameterProblem(
            [_about(first, last, _("%(last)s (%(to)s) lies before %(first)s (%(from)s)."), asked.texts)]
        )


def _about(first: str, last: str, detail: str, texts: Mapping[str, str]) -> Mistake:
    words = {"first": first, "from": texts.get(first), "last": last, "to": texts.get(last)}
    return Mistake("period_out_of_order", detail % words, parameter=last, nearest=first)
