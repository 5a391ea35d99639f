"""A list of firms is counted by their states: the same firms as the list's own, for every filter, pair and day."""

import datetime
import itertools
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client

import companies.search
from companies.filters.states import CompanyStateFilterSet, have_states
from companies.models import AdjacencyBasis, Certification, Seat
from companies.models.states import STATES_FROM
from companies.search import Search
from registry.api.filters import CodeListFilter
from registry.api.parameters import read_parameters
from registry.api.refusals import ParameterProblem
from registry.days import parse_day
from registry.history import last_recorded_at
from registry.history.known import as_known
from tests.api.addresses import BASE, LISTS, answer, named, walk
from tests.companies.ledger_stories import seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAYS = [STATES_FROM, *map(parse_day, ("2026-03-31", "2026-11-22", "2028-06-30", "2199-12-31"))]
FIRMS = named("companies/")
# Of filters whose values are no codes of a list, some; of the others, every code.
VALUES: dict[str, list[str]] = {
    "q": ["科技", "重庆", "a", "cq", "9", "磬磲"],
    "seated": ["true", "false", "any"],
    "university_adjacent": ["true", "false"],
    "adjacency_basis": [*AdjacencyBasis.values, "distance", "distance,licence"],
    "resident": ["true", "false"],
    "graduated": ["true", "false"],
    "financed": ["true", "false"],
    "established_from": ["2010-01-01", "2026-01-01"],
    "established_to": ["2024-01-01", "1999-06-01"],
    "near": ["29.56,106.55,30", "29.56,106.55,0.5", "31,109,120", "89.5,0,1000"],
    "updated_since": ["2000-01-01T00:00:00Z", "2190-01-01T00:00:00Z"],
    "expiring_before": ["2199-12-31", "2028-06-30", "2027-01-01"],
    "expiring_from": ["2026-12-01", "2028-06-30"],
}


def values_of(name: str, day: datetime.date) -> list[str]:
    declared = FIRMS.view.filterset_class.base_filters[name]
    if not isinstance(declared, CodeListFilter):
        return VALUES[name]
    listed = declared.rows()
    listed = listed.on(day) if not declared.of_any_day and hasattr(listed, "on") else listed
    codes = sorted(set(listed.values_list(declared.code_field, flat=True)))
    return [*codes, ",".join(codes[:2])]


def firms_of(day: datetime.date, given: dict[str, str]) -> tuple[set[int], set[int]] | None:
    """The firms of the list, and those that are counted; none where the question is refused."""
    query = QueryDict(mutable=True)
    query.update({"valid_on": day.isoformat()} | given)
    view = FIRMS.view()
    view.kwargs, view.asked = {}, read_parameters(query, FIRMS.view.parameters())
    filterset = view.filterset_class(view.asked, view.queryset)
    try:
        counted = list(view.counted(filterset).values_list("company", flat=True))
    except ParameterProblem:
        return None
    assert len(counted) == len(set(counted))
    return set(filterset.on(day, view.rows(day)).values_list("pk", flat=True)), set(counted)


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("name", FIRMS.view.filterset_class.base_filters)
def test_every_value_of_every_filter_counts_the_firms_of_the_list(name: str, day: datetime.date) -> None:
    values = values_of(name, day)
    if day != DAYS[2]:
        values = values[:: 1 + len(values) // 8]  # of long lists some codes; all of them on one day
    found = {value: firms_of(day, {"seated": "any", name: value}) for value in values}
    assert {value: firms for value, firms in found.items() if firms is not None and firms[0] != firms[1]} == {}
    if day == DAYS[2]:
        assert any(firms is not None and firms[0] for firms in found.values()), "some value keeps somebody"


def pairs() -> Iterator[tuple[str, str]]:
    return itertools.combinations(FIRMS.view.filterset_class.base_filters, 2)


@pytest.mark.parametrize("day", DAYS[1:3], ids=str)
def test_every_pair_of_filters_counts_the_firms_of_the_list(day: datetime.date) -> None:
    wrong = []
    kept = 0
    for one, other in pairs():
        # Each value asked for meets each of the other's on one of the days.
        values, others = (values_of(name, day)[:3:2] for name in (one, other))
        for value, another in zip(values, others[:: 1 if day == DAYS[1] else -1], strict=False):
            firms = firms_of(day, {one: value, other: another})
            kept += bool(firms and firms[0])
            if firms is not None and firms[0] != firms[1]:
                wrong.append((one, value, other, another))
    assert wrong == []
    assert kept > len(list(pairs()))


@pytest.mark.parametrize(
    "given",
    [
        {"certified": "high_tech", "technology_field": "1", "expiring_before": "2028-06-30"},
        {"certified": "high_tech,technology_sme", "technology_field": "1,2", "expiring_from": "2027-06-30"},
        {"university": "4150010611,4150010635", "adjacency_basis": "spin_off,distance", "seated": "any"},
        {"financed": "true", "instrument": "KVL"},
        {"financed": "false", "instrument": "KVL"},
        {"near": "29.56,106.55,30", "university_adjacent": "true", "resident": "true", "zone": "central_urban"},
    ],
    ids=lambda given: " ".join(f"{name}={value}" for name, value in given.items()),
)
def test_filters_over_one_relation_are_asked_of_one_fact(given: dict[str, str]) -> None:
    found = {day: firms_of(day, given) for day in DAYS}
    assert {day: firms for day, firms in found.items() if firms is not None and firms[0] != firms[1]} == {}
    end = given.get("expiring_before", given.get("expiring_from", "9999-12-31"))
    assert [day for day, firms in found.items() if firms is None] == [day for day in DAYS if day.isoformat() >= end]
    keeps = any(firms is not None and firms[0] for firms in found.values())
    assert keeps == (given.get("financed") != "false"), "a firm is never unfinanced by an instrument"


def test_words_of_many_names_count_the_firms_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are looked for only where a state has the bits of their characters."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE companies_searchtext")  # what tells how many names hold a word
    monkeypatch.setattr(companies.search, "FEW", 0)
    asked = ("科技", "重慶", "科技 有限", "重庆 科", "有限 a", "华")
    assert {"科技", "重慶"} <= {q for q in asked if Search(q).is_common}
    for q, given in itertools.product(asked, ({}, {"seated": "any"}, {"resident": "true"})):
        firms = firms_of(DAYS[2], {"q": q} | given)
        assert firms is not None and firms[0] == firms[1], (q, given)
        assert firms[0] or q == "华", (q, given)


@pytest.mark.parametrize("kinds", [{}, {"certified": "high_tech"}], ids=["any", "high_tech"])
def test_ends_are_days_that_no_longer_count(kinds: dict[str, str]) -> None:
    day = DAYS[2]
    revoked = Certification.objects.filter(revoked_from__gt=day).values_list("revoked_from", flat=True)
    ends = (
        Certification.objects.filter(valid_until__gt=day).order_by("valid_until").values_list("valid_until", flat=True)
    )
    turns = [*ends.distinct()[:3], *revoked[:2]]
    assert turns
    kept: dict[tuple[str, datetime.date], list[int]] = {}
    for end, shift, name in itertools.product(turns, (-1, 0, 1), ("expiring_before", "expiring_from")):
        value = (end + datetime.timedelta(days=shift)).isoformat()
        firms = firms_of(day, {"seated": "any", name: value} | kinds)
        if value <= day.isoformat():  # what counts on the day ends after it
            assert firms is None, (name, value)
            continue
        assert firms is not None and firms[0] == firms[1], (name, value)
        kept.setdefault((name, end), []).append(len(firms[0]))
    # Day by day more end, and fewer last.
    falls = {"expiring_before": False, "expiring_from": True}
    assert {end: sizes for (name, end), sizes in kept.items() if sizes != sorted(sizes, reverse=falls[name])} == {}
    assert any(sizes[0] != sizes[-1] for sizes in kept.values())


def test_days_before_the_states_and_the_past_are_counted_by_the_list(client: Client) -> None:
    before = STATES_FROM - datetime.timedelta(days=1)
    assert [have_states(day) for day in (before, STATES_FROM, DAYS[-1])] == [False, True, True]
    with as_known(datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)):
        assert not have_states(STATES_FROM)
    for day in (before, STATES_FROM):
        for endpoint in (named("companies/"), *(one for one in LISTS if one.route.endswith("/residents/"))):
            page = answer(client, endpoint.url(valid_on=day.isoformat(), count="exact", limit="1"))
            walked = answer(client, endpoint.url(valid_on=day.isoformat(), limit="500"))
            if walked["next"] is None:
                assert page["meta"]["count"] == len(walked["data"])
            else:
                assert page["meta"]["count"] > 500
    assert client.get(f"{BASE}companies/?count=capped&seated=any&valid_on=1900-01-01").json()["meta"]["count"] > 0


@pytest.mark.parametrize("given", ["", "&certified=high_tech&zone=central_urban", "&q=科技&resident=false"])
def test_the_past_is_counted_by_the_list_of_its_moment(client: Client, given: str) -> None:
    """Not by states, which know the present only: what is learned later changes the count now and not the one then."""
    moment = last_recorded_at()
    assert moment is not None
    known = "&known_at=" + moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    address = f"{BASE}companies/?valid_on={DAYS[2]}{given}"

    def told(clock: str) -> tuple[int, set[str]]:
        page = answer(client, f"{address}{clock}&count=exact&limit=1")
        return page["meta"]["count"], {firm["uscc"] for firm in walk(client, f"{address}{clock}&limit=500&fields=uscc")}

    count, firms = told("")
    assert count == len(firms) and (count, firms) == told(known)
    gone = min(firms)
    Seat.objects.filter(company__uscc=gone).delete()
    seal()
    assert told("") == (count - 1, firms - {gone})
    assert told(known) == (count, firms)


def test_every_filter_of_firms_is_a_filter_of_states() -> None:
    firms, states = FIRMS.view.filterset_class.base_filters, CompanyStateFilterSet.base_filters
    assert firms.keys() == states.keys()
    paths = {name: declared.field_name for name, declared in states.items() if declared.method is None}
    columns = {"district", "reporting_unit", "hub", "strategic_field", "industry", "incubator", "established_on"}
    assert set(paths.values()) == columns
