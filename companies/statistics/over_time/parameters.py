"""Parameters that only figures over time take, and the filters that the ledger can answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.filters.places import ZoneFilter
from companies.statistics.ledger.questions import DIMENSIONS
from companies.statistics.zones import ZONE, as_districts
from incubators.models import Incubator
from registry.api.filters import CodeListFilter
from registry.api.filtersets import StrictFilterSet
from registry.api.kinds import ChoiceKind, DayKind, KnownAtKind
from registry.api.parameters import Parameter
from registry.models import District, Hub, ReportingUnit, StrategicField, Zone

GROUPED_BY = ("district", "reporting_unit", "zone", "hub", "strategic_field", "incubator")

SERIES_FROM = Parameter("from", DayKind(), _("A day in the first month, quarter or year of the series. Required."))
SERIES_TO = Parameter(
    "to", DayKind(), _("A day in the last month, quarter or year, and the day of the last point. Required.")
)
BY = Parameter(
    "by",
    ChoiceKind(("month", "quarter", "year")),
    _("How far apart the points are: at the last day of each month, quarter or year."),
    "month",
)
GROUP_BY = Parameter("group_by", ChoiceKind(GROUPED_BY), _("One dimension, by which the values are told apart."))
BRIDGE_FROM = Parameter(
    "from", DayKind(), _("The day of the opening stock; what happened on it is already in it. Required.")
)
BRIDGE_TO = Parameter(
    "to", DayKind(), _("The day of the closing stock; what happened on it is the last that counts. Required.")
)
KNOWN_FROM = Parameter(
    "known_from",
    KnownAtKind(),
    _("The earlier moment of knowing, with its offset; what was recorded at it is already known. Required."),
)
KNOWN_TO = Parameter(
    "known_to",
    KnownAtKind(),
    _(
        "The later moment of knowing, with its offset; the last committed change when not given. With `valid_on` given "
        "too, the answer stays as it is and carries a digest."
    ),
)


class StandingFilterSet(StrictFilterSet):
    """What the ledger can narrow by. It only reads codes: the ledger does the narrowing, by their keys.

    A period has many days, so codes need not be in force on any of them.
    """

    district = CodeListFilter(_("Districts, of the seat."), rows=District.objects.all, field_name="pk", of_any_day=True)
    reporting_unit = CodeListFilter(
        _("Reporting units, of the seat."), rows=ReportingUnit.objects.all, field_name="pk", of_any_day=True
    )
    zone = ZoneFilter(
        _("Zones (一区两群) of the seat's district."), rows=Zone.objects.all, field_name="pk", of_any_day=True
    )
    hub = CodeListFilter(_("Hubs."), rows=Hub.objects.all, field_name="pk", of_any_day=True)
    strategic_field = CodeListFilter(
        _("Strategic fields."), rows=StrategicField.objects.all, field_name="pk", of_any_day=True
    )
    incubator = CodeListFilter(
        _("Incubators in which it is in residence."), rows=Incubator.objects.all, field_name="pk", of_any_day=True
    )

    def keys(self) -> dict[str, list[int]]:
        """The asked codes as the ledger's keys, by dimension; a district is asked within the zone."""
        rows: dict[str, Sequence[Any]] = self.resolved()
        keys = {name: [row.pk for row in found] for name, found in rows.items() if name in {*DIMENSIONS, ZONE}}
        return {name: sorted(found) for name, found in as_districts(keys).items()}
