"""The filters of facts, asked of their states: the same facts from one narrow table, to be counted."""

from __future__ import annotations

import copy
import datetime
from collections import defaultdict
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from companies.filters.events import EventFilterSet
from companies.filters.facts import CertificationFilterSet, FinancingFilterSet, ResidencyFilterSet
from companies.filters.states import have_states, states_are_current
from companies.models import CertificationState, FinancingParty, FinancingState, ResidencyState
from companies.models.questions import Rows
from incubators.models import Designation
from registry.models import CorridorArea, Partner


class OfEventStates(EventFilterSet):
    """Rows are states of facts. A state names its columns as the fact does; those of the firm are its own."""

    seat = firm = ""
    host = "incubator"

    @classmethod
    def counted(cls, asked: EventFilterSet) -> Rows:
        """States of the facts that the filters, which have been read, keep; one of each."""
        twin = cls(asked.asked, cls.states(asked.valid_on), request=asked.request)
        twin._resolved = asked.resolved()
        return twin.qs

    @classmethod
    def have_states(cls, day: datetime.date) -> bool:
        """Whether states tell what the list holds about the day: as the last commit has left the register."""
        return states_are_current()

    @classmethod
    def states(cls, day: datetime.date) -> Rows:
        """A state of each fact that the list holds on the day, with the day of the fact as `happened`."""
        raise NotImplementedError

    def seated_in_corridor(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(in_areas("district", CorridorArea.objects.filter(node__in=value)))

    def hosted_at_level(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(in_areas("incubator", Designation.objects.filter(level__in=value)))

    def linked_to(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(universities__overlap=[university.pk for university in value])


def in_areas(name: str, rows: QuerySet[Any]) -> Q:
    """That the row of this name, `district` or `incubator`, stands among the rows with a period that holds the day of
    the fact. There are few of them: read first, they need no look-up for each fact."""
    periods: dict[tuple[datetime.date | None, datetime.date | None], list[int]] = defaultdict(list)
    for key, start, end in rows.order_by().values_list(name, "valid_from", "valid_until"):
        periods[start, end].append(key)
    held = Q(pk__in=())
    for (start, end), keys in periods.items():
        begun = Q(happened__gte=start) if start else Q()
        held |= begun & (Q(happened__lt=end) if end else Q()) & Q((f"{name}__in", keys))
    return held


class CertificationStateFilterSet(OfEventStates, CertificationFilterSet):
    number = copy.copy(CertificationFilterSet.base_filters["number"])
    number.field_name = "certification__number"

    @classmethod
    def states(cls, day: datetime.date) -> Rows:
        return CertificationState.objects.alias(happened=F("issued_on"))

    def seated_at_issue(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset if value == "any" else queryset.filter(is_seated=value == "true")


class ResidencyStateFilterSet(OfEventStates, ResidencyFilterSet):
    @classmethod
    def have_states(cls, day: datetime.date) -> bool:
        return have_states(day)  # open stays have none for answers about an earlier day

    @classmethod
    def states(cls, day: datetime.date) -> Rows:
        return ResidencyState.objects.on(day).alias(happened=Coalesce(F("left_on"), Value(day)))


class FinancingStateFilterSet(OfEventStates, FinancingFilterSet):
    @classmethod
    def states(cls, day: datetime.date) -> Rows:
        return FinancingState.objects.filter(agreed_on__lte=day).alias(happened=F("agreed_on"))

    def with_partner(self, queryset: Rows, name: str, value: list[Partner]) -> Rows:
        parts = FinancingParty.objects.filter(partner__in=value)
        return queryset.filter(Exists(parts.filter(financing=OuterRef("financing"))))
