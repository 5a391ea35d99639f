"""Everything that must not be ignored, on every endpoint of the router: 400 with the parameter's name, never 5xx."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from registry.api import kinds
from tests.api.addresses import DAY, ENDPOINTS, FILES, LISTS, Endpoint, answer, cursor_in, named, route_of
from tests.api.asked_well import filters_of, good_value
from tests.api.asked_wrongly import UNREADABLE, what_is_wrong, wrong_codes, wrong_cursors, wrong_names, wrong_values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.mark.parametrize("wrong", [wrong_values, wrong_names, wrong_codes, wrong_cursors])
def test_nothing_wrong_is_ignored_and_nothing_breaks(client: Client, wrong: Callable[[Endpoint], Any]) -> None:
    complaints = []
    for endpoint in [*ENDPOINTS, *FILES]:
        path = endpoint.path
        for traps in wrong(endpoint):
            given = {name for _query, name in traps}
            needed = [f"{name}={value}" for name, value in endpoint.needed.items() if name not in given]
            query = "&".join([query for query, _name in traps] + needed)
            if complaint := what_is_wrong(client.get(f"{path}?{query}"), *given):
                complaints.append(f"{endpoint.route}?{query[:300]}: {complaint}")
    assert complaints == []


def test_every_declared_parameter_is_refused_in_every_round_of_its_own() -> None:
    """The rounds above are not empty: each endpoint's every parameter meets its bad values."""
    for endpoint in ENDPOINTS:
        asked = [name for traps in wrong_values(endpoint) for _query, name in traps]
        assert set(asked) == set(endpoint.parameters)
        assert all(asked.count(name) >= len(UNREADABLE) for name in endpoint.parameters)


def test_a_slip_is_answered_with_the_name_that_was_meant(client: Client) -> None:
    for endpoint in ENDPOINTS:
        meant = {slip: name for name in endpoint.parameters for slip in slips(name)}
        mistakes = client.get(f"{endpoint.path}?" + "&".join(f"{slip}=1" for slip in meant)).json()["errors"]
        unknown = {
            mistake["parameter"]: mistake["nearest"] for mistake in mistakes if mistake["code"] == "unknown_parameter"
        }
        assert unknown == meant, endpoint.route


def slips(name: str) -> Iterator[str]:
    yield name.capitalize()
    if len(name) > 5:
        yield name[:3] + name[4:]
        yield name[:2] + name[3] + name[2] + name[4:] if name[2] != name[3] else name + "x"


def test_a_good_value_of_every_parameter_is_taken(client: Client) -> None:
    """What is refused above is refused for its value: the same parameters answer when they are well asked."""
    for endpoint in ENDPOINTS:
        declared = filters_of(endpoint)
        values = {name: good_value(parameter, declared.get(name)) for name, parameter in endpoint.parameters.items()}
        given = {name: value for name, value in values.items() if value is not None}
        if "omit" in given:
            given["omit"] = given["omit"].split(",")[0]  # all would leave nothing to show
        # Only days after valid_on will do, one after the other.
        later = {"expiring_from": "2027-01-01", "expiring_before": "2027-01-02"}
        given |= {name: day for name, day in later.items() if name in given}
        response = endpoint.get(client, **given)
        assert response.status_code == 200, (endpoint.route, given, response.content)


@pytest.mark.parametrize(
    ("text", "code", "nearest"),
    [
        ("2026-11-20", "not_a_moment", "2026-11-20T15:59:59Z"),
        ("2150-01-01T00:00:00Z", "not_yet_known", None),
        ("2026-11-20T08:00:00", "not_a_moment", None),
        ("1700-01-01T00:00:00Z", "out_of_range", None),
    ],
)
def test_a_moment_of_knowing_is_one_with_an_offset_that_has_passed(
    client: Client, text: str, code: str, nearest: str | None
) -> None:
    for endpoint in ENDPOINTS:
        if "known_at" in endpoint.parameters:
            (mistake,) = endpoint.get(client, known_at=text).json()["errors"]
            found = mistake["parameter"], mistake["code"], mistake.get("nearest")
            assert found == ("known_at", code, nearest), endpoint.route


def test_only_what_describes_the_api_has_no_second_clock() -> None:
    """Revisions have it twice."""
    without = [endpoint for endpoint in ENDPOINTS if not {"known_at", "known_to"} & endpoint.parameters.keys()]
    assert [endpoint.route for endpoint in without] == [
        "changes/",
        "changes/checkpoint/",
        "exports/",
        "exports/<int:sequence>/",
        "caller/",
        "dictionary/",
        "catalogue/",
        "schema/",
    ]


PAGED = [endpoint for endpoint in LISTS if endpoint.route != "codes/pilot-zones/"]  # the one list of a single entry


@pytest.mark.parametrize("endpoint", PAGED, ids=route_of)
def test_a_cursor_serves_only_the_question_it_was_given_for(client: Client, endpoint: Endpoint) -> None:
    page = answer(client, endpoint.url(limit=1, valid_on=DAY))
    cursor = cursor_in(page)
    assert answer(client, endpoint.url(limit=2, valid_on=DAY, cursor=cursor))["data"], "the cursor itself is good"
    order = endpoint.parameters["order"].default
    for given in [
        {"order": f"-{order}"},
        {"valid_on": "2026-11-21"},
        other_filter(endpoint),
        {"cursor": cursor[:-1] + ("A" if cursor[-1] != "A" else "B")},
        {"cursor": cursor[1:]},
        {"cursor": cursor + "\0"},
        {"cursor": cursor + " "},
        {"cursor": cursor.swapcase()},
        {"cursor": foreign_cursor(client, endpoint)},
    ]:
        response = endpoint.get(client, **{"limit": 1, "valid_on": DAY, "cursor": cursor} | given)
        assert what_is_wrong(response, "cursor") is None, (given, response.content)


def other_filter(endpoint: Endpoint) -> dict[str, str]:
    """A filter of the list, at a value that it does not have already."""
    for name, declared in endpoint.view.filterset_class.base_filters.items():
        if declared.default is None or isinstance(declared.kind, kinds.BooleanKind):
            return {name: str(good_value(endpoint.parameters[name], declared)).replace("true", "false")}
    raise AssertionError(f"{endpoint.route} has no filter")


def foreign_cursor(client: Client, endpoint: Endpoint) -> str:
    other = "universities/" if endpoint.route == "codes/zones/" else "codes/zones/"
    return cursor_in(answer(client, named(other).url(limit=1, valid_on=DAY)))
