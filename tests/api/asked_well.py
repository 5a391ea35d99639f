"""For each parameter of an endpoint a value that it takes."""

from collections.abc import Callable
from typing import Any

from companies.search import SearchKind
from companies.statistics.parameters import DimensionsKind, NoDayKind, RangeKind
from registry.api import kinds
from registry.api.filters import CodeListFilter
from registry.api.parameters import Parameter
from registry.feed.views import SequenceKind
from tests.api.addresses import DAY, Endpoint


def filterset_of(endpoint: Endpoint) -> Any:
    """The class of its filters; none for an endpoint without any."""
    metric = getattr(endpoint.view, "metric", None)
    return metric.filterset if metric else getattr(endpoint.view, "filterset_class", None)


def filters_of(endpoint: Endpoint) -> dict[str, Any]:
    filterset = filterset_of(endpoint)
    return dict(filterset.base_filters) if filterset else {}


def good_value(parameter: Parameter, declared: Any) -> str | None:
    if isinstance(declared, CodeListFilter):
        in_force = declared.rows().filter(valid_until__isnull=True).order_by("code")
        return ",".join(in_force.values_list("code", flat=True)[:2])
    return GOOD_VALUES[type(parameter.kind)](parameter.kind)


GOOD_VALUES: dict[type[kinds.Kind], Callable[[Any], str | None]] = {
    kinds.DayKind: lambda kind: DAY,
    NoDayKind: lambda kind: None,
    kinds.MomentKind: lambda kind: "2025-01-01T00:00:00+14:00",
    kinds.BooleanKind: lambda kind: "false",
    kinds.ChoiceKind: lambda kind: kind.choices[-1],
    kinds.ListKind: lambda kind: ",".join(kind.item.choices),
    DimensionsKind: lambda kind: ",".join(kind.item.choices[:3]),
    kinds.CreditCodeKind: lambda kind: "９１５００１１２ma605mrg8l",  # normalised
    kinds.TextKind: lambda kind: "O'Neil,%_\\ 重庆"[: kind.most_characters],
    SearchKind: lambda kind: "O'Neil,%_\\ 重庆",
    kinds.IntegerKind: lambda kind: str(kind.most),
    SequenceKind: lambda kind: "0",
    kinds.DecimalKind: lambda kind: str(kind.least),
    kinds.NearKind: lambda kind: "-90,180,1000",
    kinds.OrderKind: lambda kind: f"-{kind.names[-1]}",
    RangeKind: lambda kind: "0..99999999999999.9999",
    kinds.CursorKind: lambda kind: None,
    kinds.KnownAtKind: lambda kind: None,
}
