"""Wrong rows are named by row and column, whatever the form of the file."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from companies.models import Certification, CertificationKind, Company
from registry.sheets.plan import render
from registry.sheets.verdicts import Verdict
from tests.companies.imports.lists import (
    HEADINGS,
    Rows,
    Value,
    as_table,
    day,
    firm,
    good_row,
    number_of,
    places,
    plan,
    rolled_back,
    slip,
    verdicts,
)
from tests.samples import saved, uscc

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
def test_columns_that_the_import_does_not_use_are_told(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆甲有限公司")
    found = plan(sheet([["企业名称", "员工数", "高校", "备注"], ["重庆甲有限公司", "12", "重庆大学", "x"]]))
    assert [column.title for column in found.columns_not_read] == ["员工数", "高校", "备注"]
    assert [title for title in ("员工数", "高校") if not any(title in note for note in found.notes)] == []
