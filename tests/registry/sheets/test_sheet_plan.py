"""The plan as a person reads it."""

from collections.abc import Callable
from pathlib import Path

from registry.sheets.cells import CellError, parse_code
from registry.sheets.plan import Difference, Plan, RowVerdict, plan_for, problem_at, render
from registry.sheets.reading import read_tables
from registry.sheets.verdicts import Verdict

SheetMaker = Callable[..., Path]


def planned(sheet_file: SheetMaker) -> Plan:
    rows = [
        ["名单"],
        ["企业名称", "备注", "信用代码"],
        ["渝北区（2家）"],
        ["甲\x1b[31m公司", "", "91500112MA5X"],
        ["乙公司", "x", ""],
    ]
    table = read_tables(sheet_file("a.csv", rows))
    plan = plan_for(table)
    try:
        parse_code(table.cell(table.rows[0], "uscc"))
    except CellError as error:
        plan.rows.append(
            RowVerdict(4, Verdict.WRONG, "甲\x1b[31m公司", (problem_at(table, table.rows[0], "uscc", error),))
        )
    plan.rows.append(RowVerdict(5, Verdict.AMBIGUOUS, "乙公司", candidates=("91A", "91B")))
    plan.rows.append(RowVerdict(6, Verdict.CHANGED, "丙公司", differences=(Difference("employees", "", "12"),)))
    return plan


def test_plan_names_row_column_value_and_reason(sheet_file: SheetMaker) -> None:
    text = render(planned(sheet_file))
    assert "Columns read: A 企业名称 → name, C 信用代码 → uscc" in text
    assert "Columns not read: B 备注" in text
    assert "Rows skipped (banner): 1: 3" in text
    assert "C4 信用代码: “91500112MA5X”: " in text
    assert "Could be: 91A, 91B" in text
    assert "employees: ∅ → 12" in text
    assert "Rows: 3 (new 0, changed 1, same 0, ambiguous 1, wrong 1)" in text


def test_plan_sends_no_commands_to_the_terminal(sheet_file: SheetMaker) -> None:
    text = render(planned(sheet_file))
    assert "\x1b" not in text
    assert "\\u001b[31m" in text


def test_problem_of_a_column_that_is_not_there_is_of_the_row(sheet_file: SheetMaker) -> None:
    table = read_tables(sheet_file("a.csv", [["企业名称"], ["甲公司"]]))
    problem = problem_at(table, table.rows[0], "uscc", "A firm needs a credit code.")
    assert (problem.row_number, problem.column, problem.reason) == (2, "", "A firm needs a credit code.")


def test_limit_cuts_each_section_and_says_so(sheet_file: SheetMaker) -> None:
    plan = planned(sheet_file)
    plan.rows += [RowVerdict(number, Verdict.NEW, f"企业{number}") for number in range(10, 20)]
    text = render(plan, limit=3)
    assert "… and 7 more rows" in text
    assert "企业12" in text
    assert "企业13" not in text
    assert text.index("== wrong") < text.index("== new")


def test_only_a_plan_without_doubt_is_clean(sheet_file: SheetMaker) -> None:
    plan = planned(sheet_file)
    assert not plan.is_clean
    plan.rows = [row for row in plan.rows if row.verdict is Verdict.CHANGED]
    assert plan.is_clean
    plan.problems = ("Several columns read as name.",)
    assert not plan.is_clean
