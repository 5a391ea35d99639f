"""What every fact with a day of its own is filtered by: the firm as it was on that day. Codes may be of any day."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from companies.filters.places import ZoneFilter
from companies.models.questions import Rows
from incubators.models import Designation, Incubator, IncubatorLevel
from registry.api.filters import CodeListFilter, CreditCodeFilter
from registry.api.filtersets import StrictFilterSet
from registry.models import (
    CorridorArea,
    CorridorNode,
    District,
    Hub,
    Industry,
    ReportingUnit,
    StrategicField,
    University,
    Zone,
)
from registry.models.entries import in_period


class EventFilterSet(StrictFilterSet):
    """Filters of facts about firms; seat, host and universities are those of the fact's own day."""

    seat: ClassVar[str] = "seat_at_event__"
    """The path to the firm's seat on the day, with `__` at its end."""
    firm: ClassVar[str] = "company__"
    """The path to what the firm is classified by, with `__` at its end."""
    host: ClassVar[str] = "stay_at_event__incubator"
    """The path to the firm's incubator on the day."""

    company = CreditCodeFilter(_("The credit code of the firm."), field_name="company__uscc")
    district = CodeListFilter(
        _("Districts of the firm's seat on the day of the event."),
        rows=District.objects.all,
        of_any_day=True,
        method="seated_in",
    )
    reporting_unit = CodeListFilter(
        _("Reporting units of the firm's seat on the day of the event."),
        rows=ReportingUnit.objects.all,
        of_any_day=True,
        method="seated_in",
    )
    zone = ZoneFilter(
        _("Zones (一区两群) of the seat's district on the day of the event."),
        rows=Zone.objects.all,
        of_any_day=True,
        method="seated_in_zone",
    )
    corridor = CodeListFilter(
        _("Nodes of the innovation corridor whose areas held the seat's district on the day of the event."),
        rows=CorridorNode.objects.all,
        of_any_day=True,
        method="seated_in_corridor",
    )
    hub = CodeListFilter(_("Hubs of the firm."), rows=Hub.objects.all, of_any_day=True, method="classified_as")
    strategic_field = CodeListFilter(
        _("Strategic fields of the firm."),
        rows=StrategicField.objects.all,
        of_any_day=True,
        method="classified_as",
    )
    industry = CodeListFilter(
        _("Industries of the firm."), rows=Industry.objects.all, of_any_day=True, method="classified_as"
    )
    incubator = CodeListFilter(
        _("Incubators in which the firm was in residence on the day of the event."),
        rows=Incubator.objects.all,
        of_any_day=True,
        method="hosted_in",
    )
    incubator_level = CodeListFilter(
        _("Levels that the firm's incubator held on the day of the event."),
        rows=IncubatorLevel.objects.all,
        of_any_day=True,
        method="hosted_at_level",
    )
    university = CodeListFilter(
        _("Universities to which the firm had a recorded link on the day of the event."),
        rows=University.objects.all,
        of_any_day=True,
        method="linked_to",
    )

    @property
    def happened_on(self) -> Any:
        """The day of the row of the outer query."""
        raise NotImplementedError

    def seated_in(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(Q((f"{self.seat}{name}__in", value)))

    def seated_in_zone(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(Q((f"{self.seat}district__in", value)))

    def seated_in_corridor(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        district = OuterRef(f"{self.seat}district")
        areas = CorridorArea.objects.filter(node__in=value)
        held = Exists(areas.filter(in_period(self.happened_on), district=district))
        # By the districts of any day first: the few seats in them are found by an index.
        return queryset.filter(Q((f"{self.seat}district__in", areas.order_by().values("district"))), held)

    def classified_as(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(Q((f"{self.firm}{name}__in", value)))

    def hosted_in(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(Q((f"{self.host}__in", value)))

    def hosted_at_level(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        held = Designation.objects.filter(level__in=value)
        hosts = Q((f"{self.host}__in", held.order_by().values("incubator")))
        return queryset.filter(hosts, Exists(held.filter(in_period(self.happened_on), incubator=OuterRef(self.host))))

    def linked_to(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        links = apps.get_model("companies", "UniversityLink")._default_manager
        linked = links.filter(in_period(self.happened_on), company=OuterRef("company"), university__in=value)
        return queryset.filter(Exists(linked))
