"""The filters of firms, asked of their states: the same firms from one narrow table, to be counted."""

from __future__ import annotations

import copy
import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.lookups import Exact

from companies.filters.companies import CompanyFilterSet
from companies.filters.places import far_from_campus, in_circle, near_campus
from companies.filters.shared import BY_DISTANCE
from companies.models import CompanyState, SearchText
from companies.models.questions import Rows, facts, valid_certificate
from companies.models.states import STATES_FROM, Facet, basis_number, bits_of, mark
from companies.search import Search
from incubators.models import Designation
from registry.api.filters import MomentFilter, ParameterFilter
from registry.api.kinds import Near
from registry.history.acting import has_uncommitted
from registry.history.known import is_looking_back
from registry.models import CorridorArea
from registry.models.entries import in_period


def have_states(day: datetime.date) -> bool:
    """Whether states tell who was listed on the day: from STATES_FROM on, as the last commit has left the register."""
    return day >= STATES_FROM and states_are_current()


def states_are_current() -> bool:
    """Whether the answer is about the register as the last commit has left it, as states are."""
    return not is_looking_back() and not has_uncommitted()


def of_state(name: str, field_name: str) -> ParameterFilter:
    """The filter of firms, over a column of the state."""
    twin = copy.copy(CompanyFilterSet.base_filters[name])
    twin.field_name = field_name
    return twin


def marked(marks: list[int]) -> Q:
    """With one of the marks at least."""
    return Q(marks__overlap=marks)


def may_hold(search: Search) -> Q:
    """That the names have the characters of all words of a reading, or others that share their bits."""
    bits = {reduce(or_, (bits_of(word.sought) for word in reading.words), 0) for reading in search.readings}
    return reduce(or_, (Q(Exact(F("characters").bitand(some), Value(some))) for some in bits)) if all(bits) else Q()


class CompanyStateFilterSet(CompanyFilterSet):
    """Rows are states of one day. What no state tells (words, moments of change, ends to come) is asked of the firm."""

    district = of_state("district", "district")
    reporting_unit = of_state("reporting_unit", "reporting_unit")
    zone = of_state("zone", "district")
    incubator = of_state("incubator", "incubator")
    updated_since = MomentFilter(CompanyFilterSet.base_filters["updated_since"].description, method="changed_since")

    @classmethod
    def counted(cls, asked: CompanyFilterSet) -> Rows:
        """States of the day, one for each firm that the filters, which have been read, keep."""
        twin = cls(asked.asked, CompanyState.objects.all(), request=asked.request)
        twin._resolved = asked.resolved()
        return twin.filter_queryset(CompanyState.objects.on(asked.valid_on))

    def seated_on_the_day(self, queryset: Any, name: str, value: str) -> Any:
        return queryset if value == "any" else queryset.filter(is_seated=value == "true")

    def searched(self, queryset: Rows, name: str, value: Search) -> Rows:
        if value.few is not None:
            return queryset.filter(value.condition("company__"))
        found = Exists(SearchText.objects.filter(value.condition_of_text(), company=OuterRef("company")))
        return queryset.filter(may_hold(value), found) if value.is_common else queryset.filter(found)

    def changed_since(self, queryset: Rows, name: str, value: datetime.datetime) -> Rows:
        return queryset.filter(Exists(facts("CompanyChange", firm="company", updated_at__gte=value)))

    def in_corridor(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        areas = CorridorArea.objects.filter(in_period(self.valid_on), node__in=value)
        return queryset.filter(district__in=list(areas.values_list("district", flat=True)))

    def hosted_at_level(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        held = Designation.objects.on(self.valid_on).filter(level__in=value)
        return queryset.filter(incubator__in=list(held.values_list("incubator", flat=True)))

    def in_residence(self, queryset: Rows, name: str, value: bool) -> Rows:
        return queryset.filter(incubator__isnull=not value)

    def has_graduated(self, queryset: Rows, name: str, value: bool) -> Rows:
        graduated = marked([mark(Facet.GRADUATED)])
        return queryset.filter(graduated if value else ~graduated)

    def adjacent(self, queryset: Rows, name: str, value: bool) -> Rows:
        linked = marked([mark(Facet.LINKED)])
        return queryset.filter(linked | near_campus(seat="") if value else ~linked & far_from_campus(seat=""))

    def ever_certified(self, queryset: Rows, name: str, value: list[Any]) -> Rows:
        return queryset.filter(marked([mark(Facet.EVER_CERTIFIED, kind.pk) for kind in value]))

    def seated_near(self, queryset: Rows, name: str, value: Near) -> Rows:
        return queryset.filter(in_circle(value.latitude, value.longitude, int(value.kilometres * 1000), seat=""))

    def _certificates(self, queryset: Rows, asked: dict[str, Any]) -> Rows:
        if not asked.keys() & {"certified", "technology_field", "expiring_before", "expiring_from"}:
            return queryset
        kinds, fields = asked.get("certified"), asked.get("technology_field")
        queryset = queryset.filter(marked(self._held(kinds, fields)))
        last_day, still = asked.get("expiring_before"), asked.get("expiring_from")
        if still:
            queryset = queryset.filter(held_until__gt=still)
        if kinds is None and fields is None:
            return queryset.filter(held_until__lte=last_day) if last_day else queryset
        # Which of several certificates lasts to that day no state tells.
        wanted = self.wanted_certificates()
        if last_day:
            lasting = facts("Certification", wanted, valid_certificate(last_day), firm="company")
            queryset = queryset.filter(~Exists(lasting))
        if still:
            queryset = queryset.filter(Exists(facts("Certification", wanted, valid_certificate(still), firm="company")))
        return queryset

    def _held(self, kinds: list[Any] | None, fields: list[Any] | None) -> list[int]:
        if kinds is None and fields is None:
            return [mark(Facet.HOLDER)]
        if fields is None:
            return [mark(Facet.CERTIFIED, kind.pk) for kind in kinds or ()]
        if kinds is None:
            return [mark(Facet.TECHNOLOGY_FIELD, field.pk) for field in fields]
        return [mark(Facet.CERTIFIED_IN_FIELD, kind.pk, field.pk) for kind in kinds for field in fields]

    def _links(self, queryset: Rows, asked: dict[str, Any]) -> Rows:
        universities, bases = asked.get("university"), asked.get("adjacency_basis")
        if universities is None and bases is None:
            return queryset
        numbers = [basis_number(basis) for basis in bases or () if basis != BY_DISTANCE]
        if bases is None:
            marks = [mark(Facet.UNIVERSITY, university.pk) for university in universities or ()]
        elif universities is None:
            marks = [mark(Facet.BASIS, number) for number in numbers]
        else:
            pairs = ((university.pk, number) for university in universities for number in numbers)
            marks = [mark(Facet.UNIVERSITY_ON_BASIS, *pair) for pair in pairs]
        found = marked(marks) if marks else Q(pk__in=())
        if BY_DISTANCE in (bases or ()):
            found |= near_campus(universities, seat="")
        return queryset.filter(found)

    def _financings(self, queryset: Rows, asked: dict[str, Any]) -> Rows:
        if instruments := asked.get("instrument"):
            queryset = queryset.filter(marked([mark(Facet.INSTRUMENT, row.pk) for row in instruments]))
        if "financed" in asked:
            financed = marked([mark(Facet.FINANCED)])
            queryset = queryset.filter(financed if asked["financed"] else ~financed)
        return queryset
