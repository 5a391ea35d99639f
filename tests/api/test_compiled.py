"""The compiled read path: equal to the serializers for every resource and shape, and honest about what it cannot do."""

import itertools
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path
from rest_framework import serializers

from companies.models import Company
from companies.resources import CompanySerializer
from companies.statistics.views import FinancingTableListView
from companies.views import CompanyListView
from registry.api.checks import check_compiled
from registry.api.languages import LANGUAGES
from registry.api.selection import Selection, expandable, paths_of
from registry.api.shapes import Shape, serialized
from registry.api.views import RegisterListView, RowsView
from registry.compiled import reading
from registry.days import parse_day
from registry.history import last_recorded_at
from registry.models import Hub
from tests.api.addresses import BASE, DAY, ENDPOINTS, answer, busy_firm, named
from tests.companies.ledger_stories import seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

OF_ROWS = {
    (endpoint.view.serializer_class, endpoint.view.queryset.model): endpoint.view
    for endpoint in ENDPOINTS
    if issubclass(endpoint.view, RowsView)
}
DAYS = ("2016-03-01", "2024-01-15", DAY)


def name_of(view: Any) -> str:
    return str(view.__name__)


def shapes(view: Any) -> list[Selection]:
    """As it is, each thing expanded, all of it, each member alone, each left out."""
    serializer = view.serializer_class
    names = sorted(expandable(serializer))
    plain = paths_of(serializer)
    return [
        Selection(),
        *(Selection(expand=frozenset({name})) for name in names),
        Selection(expand=frozenset(names)),
        *(Selection(fields=frozenset({name})) for name in plain),
        *(Selection(omit=frozenset({name})) for name in plain),
        *(Selection(fields=frozenset({f"{name}.id"}), expand=frozenset({name})) for name in names),
    ]


@pytest.mark.parametrize("view", OF_ROWS.values(), ids=name_of)
def test_every_shape_is_answered_as_its_serializer_answers_it(view: Any) -> None:
    wide, *narrow = shapes(view)
    many = 300 if view is not FinancingTableListView else 20  # each holds some fifty cells
    keys = list(view.answered(parse_day(DAY)).order_by("-pk").values_list("pk", flat=True)[:many])
    asked = [(wide, language, day, keys) for language, day in (*zip(LANGUAGES, DAYS, strict=True), ("zh", DAY))]
    asked += [(selection, LANGUAGES[place % 3], DAY, keys[:20]) for place, selection in enumerate(narrow)]
    for selection, language, day, some in asked:
        shape = Shape(view.answered, view.serializer_class, selection, language)
        assert reading.compiled(shape) is not None, selection
        compiled, declared = (
            json.loads(b"[%s]" % read(shape, some, parse_day(day))) for read in (reading.read_entries, serialized)
        )
        assert compiled == declared, (selection, language, day)
        assert [list(entry) for entry in compiled] == [list(entry) for entry in declared]


def test_the_comparison_sees_every_kind_of_entry() -> None:
    """It would be empty if lists were: each resource has rows, and firms have all that can be expanded."""
    for view in OF_ROWS.values():
        assert view.answered(parse_day(DAY)).exists(), view
    everything = Selection(expand=frozenset(expandable(CompanyListView.serializer_class)))
    shape = Shape(CompanyListView.answered, CompanyListView.serializer_class, everything, "zh")
    keys = list(Company.objects.values_list("pk", flat=True))
    firms = json.loads(b"[%s]" % reading.read_entries(shape, keys, parse_day(DAY)))
    assert [member for member in firms[0] if not any(firm[member] for firm in firms)] == []


def test_fields_and_omit_change_the_answer_and_the_query(client: Client) -> None:
    with CaptureQueriesContext(connection) as context:
        page = answer(client, f"{BASE}companies/?fields=uscc,hub.name,certifications&omit=certifications.kind&hub=H1")
    for firm in page["data"]:
        assert (list(firm), list(firm["hub"])) == (["uscc", "hub", "certifications"], ["name"])
    certificates = [row for firm in page["data"] for row in firm["certifications"]]
    assert certificates and not [row for row in certificates if "kind" in row or "number" not in row]
    statement = next(query["sql"] for query in context.captured_queries if "STRING_AGG" in query["sql"])
    assert "registry_hub" in statement and "companies_certification" in statement
    assert "registry_industry" not in statement and "certificationkind" not in statement


def test_expand_shows_a_member_in_full(client: Client) -> None:
    address = f"{BASE}companies/?resident=true&limit=1&valid_on={DAY}"
    short, full = (answer(client, address + more)["data"][0] for more in ("", "&expand=incubator,residencies"))
    assert list(short["incubator"]) == ["code", "name"] and "residencies" not in short
    assert full["incubator"].items() >= short["incubator"].items() and "kind" in full["incubator"]
    assert full["incubator"]["code"] in [stay["incubator"]["code"] for stay in full["residencies"]]
    stay = answer(client, f"{BASE}companies/{busy_firm()}/residencies/?expand=company&valid_on={DAY}")["data"][0]
    assert stay["company"]["uscc"] == busy_firm()


def test_the_tag_of_an_entry_is_that_of_its_members(client: Client) -> None:
    address = f"{BASE}companies/{busy_firm()}/?valid_on={DAY}"
    whole, name = client.get(address), client.get(address + "&fields=name")
    assert whole.headers["ETag"] != name.headers["ETag"]
    assert client.get(address + "&fields=name", headers={"If-None-Match": name.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "code", "nearest"),
    [
        ("fields=uscc,nmae", "unknown_member", "name"),
        ("omit=hub.nam", "unknown_member", "hub.name"),
        ("expand=incubaator", "unknown_member", "incubator"),
        ("fields=incubator.operator", "needs_expand", "incubator"),
        ("fields=residencies", "needs_expand", "residencies"),
        ("fields=uscc&omit=uscc", "nothing_left", None),
        ("fields=uscc,uscc", "repeated_value", None),
        ("fields=", "empty_parameter", None),
    ],
)
@pytest.mark.parametrize("below", ["", "{firm}/"])
def test_a_wrong_member_is_named(client: Client, below: str, asked: str, code: str, nearest: str | None) -> None:
    response = client.get(f"{BASE}companies/{below.format(firm=busy_firm())}?{asked}")
    mistake = response.json()["errors"][0]
    assert (response.status_code, mistake["code"], mistake.get("nearest")) == (400, code, nearest)
    empty = client.get(f"{BASE}companies/?updated_since=2100-01-01T00:00:00Z&{asked}")
    assert empty.status_code == 400, "an empty page is refused as well"


def test_a_resource_without_members_to_expand_has_no_such_parameter(client: Client) -> None:
    assert client.get(f"{BASE}universities/?expand=campuses").json()["errors"][0]["code"] == "unknown_parameter"


# --- what cannot be compiled
class Shouted(serializers.CharField):
    def to_representation(self, value: Any) -> str:
        return str(value).upper()


class ShoutingSerializer(serializers.Serializer[Any]):
    uscc = serializers.CharField()
    website = Shouted()


class Shouting(RegisterListView):
    queryset = Company.objects.public()
    serializer_class = ShoutingSerializer


@override_settings(ROOT_URLCONF="tests.api.test_compiled")
def test_a_field_that_does_not_compile_is_answered_by_its_serializer_and_reported(client: Client) -> None:
    firm = Company.objects.public().order_by("pk")[0]
    assert answer(client, "/shouting/?limit=1")["data"] == [{"uscc": firm.uscc, "website": firm.website.upper()}]
    words = "{} answers by its serializer: website: a field of the kind Shouted."
    found = sorted((message.id, message.msg) for message in check_compiled())
    assert found == [("registry.W001", words.format(view)) for view in ("OfHub", "Shouting")]


class OfHubSerializer(ShoutingSerializer):
    """Its rows bring no hub with them: the serializer fetches each."""

    hub = serializers.CharField(source="hub.name_zh")


class OfHub(RegisterListView):
    queryset = Company.objects.public().filter(hub__isnull=False)
    serializer_class = OfHubSerializer


urlpatterns = [path("shouting/", Shouting.as_view()), path("of-hub/", OfHub.as_view())]


@override_settings(ROOT_URLCONF="tests.api.test_compiled")
def test_what_a_serializer_fetches_beside_its_rows_is_of_the_moment_asked_for(client: Client) -> None:
    moment = quote(str(last_recorded_at()).replace(" ", "T"))
    before = {row["hub"] for row in answer(client, "/of-hub/")["data"]}
    Hub.objects.update(name_zh="改名")
    seal()
    assert {row["hub"] for row in answer(client, "/of-hub/")["data"]} == {"改名"}
    assert {row["hub"] for row in answer(client, f"/of-hub/?known_at={moment}")["data"]} == before


def test_the_router_has_nothing_that_does_not_compile() -> None:
    assert check_compiled() == []


def test_shapes_of_callers_are_forgotten_again() -> None:
    view = named("universities/").view
    members = paths_of(view.serializer_class)
    some = [frozenset(pair) for pair in itertools.product(members, members)][: reading.MOST_SHAPES]
    for language in ("zh", "en", "it"):
        for fields in some:
            reading.compiled(Shape(view.answered, view.serializer_class, Selection(fields), language))
    info = reading.compiled.cache_info()
    assert info.misses > reading.MOST_SHAPES == info.currsize


def test_members_in_full_stand_in_their_own_order() -> None:
    declared = list(expandable(CompanySerializer))
    for asked in itertools.permutations(declared):
        assert [name for name in paths_of(CompanySerializer, asked) if name in declared] == declared


class SuccessorSerializer(serializers.Serializer[Any]):
    website = Shouted()


class SucceededSerializer(ShoutingSerializer):
    successor = SuccessorSerializer(allow_null=True)
    absorbed = SuccessorSerializer(many=True)


def test_what_a_serializer_fetches_beside_its_rows_are_rows_that_everyone_may_see() -> None:
    absorbed, absorbing = Company.objects.public().filter(successor=None, dissolved_on=None).order_by("pk")[:2]
    Company.objects.filter(pk=absorbed.pk).update(dissolved_on=DAY, successor=absorbing)
    shape = Shape(lambda day: Company.objects.all(), SucceededSerializer, Selection(), "zh")
    assert reading.compiled(shape) is None

    def told() -> list[tuple[bool, int]]:
        found = json.loads(b"[%s]" % serialized(shape, [absorbed.pk, absorbing.pk], parse_day(DAY)))
        return [(firm["successor"] is not None, len(firm["absorbed"])) for firm in found]

    assert told() == [(True, 0), (False, 1)]
    Company.objects.filter(pk=absorbing.pk).update(is_published=False)
    assert told() == [(False, 0), (False, 1)]
    Company.objects.filter(pk=absorbing.pk).update(is_published=True)
    Company.objects.filter(pk=absorbed.pk).update(is_published=False)
    assert told() == [(True, 0), (False, 0)]
