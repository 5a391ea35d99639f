"""Headings: which words stand for which column, in what spelling, and what happens in doubt."""

from collections.abc import Sequence

import pytest

from registry.sheets import columns
from registry.sheets.columns import recognise
from registry.sheets.errors import SheetError
from registry.sheets.grid import Grid
from registry.sheets.headers import ColumnMap, find_columns, parse_overrides


def found_in(*rows: Sequence[str], overrides: Sequence[str] = ()) -> ColumnMap:
    found = find_columns(Grid("s", [list(row) for row in rows]), parse_overrides(overrides))
    assert found is not None
    return found


def keys_of(found: ColumnMap) -> dict[str, str | None]:
    return {column.letter: column.key for column in found.columns}


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("企业名称", "name"),
        ("公司名称", "name"),
        ("申报企业", "name"),
        ("学校名称", "name"),
        (" 企 业\n名 称 ", "name"),
        ("*企业名称（必填）", "name"),
        ("1.企业名称", "name"),
        ("企业名称（与营业执照一致）", "name"),
        ("企业名称（英文）", "name_en"),
        ("企业名称（母公司）", None),
        ("发证日期（原证书）", None),
        ("曾用名", "former_name"),
        ("统一社会信用代码", "uscc"),
        ("统一社会信用代码\n（18位）", "uscc"),
        ("企业统一社会信用代码", "uscc"),
        ("ＵＳＣＣ", "uscc"),
        ("纳税人识别号", "uscc"),
        ("Company Name", "name"),
        ("company_name", "name"),
        ("VALID UNTIL", "valid_until"),
        ("valid_until", "valid_until"),
        ("高新技术企业证书编号", "certificate_number"),
        ("发证时间", "issued_on"),
        ("证书有效期至", "valid_until"),
        ("国家重点支持的高新技术领域", "technology_field"),
        ("归口/推荐单位", "reporting_unit"),
        ("归口／推荐单位", "reporting_unit"),
        ("所属区县", "district"),
        ("成立日期（YYYY-MM-DD）", "established_on"),
        ("注册资本", "registered_capital"),
        ("公司员工数", "employees"),
        ("入驻载体", "incubator"),
        ("序号", "sequence"),
        ("No.", "sequence"),
        ("编号", None),
        ("主管部门", None),
        ("备注", None),
        ("", None),
    ],
)
def test_heading_is_recognised(heading: str, key: str | None) -> None:
    assert recognise(heading)[0] == key


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("注册资金(万元)", "万元"),
        ("注册资金（元）", "元"),
        ("注册资本（亿元人民币）", "亿元"),
        ("注册资本\n（单位：万元）", "万元"),
        ("注册资本（人民币万元）", "万元"),
        ("注册资本万元", "万元"),
        ("注册资本", ""),
    ],
)
def test_unit_of_a_heading(heading: str, unit: str) -> None:
    assert recognise(heading) == ("registered_capital", unit)


def test_every_key_is_its_own_heading_and_no_heading_has_two_keys() -> None:
    listed = [(columns.fold(word), key) for key, words in columns.HEADINGS.items() for word in columns._words(words)]
    doubles = {word for word, key in listed for other, another in listed if word == other and key != another}
    assert doubles == set()
    assert {key: recognise(key)[0] for key in columns.KEYS} == {key: key for key in columns.KEYS}
    assert all(recognise(word)[0] == key for word, key in listed)


def test_unknown_columns_are_told_and_sequence_is_left_aside() -> None:
    found = found_in(["序号", "企业名称", "备注", "股票代码"])
    assert [column.title for column in found.not_read] == ["备注", "股票代码"]
    assert [column.key for column in found.read] == ["name"]


def test_row_with_most_known_headings_wins_over_a_form_line_above() -> None:
    found = found_in(["单位名称", "某局"], ["序号", "企业名称", "信用代码"], ["1", "甲", "x"])
    assert (found.first_row, found.last_row) == (1, 1)


def test_headings_in_two_storeys() -> None:
    found = found_in(
        ["序号", "企业信息", "", "证书", ""],
        ["", "企业名称", "统一社会信用代码", "编号", "发证日期"],
        ["1", "甲", "x", "GR", "2023-10-16"],
    )
    assert keys_of(found) == {"A": "sequence", "B": "name", "C": "uscc", "D": "certificate_number", "E": "issued_on"}
    assert (found.first_row, found.last_row) == (0, 1)


def test_row_below_plain_headings_is_not_taken_for_a_second_storey() -> None:
    assert found_in(["企业名称", "信用代码", "备注"], ["甲", "", "地址"]).last_row == 0


def test_two_columns_with_one_key_are_a_problem_that_names_both() -> None:
    found = found_in(["企业名称", "单位名称", "信用代码"])
    (problem,) = found.problems
    assert "A “企业名称”, B “单位名称”" in problem
    settled = found_in(["企业名称", "单位名称", "信用代码"], overrides=["A=name"])
    assert settled.problems == ()
    assert keys_of(settled) == {"A": "name", "B": None, "C": "uscc"}


def test_same_heading_twice_is_settled_by_letter() -> None:
    assert found_in(["企业名称", "企业名称"]).problems
    assert keys_of(found_in(["企业名称", "企业名称"], overrides=["B=name"])) == {"A": None, "B": "name"}


def test_plain_heading_outdoes_a_yielding_one() -> None:
    found = found_in(["企业名称", "注册地址", "通讯地址", "发证日期", "认定日期"])
    assert keys_of(found) == {"A": "name", "B": "address", "C": None, "D": "issued_on", "E": None}
    assert not found.problems
    assert keys_of(found_in(["企业名称", "通讯地址"]))["B"] == "address"


def test_map_reads_an_unknown_heading_and_dash_leaves_one_unread() -> None:
    found = found_in(["主体", "代号", "地址"], overrides=["主体=name", "代 号=uscc", "地址=-"])
    assert keys_of(found) == {"A": "name", "B": "uscc", "C": None}


@pytest.mark.parametrize(
    ("assignments", "sentence"),
    [
        (["企业名称"], "not of the form"),
        (["=name"], "not of the form"),
        (["名=usc"], "no column key “usc”; the nearest is uscc"),
        (["甲=name", "甲=uscc"], "mapped twice"),
        (["甲=name", "乙=name"], "Two headings are mapped to name"),
    ],
)
def test_wrong_map_is_a_sentence(assignments: list[str], sentence: str) -> None:
    with pytest.raises(SheetError, match=sentence):
        parse_overrides(assignments)


def test_map_of_a_heading_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(SheetError, match="no column “企业名”; the nearest is “企业名称”"):
        found_in(["企业名称", "地址"], overrides=["企业名=name"])
