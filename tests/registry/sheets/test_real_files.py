"""Files that nobody wrote for this project. They are not part of it: absent, the check says so loudly."""

import warnings
from pathlib import Path

import pytest

from registry.sheets.cells import parse_amount, parse_integer, parse_name
from registry.sheets.reading import Table, read_tables

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data"


def real(name: str) -> Table:
    path = FOLDER / name
    if not path.exists():
        message = f"REAL FILE NOT CHECKED: {name} is not in ../shared/data beside the repository"
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)
    return read_tables(path)


def test_ministry_list_of_2017() -> None:
    table = real("moe_universities_c2017.xls")
    assert len(table.rows) == 2631
    place = next(column for column in table.columns.columns if column.title == "所在地")
    assert place in table.columns.not_read
    in_chongqing = [row for row in table.rows if table.cell_at(row, place.index).text == "重庆市"]
    assert len(in_chongqing) == 65
    names = [parse_name(table.cell(row, "name")) for row in table.rows]
    assert "重庆大学" in names
    assert "四川外国语大学重庆南方翻译学院" in names  # a line break stands inside this one
    assert not [name for name in names if name != name.strip() or "\n" in name]
    assert [row.number for row in table.skipped if row.why == "headings"] == [3]
    assert len([row for row in table.skipped if row.why == "banner"]) == 31
    assert (table.rows[0].number, table.rows[-1].number) == (5, 2665)


def firms(table: Table) -> list[tuple[str, str, int | None]]:
    return [
        (
            parse_name(table.cell(row, "name")),
            str(parse_amount(table.cell(row, "registered_capital"), "万元")),
            parse_integer(table.cell(row, "employees")),
        )
        for row in table.rows
    ]


def test_listed_companies_are_equal_in_both_encodings() -> None:
    table = real("cq_listed_companies_cc0.csv")
    found = firms(table)
    assert len(found) == 82
    assert found[0] == ("福安药业（集团）股份有限公司", "118971.2382", 3392)
    assert [column.title for column in table.columns.not_read] == [
        "ts_code",
        "交易所",
        "省份",
        "城市",
        "简介含高新技术企业",
    ]
    assert firms(real("cq_listed_companies_cc0_gbk.csv")) == found
