"""Which firm a row is about, and what it changes of it."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from companies.imports import matching
from registry.sheets.verdicts import Verdict
from tests.companies.imports.lists import (
    Rows,
    Value,
    commit,
    day,
    firm,
    places,
    plan,
    reasons,
    rolled_back,
    row,
    slip,
    told,
    verdicts,
)
from tests.samples import uscc


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
def test_firms_are_judged_alike_however_many_are_held_at_once(
    sheet: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of one firm far apart, a name that an earlier new firm bears, rows without a code that mean a new firm."""
    head = ["企业名称", "信用代码", "成立日期", "证书编号", "发证日期"]
    rows: list[list[Value]] = [["重庆甲有限公司", uscc(1), "2012-01-02", "", ""]]
    rows += [[f"重庆山城{place}号有限公司", uscc(place), "2012-01-02", "", ""] for place in range(10, 30)]
    rows += [["重庆甲有限公司", uscc(1), "2013-01-02", "", ""]]  # contradicts the first
    rows += [["重庆山城11号有限公司", uscc(40), "", "", ""]]  # a name that another new firm bears
    rows += [["重庆山城12号有限公司", "", "", "GR202351100001", "2023-10-16"]]  # means a new firm, by name
    rows += [["重庆无名有限公司", "", "", "", ""]]
    path = sheet([head, *rows])
    seen = []
    for held in (1, 3, 250):
        monkeypatch.setattr(matching, "FIRMS_AT_ONCE", held)
        found = plan(path)
        seen.append([(row.row_number, row.verdict.value, row) for row in found.rows])
    assert seen[0] == seen[1] == seen[2]
    assert {number: verdict for number, verdict, _row in seen[0] if verdict != "new"} == {
        23: "wrong",
        24: "ambiguous",
        25: "changed",
        26: "wrong",
    }
