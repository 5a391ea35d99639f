"""Sheets of firms: the plan names what it would do, and a commit does that or nothing."""

import csv
import datetime
import io
import random
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from django.core.management import CommandError, call_command
from django.db import connection

from companies.imports import commit_import, plan_import
from companies.models import Certification, CertificationKind, Company, CompanyName, Residency, Seat
from incubators.models import Incubator
from registry.history.tables import tracked_models
from registry.models import ChangeSet, District, ReportingUnit, User
from registry.sheets.plan import Plan, RowVerdict, Verdict, render
from registry.sheets.reading import read_tables
from tests.samples import saved, uscc

Value = str | int | float | datetime.date | None
Rows = Sequence[Sequence[Value]]
ON = datetime.date(2026, 3, 2)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
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


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """`sheet(rows, "a.csv", encoding)` writes the rows as they are."""

    def make(rows: Rows, name: str = "名单.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        WRITERS[path.suffix](path, rows, encoding)
        return path

    return make


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


# Kind of fault -> how often, the heading that the plan must name, and what the row holds instead.
FAULTS: list[tuple[int, str, Callable[[int], dict[str, Value]]]] = [
    (4, "统一社会信用代码", lambda n: {"统一社会信用代码": slip(uscc(n))}),
    (4, "统一社会信用代码", lambda n: {"统一社会信用代码": uscc(n)[:13]}),
    (3, "统一社会信用代码", lambda n: {"统一社会信用代码": "9.15001E+17"}),
    (4, "企业名称", lambda n: {"统一社会信用代码": None}),
    (4, "发证日期", lambda n: {"发证日期": "2023-02-30"}),
    (4, "所属区县", lambda n: {"所属区县": "成都市武侯区"}),
    (4, "技术领域", lambda n: {"技术领域": "炼金术"}),
    (3, "有效期至", lambda n: {"有效期至": "2021-01-01"}),
    (3, "证书编号", lambda n: {"证书编号": number_of(900_000 + n % 3)}),
    (4, "电子邮箱", lambda n: {"电子邮箱": "not an address"}),
]


def list_with_faults(count: int, seed: int) -> tuple[list[dict[str, Value]], dict[int, str]]:
    """Rows, and place of each wrong one -> heading of the wrong cell."""
    kinds = [(heading, change) for times, heading, change in FAULTS for _ in range(times)]
    where = random.Random(seed).sample(range(count), len(kinds))
    rows = [good_row(place) for place in range(1, count + 1)]
    for place, (_heading, change) in zip(where, kinds, strict=True):
        rows[place] |= change(place + 1)
    return rows, {place: heading for place, (heading, _change) in zip(where, kinds, strict=True)}


def as_table(rows: Iterable[dict[str, Value]], headings: Sequence[str] = HEADINGS) -> list[list[Value]]:
    return [list(headings), *([row[heading] for heading in headings] for row in rows)]


@pytest.fixture
def holder_of_three_numbers() -> Company:
    """Another firm already holds the certificate numbers that one kind of fault claims."""
    company = firm(999_999, "重庆别家有限公司")
    kind = CertificationKind.objects.get(code="high_tech")
    for place in range(3):
        saved(
            Certification,
            company=company,
            kind=kind,
            number=number_of(900_000 + place),
            issued_on=day(f"202{place}-01-05"),
        )
    return company


@rolled_back
def test_all_37_wrong_rows_of_2000_are_named_by_row_and_column(
    sheet: Callable[..., Path], holder_of_three_numbers: Company
) -> None:
    rows, faults = list_with_faults(2000, seed=37)
    found = plan(sheet(as_table(rows)))
    assert sorted(places(found)) == sorted((place + 2, heading) for place, heading in faults.items())
    assert len(faults) == 37
    assert {number for number, verdict in verdicts(found) if verdict == "wrong"} == {place + 2 for place in faults}
    assert found.counts[Verdict.NEW] == 1963
    text = render(found, 50)
    assert [place for place in faults if str(place + 2) not in text] == []
    assert "重庆别家有限公司" in text


FORMATS = [
    ("a.xlsx", "", 1),
    ("a.xls", "", 2),
    ("a.csv", "utf-8", 3),
    ("b.csv", "utf-8-sig", 4),
    ("c.csv", "gb18030", 5),
]


@rolled_back
def test_order_of_columns_banners_and_encoding_do_not_matter(
    sheet: Callable[..., Path], holder_of_three_numbers: Company
) -> None:
    rows, _faults = list_with_faults(60, seed=5)
    seen = []
    for name, encoding, seed in FORMATS:
        headings = random.Random(seed).sample(HEADINGS, len(HEADINGS))
        banner: list[Value] = ["2023年高新技术企业名单", *[None] * (len(HEADINGS) - 1)]
        blank: list[Value] = [None] * len(HEADINGS)
        found = plan(sheet([banner, blank, *as_table(rows, headings)], name, encoding))
        seen.append(
            [
                (
                    row.row_number,
                    row.verdict,
                    {(p.column_title, p.value, p.reason) for p in row.problems},
                    set(row.differences),
                )
                for row in found.rows
            ]
        )
    assert len({len(rows) for rows in seen}) == 1
    assert all(other == seen[0] for other in seen[1:])
    assert {row[1] for row in seen[0]} == {Verdict.NEW, Verdict.WRONG}


def test_plan_writes_nothing(committed_db: str, sheet: Callable[..., Path]) -> None:
    firm(1, "重庆山城1号精密机械有限公司")
    before = digest()
    found = plan(sheet(as_table([good_row(1), good_row(2)])))
    assert verdicts(found) == [(2, "changed"), (3, "new")]
    assert digest() == before


def test_commit_writes_what_the_plan_told_and_the_same_file_again_changes_nothing(
    committed_db: str, sheet: Callable[..., Path]
) -> None:
    path = sheet(as_table([good_row(place) for place in range(1, 301)]))
    user = User.objects.create_user("registrar-1", role="registrar")
    assert commit(path, user).counts[Verdict.NEW] == 300
    change = ChangeSet.objects.latest("sequence")
    assert (change.actor, change.reason) == (user, "import test")
    company = Company.objects.get(uscc=uscc(7))
    assert company.registered_capital == Decimal("1200.5")
    assert (company.established_on, company.contact_email) == (day("2012-05-06"), "a7@example.org")
    name = company.names.get()
    assert (name.name_zh, name.valid_from) == ("重庆山城7号精密机械有限公司", day("2012-05-06"))
    assert name.pinyin.startswith("chong qing shan cheng")
    certificate = company.certifications.get()
    assert (certificate.number, certificate.kind.code) == (number_of(7), "high_tech")
    assert (certificate.issued_on, certificate.valid_until) == (day("2023-10-16"), day("2026-10-16"))
    assert certificate.technology_field is not None
    assert certificate.technology_field.code == "1"

    before = digest()
    again = commit(path)
    assert {verdict for _number, verdict in verdicts(again)} == {"same"}
    assert digest() == before


def test_one_late_wrong_row_leaves_nothing_behind(committed_db: str, sheet: Callable[..., Path]) -> None:
    rows = [good_row(place) for place in range(1, 601)]
    rows[-1]["有效期至"] = "2020-01-01"  # only the database knows
    before = digest()
    found = commit(sheet(as_table(rows)))
    assert places(found) == [(601, "有效期至")]
    assert not found.is_clean
    assert digest() == before


def test_two_commits_at_once_create_each_firm_once(committed_db: str, sheet: Callable[..., Path]) -> None:
    table = read_tables(sheet(as_table([good_row(place) for place in range(1, 40)])))

    def run(_number: int) -> set[str]:
        try:
            return {verdict for _row, verdict in verdicts(commit_import(table, None, "import twin", ON))}
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, range(2)))
    assert sorted(map(sorted, results)) == [["new"], ["same"]]
    assert ChangeSet.objects.filter(reason="import twin").count() == 1


@rolled_back
def test_row_without_code_matches_by_current_and_former_name(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆旧名科技有限公司", "福安药业（集团）股份有限公司")
    rows: Rows = [
        ["企业名称", "联系人"],
        ["福安药业(集团)股份有限公司", "甲"],
        ["重慶舊名科技有限公司", "甲"],
    ]
    found = plan(sheet(rows))
    assert verdicts(found) == [(2, "changed"), (3, "same")]
    assert told(row(found, 2)) == {"联系人": ("", "甲")} or list(told(row(found, 2)).values()) == [("", "甲")]


@rolled_back
def test_row_without_code_never_creates_and_names_the_nearest_firm(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆云帆智能科技有限公司")
    found = plan(sheet([["企业名称", "证书编号"], ["重庆云帆智能科枝有限公司", ""], ["不相干", ""]]))
    assert verdicts(found) == [(2, "wrong"), (3, "wrong")]
    assert row(found, 2).problems[0].suggestion == "重庆云帆智能科技有限公司"
    assert row(found, 3).problems[0].suggestion == ""


@rolled_back
def test_name_of_two_firms_is_ambiguous_with_both_named(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆同名有限公司")
    firm(2, "重庆同名有限公司", "重庆新名有限公司")
    found = row(plan(sheet([["企业名称", "联系人"], ["重庆同名有限公司", "甲"]])), 2)
    assert found.verdict is Verdict.AMBIGUOUS
    assert found.candidates == (f"{uscc(1)} 重庆同名有限公司", f"{uscc(2)} 重庆新名有限公司")


@rolled_back
def test_unknown_code_of_a_known_name_is_ambiguous(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆同名有限公司")
    found = row(plan(sheet([["企业名称", "信用代码"], ["重庆同名有限公司", uscc(2)]])), 2)
    assert (found.verdict, found.candidates) == (Verdict.AMBIGUOUS, (f"{uscc(1)} 重庆同名有限公司",))


@rolled_back
def test_code_with_one_slip_brings_the_right_one_as_suggestion(sheet: Callable[..., Path]) -> None:
    found = row(plan(sheet([["企业名称", "信用代码"], ["重庆甲有限公司", slip(uscc(5))]])), 2)
    assert found.verdict is Verdict.WRONG
    assert uscc(5) in found.problems[0].suggestion


@rolled_back
def test_new_name_without_its_day_is_ambiguous_and_with_it_a_renaming(sheet: Callable[..., Path]) -> None:
    company = firm(1, "重庆旧名有限公司")
    without = plan(sheet([["企业名称", "信用代码"], ["重庆新名有限公司", uscc(1)]]))
    assert verdicts(without) == [(2, "ambiguous")]
    assert "重庆旧名有限公司" in reasons(row(without, 2))
    renaming: Rows = [["企业名称", "信用代码", "更名日期"], ["重庆新名有限公司", uscc(1), "2024-02-29"]]
    assert verdicts(commit(sheet(renaming))) == [(2, "changed")]
    names = list(company.names.order_by("valid_from").values_list("name_zh", "valid_from", "valid_until"))
    assert names == [
        ("重庆旧名有限公司", day("2015-03-01"), day("2024-02-29")),
        ("重庆新名有限公司", day("2024-02-29"), None),
    ]
    assert verdicts(plan(sheet(renaming))) == [(2, "same")]


@rolled_back
def test_blank_cells_erase_nothing(sheet: Callable[..., Path]) -> None:
    company = firm(1, "重庆甲有限公司", contact_name="甲", registered_capital=Decimal(50))
    rows: Rows = [["企业名称", "信用代码", "联系人", "注册资本"], ["重庆甲有限公司", uscc(1), "—", ""]]
    assert verdicts(commit(sheet(rows))) == [(2, "same")]
    company.refresh_from_db()
    assert (company.contact_name, company.registered_capital) == ("甲", Decimal(50))


@rolled_back
def test_changes_are_told_field_by_field(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆甲有限公司", registered_capital=Decimal(50), established_on=day("2015-03-01"))
    rows: Rows = [["企业名称", "信用代码", "注册资本（元）", "成立日期"]]
    found = plan(sheet([*rows, ["重庆甲有限公司", uscc(1), "1000000", "2015年3月1日"]]))
    assert list(told(row(found, 2)).values()) == [("50", "100")]


@rolled_back
def test_rows_of_one_firm_repeat_add_or_contradict(sheet: Callable[..., Path]) -> None:
    head: list[Value] = ["企业名称", "信用代码", "联系人", "证书编号", "发证日期"]
    name, code = "重庆甲有限公司", uscc(1)
    rows: Rows = [
        head,
        [name, code, "甲", "GR202051100001", "2020-10-09"],
        [name, code, "甲", "GR202051100001", "2020-10-09"],
        [name, code, "甲", "GR202351100001", "2023-10-16"],
        [name, code, "乙", "", ""],
        ["重庆乙有限公司", code, "甲", "", ""],
        ["重庆丙有限公司", uscc(2), "", "GR202351100001", "2023-10-16"],
    ]
    found = plan(sheet(rows))
    assert verdicts(found) == [(2, "new"), (3, "same"), (4, "changed"), (5, "wrong"), (6, "wrong"), (7, "wrong")]
    assert places(found) == [(5, "联系人"), (6, "企业名称"), (7, "证书编号")]
    assert "甲" in reasons(row(found, 5))
    assert "2" in reasons(row(found, 5))
    assert name in reasons(row(found, 7))
    assert any(note.endswith("3)。") or "3)" in note for note in found.notes)


@rolled_back
def test_name_and_seat_of_a_new_firm_begin_on_the_first_day_that_the_file_knows(sheet: Callable[..., Path]) -> None:
    rows: Rows = [
        ["企业名称", "信用代码", "所属区县", "证书编号", "发证日期"],
        ["重庆甲有限公司", uscc(1), "九龙坡", "GR202351100001", "2023-10-16"],
        ["重庆甲有限公司", uscc(1), "重庆市九龙坡区", "GR202051100001", "2020-10-09"],
        ["重庆乙有限公司", uscc(2), "500107", "", ""],
    ]
    assert commit(sheet(rows)).is_clean
    seats = Seat.objects.order_by("company__uscc").values_list("company__uscc", "district__name_zh", "valid_from")
    assert list(seats) == [(uscc(1), "九龙坡区", day("2020-10-09")), (uscc(2), "九龙坡区", ON)]


@pytest.mark.parametrize(
    ("written", "since", "expected"),
    [
        ("渝北区", "2015-03-01", [("渝北区", "2015-03-01", "2025-11-06"), ("两江新区", "2025-11-06", None)]),
        ("渝北区", "2025-11-06", [("两江新区", "2025-11-06", None)]),
        ("渝北区", "2025-11-05", [("渝北区", "2025-11-05", "2025-11-06"), ("两江新区", "2025-11-06", None)]),
        ("两江新区", "2015-03-01", [(None, "2015-03-01", "2025-11-06"), ("两江新区", "2025-11-06", None)]),
        ("石柱县", "2015-03-01", [("石柱土家族自治县", "2015-03-01", None)]),
        ("渝中", "2015-03-01", [("渝中区", "2015-03-01", None)]),
    ],
)
@rolled_back
def test_abolished_district_is_followed_by_its_successor_and_told(
    sheet: Callable[..., Path], written: str, since: str, expected: list[tuple[str | None, str, str | None]]
) -> None:
    rows: Rows = [["企业名称", "信用代码", "所属区县", "成立日期"], ["重庆甲有限公司", uscc(1), written, since]]
    found = commit(sheet(rows))
    seats = Seat.objects.values_list("district__name_zh", "valid_from", "valid_until")
    assert [(name, str(start), str(end) if end else None) for name, start, end in seats] == expected
    assert any("2025-11-06" in note for note in found.notes) == ("两江新区" in [name for name, _f, _u in expected])
    assert verdicts(commit(sheet(rows))) == [(2, "same")]


MERGED = "2011-10-22"


@pytest.mark.parametrize(
    ("written", "since", "expected"),
    [
        ("万盛区", "2005-01-01", [("万盛区", "万盛区", "2005-01-01"), ("綦江区", "万盛经开区", MERGED)]),
        ("万盛", "2015-01-01", [("綦江区", "万盛经开区", "2015-01-01")]),
        ("大足县", "2005-01-01", [("大足县", None, "2005-01-01"), ("大足区", None, MERGED)]),
        ("双桥区", "2015-01-01", [("大足区", None, "2015-01-01")]),
        ("大足", "2015-01-01", [("大足区", None, "2015-01-01")]),
        ("500110", "2015-01-01", [("綦江区", None, "2015-01-01")]),
        ("綦江区", "2005-01-01", [(None, None, "2005-01-01"), ("綦江区", None, MERGED)]),
    ],
)
@rolled_back
def test_a_district_that_gave_its_code_away_is_followed_by_what_it_became(
    sheet: Callable[..., Path], written: str, since: str, expected: list[tuple[str | None, str | None, str]]
) -> None:
    rows: Rows = [["企业名称", "信用代码", "所属区县", "成立日期"], ["重庆甲有限公司", uscc(1), written, since]]
    commit(sheet(rows))
    seats = Seat.objects.values_list("district__name_zh", "reporting_unit__name_zh", "valid_from")
    assert [(district, unit, str(start)) for district, unit, start in seats] == expected
    assert verdicts(commit(sheet(rows))) == [(2, "same")]


@rolled_back
def test_zone_in_the_district_column_is_a_reporting_unit(sheet: Callable[..., Path]) -> None:
    rows: Rows = [["企业名称", "信用代码", "所属区县"], ["重庆甲有限公司", uscc(1), "高新区"]]
    assert commit(sheet(rows)).is_clean
    seat = Seat.objects.get()
    assert seat.district is None
    assert seat.reporting_unit == ReportingUnit.objects.get(code="cq_hightech_zone")


@rolled_back
def test_address_alone_seats_no_firm_in_the_city(sheet: Callable[..., Path]) -> None:
    found = commit(sheet([["企业名称", "信用代码", "地址"], ["重庆甲有限公司", uscc(1), "成都市天府大道1号"]]))
    assert verdicts(found) == [(2, "new")]
    assert not Seat.objects.exists()
    assert [note for note in found.notes if "address" in note]


@rolled_back
def test_district_that_the_firm_has_left_changes_nothing(sheet: Callable[..., Path]) -> None:
    company, moved = firm(1, "重庆甲有限公司"), day("2024-07-01")
    saved(Seat, company=company, district=district("渝中区"), valid_from=day("2015-03-01"), valid_until=moved)
    saved(Seat, company=company, district=district("江津区"), valid_from=moved)
    found = plan(sheet([["企业名称", "信用代码", "区县"], ["重庆甲有限公司", uscc(1), "渝中区"]]))
    assert verdicts(found) == [(2, "same")]
    assert [note for note in found.notes if "has since left" in note]


@rolled_back
def test_another_district_is_ambiguous_because_a_move_needs_its_day(sheet: Callable[..., Path]) -> None:
    company = firm(1, "重庆甲有限公司")
    saved(Seat, company=company, district=district("渝中区"), valid_from=day("2015-03-01"))
    head: list[Value] = ["企业名称", "信用代码", "所属区县", "地址"]
    found = plan(sheet([head, ["重庆甲有限公司", uscc(1), "江津区", ""]]))
    assert verdicts(found) == [(2, "ambiguous")]
    assert (places(found), "渝中区" in reasons(row(found, 2))) == ([(2, "所属区县")], True)
    found = plan(sheet([head, ["重庆甲有限公司", uscc(1), "渝中区", "民权路1号"]]))
    assert list(told(row(found, 2)).values()) == [("", "民权路1号")]


@rolled_back
def test_successor_of_the_seats_district_hands_the_seat_over(sheet: Callable[..., Path]) -> None:
    company = firm(1, "重庆甲有限公司")
    saved(Seat, company=company, district=district("渝北区"), valid_from=day("2015-03-01"))
    rows: Rows = [["企业名称", "信用代码", "所属区县"], ["重庆甲有限公司", uscc(1), "两江新区"]]
    assert verdicts(commit(sheet(rows))) == [(2, "changed")]
    seats = list(company.seats.values_list("district__name_zh", "valid_from", "valid_until"))
    abolished = day("2025-11-06")
    assert seats == [("渝北区", day("2015-03-01"), abolished), ("两江新区", abolished, None)]


@rolled_back
def test_certificate_is_met_by_number_or_day_and_follows_its_rule(sheet: Callable[..., Path]) -> None:
    company = firm(1, "重庆甲有限公司")
    kind = CertificationKind.objects.get(code="high_tech")
    saved(
        Certification, company=company, kind=kind, number="", issued_on=day("2023-10-16"), valid_until=day("2026-10-16")
    )
    rows: Rows = [
        ["企业名称", "信用代码", "证书编号", "发证日期"],
        ["重庆甲有限公司", uscc(1), "GR202351100001", "2023-10-16"],
    ]
    assert verdicts(commit(sheet(rows))) == [(2, "changed")]
    assert list(company.certifications.values_list("number", flat=True)) == ["GR202351100001"]
    rows = [*rows[:1], ["重庆甲有限公司", uscc(1), "GR202351100001", "2024-02-29"]]
    assert verdicts(commit(sheet(rows))) == [(2, "changed")]
    assert list(company.certifications.values_list("issued_on", "valid_until")) == [
        (day("2024-02-29"), day("2027-03-01"))
    ]


@rolled_back
def test_each_fault_of_a_row_is_told_once_with_its_cell(sheet: Callable[..., Path]) -> None:
    rows: Rows = [
        ["企业名称", "信用代码", "联系电话", "证书编号", "发证日期"],
        ["重庆甲有限公司", uscc(1), "1" * 41, "X" * 41, "2023-01-01"],
        ["重庆А有限公司", uscc(2), "", "", ""],  # the letter is Cyrillic
        ["", uscc(3), "", "", ""],
        ["重庆乙有限公司", uscc(4), "", "", "1975-01-01"],
        ["", "", "138", "GR202351100001", ""],
    ]
    found = plan(sheet(rows))
    assert places(found) == [
        (2, "联系电话"),
        (2, "证书编号"),
        (3, "企业名称"),
        (4, "企业名称"),
        (5, "发证日期"),
        (6, "企业名称"),
    ]
    assert found.counts[Verdict.WRONG] == 5


@rolled_back
def test_new_certificate_without_its_day_is_wrong(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆甲有限公司")
    found = plan(sheet([["企业名称", "信用代码", "证书编号"], ["重庆甲有限公司", uscc(1), "GR202351100001"]]))
    assert places(found) == [(2, "证书编号")]


@rolled_back
def test_stay_that_overlaps_another_is_wrong_before_anything_is_written(sheet: Callable[..., Path]) -> None:
    first, second = saved(Incubator, name_zh="甲孵化器"), saved(Incubator, name_zh="乙孵化器")
    company = firm(1, "重庆甲有限公司")
    saved(Residency, company=company, incubator=first, entered_on=day("2022-01-01"))
    head: list[Value] = ["企业名称", "信用代码", "孵化器", "入驻日期", "离开日期"]
    name, code = "重庆甲有限公司", uscc(1)
    found = plan(sheet([head, [name, code, second.code, "2023-01-01", ""]]))
    assert places(found) == [(2, "入驻日期")]
    rows: Rows = [head, [name, code, "甲孵化器", "", "2023-01-01"], [name, code, "乙孵化器", "2023-01-01", ""]]
    assert verdicts(commit(sheet(rows))) == [(2, "changed"), (3, "changed")]
    stays = company.residencies.values_list("incubator__name_zh", "entered_on", "left_on")
    assert list(stays) == [
        ("甲孵化器", day("2022-01-01"), day("2023-01-01")),
        ("乙孵化器", day("2023-01-01"), None),
    ]


@rolled_back
def test_columns_that_the_import_does_not_use_are_told(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆甲有限公司")
    found = plan(sheet([["企业名称", "员工数", "高校", "备注"], ["重庆甲有限公司", "12", "重庆大学", "x"]]))
    assert [column.title for column in found.columns_not_read] == ["员工数", "高校", "备注"]
    assert [title for title in ("员工数", "高校") if not any(title in note for note in found.notes)] == []


@rolled_back
def test_spellings_of_fields_and_kinds(sheet: Callable[..., Path]) -> None:
    rows: Rows = [
        ["企业名称", "信用代码", "技术领域", "资质类型", "发证日期", "行业", "战略领域"],
        ["重庆甲有限公司", uscc(1), "八、先进制造与自动化", "高企", "2023-10-16", "C39", "人工智能"],
        ["重庆乙有限公司", uscc(2), "资源与环境技术", "专精特新", "2023-10-16", "6513", "F15"],
    ]
    assert commit(sheet(rows)).is_clean
    facts = Certification.objects.order_by("company__uscc").values_list(
        "technology_field__code",
        "kind__code",
        "company__industry__code",
        "company__strategic_field__code",
        "company__hub__code",
    )
    assert list(facts) == [("8", "high_tech", "C", "F01", "H1"), ("7", "specialised_sme", "I", "F15", "H4")]


def test_command_prints_the_plan_and_refuses_to_commit_a_wrong_one(
    committed_db: str, sheet: Callable[..., Path]
) -> None:
    good, bad = sheet(as_table([good_row(1)])), sheet(as_table([good_row(2) | {"成立日期": "昨天"}]), "坏.csv")
    out = io.StringIO()
    before = digest()
    call_command("import_firms", good, stdout=out)
    with pytest.raises(CommandError):
        call_command("import_firms", bad, "--commit", stdout=out)
    assert "C2 成立日期" in out.getvalue()
    with pytest.raises(CommandError, match="nobody"):
        call_command("import_firms", good, "--commit", "--user", "nobody", stdout=out)
    assert digest() == before
    User.objects.create_user("registrar-1", role="registrar")
    call_command("import_firms", good, "--commit", "--user", "registrar-1", "--reason", "list of 2023", stdout=out)
    change = ChangeSet.objects.latest("sequence")
    assert (change.reason, change.actor and change.actor.username) == ("import 名单.csv: list of 2023", "registrar-1")


def real(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        message = f"REAL FILE NOT CHECKED: {name} is not in ../shared/data beside the repository"
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)
    return path


@pytest.mark.parametrize("name", ["cq_listed_companies_cc0.csv", "cq_listed_companies_cc0_gbk.csv"])
@rolled_back
def test_listed_companies_match_by_name_and_never_create(name: str) -> None:
    path = real(name)
    firm(1, "福安药业（集团）股份有限公司", registered_capital=Decimal("118971.2382"))
    firm(2, "重庆市紫建电子股份有限公司", registered_capital=Decimal(1))
    found = plan(path)
    assert len(found.rows) == 82
    known = {verdict.label: verdict.verdict.value for verdict in found.rows if verdict.verdict is not Verdict.WRONG}
    assert known == {
        f"{uscc(1)} 福安药业（集团）股份有限公司": "same",
        f"{uscc(2)} 重庆市紫建电子股份有限公司": "changed",
    }
    assert found.counts[Verdict.WRONG] == 80
    assert len(render(found).splitlines()) < 40


@rolled_back
def test_ministry_list_of_universities_is_told_in_a_few_lines() -> None:
    path = real("moe_universities_c2017.xls")
    found = plan(path)
    assert found.counts[Verdict.WRONG] == 2631
    assert Company.objects.count() == 0
    text = render(found)
    assert len(text.splitlines()) < 40
    assert "2631" in text
