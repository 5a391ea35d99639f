"""Files as their readers see them: rows by name of column, every value as text."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable
from typing import Any

import duckdb
import openpyxl
import python_calamine
from django.test import Client

from tests.api.addresses import DAY, ENDPOINTS, Endpoint, named

Rows = list[dict[str, str]]
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
HIGH_TECH, FIRMS = named("statistics/high-tech-firms/"), named("companies/")
GIVING_FILES = [endpoint for endpoint in ENDPOINTS if "format" in endpoint.parameters]


def day_of(endpoint: Endpoint) -> dict[str, Any]:
    return {"valid_on": DAY} if endpoint.has_day else {}


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def download(client: Client, endpoint: Endpoint, form: str, **given: Any) -> bytes:
    response = endpoint.get(client, format=form, **given)
    body = content(response)
    assert response.status_code == 200, (endpoint.route, form, body[:500])
    return body


def as_text(value: Any) -> str:
    """One spelling for what the formats write differently: no value, booleans, whole numbers, days with a time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).removesuffix(" 00:00:00")


def csv_rows(data: bytes) -> Rows:
    """As a reader that strips blanks gets them; fails on what is no strict CSV."""
    assert data.startswith(BYTE_ORDER_MARK)
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    return [dict(zip(lines[0], (cell.strip() for cell in line), strict=True)) for line in lines[1:]]


def sheets(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def xlsx_rows(data: bytes) -> list[list[str]]:
    """Without the head; a workbook has titles, and only the columns that differ from row to row."""
    sheet = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    return [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)[1:]]


def xml_of_sheets(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if name.startswith(("xl/worksheets/", "xl/externalLinks/"))]
        return "".join(package.read(name).decode() for name in names)


def notes(data: bytes) -> dict[str, str]:
    """The second sheet, by title, up to the columns."""
    told: dict[str, str] = {}
    for title, text, *_rest in sheets(data).worksheets[1].iter_rows(values_only=True):
        if title is None:
            break
        told[title] = text
    return told


def asked_in_duckdb(data: bytes, question: str) -> list[tuple[Any, ...]]:
    """`question` reads from `file`."""
    with tempfile.NamedTemporaryFile(suffix=".parquet") as kept:
        kept.write(data)
        kept.flush()
        with duckdb.connect() as connection:
            return connection.execute(question.replace("file", f"'{kept.name}'")).fetchall()


def parquet_rows(data: bytes) -> Rows:
    """Every column as DuckDB reads it; moments as texts in Shanghai's time would need its time zones."""
    names = [(row[0], row[1]) for row in asked_in_duckdb(data, "DESCRIBE SELECT * FROM file")]
    columns = ", ".join(f'epoch_us("{name}")' if kind.startswith("TIMESTAMP") else f'"{name}"' for name, kind in names)
    found = asked_in_duckdb(data, f"SELECT {columns} FROM file")
    return [{name: as_text(value) for (name, _kind), value in zip(names, row, strict=True)} for row in found]


READERS: dict[str, Callable[[bytes], Rows]] = {"csv": csv_rows, "parquet": parquet_rows}
