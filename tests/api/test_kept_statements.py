"""Statements that are kept: the same keys as the ORM gives, on any day, for every list, order and filter."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from companies.models import Company
from registry.api.paging import Direction, Order, Walk, _kept
from registry.api.parameters import read_parameters
from registry.api.statements import DAY, UsedTooEarly
from registry.days import parse_day
from registry.models import District, ReportingUnit
from tests.api.addresses import BASE, LISTS, Endpoint, answer, named, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

# The stand-in for the day of a kept statement is written as the first day of 2000, too, and must not be taken for it.
DAYS = [parse_day(text) for text in ("2000-01-01", "2026-11-22", "2019-06-30", "2024-02-29", "2026-11-22")]
WITHOUT_ADDRESS = [endpoint for endpoint in LISTS if "<" not in endpoint.route]


def walks(endpoint: Endpoint, given: str, direction: Direction) -> tuple[Walk, Walk]:
    """The walk of a request as the view makes it, and one that asks the ORM each time."""
    view = endpoint.view()
    view.kwargs, view.asked = {}, read_parameters(QueryDict(given), endpoint.view.parameters())
    view.request = RequestFactory().get(f"{BASE}companies/")
    view.request.user = AnonymousUser()
    filterset = view.filterset_class(view.asked, view.queryset)

    def filtered(day: datetime.date) -> Any:
        return filterset.on(day, view.rows(day))

    kept = view.walk(filterset, filtered, direction)
    return kept, Walk(filtered, direction, kept.limit)


@pytest.mark.parametrize("endpoint", WITHOUT_ADDRESS, ids=route_of)
def test_every_order_is_walked_alike_on_every_day(endpoint: Endpoint) -> None:
    for order in endpoint.view.orders:
        if order.needs:
            continue
        for is_descending in (False, True):
            kept, asked = walks(endpoint, "limit=40", Direction(order, is_descending))
            assert kept.question is not None
            for day in DAYS:
                position = None
                for _page in range(3):
                    page = kept.page(day, position)
                    assert page == asked.page(day, position), (order, day)
                    position = page.last
                    if position is None:
                        break


def test_a_statement_is_made_once_and_runs_for_any_day(client: Client) -> None:
    _kept.cache_clear()
    for day in DAYS:
        answer(client, f"{BASE}companies/?zone=central_urban&certified=high_tech&limit=5&order=uscc&valid_on={day}")
    assert (_kept.cache_info().misses, _kept.cache_info().hits) == (1, len(DAYS) - 1)


def test_a_day_that_looks_like_the_stand_in_spoils_no_statement(client: Client) -> None:
    """`adjacency_basis=distance` with a university asks for its campuses: the first span is asked each time."""
    asked = "university=4150010611&adjacency_basis=distance&order=established_on&count=exact&limit="
    for day in DAYS:
        _kept.cache_clear()
        answer(client, f"{BASE}companies/?{asked}97&valid_on=2000-01-01")
        page = answer(client, f"{BASE}companies/?{asked}97&valid_on={day}")
        own = answer(client, f"{BASE}companies/?{asked}96&valid_on={day}")
        assert names_in(page)[:96] == names_in(own), day
        assert page["next"] or len(page["data"]) == page["meta"]["count"], day


def names_in(page: Any) -> list[str]:
    return [firm["name"] for firm in page["data"]]


@pytest.mark.parametrize("endpoint", WITHOUT_ADDRESS, ids=route_of)
def test_the_first_day_of_2000_is_answered_and_counted(client: Client, endpoint: Endpoint) -> None:
    _kept.cache_clear()
    assert answer(client, endpoint.url(valid_on="2000-01-01", count="capped", limit=41))["meta"]["count"] >= 0


def test_a_question_holds_keys_and_not_rows_and_a_long_one_is_not_kept() -> None:
    by_name = {order.name: order for order in named("companies/").view.orders}
    codes = list(District.objects.on(DAYS[1]).values_list("code", flat=True))
    units = list(ReportingUnit.objects.on(DAYS[1]).values_list("code", flat=True))
    few, many = (
        walks(named("companies/"), query, Direction(by_name["uscc"], False))[0].question
        for query in (f"district={codes[0]}", f"district={','.join(codes)}&reporting_unit={','.join(units)}")
    )
    assert (District._meta.label, District.objects.on(DAYS[1]).get(code=codes[0]).pk) in few[2][1]  # type: ignore[index]
    assert many is None


def test_what_one_caller_asks_is_kept_for_nobody_else(
    client: Client, django_user_model: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view may give each caller other rows; here those who are signed in see none."""
    view = named("companies/").view
    rows_of_all = view.rows

    def rows(self: Any, day: datetime.date) -> Any:
        found = rows_of_all(self, day)
        return found.none() if self.request.user.is_authenticated else found

    monkeypatch.setattr(view, "rows", rows)
    asked = f"{BASE}companies/?order=uscc&limit=7"
    everyone = names_in(answer(client, asked))
    client.force_login(django_user_model.objects.create_user("registrar"))
    assert names_in(answer(client, asked)) == []
    client.logout()
    assert names_in(answer(client, asked)) == everyone != []


def test_codes_are_judged_on_the_day_although_the_statement_is_kept(client: Client) -> None:
    district = District.objects.exclude(valid_until=None)[0]
    before, after = (district.valid_until - datetime.timedelta(days=1), district.valid_until)
    assert client.get(f"{BASE}companies/?district={district.code}&valid_on={before}").status_code == 200
    assert client.get(f"{BASE}companies/?district={district.code}&valid_on={after}").status_code == 400


@pytest.mark.parametrize("how", ["computes with the day", "asks the database"])
def test_a_question_that_cannot_be_kept_is_asked_each_time(how: str) -> None:
    def rows(day: datetime.date) -> Any:
        old = Company.objects.filter(established_on__lt=day)
        if how == "asks the database":
            return Company.objects.filter(pk__in=list(old.values_list("pk", flat=True)))
        return Company.objects.filter(established_on__lt=day - datetime.timedelta(days=365))

    walk = Walk(rows, Direction(Order("uscc", "uscc", is_nullable=False), False), 5, ("test", how))
    found = [walk.page(day, None).keys for day in DAYS]
    assert found == [list(rows(day).order_by("uscc").values_list("pk", flat=True)[:5]) for day in DAYS]
    assert found[0] != found[1]


@pytest.mark.parametrize(
    "use",
    [
        lambda day: day + datetime.timedelta(days=1),
        lambda day: day - datetime.date(2020, 1, 1),
        lambda day: day < datetime.date(2020, 1, 1),
        lambda day: datetime.date(2020, 1, 1) >= day,
        lambda day: day.year,
        lambda day: day.isoformat(),
        lambda day: f"{day}",
        lambda day: day.replace(year=2021),
    ],
)
def test_the_day_of_a_kept_statement_cannot_be_computed_with(use: Any) -> None:
    with pytest.raises(UsedTooEarly):
        use(DAY)


def test_what_callers_type_stands_in_the_text_as_a_constant() -> None:
    """Quoting is the driver's; a percent sign is no placeholder."""
    odd = "100%' OR %(day)s --"
    walk = Walk(
        lambda day: Company.objects.filter(website=odd, established_on__lt=day),
        Direction(Order("uscc", "uscc", is_nullable=False), False),
        5,
        ("test", odd),
    )
    firm = Company.objects.filter(established_on__lt=DAYS[0])[0]
    Company.objects.filter(pk=firm.pk).update(website=odd)
    with CaptureQueriesContext(connection) as context:
        assert walk.page(DAYS[0], None).keys == [firm.pk]
    assert "'100%'' OR %(day)s --'" in context.captured_queries[0]["sql"]
