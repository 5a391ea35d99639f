"""Files as staff upload them, and files that must be refused before they are read."""

import random
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from registry.credit_code import complete
from registry.sheets import compound, content, limits, reading, workbook_xml
from registry.sheets.errors import SheetError
from registry.sheets.grid import SheetFacts
from registry.sheets.reading import Table, read_tables

SheetMaker = Callable[..., Path]
Repacker = Callable[[Path, Callable[[str, bytes], bytes], dict[str, bytes]], Path]
CODES = [complete("91500112", f"MA5X{number:04d}") for number in range(6)]
HEADINGS = ("企业名称", "统一社会信用代码", "发证日期", "所属区县")
FIRMS = [
    (f"重庆山城{number}号科技有限公司", code, date(2023, 10, 16 + number), "渝北区")
    for number, code in enumerate(CODES)
]
ENCODINGS = [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", "\t"), ("gb18030", ","), ("utf-8", "\t")]


def unchanged(_name: str, data: bytes) -> bytes:
    return data


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


# --- Refused


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xlsx", b"", "The file is empty."),
        ("a.csv", b"\xef\xbb\xbf", "holds no data"),
        ("a.csv", b" \r\n\r\n", "The file is empty."),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "named .xlsx but holds .xls"),
        ("a.xls", b"PK\x03\x04", "named .xls but holds .xlsx"),
        ("a.csv", b"PK\x03\x04", "named .csv but holds .xlsx"),
        ("a.xls", b"<html><table>", "named .xls but holds HTML/XML"),
        ("a.xls", "企业名称\t代码\n".encode("gb18030"), "named .xls but holds plain text"),
        ("a.csv", b"%PDF-1.7", "holds PDF"),
        ("a.csv", "企业名称\n甲".encode("utf-16"), "UTF-16"),
        ("a.csv", b"name\nx\x00y", "binary data"),
        ("a.csv", b"name\n\xff\xff\xff", "neither UTF-8 nor GB18030"),
        ("a.csv", 'name,uscc\n"甲,1\n乙,2\n'.encode(), "not valid CSV"),
        ("a.pdf", b"%PDF-1.7", "named “.pdf” is not read"),
        ("a.xlsm", b"PK\x03\x04", "can carry macros"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged|not a workbook"),
    ],
)
def test_refused_by_content(tmp_path: Path, name: str, data: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SheetError, match=sentence):
        read_tables(path)


def test_missing_file_and_too_large_file_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SheetError, match=r"“no\.csv” cannot be opened"):
        read_tables(tmp_path / "no.csv")
    monkeypatch.setattr(limits, "MAXIMUM_FILE_BYTES", 10)
    (tmp_path / "a.csv").write_text("name\n甲公司甲公司")
    with pytest.raises(SheetError, match="larger than"):
        read_tables(tmp_path / "a.csv")


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
def test_macros_inside_an_xlsx_are_refused(sheet_file: SheetMaker, repack: Repacker, part: str) -> None:
    path = sheet_file("a.xlsx", [HEADINGS, *FIRMS])
    assert len(read_tables(repack(path, unchanged, {})).rows) == 6
    with pytest.raises(SheetError, match="macros"):
        read_tables(repack(path, unchanged, {part: b"<x/>"}))


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_dtd_in_any_part_is_refused(sheet_file: SheetMaker, repack: Repacker, part: str, encoding: str) -> None:
    def with_dtd(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        body = data.decode().partition("?>")[2]
        head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        return (head + body).encode(encoding)

    with pytest.raises(SheetError, match="document type definition"):
        read_tables(repack(sheet_file("a.xlsx", [HEADINGS, *FIRMS]), with_dtd, {}))


def test_bomb_by_declared_size_is_refused_before_it_is_unpacked(
    sheet_file: SheetMaker, repack: Repacker, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = repack(sheet_file("a.xlsx", [HEADINGS, *FIRMS]), unchanged, {"xl/media/x.xml": b" " * 60_000_000})
    assert path.stat().st_size < 400_000
    monkeypatch.setattr("registry.sheets.package._inflate", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(SheetError, match="unpacks to 58"):
        read_tables(path)


def test_bomb_that_lies_about_its_size_is_refused(sheet_file: SheetMaker, repack: Repacker) -> None:
    path = repack(sheet_file("a.xlsx", [HEADINGS, *FIRMS]), unchanged, {"xl/media/x.xml": b"<x>" + b" " * 40_000_000})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        directory = archive.start_dir
    entry = data.index(b"xl/media/x.xml", directory) - 46
    struct.pack_into("<I", data, entry + 24, 1000)
    path.write_bytes(data)
    with pytest.raises(SheetError, match="unpacks to"):
        read_tables(path)


def test_texts_that_unfold_without_end_are_refused(sheet_file: SheetMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sheet_file("a.xlsx", [["企业名称"], *[["长" * 1000]] * 50])
    assert len(read_tables(path).rows) == 50
    monkeypatch.setattr(limits, "MAXIMUM_TEXT_CHARACTERS", 49_000)
    with pytest.raises(SheetError, match="unfold"):
        read_tables(path)


@pytest.mark.parametrize(
    ("row", "column", "sentence"), [(200_000, 0, "row 200001"), (1, 200, "column 201"), (100_000, 150, "spans")]
)
def test_cell_in_a_far_corner_is_refused_before_the_reader_sees_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: int, column: int, sentence: str
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "企业名称")
        sheet.write(row, column, "x")
    monkeypatch.setattr(reading, "_workbook", lambda _data: pytest.fail("read"))
    with pytest.raises(SheetError, match=sentence):
        read_tables(path)


def test_styled_but_empty_far_cell_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "地址"])
        sheet.write_row(1, 0, ["甲", "乙"])
        sheet.write_blank(1_000_000, 300, None, book.add_format({"bold": True}))
    assert [row.number for row in read_tables(path).rows] == [2]


def test_too_many_rows_of_csv_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name\n" + "x\n" * 200_000)
    with pytest.raises(SheetError, match="at most 200000 rows"):
        read_tables(path)
    path.write_text("name" + "," * 200 + "\nx\n")
    with pytest.raises(SheetError, match="at most 200 "):
        read_tables(path)


def test_far_column_of_xls_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("s").write(1, 230, "x")
    book.save(str(tmp_path / "a.xls"))
    with pytest.raises(SheetError, match="column 231"):
        read_tables(tmp_path / "a.xls")


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


def test_calculated_formula_is_its_value_and_error_is_damage(tmp_path: Path, repack: Repacker) -> None:
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
    assert (table.cell(row, "employees").text, table.cell(row, "address").is_blank) == ("2", True)
    assert "shows an error" in table.cell(row, "issued_on").damage
    assert not table.cell(row, "issued_on").is_blank


def _compound(streams: dict[str, bytes]) -> bytes:
    """The smallest OLE container that holds these streams, as a test's own writer."""
    sector, content_bytes, table, entries = 512, b"", [0xFFFFFFFD], []
    for name, data in streams.items():
        data = data.ljust(4096, b"\0")
        start, count = 2 + len(content_bytes) // sector, -(-len(data) // sector)
        entries.append((name, 2, start, len(data)))
        content_bytes += data.ljust(count * sector, b"\0")
    total = len(content_bytes) // sector
    chains = []
    for _name, _kind, start, length in entries:
        count = -(-length // sector)
        chains += [*range(start + 1, start + count), 0xFFFFFFFE]
    table += [0xFFFFFFFE, *chains]
    assert len(table) <= 128, total
    directory = b""
    for name, kind, start, length in [("Root Entry", 5, 0xFFFFFFFE, 0), *entries]:
        raw = name.encode("utf-16-le") + b"\0\0"
        directory += (
            raw.ljust(64, b"\0")
            + struct.pack("<HB", len(raw), kind)
            + b"\0" * 49
            + struct.pack("<III", start, length, 0)
        )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header = header.ljust(44, b"\0") + struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    allocation = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return header + allocation + directory.ljust(512, b"\0")[:512] + content_bytes


BOF = struct.pack("<HHHH", 0x809, 4, 0x600, 5)


@pytest.mark.parametrize(
    ("name", "streams", "sentence"),
    [
        ("a.xlsx", {"EncryptedPackage": b"x"}, "password"),
        ("a.xls", {"EncryptedPackage": b"x", "Workbook": BOF}, "password"),
        ("a.xls", {"Workbook": BOF + struct.pack("<HHH", 0x2F, 2, 0)}, "password"),
        ("a.xls", {"Workbook": BOF, "_VBA_PROJECT": b"x"}, "macros"),
        ("a.xls", {"Workbook": BOF + struct.pack("<HHIHBB", 0x85, 9, 0, 0x0100, 1, 0) + b"M"}, "macros"),
        ("a.xls", {"WordDocument": b"x"}, "not a workbook"),
    ],
)
def test_protected_or_foreign_compound_files_are_refused(
    tmp_path: Path, name: str, streams: dict[str, bytes], sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(_compound(streams))
    with pytest.raises(SheetError, match=sentence):
        read_tables(path)


def test_circle_of_sectors_ends(sheet_file: SheetMaker) -> None:
    data = bytearray(_compound({"Workbook": BOF}))
    struct.pack_into("<I", data, 512 + 4 * 2, 2)
    with pytest.raises(SheetError, match="damaged"):
        compound.scan_compound(bytes(data))


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_broken_files_are_sentences(sheet_file: SheetMaker, name: str) -> None:
    """Single bytes changed anywhere: read, or refused in a sentence, and never anything else."""
    path = sheet_file(name, [HEADINGS, *FIRMS])
    original, chance = path.read_bytes(), random.Random(7)
    outcomes = set()
    for _turn in range(150):
        data = bytearray(original)
        data[chance.randrange(8, len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            read_tables(path)
            outcomes.add("read")
        except SheetError as error:
            assert str(error).endswith((".", ")"))
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


@pytest.mark.parametrize(
    ("target", "stand_in", "test"),
    [
        ("registry.sheets.reading.scan_parts", lambda parts: {}, "corner"),
        ("registry.sheets.reading.scan_compound", lambda data: {}, "xls"),
    ],
)
def test_without_the_scan_the_guards_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, stand_in: object, test: str
) -> None:
    """The scan is what refuses: with it out of the way the same files are read."""
    monkeypatch.setattr(target, stand_in)
    if test == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("s")
        sheet.write(0, 0, "企业名称")
        sheet.write(1, 0, "甲")
        sheet.write(1, 230, "x")
        book.save(str(tmp_path / "a.xls"))
        assert len(read_tables(tmp_path / "a.xls").rows) == 1
    else:
        with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
            workbook.add_worksheet().write_row(0, 0, ["企业名称"])
            workbook.worksheets()[0].write(1, 0, "甲")
            workbook.worksheets()[0].write(1, 250, "x")
        assert len(read_tables(tmp_path / "a.xlsx").rows) == 1


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
