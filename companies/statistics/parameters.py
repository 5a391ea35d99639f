"""Parameters that only figures take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.api.kinds import ChoiceKind, DayKind, Kind, ListKind, OrderKind, Refused, Schema
from registry.api.parameters import Parameter
from registry.names import shown

MOST_DIMENSIONS = 3


@dataclass(frozen=True)
class DimensionsKind(ListKind):
    """Up to three names of dimensions, by comma."""

    def parse(self, text: str) -> tuple[Any, ...]:
        names = super().parse(text)
        if len(names) > MOST_DIMENSIONS:
            raise Refused("too_many_values", _("At most %d dimensions at once.") % MOST_DIMENSIONS)
        return names

    def schema(self) -> Schema:
        return super().schema() | {"maxItems": MOST_DIMENSIONS}


@dataclass(frozen=True)
class NoDayKind(DayKind):
    """`valid_on` where it has no sense: a flow happens within a period."""

    def parse(self, text: str) -> Any:
        raise Refused("flow_has_no_day", _("A flow is counted from `from` to `to`; it takes no valid_on."))


@dataclass(frozen=True)
class Range:
    """Both ends included; an open end is None."""

    least: Decimal | None
    most: Decimal | None

    def holds(self, value: int | Decimal) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


class RangeKind(Kind):
    """MIN..MAX, MIN.. or ..MAX: plain numbers of at most 14 digits and 4 decimals, both ends included."""

    number: ClassVar[str] = r"[0-9]{1,14}(?:\.[0-9]{1,4})?"
    pattern: ClassVar[str] = rf"^(?=.*[0-9])({number})?\.\.({number})?$"

    def parse(self, text: str) -> Range:
        found = re.fullmatch(self.pattern, text, re.ASCII)
        if not found:
            raise Refused("not_a_range", _("“%s” is not a range such as 10.. or ..99 or 10..99.") % shown(text))
        least, most = (Decimal(side) if side else None for side in found.groups())
        if least is not None and most is not None and most < least:
            raise Refused("range_out_of_order", _("The range “%s” ends before it begins.") % shown(text))
        return Range(least, most)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": self.pattern, "maxLength": 40}


FROM = Parameter("from", DayKind(), gettext_lazy("First day of the period, included. Required."))
TO = Parameter("to", DayKind(), gettext_lazy("Last day of the period, included. Required."))
NO_DAY = Parameter("valid_on", NoDayKind(), gettext_lazy("Refused: a flow happens within a period."))
HAVING = Parameter(
    "having",
    RangeKind(),
    gettext_lazy(
        "With `group_by`: only groups whose value lies in this range, both ends included: `10..`, `..99` or `10..99`. "
        "A flag says when groups are left out."
    ),
)
ORDER = Parameter(
    "order",
    OrderKind(("key", "value")),
    gettext_lazy(
        "With `group_by`: the order of the groups, descending with a leading “-”. By key (when not given) `unknown` is "
        "last; groups of one value come in the order of their keys."
    ),
    "key",
)
OF_GROUPS = (HAVING, ORDER)


def group_by(names: Sequence[str]) -> Parameter:
    return Parameter(
        "group_by", DimensionsKind(ChoiceKind(tuple(names))), gettext_lazy("Up to three dimensions, by comma.")
    )
