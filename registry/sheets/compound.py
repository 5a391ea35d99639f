"""The guard before an .xls: the OLE container and its BIFF records, read only as far as the checks need.

Formats: [MS-CFB] for the container, [MS-XLS] for the records.
"""

import struct
from collections.abc import Iterator

from django.utils.translation import gettext as _

from registry.sheets import limits
from registry.sheets.content import refuse_damaged, refuse_encrypted, refuse_macros
from registry.sheets.errors import SheetError
from registry.sheets.grid import SheetFacts

_END = 0xFFFFFFFA  # this and above are marks, not sectors
_DIRECTORY_ENTRY = 128
_BOF, _FILEPASS, _BOUNDSHEET, _FORMULA, _STRING, _BOOLEAN_OR_ERROR = 0x809, 0x2F, 0x85, 0x06, 0x207, 0x205
_BETWEEN_FORMULA_AND_STRING = (0x221, 0x4BC, 0x236)
_VALUE_RECORDS = {0x203, 0x204, _BOOLEAN_OR_ERROR, 0x27E, 0xBD, 0xFD, 0xD6, _FORMULA}
_MULTIPLE_NUMBERS = 0xBD
_TEXT_RESULT, _ERROR_RESULT, _EMPTY_RESULT = 0, 2, 3


def scan_compound(data: bytes) -> dict[str, SheetFacts]:
    """Facts by sheet name; raises for passwords, macros and anything that is not a workbook."""
    try:
        return _scan_records(_workbook_stream(data))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise refuse_damaged("xls") from error


def _workbook_stream(data: bytes) -> bytes:
    container = _Container(data)
    names = {name.casefold() for name in container.entries}
    if "encryptedpackage" in names:
        raise refuse_encrypted()
    if any("vba" in name for name in names):
        raise refuse_macros()
    for name in ("Workbook", "Book"):
        if name in container.entries:
            return container.read(name)
    raise SheetError(_("The file is an Office document but not a workbook; save the sheet as .xlsx."))


class _Container:
    """Streams of a compound file by name (the tree is flattened: names suffice for the checks)."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sector_size = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
        directory_start, self.cutoff, mini_start = struct.unpack_from("<I4xII", data, 48)
        self.table = self._allocation_table()
        self.entries: dict[str, tuple[int, int]] = {}
        root = (_END, 0)
        directory = self._chain(directory_start)
        for offset in range(0, len(directory) - _DIRECTORY_ENTRY + 1, _DIRECTORY_ENTRY):
            name, kind, extent = self._entry(directory, offset)
            root = extent if kind == 5 else root
            if kind in (1, 2):
                self.entries.setdefault(name, extent)
        self.mini_stream = self._chain(root[0])
        mini_table = self._chain(mini_start)
        self.mini_table = struct.unpack(f"<{len(mini_table) // 4}I", mini_table)

    @staticmethod
    def _entry(directory: bytes, offset: int) -> tuple[str, int, tuple[int, int]]:
        length, kind = struct.unpack_from("<HB", directory, offset + 64)
        name = directory[offset : offset + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        return name, kind, struct.unpack_from("<II", directory, offset + 116)

    def _allocation_table(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        following, per_sector = struct.unpack_from("<I", self.data, 68)[0], self.sector_size // 4
        for _turn in range(len(self.data) // self.sector_size):
            if following >= _END:
                break
            *more, following = struct.unpack(f"<{per_sector}I", self._sector(following))
            sectors.extend(more)
        table = b"".join(self._sector(sector) for sector in sectors if sector < _END)
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_size
        # The last sector of a file may be cut short by its writer.
        sector = self.data[start : start + self.sector_size]
        if not sector:
            raise refuse_damaged("xls")
        return sector.ljust(self.sector_size, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _follow(self.table, start))

    def read(self, name: str) -> bytes:
        start, size = self.entries[name]
        if size >= self.cutoff:
            return self._chain(start)[:size]
        pieces = (self.mini_stream[number * 64 : number * 64 + 64] for number in _follow(self.mini_table, start))
        return b"".join(pieces)[:size]


def _follow(table: tuple[int, ...], start: int) -> Iterator[int]:
    """Sector numbers of a chain; a circle is a damaged file, not an endless loop."""
    for _turn in range(len(table) + 1):
        if start >= _END:
            return
        yield start
        start = table[start]
    raise refuse_damaged("xls")


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    offset = 0
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        yield offset, kind, stream[offset + 4 : offset + 4 + length]
        offset += 4 + length


def _scan_records(stream: bytes) -> dict[str, SheetFacts]:
    names: dict[int, str] = {}
    sheets: dict[int, SheetFacts] = {}
    facts, waiting = SheetFacts(), None
    for offset, kind, body in _records(stream):
        if waiting is not None and kind not in _BETWEEN_FORMULA_AND_STRING:
            if kind != _STRING:
                facts.uncached_formulas.append(waiting)
            waiting = None
        if kind == _FILEPASS:
            raise refuse_encrypted()
        if kind == _BOUNDSHEET:
            position, name = _sheet_name(body)
            names[position] = name
        elif kind == _BOF:
            facts = sheets.setdefault(offset, SheetFacts())
        elif kind in _VALUE_RECORDS:
            _count_cell(facts, kind, body)
            waiting = (
                struct.unpack_from("<HH", body) if kind == _FORMULA and _result_kind(body) == _TEXT_RESULT else None
            )
    for found in sheets.values():
        # Writers that do not calculate store empty results; so may Excel, but hardly for every formula of a sheet.
        if not found.has_filled_formulas:
            found.uncached_formulas.extend(found.empty_formulas)
    return {names[offset]: found for offset, found in sheets.items() if offset in names}


def _sheet_name(body: bytes) -> tuple[int, str]:
    position, flags, length, encoding = struct.unpack_from("<IHBB", body)
    if flags >> 8 in (1, 6):  # a sheet of Excel 4 macros; a Visual Basic module
        raise refuse_macros()
    if encoding & 1:
        return position, body[8 : 8 + 2 * length].decode("utf-16-le")
    return position, body[8 : 8 + length].decode("latin-1")


def _count_cell(facts: SheetFacts, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULTIPLE_NUMBERS else column
    facts.row_count = max(facts.row_count, row + 1)
    facts.column_count = max(facts.column_count, last + 1)
    limits.check_extent(facts.row_count, facts.column_count)
    if kind == _FORMULA:
        facts.formulas.add((row, column), (row, column))
        _count_formula(facts, (row, column), _result_kind(body))
    elif kind == _BOOLEAN_OR_ERROR and body[7] == 1:
        facts.error_cells.add((row, column))


def _count_formula(facts: SheetFacts, position: tuple[int, int], result: int) -> None:
    if result == _ERROR_RESULT:
        facts.error_cells.add(position)
    if result == _EMPTY_RESULT:
        facts.empty_formulas.append(position)
    else:
        facts.has_filled_formulas = True


def _result_kind(formula: bytes) -> int:
    """0 a text that follows in a record of its own, 1 yes or no, 2 an error, 3 empty; -1 a number."""
    return formula[6] if formula[12:14] == b"\xff\xff" else -1
