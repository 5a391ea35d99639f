"""Lists of facts are counted by the facts' states: the same facts as the list's own, for every filter, pair and day."""

import datetime
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from companies.models import CertificationState, Company, FinancingState, Residency, ResidencyState
from companies.models.states import STATES_FROM
from registry.api.filters import CodeListFilter
from registry.api.kinds import BooleanKind, ChoiceKind
from registry.api.parameters import read_parameters
from registry.api.refusals import ParameterProblem
from registry.days import parse_day
from registry.history.known import as_known
from tests.api.addresses import Endpoint, answer, named

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

STATES: dict[str, tuple[Any, str]] = {
    "certifications/": (CertificationState, "certification"),
    "residencies/": (ResidencyState, "residency"),
    "financings/": (FinancingState, "financing"),
}
DAYS = [*map(parse_day, ("2012-02-29", "2025-12-31")), STATES_FROM, *map(parse_day, ("2026-11-22", "2031-06-30"))]
NOW = DAYS[3]
FEW = 6
"""So many codes of a list are asked for, evenly spread; pairs take the one that keeps most."""
PERIODS = ("2012-06-30", "2019-01-01", "2025-05-20")


def values_of(endpoint: Endpoint, name: str) -> list[str]:
    declared = endpoint.view.filterset_class.base_filters[name]
    kind = declared.kind
    if isinstance(declared, CodeListFilter):
        codes = sorted(set(declared.rows().values_list(declared.code_field, flat=True)))
        return [*codes[:: max(1, len(codes) // FEW)], ",".join(codes[:2])]
    if isinstance(kind, BooleanKind):
        return ["true", "false"]
    kind = getattr(kind, "item", kind)
    if isinstance(kind, ChoiceKind):
        return list(kind.choices)
    if name in ("company", "number"):
        path = {"company": "company__uscc", "number": "number"}[name]
        return list(endpoint.view.queryset.exclude(**{path: ""}).order_by("pk").values_list(path, flat=True)[3:5])
    return list(PERIODS)


def facts_of(endpoint: Endpoint, day: datetime.date, given: dict[str, str]) -> tuple[set[int], set[int]] | None:
    """The facts of the list, and those that are counted; none where the question is refused."""
    query = QueryDict(mutable=True)
    query.update({"valid_on": day.isoformat()} | given)
    view = endpoint.view()
    view.kwargs, view.asked = {}, read_parameters(query, endpoint.view.parameters())
    filterset = view.filterset_class(view.asked, view.queryset)
    try:
        rows = view.counted(filterset)
    except ParameterProblem:
        return None
    counted = list(rows.values_list(STATES[endpoint.route][1] if is_of_states(rows) else "pk", flat=True))
    assert len(counted) == len(set(counted))
    return set(filterset.on(day, view.rows(day)).values_list("pk", flat=True)), set(counted)


def is_of_states(rows: Any) -> bool:
    return rows.model in [model for model, _fact in STATES.values()]


def counting_of(endpoint: Endpoint, **given: str) -> Any:
    view = endpoint.view()
    query = QueryDict(mutable=True)
    query.update(given)
    view.kwargs, view.asked = {}, read_parameters(query, endpoint.view.parameters())
    return view.counted(view.filterset_class(view.asked, view.queryset))


by_list = pytest.mark.parametrize("endpoint", [named(route) for route in STATES], ids=lambda one: one.route)


@by_list
def test_every_value_of_every_filter_counts_the_facts_of_the_list(endpoint: Endpoint) -> None:
    wrong, useless = [], []
    for name in endpoint.view.filterset_class.base_filters:
        kept = False
        widest = {"seated": "any"} if "seated" in endpoint.parameters else {}
        asked = [(value, NOW) for value in values_of(endpoint, name)]
        asked += zip([value for value, _day in asked], itertools.cycle(DAYS), strict=False)  # the other days take turns
        for value, day in asked:
            facts = facts_of(endpoint, day, widest | {name: value})
            kept |= bool(facts and facts[0])
            if facts is not None and facts[0] != facts[1]:
                wrong.append((name, value, day))
        if not kept:
            useless.append(name)
    assert wrong == []
    assert useless == [], "some value keeps some fact"


def pairs(endpoint: Endpoint) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    def keeping_most(name: str) -> tuple[str, str]:
        found = [(facts_of(endpoint, NOW, {name: value}), value) for value in values_of(endpoint, name)]
        return name, max((len(facts[0]), value) for facts, value in found if facts)[1]

    return itertools.combinations(map(keeping_most, endpoint.view.filterset_class.base_filters), 2)


@by_list
def test_every_pair_of_filters_counts_the_facts_of_the_list(endpoint: Endpoint) -> None:
    wrong, kept = [], 0
    for pair in pairs(endpoint):
        facts = facts_of(endpoint, NOW, dict(pair))
        kept += bool(facts and facts[0])
        if facts is not None and facts[0] != facts[1]:
            wrong.append(pair)
    assert wrong == []
    assert kept > len(endpoint.view.filterset_class.base_filters)


@by_list
def test_the_past_and_days_before_the_states_are_counted_by_the_list(endpoint: Endpoint) -> None:
    before = STATES_FROM - datetime.timedelta(days=1)
    told = [is_of_states(counting_of(endpoint, valid_on=day.isoformat())) for day in (before, STATES_FROM)]
    assert told == [endpoint.route != "residencies/", True]
    with as_known(datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)):
        assert not is_of_states(counting_of(endpoint, valid_on=STATES_FROM.isoformat()))


@by_list
def test_a_count_is_that_of_the_pages(endpoint: Endpoint, client: Client) -> None:
    for valid_on in ("2019-06-30", "2026-11-22"):
        page = answer(client, endpoint.url(count="capped", limit="500", valid_on=valid_on, district="500107"))
        assert page["next"] is None
        assert page["meta"]["count"] == len(page["data"])


def test_an_open_stay_is_counted_where_its_firm_sits_on_the_day() -> None:
    firms = Company.objects.public()
    open_stays = set(Residency.objects.filter(left_on=None, company__in=firms).values_list("pk", flat=True))
    assert open_stays
    for day in DAYS[2:]:
        states = ResidencyState.objects.on(day).filter(left_on=None)
        assert {state.residency_id for state in states} >= open_stays
        assert states.count() == states.values("residency").distinct().count()
