"""`explain=true` on a list: what each filter removed, so that nobody wonders why an entry is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from registry.api.kinds import BooleanKind
from registry.api.parameters import Parameter

if TYPE_CHECKING:
    from registry.api.filtersets import StrictFilterSet

EXPLAIN = Parameter(
    "explain",
    BooleanKind(),
    gettext_lazy(
        "Tell in `meta.explained` how many entries each filter removed, also those that hold when none is given, and "
        "how many there would be without it alone. Counts several times; a page that follows does not tell it again."
    ),
)


def explained(filterset: StrictFilterSet, rows: Callable[[], QuerySet[Any]]) -> dict[str, Any]:
    """`{"entries": N, "filters": [{"name", "value", "removed", "left", "without"}]}`: of the entries that the caller
    may see, in the order of the declaration, what each filter removed of what those before it left."""

    def count(names: list[str]) -> int:
        return filterset.on(filterset.valid_on, rows(), only=names).order_by().count()

    names = list(filterset.resolved())
    left = [count(names[:place]) for place in range(len(names) + 1)]
    filters = [
        {
            "name": name,
            "value": filterset.texts[name],
            "removed": left[place] - left[place + 1],
            "left": left[place + 1],
            "without": left[place] if place == len(names) - 1 else count([*names[:place], *names[place + 1 :]]),
        }
        for place, name in enumerate(names)
    ]
    return {"entries": left[0], "filters": filters}
