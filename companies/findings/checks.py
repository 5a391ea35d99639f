"""The questions behind the soft rules: which rows each finds on a day, and the value for which it finds them.

Each is one query over the rows that it is given, so that scope and paging are the caller's.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DurationField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from companies.models import Certification, Company, Residency, Seat
from companies.models.questions import Rows
from companies.models.soft_checks import Parameters, SoftCheck
from incubators.models import IncubatorSeat
from registry.models.entries import in_period
from registry.models.naming import name_of


@dataclass(frozen=True)
class Check:
    """`find` narrows rows of `model` to those found on a day, with `given_for`, the value that they are found for."""

    model: type[Any]
    find: Callable[[Rows, Parameters, datetime.date], Rows]


class MonthsAfter(Func):
    """The day so many months after another; from the last of a longer month, the last of the shorter."""

    template = "(%(expressions)s)::date"
    arg_joiner = " + "
    output_field = DateField()

    def __init__(self, day: Any, months: Any) -> None:
        super().__init__(
            day, Func(months, template="make_interval(months => %(expressions)s)", output_field=DurationField())
        )


def _joined(*fields: Any) -> Concat:
    """Texts with strokes between them; what is empty stays empty."""
    texts = [Coalesce(Cast(field, TextField()), _text("")) for field in fields]
    parts = [part for text in texts for part in (_text(" / "), text)]
    return Concat(_text(""), *parts[1:], output_field=TextField())


def _text(text: str) -> Value:
    return Value(text, output_field=TextField())


def _older_at_entry(stays: Rows, rule: Parameters, day: datetime.date) -> Rows:
    first = MonthsAfter(F("company__established_on"), Value(rule.months))
    return stays.filter(entered_on__gt=first).annotate(
        given_for=_joined(F("company__established_on"), F("entered_on"), Value(rule.months))
    )


def _longer_stays(stays: Rows, rule: Parameters, day: datetime.date) -> Rows:
    longer = When(company__strategic_field__code__in=rule.longer_for, then=Value(rule.longer_months))
    limit = Case(longer, default=Value(rule.months), output_field=IntegerField())
    tomorrow = day + datetime.timedelta(days=1)
    lasting = stays.filter(entered_on__lte=day).annotate(
        limit=limit, stayed_until=Coalesce(F("left_on"), Value(tomorrow)), last_day=MonthsAfter(F("entered_on"), limit)
    )
    return lasting.filter(stayed_until__gt=F("last_day")).annotate(
        given_for=_joined(F("entered_on"), F("left_on"), F("limit"))
    )


def _groundless(stays: Rows, rule: Parameters, day: datetime.date) -> Rows:
    return stays.filter(outcome="graduated", ground="").annotate(given_for=_joined(F("left_on")))


def _seated_elsewhere(stays: Rows, rule: Parameters, day: datetime.date) -> Rows:
    def district(seats: Any, owner: str, field: Any) -> Subquery:
        return Subquery(seats.on(day).filter(**{owner: OuterRef(owner)}).values(text=field)[:1])

    present = stays.filter(in_period(day, start="entered_on", end="left_on"))
    code = F("district__code")
    firms, hosts = Seat.objects.all(), IncubatorSeat.objects.all()
    placed = present.exclude(incubator__code__in=rule.except_incubators).annotate(
        of_firm=district(firms, "company", code), of_host=district(hosts, "incubator", code)
    )
    apart = placed.filter(of_firm__isnull=False, of_host__isnull=False).exclude(of_firm=F("of_host"))
    return apart.annotate(
        given_for=_joined(F("of_firm"), F("of_host")),
        name_of_firms=district(firms, "company", name_of("district")),
        name_of_hosts=district(hosts, "incubator", name_of("district")),
    )


def _odd_numbers(certificates: Rows, rule: Parameters, day: datetime.date) -> Rows:
    asked = certificates.filter(kind__code__in=rule.kinds).exclude(Q(number="") | Q(kind__number_pattern=""))
    return asked.exclude(number__regex=F("kind__number_pattern")).annotate(given_for=_joined(F("number")))


def _slipped_units(firms: Rows, rule: Parameters, day: datetime.date) -> Rows:
    implausible = Q(registered_capital__gt=0, registered_capital__lt=rule.under) | Q(registered_capital__gt=rule.over)
    return firms.filter(implausible).annotate(given_for=_joined(F("registered_capital")))


CHECKS: dict[str, Check] = {
    SoftCheck.AGE_AT_ENTRY: Check(Residency, _older_at_entry),
    SoftCheck.LENGTH_OF_STAY: Check(Residency, _longer_stays),
    SoftCheck.GRADUATION_GROUND: Check(Residency, _groundless),
    SoftCheck.SEAT_AND_HOST: Check(Residency, _seated_elsewhere),
    SoftCheck.CERTIFICATE_NUMBER: Check(Certification, _odd_numbers),
    SoftCheck.CAPITAL_UNIT: Check(Company, _slipped_units),
}
SUBJECT = {Residency: "residency", Certification: "certification"}
"""The field of an explanation that names what it is about; a firm is its company alone."""


def about(model: type[Any]) -> dict[str, Any]:
    """What ties an explanation to the row of an outer query."""
    if model is Company:
        return {"company": OuterRef("pk"), "residency": None, "certification": None}
    return {SUBJECT[model]: OuterRef("pk")}
