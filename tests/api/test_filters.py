"""Each filter of each list: whom of a hand-made cast it keeps. A filter without a case fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.api.addresses import BASE, LISTS, named, walk
from tests.api.cast import CERTIFICATES, CODES, FIRMS, HOSTS, MAKERS, ON, make_cast

pytestmark = pytest.mark.django_db

# The filter: queries, each with the names of those it keeps. `;` stands between the names.
Cases = dict[str, dict[str, str]]

COMPANIES: Cases = {
    "q": {
        "q=alder": "alder",
        "q=ALDER,": "alder",
        "q=重慶birch": "birch",
        "q=chongqing fir": "fir",
        "q=alder birch": "",
        "q=alder,birch": "",
        f"q={CODES['gum'].lower()}": "gum",
        "q=科技&seated=any": ";".join(FIRMS),
        "q=科技&hub=H1": "alder",
    },
    "seated": {
        "seated=true": "alder;birch;cedar;fir;gum",
        "seated=false": "dogwood;elm;hazel",
        "seated=any": ";".join(FIRMS),
        "valid_on=2025-12-31": "alder;birch;cedar;elm;fir;gum;hazel",
    },
    "district": {"district=500106": "alder", "district=500106,500107": "alder;birch"},
    "reporting_unit": {
        "reporting_unit=cq_hightech_zone": "alder",
        "reporting_unit=500107,cq_hightech_zone": "alder;birch",
    },
    "zone": {"zone=northeast_cluster": "fir", "zone=central_urban,northeast_cluster": "alder;birch;fir;gum"},
    "corridor": {
        "corridor=cast-first": "alder",
        "corridor=cast-first&valid_on=2023-12-31": "alder;birch",
        "corridor=cast-first,cast-second": "alder;fir",
    },
    "hub": {"hub=H1": "alder", "hub=H1,H2": "alder;birch", "hub=H3": ""},
    "strategic_field": {"strategic_field=F01": "alder", "strategic_field=F01,F07": "alder;birch"},
    "industry": {"industry=cast-industry": "alder;cedar", "industry=cast-industry&hub=H1": "alder"},
    "technology_field": {
        "technology_field=1": "alder;fir",
        "technology_field=2": "fir",
        "technology_field=1,2": "alder;fir",
        "technology_field=1&certified=high_tech": "alder",
        "technology_field=2&certified=high_tech": "fir",
        "technology_field=2&certified=technology_sme": "",
    },
    "incubator": {"incubator=cast-a": "alder", "incubator=cast-a,cast-b": "alder;gum", "incubator=cast-c": ""},
    "incubator_level": {
        "incubator_level=municipal": "alder",
        "incubator_level=national": "",
        "incubator_level=national&valid_on=2023-06-01": "birch",
        "incubator_level=municipal,national": "alder",
    },
    "university": {
        "university=4150010611": "alder;cedar",
        "university=4150010617": "",
        "university=4150010617&valid_on=2021-12-31": "birch",
        "university=4150010635,4150010611": "alder;cedar",
        "university=4150010611&adjacency_basis=spin_off": "alder",
        "university=4150010635&adjacency_basis=licence": "",
        "university=4150010635&adjacency_basis=distance": "gum",
    },
    "university_adjacent": {"university_adjacent=true": "alder;cedar;gum", "university_adjacent=false": "birch;fir"},
    "adjacency_basis": {
        "adjacency_basis=spin_off": "alder;cedar",
        "adjacency_basis=licence": "cedar",
        "adjacency_basis=science_park": "",
        "adjacency_basis=distance": "gum",
        "adjacency_basis=licence,distance": "cedar;gum",
    },
    "certified": {
        "certified=high_tech": "alder;fir",
        "certified=technology_sme": "birch;fir",
        "certified=high_tech,technology_sme": "alder;birch;fir",
        "certified=high_tech&valid_on=2026-04-30": "alder;fir",
        "certified=high_tech&valid_on=2026-05-01": "alder",
        "certified=high_tech&valid_on=2024-12-31": "alder;elm;fir",
        "certified=high_tech&valid_on=2025-01-01": "alder;fir",
    },
    "certification": {
        "certification=high_tech": "alder;birch;fir",
        "certification=innovative_sme": "",
        "certification=innovative_sme&valid_on=2026-06-01": "cedar",
        "certification=technology_sme,innovative_sme": "birch;fir",
    },
    "expiring_before": {
        "expiring_before=2026-06-01": "birch",
        "expiring_before=2026-05-14": "",
        "expiring_before=2026-06-01&certified=high_tech": "fir",
        "expiring_before=2026-05-01&certified=high_tech": "fir",
        "expiring_before=2026-04-30&certified=high_tech": "",
        "expiring_before=2027-06-01": "alder;birch;fir",
    },
    "expiring_from": {
        "expiring_from=2026-05-01": "alder;birch;fir",
        "expiring_from=2026-05-15": "alder;fir",
        "expiring_from=2026-05-01&certified=high_tech": "alder",
        "expiring_from=2026-04-30&certified=high_tech": "alder;fir",
        "expiring_from=2026-05-01&expiring_before=2027-01-01": "birch;fir",
        "expiring_from=2027-05-01": "",
    },
    "resident": {"resident=true": "alder;gum", "resident=false": "birch;cedar;fir"},
    "graduated": {
        "graduated=true": "birch",
        "graduated=false": "alder;cedar;fir;gum",
        "graduated=true&valid_on=2025-04-30": "",
    },
    "financed": {
        "financed=true": "alder;cedar",
        "financed=false": "birch;fir;gum",
        "financed=true&valid_on=2026-12-01": "alder;cedar;fir",
    },
    "instrument": {
        "instrument=KVL": "alder",
        "instrument=KVL,BVL": "alder;cedar",
        "instrument=KVL&financed=true": "alder",
        "instrument=KVL&valid_on=2025-01-09": "",
    },
    "established_from": {"established_from=2020-01-01": "birch;fir", "established_from=2020-01-02": "fir"},
    "established_to": {
        "established_to=2020-01-01": "alder;birch;gum",
        "established_to=2019-12-31": "alder;gum",
        "established_to=2020-01-01&established_from=2020-01-01": "birch",
    },
    "near": {
        "near=29,107.8,0.001": "alder",
        "near=29.01,107.8,1.2": "alder",
        "near=29.01,107.8,1": "",
        "near=31.9,109,5": "birch",
    },
    "updated_since": {
        "updated_since=2026-02-01T00:00:00Z": "alder",
        "updated_since=2026-02-01T08:00:00%2B08:00": "alder",
        "updated_since=2026-02-01T00:00:00.000001Z": "",
        "updated_since=2026-01-01T00:00:00Z": "alder;birch",
    },
}
CERTIFICATIONS: Cases = {
    "company": {f"company={CODES['fir']}": "fir-ht;fir-sme"},
    "seated": {
        "seated=true": "alder-ht;birch-old;birch-sme;fir-ht;fir-sme;elm-revoked;cedar-later",
        "seated=false": "dogwood-ht",
        "seated=any": ";".join(CERTIFICATES),
    },
    "kind": {
        "kind=technology_sme": "birch-sme;fir-sme",
        "kind=high_tech": "alder-ht;birch-old;fir-ht;elm-revoked",
        "kind=technology_sme,innovative_sme": "birch-sme;fir-sme;cedar-later",
    },
    "technology_field": {
        "technology_field=2": "birch-old;fir-ht",
        "technology_field=1,2": "alder-ht;birch-old;fir-ht;fir-sme;elm-revoked",
    },
    "district": {"district=500106": "alder-ht", "district=500106,500107": "alder-ht;birch-old;birch-sme"},
    "reporting_unit": {"reporting_unit=cq_hightech_zone": "alder-ht", "reporting_unit=500107": "birch-old;birch-sme"},
    "zone": {
        "zone=northeast_cluster": "fir-ht;fir-sme;elm-revoked",
        "zone=central_urban": "alder-ht;birch-old;birch-sme",
    },
    "hub": {"hub=H1": "alder-ht", "hub=H1,H2": "alder-ht;birch-old;birch-sme"},
    "strategic_field": {
        "strategic_field=F07": "birch-old;birch-sme",
        "strategic_field=F07,F01": "alder-ht;birch-old;birch-sme",
    },
    "corridor": {
        "corridor=cast-first": "alder-ht;birch-old",
        "corridor=cast-second,cast-first": "alder-ht;birch-old;fir-ht;fir-sme;elm-revoked",
    },
    "industry": {"industry=cast-industry": "alder-ht;cedar-later"},
    "incubator": {"incubator=cast-b": "elm-revoked", "incubator=cast-a,cast-b": "alder-ht;elm-revoked"},
    "incubator_level": {"incubator_level=national": "", "incubator_level=municipal,national": "alder-ht"},
    "university": {
        "university=4150010611": "alder-ht;cedar-later",
        "university=4150010617": "birch-old",
        "university=4150010617,4150010611": "alder-ht;birch-old;cedar-later",
    },
    "number": {"number=fir-ht": "fir-ht", "number=fir": "", "number=fir-ht,fir-sme": ""},
    "issued_from": {
        "issued_from=2024-05-01": "alder-ht;birch-sme;fir-sme;cedar-later",
        "issued_from=2026-01-01": "fir-sme;cedar-later",
    },
    "issued_to": {"issued_to=2024-01-01": "birch-old;fir-ht;elm-revoked", "issued_to=2023-12-31": "birch-old;fir-ht"},
    "valid": {
        "valid=true": "alder-ht;birch-sme;fir-ht;fir-sme",
        "valid=false": "birch-old;elm-revoked;cedar-later",
        "valid=true&valid_on=2024-12-31": "alder-ht;fir-ht;elm-revoked",
    },
    "revoked": {
        "revoked=true": "elm-revoked",
        "revoked=false": "alder-ht;birch-old;birch-sme;fir-ht;fir-sme;cedar-later",
        "revoked=true&valid_on=2024-12-31": "",
    },
}
# Left on: birch 2025-05-01, elm 2024-06-01, fir 2023-01-01; alder and gum are there still.
RESIDENCIES: Cases = {
    "district": {
        "district=500106,500107": "alder;birch",
        "district=500101": "elm;fir",
        "district=500109": "gum",
    },
    "reporting_unit": {"reporting_unit=cq_hightech_zone": "alder", "reporting_unit=500107": "birch"},
    "zone": {"zone=northeast_cluster": "elm;fir", "zone=central_urban": "alder;birch;gum"},
    "corridor": {
        "corridor=cast-first": "alder",
        "corridor=cast-first,cast-second": "alder;elm;fir",
    },
    "hub": {"hub=H1": "alder", "hub=H1,H2": "alder;birch"},
    "strategic_field": {"strategic_field=F07": "birch"},
    "industry": {"industry=cast-industry": "alder"},
    "incubator_level": {
        "incubator_level=municipal": "alder;fir",
        "incubator_level=national": "",
        "incubator_level=national&valid_on=2023-06-01": "gum",  # not there yet, so that the day asked for counts
    },
    "university": {
        "university=4150010611": "alder",
        "university=4150010617": "",
        "university=4150010635,4150010611": "alder",
    },
    "company": {f"company={CODES['fir']}": "fir"},
    "incubator": {
        "incubator=cast-a": "alder;fir",
        "incubator=cast-a,cast-b": "alder;birch;elm;fir;gum",
        "incubator=cast-c": "",
    },
    "resident": {
        "resident=true": "alder;gum",
        "resident=false": "birch;elm;fir",
        "resident=true&valid_on=2025-04-30": "alder;birch",
    },
    "outcome": {"outcome=graduated": "birch", "outcome=graduated,left": "birch;fir", "outcome=transferred": ""},
    "ground": {"ground=revenue": "birch", "ground=revenue,equity": "birch", "ground=equity": ""},
    "entered_from": {"entered_from=2024-01-01": "alder;elm;gum", "entered_from=2024-01-02": "alder;gum"},
    "entered_to": {"entered_to=2023-01-01": "birch;fir", "entered_to=2022-12-31": "fir"},
    "left_from": {"left_from=2024-06-01": "birch;elm", "left_from=2024-06-02": "birch"},
    "left_to": {"left_to=2024-06-01": "elm;fir", "left_to=2024-05-31": "fir"},
}
FINANCINGS: Cases = {
    "company": {f"company={CODES['cedar']}": "cedar", f"company={CODES['birch']}": ""},
    "instrument": {
        "instrument=KVL": "alder",
        "instrument=KVL,BVL": "alder;cedar",
        "instrument=KVL&valid_on=2026-12-01": "alder;fir",
    },
    "pilot_zone": {"pilot_zone=cq_tech_finance_pilot": "alder"},
    "partner": {"partner=cast-bank": "alder", "partner=cast-bank,cast-fund": "alder;cedar"},
    "district": {"district=500106": "alder", "district=500101,500107": ""},
    "reporting_unit": {"reporting_unit=cq_hightech_zone": "alder"},
    "zone": {
        "zone=central_urban": "alder",
        "zone=northeast_cluster": "",
        "zone=northeast_cluster&valid_on=2026-12-01": "fir",
    },
    "corridor": {"corridor=cast-first": "alder", "corridor=cast-second&valid_on=2026-12-01": "fir"},
    "hub": {"hub=H1": "alder", "hub=H2": ""},
    "strategic_field": {"strategic_field=F01,F07": "alder"},
    "industry": {"industry=cast-industry": "alder;cedar", "industry=cast-industry&hub=H1": "alder"},
    "incubator": {"incubator=cast-a": "alder", "incubator=cast-b": ""},
    "incubator_level": {"incubator_level=municipal": "alder", "incubator_level=national": ""},
    "university": {"university=4150010611": "alder;cedar", "university=4150010635": "cedar"},
    "agreed_from": {"agreed_from=2025-01-10": "alder", "agreed_from=2025-01-11": ""},
    "agreed_to": {"agreed_to=2024-01-10": "cedar", "agreed_to=2024-01-09": ""},
}
INCUBATORS: Cases = {
    "open": {
        "open=true": "cast-a;cast-b;cast-c",
        "open=false": "cast-closed",
        "open=any": ";".join(HOSTS),
        "valid_on=2025-12-31": ";".join(HOSTS),
    },
    "kind": {"kind=maker_space": "cast-b", "kind=maker_space,park": "cast-b;cast-c"},
    "incubator_level": {
        "incubator_level=municipal": "cast-a",
        "incubator_level=municipal,national&valid_on=2023-12-31": "cast-a;cast-b",
    },
    "district": {
        "district=500106": "cast-a",
        "district=500106,500101": "cast-a;cast-b",
        "district=500106&valid_on=2021-12-31": "",
    },
    "zone": {"zone=northeast_cluster": "cast-b", "zone=northeast_cluster,central_urban": "cast-a;cast-b"},
    "reporting_unit": {"reporting_unit=cq_hightech_zone": "cast-a", "reporting_unit=500101": "cast-b"},
    "university": {"university=4150010611": "cast-a", "university=4150010617": ""},
}
UNIVERSITIES: Cases = {
    "in_force": {
        "in_force=true": "cast-u1;cast-u2;cast-u3",
        "in_force=false": "cast-closed",
        "valid_on=2019-12-31": "cast-u1;cast-u2;cast-u3;cast-closed",
    },
    "level": {"level=junior_college": "cast-u2", "level=bachelor,junior_college": "cast-u1;cast-u2;cast-u3"},
    "private": {"private=true": "cast-u1", "private=false": "cast-u2;cast-u3"},
    "district": {
        "district=500106": "cast-u1",
        "district=500101,500106": "cast-u1;cast-u2",
        "district=500157&valid_on=2025-11-06": "cast-u3",
        "district=500112&valid_on=2025-11-05": "cast-u3",
    },
    "has_circle": {
        "has_circle=true": "cast-u1",
        "has_circle=false": "cast-u2;cast-u3",
        "has_circle=true&valid_on=2019-12-31": "cast-u1;cast-u3",
    },
}
SOME_TARGETS = ("high-tech-2030", "high-tech-2027-beibei", "national-platforms-2027", "high-tech-2025-all-districts")
TARGETS: Cases = {
    "indicator": {
        "indicator=national_platforms": "national-platforms-2027",
        "indicator=high_tech_firms": "high-tech-2030;high-tech-2027-beibei;high-tech-2025-all-districts",
        "indicator=high_tech_firms,national_platforms": ";".join(SOME_TARGETS),
    },
    "area": {
        "area=beibei": "high-tech-2027-beibei",
        "area=city,beibei": "high-tech-2030;high-tech-2027-beibei;national-platforms-2027",
    },
    "year": {"year=2030": "high-tech-2030", "year=2027": "high-tech-2027-beibei;national-platforms-2027"},
    "superseded": {
        "superseded=true": "high-tech-2025-all-districts",
        "superseded=false": "high-tech-2030;high-tech-2027-beibei;national-platforms-2027",
    },
}
TABLES_OF_FINANCINGS: Cases = {"year": {"year=2024": "2024", "year=2025": "2025", "year=2026": ""}}
DISTRICTS = ("500106", "500112", "500157")
CODE_LISTS: Cases = {
    "in_force": {
        "in_force=true": "500106;500157",
        "in_force=false": "500112",
        "in_force=true&valid_on=2025-11-05": "500106;500112",
        "in_force=false&valid_on=2025-11-05": "500157",
        "valid_on=2025-11-06": "500106;500157",
    }
}
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
