"""Files that must be refused in a sentence, most of them before they are read."""

import random
import re
import struct
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from registry.sheets import compound, limits, reading
from registry.sheets.errors import SheetError
from registry.sheets.reading import read_tables
from tests.registry.sheets.compound_files import BOF, compound_file
from tests.registry.sheets.listed_firms import FIRMS, HEADINGS, Repacker, SheetMaker, unchanged


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


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_cell_longer_than_any_of_excel_is_named_at_once(sheet_file: SheetMaker, repack: Repacker, name: str) -> None:
    """24 KB kept a thread busy for a minute: a text of 19 million characters was taken for a heading."""
    rows = [["企业名称"], ["甲"]]
    path = sheet_file(name, rows if name == "a.xlsx" else [*rows[:1], ["x" * 32_768]])

    def with_inline_text(part: str, data: bytes) -> bytes:
        inline = b'<c r="A2" t="inlineStr"><is><t>' + b"x" * 19_000_000 + b"</t></is></c>"
        return re.sub(rb'<c r="A2".*?</c>', inline, data) if part.endswith("sheet1.xml") else data

    path = repack(path, with_inline_text, {}) if name == "a.xlsx" else path
    began = time.process_time()
    with pytest.raises(SheetError, match="Cell A2 holds more than 32,767 characters"):
        read_tables(path)
    assert time.process_time() - began < 10


def test_a_sheet_full_of_one_long_text_is_searched_for_headings_quickly(sheet_file: SheetMaker) -> None:
    path = sheet_file("a.xlsx", [["企业名称"], *[["长" * 32_767] * 200] * 19])
    began = time.process_time()
    table = read_tables(path)
    assert "longer than 2000 characters" in table.cell(table.rows[0], "name").damage
    assert time.process_time() - began < 20


def test_a_lone_text_of_brackets_and_spaces_is_no_long_riddle(sheet_file: SheetMaker) -> None:
    path = sheet_file("a.csv", [["企业名称", "地址"], *[["(" + " " * 30_000 + "x", ""]] * 20])
    began = time.process_time()
    read_tables(path)
    assert time.process_time() - began < 10


def test_a_character_that_cannot_be_stored_is_named_by_its_cell(sheet_file: SheetMaker, repack: Repacker) -> None:
    path = sheet_file("a.xlsx", [["企业名称", "地址"], ["甲", "ab"]])

    def escaped(part: str, data: bytes) -> bytes:
        return data.replace(b"ab<", b"a_x0000_b<") if part.endswith("sharedStrings.xml") else data

    with pytest.raises(SheetError, match="Cell B2 holds a character that cannot be stored"):
        read_tables(repack(path, escaped, {}))


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
    path.write_bytes(compound_file(streams))
    with pytest.raises(SheetError, match=sentence):
        read_tables(path)


def test_circle_of_sectors_ends(sheet_file: SheetMaker) -> None:
    data = bytearray(compound_file({"Workbook": BOF}))
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
