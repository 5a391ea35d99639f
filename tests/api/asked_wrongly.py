"""What no endpoint may take: for each of its parameters, values, names, codes and cursors; and how it must refuse."""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from companies.search import SearchKind
from companies.statistics.parameters import DimensionsKind, NoDayKind, RangeKind
from registry.api import kinds
from registry.api.parameters import Parameter
from registry.feed.views import SequenceKind
from tests.api.addresses import DAY, ENDPOINTS, Endpoint
from tests.api.asked_well import filterset_of

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
    SequenceKind: lambda kind: ("x", "1.5", "-1", str(kind.most + 1), "1" + "0" * 20),
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
