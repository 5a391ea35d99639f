"""Which districts followed which: since when one exists, and what stood in its place before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

DISTRICTS = "codes/districts/"
Row = Mapping[str, Any]
"""A row of the list of districts, as the API answers it."""


def predecessors(row: Row, every: Iterable[Row]) -> list[Row]:
    """The districts that ended when this one began and that name it as their successor."""
    return [
        one
        for one in every
        if one["successor"] and one["successor"]["code"] == row["code"] and one["until"] == row["from"]
    ]


def sentence(name: str, since: str, before: Sequence[str], *, is_ahead: bool = False) -> SafeString:
    """Since when the district exists, and which stood in its place: `before` may be links."""
    together = mark_safe(_(", ").join(conditional_escape(one) for one in before))
    words = {"district": conditional_escape(name), "day": since, "before": together}
    if not before:
        return mark_safe(_("%(district)s exists only since %(day)s.") % words)
    if is_ahead:
        return mark_safe(
            _("%(district)s exists only since %(day)s; before, its firms are counted in %(before)s.") % words
        )
    return mark_safe(_("%(district)s exists since %(day)s; before, its firms were counted in %(before)s.") % words)
