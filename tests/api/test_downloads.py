"""Every figure and list as CSV, XLSX and Parquet: the same rows and totals as in JSON, safe in a spreadsheet."""

import datetime
import io
import json
import re
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet
import pytest
import xlsxwriter
from django.db import connection
from django.test import Client

from companies.models import Seat
from registry.downloads import lists
from registry.history import last_recorded_at
from tests.api.addresses import BASE, DAY, FIGURES, LISTS, Endpoint, answer, named, route_of, walk
from tests.api.files import (
    GIVING_FILES,
    asked_in_duckdb,
    content,
    csv_rows,
    download,
    notes,
    parquet_rows,
    sheets,
    xlsx_rows,
    xml_of_sheets,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

HIGH_TECH = named("statistics/high-tech-firms/")
FIRMS = named("companies/")


def day_of(endpoint: Endpoint) -> dict[str, Any]:
    return {"valid_on": DAY} if endpoint.has_day else {}


def as_spelled(name: str, value: str) -> str:
    """A moment as Parquet holds it."""
    if name in ("known_at", "known_from", "known_to", "updated_at", "recorded_at", "released_at") and value:
        moment = datetime.datetime.fromisoformat(value)
        return str((moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1))
    return value


def plain(value: str) -> str:
    """A number without the zeros that a format may add or leave out."""
    return value.rstrip("0").rstrip(".") if "." in value and value.replace(".", "").lstrip("-").isdigit() else value


@pytest.mark.parametrize("endpoint", GIVING_FILES, ids=route_of)
def test_the_formats_hold_the_same_rows(client: Client, endpoint: Endpoint) -> None:
    given = day_of(endpoint)
    from_csv = csv_rows(download(client, endpoint, "csv", **given))
    assert from_csv, "the demonstration has rows for every file"
    from_parquet = parquet_rows(download(client, endpoint, "parquet", **given))
    assert [list(row) for row in from_csv] == [list(row) for row in from_parquet]
    spelled = [{name: as_spelled(name, value) for name, value in row.items()} for row in from_csv]
    assert [[*map(plain, row.values())] for row in spelled] == [[*map(plain, row.values())] for row in from_parquet]
    workbook = download(client, endpoint, "xlsx", **given)
    assert not LIVE.search(xml_of_sheets(workbook))
    assert [name for name, meaning in explained(workbook) if not meaning] == []
    from_xlsx = xlsx_rows(workbook)
    shown = [list(row.values())[: len(from_xlsx[0])] for row in from_csv]
    assert [[*map(plain, row)] for row in shown] == [[*map(plain, row)] for row in from_xlsx]


def explained(workbook: bytes) -> list[tuple[Any, Any]]:
    """The columns and their meanings, as the second sheet tells them."""
    rows = list(sheets(workbook).worksheets[1].iter_rows(values_only=True, max_col=3))
    heading = next(place for place, row in enumerate(rows) if row[2])
    assert rows[heading + 1 :]
    return [(name, meaning) for _title, name, meaning in rows[heading + 1 :]]


LIVE = re.compile(r"<f[ >]|<hyperlink|<externalLink")
"""What a spreadsheet would compute, or follow."""


def test_a_formula_in_a_workbook_would_be_noticed() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write(0, 0, "=1+1")
    assert LIVE.search(xml_of_sheets(file.getvalue()))


def told(client: Client, endpoint: Endpoint, **given: Any) -> list[dict[str, Any]]:
    """Every entry of the list, as JSON pages have them."""
    return walk(client, endpoint.url(limit=500, **given))


LISTED = [endpoint for endpoint in LISTS if endpoint in GIVING_FILES and endpoint.route[:10] != "statistics"]


@pytest.mark.parametrize("endpoint", LISTED, ids=route_of)
def test_a_list_is_given_whole_and_in_its_order(
    client: Client, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by several pages, as a long one is."""
    monkeypatch.setattr(lists, "MOST_LIMIT", 40)
    asked = [{"order": f"-{order.name}"} for order in endpoint.view.orders[:2]]
    for more in [*asked, {"q": "重庆"}] if "q" in endpoint.parameters else asked:
        given = {**day_of(endpoint), **more}
        rows = csv_rows(download(client, endpoint, "csv", **given))
        assert [row["id"] for row in rows] == [str(entry["id"]) for entry in told(client, endpoint, **given)]


def test_nested_members_are_columns_and_lists_are_joined(client: Client) -> None:
    given = {"valid_on": DAY, "certified": "high_tech"}
    firms = told(client, FIRMS, **given)
    rows = csv_rows(download(client, FIRMS, "csv", **given))
    for firm, row in zip(firms, rows, strict=True):
        assert row["uscc"] == firm["uscc"]
        assert row["district_code"] == (firm["district"]["code"] if firm["district"] else "")
        numbers = ";".join(held["number"] for held in firm["certifications"])
        assert row["certifications_number"] == numbers
        assert row["hub_name"] == (firm["hub"]["name"] if firm["hub"] else "")


def test_fields_choose_the_columns(client: Client) -> None:
    data = download(client, FIRMS, "csv", fields="name,uscc,district.name,certifications.kind.code", lang="en")
    assert list(csv_rows(data)[0]) == ["uscc", "name", "district_name", "certifications_kind_code"]


@pytest.mark.parametrize("endpoint", FIGURES, ids=route_of)
def test_a_figure_has_the_groups_and_the_total_of_its_json(client: Client, endpoint: Endpoint) -> None:
    names = [dimension.name for dimension in endpoint.view.metric.dimensions]
    for asked in ([names[0]], names[2:4], names[-3:]):
        given = {**day_of(endpoint), "group_by": ",".join(asked)}
        figure = answer(client, endpoint.url(**given))
        rows = csv_rows(download(client, endpoint, "csv", **given))
        found = [([row[name] for name in asked], row["value"]) for row in rows]
        assert found == [
            ([str(group["key"][name]) for name in asked], str(group["value"])) for group in figure["groups"]
        ]
        assert {row["total"] for row in rows} == {str(figure["total"])}
        assert {row["flags"] for row in rows} == {";".join(flag["code"] for flag in figure["flags"])}
        assert [row[f"{asked[0]}_label"] for row in rows] == [g["label"][asked[0]] for g in figure["groups"]]


def test_duckdb_adds_a_figure_up_to_its_total(client: Client) -> None:
    given = {"valid_on": DAY, "group_by": "district,hub"}
    data = download(client, HIGH_TECH, "parquet", **given)
    total = answer(client, HIGH_TECH.url(**given))["total"]
    assert asked_in_duckdb(data, "SELECT sum(value), any_value(total), typeof(sum(value)) FROM file")[0][:2] == (
        total,
        total,
    )
    amounts = named("statistics/financing-amount/")
    data = download(client, amounts, "parquet", group_by="instrument")
    ((summed, kind),) = asked_in_duckdb(data, "SELECT sum(value), any_value(typeof(value)) FROM file")
    assert (f"{summed:.4f}", kind) == (answer(client, amounts.url())["total"], "DECIMAL(18,4)")


def test_parquet_has_real_types(client: Client) -> None:
    data = download(client, FIRMS, "parquet", valid_on=DAY)
    kinds = {row[0]: row[1] for row in asked_in_duckdb(data, "DESCRIBE SELECT * FROM file")}
    assert {name: kinds[name] for name in ("uscc", "established_on", "latitude", "is_invented", "version")} == {
        "uscc": "VARCHAR",
        "established_on": "DATE",
        "latitude": "DECIMAL(8,5)",
        "is_invented": "BOOLEAN",
        "version": "BIGINT",
    }
    assert kinds["updated_at"] == "TIMESTAMP WITH TIME ZONE"


def test_days_of_a_workbook_are_days(client: Client) -> None:
    book = sheets(download(client, FIRMS, "xlsx", valid_on=DAY, fields="uscc,established_on"))
    sheet = book.worksheets[0]
    assert (book.sheetnames, sheet.freeze_panes) == (["数据", "说明"], "A2")
    assert [cell.value for cell in sheet[1]] == ["统一社会信用代码", "成立日期"]
    assert sheet["A2"].number_format == "@" and isinstance(sheet["B2"].value, datetime.datetime)


# --- Over time


def test_the_rows_of_a_bridge_add_up_to_its_closing_stock(client: Client) -> None:
    bridge = named("statistics/high-tech-firms/bridge/")
    rows = csv_rows(download(client, bridge, "csv"))
    found = answer(client, bridge.url())
    assert [(row["key"], int(row["value"])) for row in rows] == [
        ("opening", found["opening"]),
        *((part["key"], part["value"]) for part in found["parts"]),
    ]
    assert sum(int(row["value"]) for row in rows) == found["closing"] == int(rows[0]["closing"])


def test_a_series_is_one_row_a_day_and_group(client: Client) -> None:
    series = named("statistics/high-tech-firms/series/")
    found = answer(client, series.url(by="year", group_by="zone"))
    rows = csv_rows(download(client, series, "csv", by="year", group_by="zone"))
    assert [(row["day"], row["zone"], int(row["value"]), int(row["total"])) for row in rows] == [
        (point["day"], group["key"]["zone"], group["values"][place], point["value"])
        for place, point in enumerate(found["points"])
        for group in found["groups"]
    ]


@pytest.mark.parametrize(
    ("route", "member", "sign"),
    [
        ("statistics/high-tech-firms/revisions/", "firms", "value"),
        ("statistics/high-tech-firms/bridge/<str:part>/", "data", "value"),
        ("statistics/high-tech-firms/renewal-cliff/", "buckets", "firms"),
    ],
)
def test_firms_and_periods_are_those_of_the_json(client: Client, route: str, member: str, sign: str) -> None:
    endpoint = named(route)
    given = {"limit": 500} if "limit" in endpoint.parameters else {}
    found = answer(client, endpoint.url(**given))[member]
    rows = csv_rows(download(client, endpoint, "csv"))
    first = next(iter(found[0]))
    assert [(row[first], row[sign]) for row in rows] == [(one[first], str(one[sign])) for one in found]


def test_a_projection_is_one_row_a_year(client: Client) -> None:
    projection = named("targets/<str:code>/projection/")
    found = answer(client, projection.url(valid_on=DAY))["data"]
    rows = csv_rows(download(client, projection, "csv", valid_on=DAY))
    assert [(row["day"], row["median"]) for row in rows] == [(one["day"], str(one["median"])) for one in found["path"]]
    assert {row["target"] for row in rows} == {"high-tech-2030"}


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
def test_the_address_of_a_citation_gives_the_answer_again(client: Client, endpoint: Endpoint) -> None:
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
    problem = endpoint.get(client, format="csv").json()
    assert [(m["parameter"], m["code"], m["nearest"]) for m in problem["errors"]] == [
        ("format", "too_many_rows", "json")
    ]
    assert str(rows - 1) in problem["detail"]


def test_a_formula_in_the_data_is_a_text_in_every_format(client: Client) -> None:
    trap = '=HYPERLINK("http://example.invalid")'
    Seat.objects.update(address=trap)
    given = {"valid_on": DAY, "fields": "uscc,address"}
    assert b"'=HYPERLINK" in download(client, FIRMS, "csv", **given)
    sheet = sheets(download(client, FIRMS, "xlsx", **given)).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (trap, "s")
    assert parquet_rows(download(client, FIRMS, "parquet", **given))[0]["address"] == trap


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
    from registry.downloads.catalogue import schema_org

    told = schema_org(HIGH_TECH.path, "https://register.example")
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
