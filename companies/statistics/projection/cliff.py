"""The renewal cliff: when the validity of the high-tech firms of a day ends, unless they renew."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Least, Trunc

from companies.models import Certification
from registry.days import add_months

MONTHS = {"month": 1, "quarter": 3, "year": 12}
MOST_YEARS_AHEAD = 5
NO_END = datetime.date(9999, 12, 31)
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Bucket:
    """Days on which validity may end, the first included, the end not; without an end it holds all that is later."""

    first: datetime.date
    until: datetime.date | None
    firms: int
    certificates: int


def buckets(rows: QuerySet[Any], wanted: Q, day: datetime.date, by: str) -> list[Bucket]:
    """The firms of `rows` by the last day on which they still hold one of the `wanted` certificates, valid on the day.

    From the day on, gap-filled to the last end, but at most five years; what ends later, or has no end, comes last
    and only when there is any. `certificates` are those behind the firms, so several for a firm that renewed ahead.
    """
    counted = {start: (firms, held) for start, firms, held in _counted(rows, wanted, by)}
    horizon = _start(add_months(day, 12 * MOST_YEARS_AHEAD), by)
    last = max((start for start in counted if start < horizon), default=_start(day, by))
    found = []
    for start, until in _periods(_start(day, by), last, by):
        firms, held = counted.get(start, (0, 0))
        found.append(Bucket(max(start, day), until, firms, held))
    later = [row for start, row in counted.items() if start >= horizon]
    if later:
        firms, held = (sum(column) for column in zip(*later, strict=True))
        found.append(Bucket(found[-1].until or horizon, None, firms, held))
    return found


def _counted(rows: QuerySet[Any], wanted: Q, by: str) -> Iterable[tuple[datetime.date, int, int]]:
    """`(first day of the period, firms, certificates)`; in one statement."""
    ends = Coalesce(Least("valid_until", "revoked_from"), Value(NO_END), output_field=DateField())
    held = Certification.objects.filter(wanted, company=OuterRef("pk")).order_by().values("company")
    last_day = Cast(
        ExpressionWrapper(F("end") - Value(ONE_DAY, DurationField()), output_field=DateField()), DateField()
    )
    counted: QuerySet[Any, tuple[datetime.date, int, int]] = (
        rows.order_by()
        .annotate(end=Subquery(held.annotate(end=Max(ends)).values("end")))
        .annotate(held=Subquery(held.annotate(number=Count("pk")).values("number")))
        .annotate(period=Trunc(last_day, by, output_field=DateField()))
        .values("period")
        .annotate(firms=Count("pk"), certificates=Sum("held"))
        .values_list("period", "firms", "certificates")
    )
    return counted


def _start(day: datetime.date, by: str) -> datetime.date:
    """The first day of the month, quarter or year that holds the day."""
    months = MONTHS[by]
    return datetime.date(day.year, (day.month - 1) // months * months + 1, 1)


def _periods(first: datetime.date, last: datetime.date, by: str) -> Iterator[tuple[datetime.date, datetime.date]]:
    """`(first day, first day of the next)` from the period that begins on `first` to the one that begins on `last`."""
    while first <= last:
        following = add_months(first, MONTHS[by])
        yield first, following
        first = following
