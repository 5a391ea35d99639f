"""Each filter of each list: whom of a hand-made cast it keeps. A filter without a case fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.api.addresses import BASE, LISTS, named, walk
from tests.api.cast import CERTIFICATES, CODES, FIRMS, HOSTS, MAKERS, ON, make_cast
from tests.api.filter_cases import Cases
from tests.api.filter_cases.facts import CERTIFICATIONS, FINANCINGS, RESIDENCIES
from tests.api.filter_cases.firms import COMPANIES
from tests.api.filter_cases.hosts import (
    CODE_LISTS,
    DISTRICTS,
    INCUBATORS,
    SOME_TARGETS,
    TABLES_OF_FINANCINGS,
    TARGETS,
    UNIVERSITIES,
)

pytestmark = pytest.mark.django_db

FIRM_NAMES = {code: name for name, code in CODES.items()}


def firm(row: dict[str, Any]) -> str | None:
    return FIRM_NAMES.get(row.get("uscc") or row.get("company", ""))


def code(row: dict[str, Any]) -> str:
    return str(row["code"])


# Of each list: its cases, what names a row, and the names that are looked at.
Table = tuple[Cases, Callable[[dict[str, Any]], str | None], tuple[str, ...]]
TABLES: dict[str, Table] = {
    "companies/": (COMPANIES, firm, FIRMS),
    "certifications/": (CERTIFICATIONS, lambda row: str(row["number"]), tuple(CERTIFICATES)),
    "residencies/": (RESIDENCIES, firm, FIRMS),
    "financings/": (FINANCINGS, firm, FIRMS),
    "incubators/": (INCUBATORS, code, tuple(HOSTS)),
    "universities/": (UNIVERSITIES, code, ("cast-u1", "cast-u2", "cast-u3", "cast-closed")),
    "targets/": (TARGETS, code, SOME_TARGETS),
    "statistics/financing-tables/": (TABLES_OF_FINANCINGS, lambda row: str(row["year"]), ("2024", "2025")),
    "codes/districts/": (CODE_LISTS, code, DISTRICTS),
}


def test_every_filter_of_every_list_has_its_cases() -> None:
    listed = {named(route).view.filterset_class: set(cases) for route, (cases, _name, _cast) in TABLES.items()}
    for endpoint in LISTS:
        filterset = endpoint.view.filterset_class
        # A list below one entry takes the filters of the whole list, or fewer.
        covered = next(names for base in filterset.__mro__ if (names := listed.get(base)) is not None)
        assert set(filterset.base_filters) <= covered, endpoint.route
        assert filterset not in listed or set(filterset.base_filters) == covered, endpoint.route


@pytest.mark.parametrize("route", TABLES)
def test_every_filter_has_a_case_that_keeps_and_a_case_that_drops(route: str) -> None:
    cases, _name, cast = TABLES[route]
    for name, asked in cases.items():
        assert any(name in query and kept for query, kept in asked.items()), f"{name} keeps nobody"
        assert any(name in query and set(kept.split(";")) < set(cast) for query, kept in asked.items()), name
        declared = named(route).view.filterset_class.base_filters[name]
        if declared.kind.__class__.__name__ == "BooleanKind":
            assert any(f"{name}=false" in query and kept for query, kept in asked.items()), f"{name}=false"


@pytest.mark.parametrize("route", TABLES)
def test_every_filter_keeps_whom_it_should_and_nobody_else(client: Client, route: str) -> None:
    cases, name_of, cast = TABLES[route]
    MAKERS.get(route, make_cast)()
    wrong = {}
    for query, expected in ((query, kept) for asked in cases.values() for query, kept in asked.items()):
        on = "" if "valid_on" in query else f"&valid_on={ON}"
        rows = [name_of(row) for row in walk(client, f"{BASE}{route}?limit=500&{query}{on}")]
        kept = sorted(str(name) for name in rows if name in cast)
        if kept != sorted(filter(None, expected.split(";"))):
            wrong[query] = kept
    assert wrong == {}


def test_lists_below_one_entry_hold_all_of_it(client: Client) -> None:
    """Wherever the firm sat; and what the address says already is no filter."""
    make_cast()
    below = {
        f"companies/{CODES['dogwood']}/certifications/": ("number", ["dogwood-ht"]),
        f"companies/{CODES['elm']}/residencies/": ("company", [CODES["elm"]]),
        "incubators/cast-b/residents/": ("uscc", [CODES["gum"]]),
    }
    for path, (name, expected) in below.items():
        assert [row[name] for row in walk(client, f"{BASE}{path}?valid_on={ON}")] == expected
        taken = "incubator=cast-b" if path.startswith("incubators") else f"company={CODES['elm']}"
        assert client.get(f"{BASE}{path}?{taken}").status_code == 400, path
