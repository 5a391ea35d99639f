"""Lists of firms as files, and what is asked of their plans."""

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from django.db import connection

from companies.imports import commit_import, plan_import
from companies.models import Company, CompanyName
from registry.history.tables import tracked_models
from registry.models import District, User
from registry.sheets.plan import Plan, RowVerdict
from registry.sheets.reading import read_tables
from tests.samples import saved, uscc

Value = str | int | float | datetime.date | None
Rows = Sequence[Sequence[Value]]
ON = datetime.date(2026, 3, 2)
HEADINGS = [
    "企业名称",
    "统一社会信用代码",
    "成立日期",
    "注册资本（万元）",
    "所属区县",
    "证书编号",
    "发证日期",
    "有效期至",
]
HEADINGS += ["技术领域", "电子邮箱"]

rolled_back = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def write_csv(path: Path, rows: Rows, encoding: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["" if value is None else str(value) for value in row] for row in rows])
    path.write_bytes(text.getvalue().encode(encoding))


def write_xlsx(path: Path, rows: Rows, _encoding: str) -> None:
    with xlsxwriter.Workbook(path) as book:
        target, day_format = book.add_worksheet("名单"), book.add_format({"num_format": "yyyy-mm-dd"})
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, datetime.date):
                    target.write_datetime(row, column, value, day_format)
                elif value is not None:
                    target.write(row, column, value)


def write_xls(path: Path, rows: Rows, _encoding: str) -> None:
    book = xlwt.Workbook()
    target, day_format = book.add_sheet("名单"), xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, datetime.date):
                target.write(row, column, value, day_format)
            elif value is not None:
                target.write(row, column, value)
    book.save(str(path))


WRITERS: dict[str, Callable[[Path, Rows, str], None]] = {".csv": write_csv, ".xlsx": write_xlsx, ".xls": write_xls}


def plan(path: Path) -> Plan:
    return plan_import(read_tables(path), ON)


def commit(path: Path, user: User | None = None) -> Plan:
    return commit_import(read_tables(path), user, "import test", ON)


def row(found: Plan, number: int) -> RowVerdict:
    return next(row for row in found.rows if row.row_number == number)


def verdicts(found: Plan) -> list[tuple[int, str]]:
    return [(row.row_number, row.verdict.value) for row in found.rows]


def places(found: Plan) -> list[tuple[int, str]]:
    return [(problem.row_number, problem.column_title) for row in found.rows for problem in row.problems]


def told(verdict: RowVerdict) -> dict[str, tuple[str, str]]:
    return {difference.field: (difference.before, difference.after) for difference in verdict.differences}


def reasons(verdict: RowVerdict) -> str:
    return " ".join(f"{problem.reason} {problem.suggestion}" for problem in verdict.problems)


def firm(number: int, *names: str, since: str = "2015-03-01", **given: Any) -> Company:
    """A firm that bore the names one after another, each for a year, the last until today."""
    company: Company = saved(Company, uscc=uscc(number), **given)
    first = day(since)
    for place, name in enumerate(names):
        until = first.replace(year=first.year + place + 1) if place < len(names) - 1 else None
        saved(
            CompanyName,
            company=company,
            name_zh=name,
            valid_from=first.replace(year=first.year + place),
            valid_until=until,
        )
    return company


def district(name: str) -> District:
    return District.objects.get(name_zh=name)


def digest() -> str:
    """Of every row of every tracked table and its versions."""
    tables = [model._meta.db_table for model in tracked_models()]
    names = [f"{schema}.{table}" for table in tables for schema in ("public", "history")]
    names += ["public.registry_changeset", "public.registry_clock"]
    parts = [f"(SELECT md5(COALESCE(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t)" for name in names]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(concat({', '.join(parts)}))")
        return str(cursor.fetchone()[0])


def number_of(place: int) -> str:
    return f"GR202351{place:06d}"


def good_row(place: int) -> dict[str, Value]:
    """The cells of an invented firm by heading."""
    cells: list[Value] = [f"重庆山城{place}号精密机械有限公司", uscc(place), "2012-05-06", "1,200.5", "渝北区"]
    cells += [number_of(place), "2023-10-16", "2026-10-15", "电子信息技术", f"a{place}@example.org"]
    return dict(zip(HEADINGS, cells, strict=True))


def slip(code: str) -> str:
    return code[:17] + ("0" if code[17] != "0" else "1")


def as_table(rows: Iterable[dict[str, Value]], headings: Sequence[str] = HEADINGS) -> list[list[Value]]:
    return [list(headings), *([row[heading] for heading in headings] for row in rows)]
