"""`known_at` on every endpoint: the present at the last moment, the past before it, nothing before the first."""

import datetime
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Min
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Company, FinancingTable
from registry.api.selection import expandable
from registry.api.statements import IN_THE_PAST
from registry.history import last_recorded_at
from registry.history.known import as_known, is_looking_back
from registry.history.tables import tracked_models
from registry.history.views import derived_tables, final_tables
from tests.api.addresses import (
    BASE,
    DAY,
    DETAILS,
    ENDPOINTS,
    FIGURES,
    LISTS,
    Endpoint,
    answer,
    busy_firm,
    cursor_in,
    route_of,
    walk,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

BEFORE_ALL = "2000-01-01T00:00:00Z"
INDEXES = [endpoint for endpoint in ENDPOINTS if endpoint.kind == "index"]
DATED = [
    endpoint for endpoint in ENDPOINTS if endpoint.kind not in ("index", "schema", "dictionary", "revisions", "feed")
]
READ_FROM_PUBLIC = {
    "registry_requestcount": "counts requests, before anything is asked",
    "registry_clock": "the order of the changes themselves",
    "registry_changeset": "the order of the changes themselves",
    "companies_financingtablecell": "is never changed, and read with its table",
}


def text(moment: datetime.datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def moments() -> list[datetime.datetime]:
    """The moments of all changes of firms, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT lower(recorded) FROM history.companies_company ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def told(page: dict[str, Any]) -> dict[str, Any]:
    """An answer without the clock and what hangs on it."""
    without = ("known_at", "digest", "citation")
    page = json.loads(re.sub(r"&known_at=[^\"&]*", "", json.dumps(page)))
    meta = {name: value for name, value in page.get("meta", {}).items() if name not in without}
    rest = {name: value for name, value in page.items() if name not in (*without, "next", "meta")}
    return {**rest, "meta": meta}


def wholly(endpoint: Endpoint) -> list[dict[str, Any]]:
    """Every order, group, language and expansion of the endpoint, each at least once."""
    day: dict[str, Any] = {"valid_on": DAY} if endpoint.has_day else {}
    if endpoint in FIGURES:
        return [day, *({**day, "group_by": dimension.name} for dimension in endpoint.view.metric.dimensions)]
    asked = [{**day, "lang": language} for language in ("zh", "en", "it")]
    if names := "serializer_class" in dir(endpoint.view) and expandable(endpoint.view.serializer_class):
        asked.append({**day, "expand": ",".join(names)})
    if endpoint in LISTS:
        near = {"near": "29.56,106.55,80"}
        asked += [
            {
                **day,
                "limit": 500,
                "count": "exact",
                "order": sign + order.name,
                **(near if order.needs == "near" else {}),
            }
            for order in endpoint.view.orders
            for sign in ("", "-")
            if order.needs != "q"
        ]
    return asked


@pytest.mark.parametrize("endpoint", DATED, ids=route_of)
def test_as_known_at_the_last_change_every_answer_is_the_present_one(client: Client, endpoint: Endpoint) -> None:
    """And every table that it reads looks back: one without a view would be read as it is now, and nobody would see."""
    last = text(last_recorded_at())
    read: set[str] = set()
    for asked in wholly(endpoint):
        now = answer(client, endpoint.url(**asked))
        with CaptureQueriesContext(connection) as context:
            then = answer(client, endpoint.url(known_at=last, **asked))
        assert told(then) == told(now), asked
        assert now.get("data") != []
        read |= tables_in(query["sql"] for query in context.captured_queries)
    assert read - known_views() - set(READ_FROM_PUBLIC) == set()
    if endpoint is LISTS[0]:
        assert {"companies_company", "companies_searchtext", "companies_companychange"} <= read


def tables_in(statements: Iterable[str]) -> set[str]:
    """Those without a schema's name."""
    pattern = r'(?<![."\w])"?((?:registry|incubators|companies)_[a-z]+)"?(?![\w(])'
    found = {name for sql in statements for name in re.findall(pattern, sql)}
    return found & set(connection.introspection.table_names())


WORDS = ("科技", "重庆", "a", "cq", "智能 科技", "MA", "zhineng", "9150")


@pytest.mark.parametrize("word", WORDS)
def test_a_search_finds_what_it_found_in_the_same_order(client: Client, word: str) -> None:
    listed = LISTS[0]
    last = text(last_recorded_at())
    then, now = (
        [firm["uscc"] for firm in walk(client, listed.url(q=word, valid_on=DAY, limit=50, **known))]
        for known in ({"known_at": last}, {})
    )
    assert now
    assert then == now


def first_known(endpoint: Endpoint) -> datetime.datetime:
    """The first moment at which the register held anything of what the list is of."""
    model = endpoint.view.queryset.model
    if model is FinancingTable:
        return FinancingTable.objects.aggregate(first=Min("released_at"))["first"]  # type: ignore[no-any-return]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(lower(recorded)) FROM history.{model._meta.db_table}")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("endpoint", LISTS, ids=route_of)
def test_a_list_keeps_what_was_known_and_drops_what_was_not_yet(client: Client, endpoint: Endpoint) -> None:
    known = first_known(endpoint)
    asked = {"valid_on": DAY, "count": "exact", "limit": 500}
    assert answer(client, endpoint.url(known_at=text(known), **asked))["data"]
    response = endpoint.get(client, known_at=text(known - datetime.timedelta(microseconds=1)), **asked)
    if "<" in endpoint.route and endpoint.view.queryset.model is not Company:
        assert response.status_code == 404  # the entry in the address was recorded at the same moment
    elif "<" in endpoint.route:
        assert response.status_code in (200, 404)
    else:
        assert (response.json()["data"], response.json()["meta"]["count"]) == ([], 0)


@pytest.mark.parametrize("endpoint", FIGURES, ids=route_of)
def test_a_figure_counts_what_was_known(client: Client, endpoint: Endpoint) -> None:
    group = endpoint.view.metric.dimensions[0].name
    empty = answer(client, endpoint.url(known_at=BEFORE_ALL, group_by=group))
    assert (float(empty["total"]), empty["groups"]) == (0, [])
    assert float(answer(client, endpoint.url(known_at=text(last_recorded_at())))["total"]) > 0


@pytest.mark.parametrize("endpoint", [*DETAILS, ENDPOINTS[4]], ids=route_of)
def test_an_entry_not_yet_known_is_at_no_address(client: Client, endpoint: Endpoint) -> None:
    assert endpoint.get(client, known_at=text(last_recorded_at())).status_code == 200
    assert endpoint.get(client, known_at=BEFORE_ALL).status_code == 404


def test_before_the_first_change_the_register_is_empty_and_no_error(client: Client) -> None:
    for endpoint in [*LISTS, *INDEXES]:
        if "<" not in endpoint.route:
            page = answer(client, endpoint.url(known_at=BEFORE_ALL))
            assert endpoint in INDEXES or page["data"] == [], endpoint.route


def test_a_code_is_looked_up_as_it_was_known(client: Client) -> None:
    """A list that did not hold the code then refuses it, as it would have then."""
    for query in ("district=500106", "certified=high_tech", "hub=H1"):
        response = client.get(f"{BASE}companies/?{query}&known_at={BEFORE_ALL}")
        codes = [one["code"] for one in response.json()["errors"]]
        assert codes == ["before_first_record", "unknown_code"], query


def test_both_clocks_are_echoed(client: Client) -> None:
    moment = last_recorded_at()
    for endpoint in DATED:
        page = answer(client, endpoint.url(known_at=text(moment), **({"valid_on": DAY} if endpoint.has_day else {})))
        clocks = page.get("meta", page)
        assert datetime.datetime.fromisoformat(clocks["known_at"]) == moment, endpoint.route
        assert clocks.get("valid_on") == (DAY if endpoint.has_day else None), endpoint.route


@pytest.mark.parametrize("endpoint", DATED, ids=route_of)
def test_only_an_answer_with_both_clocks_has_a_digest_which_repeats(client: Client, endpoint: Endpoint) -> None:
    def digest(**given: Any) -> str | None:
        page = answer(client, endpoint.url(**given))
        found: str | None = page.get("meta", page).get("digest")
        return found

    known, day = {"known_at": text(last_recorded_at())}, {"valid_on": DAY} if endpoint.has_day else {}
    first = digest(**known, **day)
    assert first is not None
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", first)
    assert digest(**known, **day) == first
    assert digest(**day) is None
    is_whole = endpoint.kind == "history" or not endpoint.has_day
    assert (digest(**known) is not None) == is_whole
    assert digest(known_at=text(last_recorded_at()), lang="en", **day) != first
    if endpoint.has_day:
        assert digest(**known, valid_on="2026-11-21") != first


def test_pages_go_on_in_the_same_past(client: Client) -> None:
    loaded = moments()[-2]
    page = answer(client, LISTS[0].url(limit=7, known_at=text(loaded), order="uscc"))
    assert f"known_at={text(loaded)}" in page["next"].replace("%3A", ":")
    whole = walk(client, LISTS[0].url(limit=500, known_at=text(loaded), order="uscc"))
    assert walk(client, LISTS[0].url(limit=7, known_at=text(loaded), order="uscc")) == whole
    assert whole != walk(client, LISTS[0].url(limit=500, order="uscc"))
    for other in ({}, {"known_at": text(last_recorded_at())}):
        response = LISTS[0].get(
            client, limit=7, order="uscc", valid_on=page["meta"]["valid_on"], cursor=cursor_in(page), **other
        )
        assert response.json()["errors"][0]["code"] == "cursor_mismatch"


def test_one_connection_answers_of_both_worlds_in_turn(client: Client) -> None:
    """Statements are kept and prepared: neither may be run in the world of the other."""
    loaded, corrected = moments()[-2:]
    firm = corrected_firm(corrected)
    address = f"{BASE}companies/?q={firm}&seated=any&fields=registered_capital&valid_on={DAY}"
    detail = f"{BASE}companies/{firm}/?fields=registered_capital&valid_on={DAY}"
    for asked in (address, detail, f"{BASE}companies/?order=-updated_at&limit=1&fields=uscc&valid_on={DAY}"):
        rounds = [
            [answer(client, asked + known)["data"] for known in ("", f"&known_at={text(loaded)}")] for _ in range(6)
        ]
        assert all(found == rounds[0] for found in rounds)
        assert rounds[0][0] != rounds[0][1], asked


def corrected_firm(corrected: datetime.datetime) -> str:
    firm: Company = Company.objects.public().filter(change__updated_at=corrected).order_by("uscc")[0]
    return firm.uscc


def asked_with(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as context:
        answer(client, address)
    return [query["sql"] for query in context.captured_queries]


def test_statements_of_the_past_have_a_text_of_their_own(client: Client) -> None:
    address = f"{BASE}companies/?limit=3&valid_on={DAY}"
    asked = asked_with(client, f"{address}&known_at={text(last_recorded_at())}")
    assert any(sql.startswith(IN_THE_PAST) and "STRING_AGG" in sql for sql in asked)
    assert not any(sql.startswith(IN_THE_PAST) for sql in asked_with(client, address))


def known_views() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'known'")
        return {row[0] for row in cursor.fetchall()}


def test_every_entry_and_every_derived_table_has_a_view_of_its_columns() -> None:
    tables = {model._meta.db_table for model in tracked_models()} | {
        *derived_tables("companies"),
        *final_tables("companies"),
    }
    assert tables == known_views()
    columns = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum"
    )
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(columns, [f"known.{table}"])
            of_view = cursor.fetchall()
            cursor.execute(columns, [f"public.{table}"])
            assert cursor.fetchall() == of_view, table


def search_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0])


def test_after_looking_back_the_transaction_is_in_the_present_again() -> None:
    before, firms = search_path(), Company.objects.count()
    for how in (lambda: None, lambda: 1 / 0):
        leave(how)
        assert (search_path(), is_looking_back(), Company.objects.count()) == (before, False, firms)


def leave(how: Callable[[], object]) -> None:
    try:
        with as_known(datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)):
            assert search_path() == "known, public"
            assert not Company.objects.exists()
            how()
    except ZeroDivisionError:
        pass


def test_a_tag_of_the_past_is_not_that_of_the_present(client: Client) -> None:
    address = f"{BASE}companies/{busy_firm()}/?valid_on={DAY}"
    tags = {client.get(address + known).headers["ETag"] for known in ("", f"&known_at={text(last_recorded_at())}")}
    assert len(tags) == 2
