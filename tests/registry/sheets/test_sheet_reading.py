"""Files as staff upload them: what is read, from which sheet, in which columns."""

import random
import struct
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from registry.sheets import compound, content, workbook_xml
from registry.sheets.cells import CellError, parse_integer
from registry.sheets.errors import SheetError
from registry.sheets.grid import SheetFacts
from registry.sheets.reading import Table, read_tables
from tests.registry.sheets.listed_firms import CODES, FIRMS, HEADINGS, Repacker, SheetMaker

ENCODINGS = [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", "\t"), ("gb18030", ","), ("utf-8", "\t")]


def shown(table: Table, *keys: str) -> list[tuple[str, ...]]:
    return [tuple(table.cell(row, key).text for key in keys) for row in table.rows]


EXPECTED = [(name, code, issued.isoformat(), district) for name, code, issued, district in FIRMS]
KEYS = ("name", "uscc", "issued_on", "district")


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
@pytest.mark.parametrize("seed", range(4))
def test_columns_in_any_order_below_titles_banners_and_blanks(sheet_file: SheetMaker, name: str, seed: int) -> None:
    chance = random.Random(seed)
    order = chance.sample(range(4), 4)
    lines = [[line[index] for index in order] for line in [HEADINGS, *FIRMS]]
    rows: list[list[object]] = [["附件1"], ["重庆市高新技术企业名单\n（2023年）"], [], lines[0], ["两江新区（2家）"]]
    rows += [*lines[1:3], [], ["渝北区（4家）"], *lines[3:], lines[0], ["合计", None, "6"]]
    table = read_tables(sheet_file(name, rows))
    assert shown(table, *KEYS) == EXPECTED
    assert [row.number for row in table.rows] == [6, 7, 10, 11, 12, 13]
    assert {(row.number, row.why) for row in table.skipped} == {
        *((1, "above the headings"), (2, "above the headings"), (3, "blank"), (4, "headings"), (5, "banner")),
        *((8, "blank"), (9, "banner"), (14, "headings repeated"), (15, "total")),
    }
    assert [table.columns.column(key).letter for key in KEYS] == ["ABCD"[order.index(i)] for i in range(4)]  # type: ignore[union-attr]


@pytest.mark.parametrize(("encoding", "delimiter"), ENCODINGS)
def test_csv_in_each_encoding_and_delimiter(sheet_file: SheetMaker, encoding: str, delimiter: str) -> None:
    path = sheet_file("a.csv", [HEADINGS, *FIRMS], encoding=encoding, delimiter=delimiter)
    assert shown(read_tables(path), *KEYS) == EXPECTED


def test_rows_of_csv_are_numbered_as_excel_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('企业名称,备注\r\n甲公司,"两\r\n行"\r\n\r\n乙公司,x\r\n'.encode())
    assert [(row.number, row.values[0]) for row in read_tables(path).rows] == [(2, "甲公司"), (4, "乙公司")]


def test_a_skipped_line_of_sums_tells_its_numbers_as_the_sheet_shows_them(sheet_file: SheetMaker) -> None:
    rows = [["企业名称", "统一社会信用代码", "金额"], ["甲公司", CODES[0], 120.0], ["合计", None, 120.0]]
    table = read_tables(sheet_file("a.xlsx", rows))
    assert [row.text for row in table.skipped][1:] == ["合计 120"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_merged_banner_in_the_name_column_is_no_firm(sheet_file: SheetMaker, name: str) -> None:
    rows = [["企业名称", "统一社会信用代码"], ["渝北区"], ["甲公司", CODES[0]], ["只有名称的公司", None]]
    table = read_tables(sheet_file(name, rows, merges=[(1, 0, 1, 1, "渝北区")]))
    assert shown(table, "name") == [("甲公司",), ("只有名称的公司",)]
    assert [(row.number, row.text) for row in table.skipped] == [(1, "企业名称 统一社会信用代码"), (2, "渝北区")]


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_district_merged_down_counts_for_every_row(sheet_file: SheetMaker, name: str) -> None:
    rows = [["所属区县", "企业名称"], ["渝北区", "甲"], [None, "乙"], [None, "丙"], ["北碚区", "丁"]]
    table = read_tables(sheet_file(name, rows, merges=[(1, 0, 3, 0, "渝北区")]))
    assert shown(table, "district", "name") == [("渝北区", "甲"), ("渝北区", "乙"), ("渝北区", "丙"), ("北碚区", "丁")]


def test_single_column_of_names_is_read(sheet_file: SheetMaker) -> None:
    assert shown(read_tables(sheet_file("a.xlsx", [["企业名称"], ["甲公司"], ["乙公司"]])), "name") == [
        ("甲公司",),
        ("乙公司",),
    ]


def test_whole_number_code_is_text_and_long_one_is_damaged(sheet_file: SheetMaker) -> None:
    path = sheet_file("a.xlsx", [["企业名称", "员工数", "统一社会信用代码"], ["甲", 3392.0, 915001126912345678]])
    table = read_tables(path)
    assert table.cell(table.rows[0], "employees").text == "3392"
    assert "last digits are lost" in table.cell(table.rows[0], "uscc").damage
    assert table.cell(table.rows[0], "employees").damage == ""


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_formula_look_alike_stays_text(sheet_file: SheetMaker, name: str) -> None:
    rows = [["企业名称", "地址"], ["=cmd|' /C calc'!A0", "+86"]]
    assert shown(read_tables(sheet_file(name, rows)), "name", "address") == [("=cmd|' /C calc'!A0", "+86")]


def test_value_under_no_heading_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("企业名称,地址\n甲公司,渝北区,3号楼\n乙公司\n合计\n")
    table = read_tables(tmp_path / "a.csv")
    assert [column.letter for column in table.columns.not_read] == ["C"]
    assert table.cell(table.rows[1], "address").is_blank


# --- Which sheet


def test_only_sheet_with_known_headings_is_chosen_and_others_are_told(sheet_file: SheetMaker) -> None:
    table = read_tables(sheet_file("a.xlsx", {"说明": [["请勿修改"]], "数据": [HEADINGS, *FIRMS], "空": []}))
    assert table.sheet == "数据"
    assert table.notes == ("Other sheets with data are not read: “说明”.",)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_two_sheets_with_headings_need_a_choice(sheet_file: SheetMaker, name: str) -> None:
    path = sheet_file(name, {"一批": [HEADINGS, FIRMS[0]], "二批": [HEADINGS, FIRMS[1]]})
    with pytest.raises(SheetError, match="Several sheets could be meant: “一批”, “二批”"):
        read_tables(path)
    assert shown(read_tables(path, sheet="二批"), "uscc") == [(CODES[1],)]
    with pytest.raises(SheetError, match="no sheet “三批”; the file has “一批”, “二批”"):
        read_tables(path, sheet="三批")


def test_no_headings_anywhere_is_told(sheet_file: SheetMaker) -> None:
    path = sheet_file("a.xlsx", [["甲方", "乙方"], ["1", "2"]])
    with pytest.raises(SheetError, match=r"No row names the columns.*企业名称 / 统一社会信用代码"):
        read_tables(path)
    assert shown(read_tables(path, overrides={"甲方": "name"}), "name") == [("1",)]


# --- Formulas


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_formula_never_calculated_is_named_by_cell(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("xls"):
        book = xlwt.Workbook()
        sheet = book.add_sheet("名单")
        sheet.write(0, 0, "企业名称")
        sheet.write(1, 0, xlwt.Formula('"a"&"b"'))
        book.save(str(path))
    else:
        import openpyxl

        workbook = openpyxl.Workbook()
        worksheet = workbook.active
        assert worksheet is not None
        worksheet.title = "名单"
        worksheet["A1"], worksheet["A2"] = "企业名称", '="a"&"b"'
        workbook.save(path)
    with pytest.raises(SheetError, match="Cell A2 of “名单” holds a formula never calculated"):
        read_tables(path)


WHY_NOT = "The cell holds a formula, which is not read; in Excel, copy it and paste it as a value."


def test_calculated_formula_is_not_read_and_what_it_shows_is_suggested(tmp_path: Path, repack: Repacker) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("甲 & 乙")
        sheet.write_row(0, 0, ["企业名称", "员工数", "地址", "发证日期"])
        sheet.write(1, 0, "甲")
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write_formula(1, 2, '=IF(1,"","")', None, "")
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")

    def as_excel_writes_an_empty_text(name: str, data: bytes) -> bytes:
        return data.replace(b'<c r="C2">', b'<c r="C2" t="str">') if name.endswith("sheet1.xml") else data

    with pytest.raises(SheetError, match="Cell C2 "):
        read_tables(path)
    table = read_tables(repack(path, as_excel_writes_an_empty_text, {}))
    row = table.rows[0]
    with pytest.raises(CellError, match="holds a formula") as refused:
        parse_integer(table.cell(row, "employees"))
    assert (refused.value.reason, refused.value.suggestion) == (WHY_NOT, "2")
    assert table.cell(row, "address").is_blank
    assert "shows an error" in table.cell(row, "issued_on").damage
    assert not table.cell(row, "issued_on").is_blank


def test_every_cell_that_the_formula_of_an_array_fills_holds_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "地址"])
        sheet.write_array_formula(1, 0, 3, 0, "{=C2:C4}", None, "甲")
        for row in range(1, 4):
            sheet.write(row, 0 if row > 1 else 1, "乙")
        sheet.write(4, 0, "丙")
    table = read_tables(path)
    assert [table.cell(row, "name").damage for row in table.rows] == [WHY_NOT, WHY_NOT, WHY_NOT, ""]


def test_district_of_a_formula_merged_down_is_read_in_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["所属区县", "企业名称"])
        sheet.merge_range(1, 0, 2, 0, "")
        sheet.write_formula(1, 0, '="渝北"&"区"', None, "渝北区")
        sheet.write(1, 1, "甲")
        sheet.write(2, 1, "乙")
    table = read_tables(path)
    assert [table.cell(row, "district").damage for row in table.rows] == [WHY_NOT, WHY_NOT]


def test_formula_of_an_xls_is_not_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for column, heading in enumerate(["企业名称", "员工数"]):
        sheet.write(0, column, heading)
    sheet.write(1, 0, "甲")
    sheet.write(1, 1, xlwt.Formula("1+1"))
    book.save(str(tmp_path / "a.xls"))
    empty, two = b"\x03\0\0\0\0\0\xff\xff", struct.pack("<d", 2)
    calculated = (tmp_path / "a.xls").read_bytes().replace(empty, two)
    (tmp_path / "a.xls").write_bytes(calculated)
    table = read_tables(tmp_path / "a.xls")
    assert table.cell(table.rows[0], "employees").damage == WHY_NOT


# --- What is known of a file before it is read


def test_facts_are_found_by_the_title_of_the_sheet(sheet_file: SheetMaker) -> None:
    from registry.sheets.package import parts_of

    path = sheet_file("a.xlsx", {"一": [["a", "b"]], "二": [["a"], ["b"], ["c"]]})
    facts: dict[str, SheetFacts] = workbook_xml.scan_parts(parts_of(path.read_bytes()))
    assert {name: (found.row_count, found.column_count) for name, found in facts.items()} == {
        "一": (1, 2),
        "二": (3, 1),
    }
    old = sheet_file("a.xls", {"一": [["a", "b"]], "二": [["a"], ["b"], ["c"]]})
    found = compound.scan_compound(old.read_bytes())
    assert {name: (fact.row_count, fact.column_count) for name, fact in found.items()} == {"一": (1, 2), "二": (3, 1)}


def test_names_of_kinds_cover_what_is_readable() -> None:
    assert [content.kind_of(data) for data in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a,b")] == list(
        content.READABLE
    )
