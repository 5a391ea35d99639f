"""Everything that must not be ignored, on every endpoint of the router: 400 with the parameter's name, never 5xx."""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from companies.search import SearchKind
from companies.statistics.parameters import DimensionsKind, NoDayKind, RangeKind
from registry.api import kinds
from registry.api.filtersets import CodeListFilter
from registry.api.parameters import Parameter
from tests.api.addresses import DAY, ENDPOINTS, LISTS, Endpoint, answer, cursor_in, named, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

Trap = tuple[str, str]  # a query as it stands in the address, and the parameter that the answer must name
NOTHING = (
    "q", "fields", "omit", "expand", "explain", "format", "page", "page_size", "offset", "ordering", "search",
    "id", "pk", "id__in", "uscc__regex", "name__icontains", "company__uscc", "company__internal_notes__contains",
    "internal_notes", "contact_phone__startswith", "is_published", "confidentiality", "min_value", "callback",
)  # fmt: skip
DAYS = (
    "0001-01-01", "0000-01-01", "10000-01-01", "1899-12-31", "2201-01-01", "2025-02-29", "2025-13-01", "20250101",
    "2025-1-1", "2025-01-01T00:00:00Z", "2025-01-01T00:00:00%2B23:59", "yesterday", "0", "-1", "２０２５-01-01",
)  # fmt: skip
MOMENTS = (
    "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00%2B23:59", "2025-01-01T00:00:00%2B23:59", "2025-01-01T00:00:00%2B24:00", "2025-01-01",
    "2025-01-01T00:00:00", "2025-01-01T00:00:00+08:00", "now", "1e400",
)  # fmt: skip
NUMBERS = ("abc", "1e1", "1.5", "0x10", "NaN", "１０", "010", "%2B5", "--5", "1_0", str(10**9), str(10**20), "9" * 1900)
PLACES = (
    "29.5,106.5", "29.5,106.5,3,4", "1e-1000000,106.5,3", "29.5,-1e1000000,3", "29.5,106.5,1e-1000000", "nan,106.5,3",
    "29.5,inf,3", "90.000001,106.5,3", "29.5,180.1,3", "29.5,106.5,0", "29.5,106.5,-3", "29.5,106.5,1001", ",,",
    "29.5;106.5;3", "29.5,106.5," + "9" * 1000,
)  # fmt: skip
CODES = ("no-such-code", "0", "-1", "%25", "5001__", "null", "high_tech'--", "９", "%F0%9F%98%80", "DEMO-2,500104")
RANGES = (
    "10",
    "..",
    "10...",
    "...",
    "a..b",
    "-1..",
    "1e3..",
    "10..9",
    "0.00001..",
    "1,000..",
    ">=10",
    "9" * 15 + "..",
    "１..",
    "10.. ",
)
CURSORS = ("zzz", "1", str(10**20), "eyJhIjoxfQ", "eyJhIjoxfQ:AAAA", ":::", "%F0%9F%98%80", "x" * 1900)
WORDS = "%20".join("a" * 950)  # 1,900 characters, so that only the number of words can refuse them
UNREADABLE = ("", "%20", "%E2%80%8B", "%00", "a%00b", "%ED%A0%80", "%FF", "x" * 8001, "+".join("a" * 4100))


def bad_values(kind: kinds.Kind) -> Iterator[str]:
    """Values that no parameter of the kind takes. KeyError, hence a failure, for a kind without any."""
    yield from UNREADABLE
    if isinstance(kind, kinds.TextKind):
        yield from (WORDS, "x" * (kind.most_characters + 1), "+".join("abcdefghijklmnopqrstuvwxyz"))
    yield from BAD_VALUES[type(kind)](kind)


def bad_lists(kind: Any) -> Iterator[str]:
    one = next(iter(kind.item.choices)) if isinstance(kind.item, kinds.ChoiceKind) else "500103"
    yield from (f"{one},", f",{one}", f"{one},,{one}", f"{one},{one}", ",", ",".join(f"v{n}" for n in range(101)))
    yield from BAD_VALUES[type(kind.item)](kind.item)


def bad_choices(kind: Any) -> Iterator[str]:
    yield from ("zzz", kind.choices[0].swapcase(), f"%20{kind.choices[0]}", "1'%20OR%20'1'='1", "__all__")
    if len(kind.choices) > 1:
        yield f"{kind.choices[0]};{kind.choices[1]}"


def bad_orders(kind: Any) -> Iterator[str]:
    one = kind.names[0]
    for text in (
        "zzz",
        "?",
        "-",
        "password",
        "id__in",
        "company__internal_notes",
        f"--{one}",
        f"+{one}",
        f"{one},{one}",
    ):
        yield quote(text)
    yield one.swapcase()


BAD_VALUES: dict[type[kinds.Kind], Callable[[Any], Any]] = {
    kinds.DayKind: lambda kind: DAYS,
    NoDayKind: lambda kind: (*DAYS, DAY),
    kinds.MomentKind: lambda kind: MOMENTS,
    kinds.BooleanKind: lambda kind: ("maybe", "True", "FALSE", "1", "0", "yes", "true,false", "null"),
    kinds.ChoiceKind: bad_choices,
    kinds.ListKind: bad_lists,
    DimensionsKind: bad_lists,
    kinds.CodeKind: lambda kind: ("x" * 101,),  # which codes there are, only the list knows: see CODES
    kinds.CreditCodeKind: lambda kind: ("91500112MA605MRG8", "91500112MA605MRG8K", "9" * 18, "zzz", "Ａ" * 101),
    kinds.TextKind: lambda kind: (),
    SearchKind: lambda kind: ("...", "（）", "%F0%9F%98%80", "%CD%BA"),
    kinds.IntegerKind: lambda kind: (*NUMBERS, str(kind.least - 1), str(kind.most + 1), "-5"),
    kinds.DecimalKind: lambda kind: (
        *(text for text in NUMBERS if text != "1.5"),
        "1e-1000000",
        "-1e1000000",
        "0.1234567",
        ".5",
        str(kind.most + 1),
    ),
    kinds.NearKind: lambda kind: PLACES,
    kinds.OrderKind: bad_orders,
    RangeKind: lambda kind: RANGES,
    kinds.CursorKind: lambda kind: (),  # what a cursor holds is read last: see CURSORS
    kinds.KnownAtKind: lambda kind: MOMENTS,
}


def wrong_values(endpoint: Endpoint) -> Iterator[list[Trap]]:
    """In each round another bad value for every parameter: an answer names all that is wrong."""
    columns = [
        [(f"{name}={value}", name) for value in bad_values(parameter.kind)]
        for name, parameter in endpoint.parameters.items()
    ]
    for row in zip_longest(*columns):
        yield [trap for trap in row if trap is not None]


def wrong_names(endpoint: Endpoint) -> Iterator[list[Trap]]:
    for name in endpoint.parameters:
        wrong = (name.swapcase(), f"{name}__in", f"{name}__isnull", f"{name}[]", f"{name} ", name + name)
        yield [(f"{quote(text)}={DAY}", text) for text in wrong]
        yield [(f"{name}={DAY}&{name}={DAY}", name)]
    yield [(f"{name}=1", name) for name in NOTHING if name not in endpoint.parameters]
    yield [("=1", ""), ("%00=1", "\\u0000"), ("%ED%A0%80=1", "\ufffd" * 3)]


def wrong_codes(endpoint: Endpoint) -> Iterator[list[Trap]]:
    """Codes are looked up when everything else could be read; once for each set of filters, which endpoints share."""
    is_first = endpoint == next(one for one in ENDPOINTS if filterset_of(one) is filterset_of(endpoint))
    coded = [name for name, parameter in endpoint.parameters.items() if is_first and is_code(parameter)]
    for code in CODES if coded else ():
        yield [(f"{name}={code}", name) for name in coded]


def is_code(parameter: Parameter) -> bool:
    return isinstance(parameter.kind, kinds.ListKind) and isinstance(parameter.kind.item, kinds.CodeKind)


def wrong_cursors(endpoint: Endpoint) -> Iterator[list[Trap]]:
    for cursor in CURSORS if "cursor" in endpoint.parameters else ():
        yield [(f"cursor={cursor}", "cursor")]


@pytest.mark.parametrize("wrong", [wrong_values, wrong_names, wrong_codes, wrong_cursors])
def test_nothing_wrong_is_ignored_and_nothing_breaks(client: Client, wrong: Callable[[Endpoint], Any]) -> None:
    complaints = []
    for endpoint in ENDPOINTS:
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


def what_is_wrong(response: Any, *names: str) -> str | None:
    """What is wrong with a refusal that must name these parameters; none when it is as it must be."""
    if response.status_code != 400:
        return f"answers {response.status_code}"
    if response.headers["Content-Type"] != "application/problem+json":
        return f"is {response.headers['Content-Type']}"
    problem = response.json()
    if forgotten := set(names) - {mistake["parameter"] for mistake in problem["errors"]}:
        return f"ignores {forgotten}"
    if not problem["detail"] or problem["status"] != 400 or not problem["type"].startswith("urn:"):
        return f"says {problem}"
    return None


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


def filterset_of(endpoint: Endpoint) -> Any:
    """The class of its filters; none for an endpoint without any."""
    metric = getattr(endpoint.view, "metric", None)
    return metric.filterset if metric else getattr(endpoint.view, "filterset_class", None)


def filters_of(endpoint: Endpoint) -> dict[str, Any]:
    filterset = filterset_of(endpoint)
    return dict(filterset.base_filters) if filterset else {}


def good_value(parameter: Parameter, declared: Any) -> str | None:
    if isinstance(declared, CodeListFilter):
        in_force = declared.rows().filter(valid_until__isnull=True).order_by("code")
        return ",".join(in_force.values_list("code", flat=True)[:2])
    return GOOD_VALUES[type(parameter.kind)](parameter.kind)


GOOD_VALUES: dict[type[kinds.Kind], Callable[[Any], str | None]] = {
    kinds.DayKind: lambda kind: DAY,
    NoDayKind: lambda kind: None,
    kinds.MomentKind: lambda kind: "2025-01-01T00:00:00+14:00",
    kinds.BooleanKind: lambda kind: "false",
    kinds.ChoiceKind: lambda kind: kind.choices[-1],
    kinds.ListKind: lambda kind: ",".join(kind.item.choices),
    DimensionsKind: lambda kind: ",".join(kind.item.choices[:3]),
    kinds.CreditCodeKind: lambda kind: "９１５００１１２ma605mrg8l",  # normalised
    kinds.TextKind: lambda kind: "O'Neil,%_\\ 重庆"[: kind.most_characters],
    SearchKind: lambda kind: "O'Neil,%_\\ 重庆",
    kinds.IntegerKind: lambda kind: str(kind.most),
    kinds.DecimalKind: lambda kind: str(kind.least),
    kinds.NearKind: lambda kind: "-90,180,1000",
    kinds.OrderKind: lambda kind: f"-{kind.names[-1]}",
    RangeKind: lambda kind: "0..99999999999999.9999",
    kinds.CursorKind: lambda kind: None,
    kinds.KnownAtKind: lambda kind: None,
}


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
    assert [endpoint.route for endpoint in without] == ["dictionary/", "catalogue/", "schema/"]


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


FIGURE_TRAPS = [
    ("group_by=district,zone,hub,industry", "too_many_values", None),
    ("group_by=distrct", "unknown_choice", "district"),
    ("group_by=District", "unknown_choice", "district"),
    ("group_by=district,district", "repeated_value", None),
    ("group_by=district&group_by=zone", "repeated_parameter", None),
    ("group_by=", "empty_parameter", None),
    ("group_by=district,", "empty_value", None),
    ("group_by=seat_on_day__address", "unknown_choice", None),
    ("group_by=contact_phone", "unknown_choice", None),
]


@pytest.mark.parametrize(("query", "code", "nearest"), FIGURE_TRAPS)
def test_groups_that_do_not_exist_are_refused(client: Client, query: str, code: str, nearest: object) -> None:
    response = client.get(f"/api/v1/statistics/firms/?{query}")
    assert what_is_wrong(response, "group_by") is None
    (mistake,) = response.json()["errors"]
    assert mistake["code"] == code
    assert mistake.get("nearest") == nearest


GROUP_TRAPS = [
    ("having=10..", "having", "needs_groups"),
    ("order=value", "order", "needs_groups"),
    ("group_by=zone&having=10", "having", "not_a_range"),
    ("group_by=zone&having=10..9", "having", "range_out_of_order"),
    ("group_by=zone&order=district", "order", "unknown_order"),
]


@pytest.mark.parametrize(("query", "name", "code"), GROUP_TRAPS)
def test_what_is_asked_of_groups_needs_groups_and_a_plain_range(
    client: Client, query: str, name: str, code: str
) -> None:
    response = client.get(f"/api/v1/statistics/firms/?{query}")
    assert what_is_wrong(response, name) is None, response.content
    assert response.json()["errors"][0]["code"] == code


FLOW_TRAPS = [
    ("", "from", "missing_parameter"),
    ("from=2025-01-01", "to", "missing_parameter"),
    ("to=2025-01-01", "from", "missing_parameter"),
    ("from=2025-01-02&to=2025-01-01", "to", "period_out_of_order"),
    ("from=2025-01-01&to=2025-01-01&valid_on=2025-01-01", "valid_on", "flow_has_no_day"),
    ("from=2025-01-01&to=2025-01-01&issued_from=2025-01-01", "issued_from", "unknown_parameter"),
    ("from=2025-01-01&to=2025-01-01&seated=any", "seated", "unknown_parameter"),
]


@pytest.mark.parametrize(("query", "name", "code"), FLOW_TRAPS)
def test_a_flow_needs_its_period_and_takes_no_day(client: Client, query: str, name: str, code: str) -> None:
    response = client.get(f"/api/v1/statistics/certifications-granted/?{query}")
    assert what_is_wrong(response, name) is None, response.content
    assert response.json()["errors"][0]["code"] == code


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("statistics/firms/", "seated"),
        ("statistics/high-tech-firms/", "certified"),
        ("statistics/incubated-firms/", "resident"),
        ("statistics/university-adjacent-firms/", "university_adjacent"),
        ("statistics/incubators/", "open"),
        ("statistics/firms/", "limit"),
        ("statistics/firms/", "count"),
    ],
)
def test_what_a_metric_implies_and_what_only_lists_have_is_refused(client: Client, route: str, name: str) -> None:
    assert what_is_wrong(client.get(f"/api/v1/{route}?{name}=true"), name) is None


def test_a_unit_not_in_force_names_its_successor(client: Client) -> None:
    for route in ("companies/", "incubators/", "statistics/firms/", "statistics/incubators/"):
        response = client.get(f"/api/v1/{route}?district=500112&valid_on=2025-11-06&lang=en")
        (mistake,) = response.json()["errors"]
        assert (mistake["parameter"], mistake["code"], mistake["nearest"]) == (
            "district",
            "code_not_in_force",
            "500157",
        )
        assert client.get(f"/api/v1/{route}?district=500112&valid_on=2025-11-05").status_code == 200
        assert client.get(f"/api/v1/{route}?district=500157&valid_on=2025-11-05").status_code == 400


def test_events_take_units_of_their_own_days(client: Client) -> None:
    for route in ("certifications/", "statistics/certifications-granted/"):
        day = {"from": "2025-01-01", "to": "2026-06-30"} if "statistics" in route else {"valid_on": DAY}
        assert named(route).get(client, district="500112,500157", **day).status_code == 200


def test_a_certificate_expires_after_the_day(client: Client) -> None:
    for day in ("2026-06-30", "2026-06-29"):
        for name in ("expiring_before", "expiring_from"):
            response = client.get(f"/api/v1/companies/?valid_on=2026-06-30&{name}={day}")
            assert what_is_wrong(response, name) is None, response.content
    assert client.get("/api/v1/companies/?valid_on=2026-06-30&expiring_before=2026-07-01").status_code == 200
