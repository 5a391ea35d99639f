"""A figure from the ledger is the count of its list: through random histories, questions and moments of knowing."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client, RequestFactory, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.models import Certification, Company
from companies.statistics import counting, standing
from companies.statistics.codes import STANDING
from companies.statistics.counting import Counted
from companies.statistics.metrics import BY_CODE
from incubators.models import Incubator
from registry.api.parameters import read_parameters
from registry.api.refusals import ParameterProblem
from registry.history import last_recorded_at
from registry.history.known import as_known
from registry.models import District, Hub, ReportingUnit, StrategicField, TechnologyField, Zone
from tests.api.addresses import FIGURES, answer
from tests.companies.ledger_stories import SHAPINGBA, YUZHONG, Life, certify, live, rows, seal
from tests.companies.test_ledger_histories import STEPS, Cast, Step, code, days_that_matter

HIGH_TECH, ADJACENT = "high-tech-firms", "university-adjacent-firms"
LISTED: dict[str, type[Any]] = {
    "district": District,
    "reporting_unit": ReportingUnit,
    "zone": Zone,
    "hub": Hub,
    "strategic_field": StrategicField,
    "technology_field": TechnologyField,
    "incubator": Incubator,
}
VIEWS = {endpoint.view.metric.code: endpoint.view for endpoint in FIGURES}
MOVING = ((SHAPINGBA, "2015-01-01", "2022-07-01"), (YUZHONG, "2022-07-01", None))
ONE = (("2022-03-01", "2025-03-01"),)
URL = f"/api/v1/statistics/{HIGH_TECH}/"


def asked(metric: str, known_at: datetime.datetime | None, texts: dict[str, str]) -> tuple[Any, list[Any]]:
    """The filter set and the dimensions of a request with these parameters."""
    view, query = VIEWS[metric](), QueryDict(mutable=True)
    query.update(texts | ({"known_at": known_at.isoformat()} if known_at else {}))
    view.request = RequestFactory().get("/")
    view.request._request = view.request
    view.asked = read_parameters(query, view.parameters())
    return view.filterset(), [view.metric.dimension(name) for name in view.asked.values.get("group_by", ())]


def from_ledger(metric: str, known_at: datetime.datetime | None = None, **texts: str) -> Counted | None:
    with as_known(known_at):
        return standing.counted(BY_CODE[metric], *asked(metric, known_at, texts))


def from_list(metric: str, known_at: datetime.datetime | None = None, **texts: str) -> Counted:
    with as_known(known_at):
        filterset, dimensions = asked(metric, known_at, texts)
        return counting.counted(filterset.qs, dimensions, filterset.valid_on, filterset.resolved())


@st.composite
def questions(draw: Any) -> tuple[str, dict[str, list[int]], list[str], datetime.date]:
    """A metric, the places of codes to narrow by, dimensions, and a day."""
    names, places = st.sampled_from(list(LISTED)), st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True)
    return (
        draw(st.sampled_from(STANDING)),
        draw(st.dictionaries(names, places, max_size=2)),
        draw(st.lists(names, max_size=3, unique=True)),
        draw(st.sampled_from(days_that_matter())),
    )


def is_kept(metric: str, codes: dict[str, list[int]], groups: list[str]) -> bool:
    """One dimension, or groups by several. Fields of certificates are kept for high-tech firms; several of them
    together would count a firm twice."""
    if codes and len({"district" if name == "zone" else name for name in (*codes, *groups)}) > 1:
        return False
    if "technology_field" not in {*codes, *groups}:
        return True
    return metric == HIGH_TECH and len(codes.get("technology_field", [0])) == 1


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(st.lists(STEPS, min_size=2, max_size=6), min_size=2, max_size=3),
    asking=st.lists(questions(), min_size=12, max_size=12),
)
def test_ledger_and_list_count_the_same(db: None, history: list[list[Step]], asking: list[Any]) -> None:
    point = transaction.savepoint()
    cast = Cast({})
    moments: list[datetime.datetime | None] = [None]
    try:
        for change_set in history:
            for step in change_set:
                step(cast)
            seal()
            moments.append(last_recorded_at())
        for metric, codes, groups, day in asking:
            texts = {name: ",".join(code(LISTED[name], place).code for place in codes[name]) for name in codes}
            texts |= {"group_by": ",".join(groups)} if groups else {}
            for known_at in moments:
                try:
                    ours = from_ledger(metric, known_at, valid_on=day.isoformat(), **texts)
                except ParameterProblem:  # a code that is not in force on the day is refused by both
                    continue
                assert (ours is not None) == is_kept(metric, codes, groups)
                assert ours in (None, from_list(metric, known_at, valid_on=day.isoformat(), **texts))
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize(
    ("metric", "texts"),
    [
        ("firms", {"q": "科技"}),
        ("firms", {"university_adjacent": "true"}),
        ("firms", {"industry": "C"}),
        ("firms", {"certified": "high_tech"}),
        ("firms", {"district": YUZHONG, "group_by": "hub"}),
        ("firms", {"group_by": "industry"}),
        ("firms", {"group_by": "district,corridor"}),
        ("financed-firms", {}),
        ("incubators", {"district": YUZHONG}),
    ],
)
def test_what_the_ledger_does_not_keep_is_left_to_the_list(db: None, metric: str, texts: dict[str, str]) -> None:
    assert from_ledger(metric, None, **texts) is None


def test_a_firm_of_two_fields_counts_once_in_the_total_and_in_each_of_its_groups(db: None) -> None:
    fields = [code(TechnologyField, place) for place in range(2)]
    issued = ("2022-03-01", "2022-04-01")
    live(Life(certificates=tuple((on, "2025-03-01", None, field.pk) for on, field in zip(issued, fields, strict=True))))
    seal()
    found = from_ledger(HIGH_TECH, valid_on="2023-01-01", group_by="technology_field")
    assert found == Counted(1, {(field.pk,): 1 for field in fields})


def test_a_zone_is_its_districts(db: None) -> None:
    live(Life(seats=MOVING, certificates=ONE))
    live(Life(seats=((None, "2015-01-01", None),), certificates=ONE))
    seal()
    zone = District.objects.get(code=SHAPINGBA).zone
    both = from_ledger(HIGH_TECH, valid_on="2022-06-30", group_by="district,zone")
    assert both is not None
    assert both.groups[(District.objects.get(code=SHAPINGBA).pk, zone.pk)] == 1
    assert both.groups[(None, None)] == 1
    within = from_ledger(HIGH_TECH, valid_on="2022-06-30", zone=zone.code, district=f"{SHAPINGBA},{YUZHONG}")
    assert within == Counted(1, {})
    other = Zone.objects.exclude(pk=zone.pk).earliest("pk")
    assert from_ledger(HIGH_TECH, valid_on="2022-06-30", zone=other.code, district=SHAPINGBA) == Counted(0, {})


def test_what_a_transaction_has_changed_itself_is_counted(db: None) -> None:
    live(Life(certificates=ONE))
    assert from_ledger(HIGH_TECH, valid_on="2023-01-01") is None
    assert answer(Client(), f"{URL}?valid_on=2023-01-01")["total"] == 1
    seal()
    assert from_ledger(HIGH_TECH, valid_on="2023-01-01") == Counted(1, {})


def test_a_withdrawn_firm_is_in_no_figure_of_the_past(committed_db: str) -> None:
    kept, hidden = (live(Life(certificates=ONE)) for _ in range(2))
    before = last_recorded_at()
    assert from_ledger(HIGH_TECH, before, valid_on="2023-01-01") == Counted(2, {})
    Company.objects.filter(pk=hidden.pk).update(is_published=False)
    for known_at in (None, before, last_recorded_at()):
        assert from_ledger(HIGH_TECH, known_at, valid_on="2023-01-01") == Counted(1, {})
        assert from_list(HIGH_TECH, known_at, valid_on="2023-01-01").total == 1
    assert kept.pk != hidden.pk


def test_what_was_recorded_since_is_in_no_figure_of_the_past(committed_db: str) -> None:
    live(Life(certificates=ONE))
    before = last_recorded_at()
    live(Life(certificates=ONE))
    assert from_ledger(HIGH_TECH, before, valid_on="2023-01-01") == Counted(1, {})
    assert from_ledger(HIGH_TECH, last_recorded_at(), valid_on="2023-01-01") == Counted(2, {})


def test_the_figure_answers_while_the_ledger_is_derived_anew(committed_db: str) -> None:
    live(Life(certificates=ONE))
    whole = f"{URL}?valid_on=2023-01-01&group_by=district"
    there = answer(Client(), whole)
    assert from_ledger(HIGH_TECH, valid_on="2023-01-01") == Counted(1, {})
    with override_settings(ADJACENCY_RADIUS_METRES=1):
        assert from_ledger(ADJACENT, valid_on="2023-01-01") is None
        assert from_ledger(HIGH_TECH, valid_on="2023-01-01") == Counted(1, {})
    rows("UPDATE ledger.rule SET definition = 0")
    assert from_ledger(HIGH_TECH, valid_on="2023-01-01") is None
    assert answer(Client(), whole) == there
    rows("DELETE FROM ledger.rule")
    assert answer(Client(), whole) == there
    call_command("migrate", verbosity=0)
    assert from_ledger(HIGH_TECH, valid_on="2023-01-01") == Counted(1, {})


def test_firms_without_versions_are_counted_as_the_list_knows_them(committed_db: str) -> None:
    tables = ("companies_company", "companies_seat", "companies_certification", "registry_changeset")
    for table in tables:
        rows(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    with transaction.atomic():
        live(Life(certificates=ONE))
    for table in tables:
        rows(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    call_command("rebuild_ledger", verbosity=0)
    live(Life(certificates=ONE))
    last = last_recorded_at()
    assert from_ledger(HIGH_TECH, valid_on="2023-01-01") == Counted(2, {})
    assert from_ledger(HIGH_TECH, last, valid_on="2023-01-01") is None
    assert from_list(HIGH_TECH, last, valid_on="2023-01-01").total == 1


def test_invented_firms_are_flagged_only_on_the_days_on_which_they_count(db: None) -> None:
    company = live(Life(certificates=ONE, values={"is_invented": True}))
    live(Life(certificates=(("2020-03-01", None),)))
    seal()

    def flagged(**given: str) -> bool:
        query = "&".join(f"{name}={value}" for name, value in given.items())
        return "invented_data" in {flag["code"] for flag in answer(Client(), f"{URL}?{query}")["flags"]}

    assert [flagged(valid_on=day) for day in ("2022-02-28", "2022-03-01", "2025-03-01")] == [False, True, False]
    assert not flagged(valid_on="2022-03-01", district=YUZHONG)
    certify(company, "2025-06-01")
    Certification.objects.filter(company=company).delete()
    seal()
    assert not flagged(valid_on="2022-03-01")
