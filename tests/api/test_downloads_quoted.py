"""What stands around a file: how it is quoted, named, described, refused and listed; it repeats to the byte."""

import datetime
import json
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet
import pytest
from django.db import connection
from django.test import Client

from registry.downloads.catalogue import datasets
from registry.history import last_recorded_at
from tests.api.addresses import BASE, DAY, FIGURES, LISTS, Endpoint, answer, named, route_of
from tests.api.files import FIRMS, GIVING_FILES, HIGH_TECH, content, csv_rows, day_of, download, notes
from tests.clocks import SetClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

# --- Clocks, tags, citation


def last_moment() -> str:
    moment = last_recorded_at()
    assert moment is not None
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("endpoint", [HIGH_TECH, FIRMS], ids=route_of)
def test_a_file_with_both_clocks_repeats_to_the_byte(client: Client, endpoint: Endpoint, form: str) -> None:
    given = {"valid_on": DAY, "known_at": last_moment(), "format": form}
    first, second = endpoint.get(client, **given), endpoint.get(client, **given)
    assert content(first) == content(second)
    assert int(first.headers["Content-Length"]) > 100
    tag = first.headers["ETag"]
    unchanged = client.get(endpoint.url(**given), headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", tag)
    other = client.get(endpoint.url(**given | {"valid_on": "2020-01-01"}), headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_before_the_first_change_a_file_has_its_columns_and_no_row(client: Client) -> None:
    data = download(client, FIRMS, "csv", known_at="2000-01-01T00:00:00Z")
    assert csv_rows(data) == [] and data.count(b"\r\n") == 1
    assert csv_rows(download(client, HIGH_TECH, "csv", known_at="2000-01-01T00:00:00Z"))[0]["value"] == "0"


def test_a_workbook_and_parquet_say_what_the_json_says(client: Client) -> None:
    given = {"valid_on": DAY, "known_at": last_moment(), "district": "500106"}
    figure = answer(client, HIGH_TECH.url(**given))
    said = notes(download(client, HIGH_TECH, "xlsx", **given))
    assert said["摘要"] == figure["digest"] and said["合计"] == str(figure["total"])
    assert said["引用文字"] == figure["citation"]["text"] and "district=500106" in said["筛选条件"]
    assert "虚构" in said["须知"] and "CC BY 4.0" in said["数据许可"]
    data = download(client, HIGH_TECH, "parquet", **given)
    metadata = pyarrow.parquet.read_metadata(pyarrow.BufferReader(data)).metadata
    assert metadata[b"digest"].decode() == figure["digest"]
    assert metadata[b"citation"].decode() == figure["citation"]["text"]


@pytest.mark.parametrize("endpoint", [e for e in GIVING_FILES if e not in LISTS], ids=route_of)
def test_the_address_of_a_citation_gives_the_answer_again(client: Client, clock: SetClock, endpoint: Endpoint) -> None:
    clock(f"{DAY}T12:00:00+08:00")
    found = answer(client, endpoint.url())
    cited = found.get("citation") or found["meta"]["citation"]
    assert cited["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert cited["url"] in cited["text"] and "虚构" in cited["text"]
    again = answer(client, cited["url"])
    assert again.get("digest") or again["meta"]["digest"], "both clocks are in it"
    assert steady(again) == steady(found)
    assert (again.get("citation") or again["meta"]["citation"])["url"] == cited["url"]


HANGING_ON_THE_CLOCKS = ("digest", "citation", "list", "next")
"""What differs by how the clocks were given; so do the addresses of firms behind parts."""


def steady(page: Any) -> Any:
    if isinstance(page, dict):
        return {
            name: steady(value)
            for name, value in page.items()
            if name not in HANGING_ON_THE_CLOCKS and not (name == "firms" and isinstance(value, str))
        }
    return [steady(one) for one in page] if isinstance(page, list) else page


# --- Names, headers, refusals


def test_the_file_is_named_twice(client: Client) -> None:
    response = HIGH_TECH.get(client, format="csv", valid_on=DAY, known_at=last_moment())
    ascii_name, _sep, named_so = response.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    assert ascii_name.startswith(f'attachment; filename="high-tech-firms_{DAY}_known-20') and ascii_name.isascii()
    known = ascii_name.rpartition("known-")[2].removesuffix('.csv"')
    assert unquote(named_so) == f"高新技术企业 {DAY} 知悉时点 {known}.csv"
    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Content-Language"] == "zh"


def test_the_file_is_named_by_what_it_was_narrowed_to(client: Client) -> None:
    """By what the caller gave, not by what goes without saying; what no file name may hold is replaced."""
    response = FIRMS.get(client, format="csv", lang="en", valid_on=DAY, district="500106", q="a/b:蓝")
    ascii_name, _sep, named_so = response.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    assert "companies" in ascii_name and "district-500106" in ascii_name and "seated" not in ascii_name
    assert {"district=500106", "q=a-b-蓝", DAY} <= set(unquote(named_so).split()) and "/" not in unquote(named_so)


def test_the_links_of_a_file_lead_to_its_columns_and_to_itself(client: Client) -> None:
    for endpoint in GIVING_FILES:
        response = endpoint.get(client, format="csv", **day_of(endpoint))
        rows = csv_rows(content(response))
        links = {
            part.split('rel="')[1].rstrip('"'): part.split(">")[0].strip(" <")
            for part in response.headers["Link"].split(", <")
        }
        (table,) = answer(client, links["describedby"])["tables"]
        described = {column["name"] for column in table["tableSchema"]["columns"]}
        assert set(rows[0]) <= described, endpoint.route
        assert client.get(links["cite-as"]).status_code == 200


def test_every_column_of_the_dictionary_is_told_in_chinese(client: Client) -> None:
    for table in answer(client, f"{BASE}dictionary/")["tables"]:
        for column in table["tableSchema"]["columns"]:
            told = column["titles"] + column["dc:description"]
            assert any("\u4e00" <= letter <= "\u9fff" for letter in column["titles"]), (table["url"], column)
            assert column["dc:description"], (table["url"], told)


@pytest.mark.parametrize(
    ("given", "parameter", "code"),
    [
        ("format=xls", "format", "unknown_choice"),
        ("format=CSV", "format", "unknown_choice"),
        ("format=csv&format=xlsx", "format", "repeated_parameter"),
        ("format=", "format", "empty_parameter"),
        ("format=csv&limit=10", "limit", "not_with_a_file"),
        ("format=xlsx&count=exact", "count", "not_with_a_file"),
        ("format=parquet&cursor=abc", "cursor", "not_with_a_file"),
        ("format=csv&distrct=500106", "distrct", "unknown_parameter"),
    ],
)
def test_what_cannot_be_a_file_is_refused_by_name(client: Client, given: str, parameter: str, code: str) -> None:
    response = client.get(f"{BASE}companies/?{given}")
    assert response.headers["Content-Type"] == "application/problem+json"
    (mistake,) = response.json()["errors"]
    assert (response.status_code, mistake["parameter"], mistake["code"]) == (400, parameter, code)


@pytest.mark.parametrize("route", ["companies/", "statistics/high-tech-firms/revisions/"])
def test_more_rows_than_a_file_holds_are_refused(client: Client, settings: Any, route: str) -> None:
    endpoint = named(route)
    rows = len(csv_rows(download(client, endpoint, "csv")))
    settings.MOST_ROWS_OF_A_FILE = rows
    assert len(csv_rows(download(client, endpoint, "csv"))) == rows
    settings.MOST_ROWS_OF_A_FILE = rows - 1
    problem = endpoint.get(client, format="parquet").json()
    assert [(m["parameter"], m["code"], m["nearest"]) for m in problem["errors"]] == [
        ("format", "too_many_rows", "json")
    ]
    assert str(rows - 1) in problem["detail"]


# --- For portals


def test_every_file_of_the_catalogue_can_be_had(client: Client) -> None:
    catalogue = answer(client, f"{BASE}catalogue/")
    assert catalogue["@type"] == "dcat:Catalog" and "重庆" in catalogue["dct:title"]
    datasets = {dataset["@id"]: dataset for dataset in catalogue["dcat:dataset"]}
    assert {f"http://testserver{endpoint.path}" for endpoint in FIGURES} <= datasets.keys()
    for dataset in datasets.values():
        assert dataset["dct:title"] and dataset["dct:description"]
        addresses = [one["dcat:accessURL"]["@id"] for one in dataset["dcat:distribution"]]
        assert [address.rsplit("=", 1)[1] for address in addresses] == ["json", "csv", "xlsx", "parquet"]
        response = client.get(addresses[1])
        assert response.status_code == 200, addresses[1]
        assert dataset["dcat:distribution"][1]["dcat:mediaType"]["@id"].endswith(response.headers["Content-Type"])


def test_a_page_can_tell_search_engines_of_a_figure() -> None:
    [dataset] = [one for one in datasets() if one.address == HIGH_TECH.path]
    told = dataset.schema_org("https://register.example")
    assert (told["@type"], told["url"]) == ("Dataset", f"https://register.example{HIGH_TECH.path}")
    assert json.loads(json.dumps(told))["distribution"][1]["contentUrl"].endswith("?format=csv")


@pytest.mark.parametrize("endpoint", [FIRMS, named("statistics/high-tech-firms/revisions/")], ids=route_of)
def test_a_file_may_take_longer_than_a_page(client: Client, endpoint: Endpoint) -> None:
    """All revisions of all firms come of one statement."""

    def limit(form: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5s'")
            content(endpoint.get(client, format=form))
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    assert (limit("csv"), limit("json")) == ("1min", "5s")
