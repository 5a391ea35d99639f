"""Every figure and list as CSV, XLSX and Parquet: the same rows and totals as in JSON, safe in a spreadsheet."""

import datetime
import io
import re
from typing import Any

import pytest
import xlsxwriter
from django.test import Client

from companies.models import Seat
from registry.downloads import lists
from tests.api.addresses import DAY, FIGURES, LISTS, Endpoint, answer, named, route_of, walk
from tests.api.files import (
    FIRMS,
    GIVING_FILES,
    HIGH_TECH,
    asked_in_duckdb,
    csv_rows,
    day_of,
    download,
    parquet_rows,
    sheets,
    xlsx_rows,
    xml_of_sheets,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


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


def test_a_formula_in_the_data_is_a_text_in_every_format(client: Client) -> None:
    trap = '=HYPERLINK("http://example.invalid")'
    Seat.objects.update(address=trap)
    given = {"valid_on": DAY, "fields": "uscc,address"}
    assert b"'=HYPERLINK" in download(client, FIRMS, "csv", **given)
    sheet = sheets(download(client, FIRMS, "xlsx", **given)).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (trap, "s")
    assert parquet_rows(download(client, FIRMS, "parquet", **given))[0]["address"] == trap
