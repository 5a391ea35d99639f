"""A pass over the XML of an .xlsx before it is read: no DTD, true extent, formulas without value, errors."""

import re
from collections.abc import Iterable
from contextlib import suppress
from xml.parsers import expat

from django.utils.translation import gettext as _

from registry.sheets import limits
from registry.sheets.content import refuse_damaged
from registry.sheets.errors import SheetError
from registry.sheets.grid import SheetFacts

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


class _PrologDone(Exception):
    """The root element was reached: a DTD can no longer follow."""


def scan_parts(parts: Iterable[tuple[str, bytes]]) -> dict[str, SheetFacts]:
    """Facts by sheet name. Worksheets wait until the shared texts, sheet names and relations are known."""
    roots: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    for name, content in parts:
        roots[name] = root = _root_of(name, content)
        if root in ("worksheet", "sst", "workbook") or name.lower().endswith("workbook.xml.rels"):
            kept[name] = content
    text_lengths = [length for name in kept if roots[name] == "sst" for length in _text_lengths(name, kept[name])]
    titles = _sheet_titles({name: kept[name] for name in kept if roots[name] in ("workbook", "Relationships")})
    sheets = {name: _WorksheetScan(text_lengths).run(name, kept[name]) for name in kept if roots[name] == "worksheet"}
    return {titles.get(name.lower(), name): facts for name, facts in sheets.items()}


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _new_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def refuse_dtd(*_args: object) -> None:
        raise SheetError(_("The file holds a document type definition, which no spreadsheet needs, so it is not read."))

    parser.StartDoctypeDeclHandler = refuse_dtd
    return parser


def _parse(parser: expat.XMLParserType, name: str, content: bytes) -> None:
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, SheetError):
            raise
        raise refuse_damaged(name) from error


def _root_of(name: str, content: bytes) -> str:
    """The local name of the root element; stops there, so drawings that are not well-formed do no harm."""
    parser, found = _new_parser(), [""]

    def start(tag: str, _attributes: dict[str, str]) -> None:
        found[0] = _local(tag)
        raise _PrologDone

    parser.StartElementHandler = start
    with suppress(_PrologDone):
        _parse(parser, name, content)
    return found[0]


def _text_lengths(name: str, content: bytes) -> list[int]:
    """Characters of each shared text, in the order by which cells name them."""
    parser, lengths = _new_parser(), list[int]()

    def start(tag: str, _attributes: dict[str, str]) -> None:
        if _local(tag) == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters)

    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    _parse(parser, name, content)
    return lengths


def _sheet_titles(parts: dict[str, bytes]) -> dict[str, str]:
    """Part name in lower case -> the title on the sheet's tab."""
    targets: dict[str, str] = {}
    titles: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = {_local(key): value for key, value in attributes.items()}
        if _local(tag) == "Relationship":
            targets[local.get("Id", "")] = local.get("Target", "")
        elif _local(tag) == "sheet":
            titles[attributes.get("r:id", local.get("id", ""))] = local.get("name", "")

    for name, content in parts.items():
        parser = _new_parser()
        parser.StartElementHandler = start
        _parse(parser, name, content)
    return {_part_name(target): titles[key] for key, target in targets.items() if key in titles}


def _part_name(target: str) -> str:
    return target.lstrip("/").lower() if target.startswith("/") else f"xl/{target}".lower()


class _WorksheetScan:
    """Walks the cells of one worksheet; only cells with a value count towards its extent."""

    def __init__(self, text_lengths: list[int]) -> None:
        self.facts = SheetFacts()
        self.text_lengths = text_lengths
        self.characters = 0
        self.row = self.column = -1
        self.kind = ""
        self.value = ""
        self.is_formula = self.is_in_value = False

    def run(self, name: str, content: bytes) -> SheetFacts:
        parser = _new_parser()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        _parse(parser, name, content)
        return self.facts

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "c":
            self._start_cell(attributes)
        elif local == "row":
            self.row = int(attributes.get("r", self.row + 2)) - 1
            self.column = -1
        elif local == "v" or local == "is":
            self.is_in_value = local == "v"
            self._reach()
        elif local == "f":
            self.is_formula = True
            self._reach()
            self._mark_formula(attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.column += 1
        if reference := attributes.get("r"):
            self.row, self.column = _position(reference)
        self.kind = attributes.get("t", "n")
        self.value, self.is_formula = "", False

    def _mark_formula(self, attributes: dict[str, str]) -> None:
        """The cell, and all that the formula of an array fills: those cells name none of their own."""
        here = (self.row, self.column)
        self.facts.formulas.add(here, here)
        if attributes.get("t") in ("array", "dataTable") and (filled := attributes.get("ref")):
            first, _colon, last = filled.partition(":")
            (top, left), (bottom, right) = _position(first), _position(last or first)
            self.facts.formulas.add((min(top, bottom), min(left, right)), (max(top, bottom), max(left, right)))

    def _reach(self) -> None:
        facts = self.facts
        if self.row >= facts.row_count or self.column >= facts.column_count:
            facts.row_count = max(facts.row_count, self.row + 1)
            facts.column_count = max(facts.column_count, self.column + 1)
            limits.check_extent(facts.row_count, facts.column_count)

    def _text(self, characters: str) -> None:
        if self.is_in_value:
            self.value += characters

    def _end(self, tag: str) -> None:
        local = _local(tag)
        if local == "v":
            self.is_in_value = False
        elif local == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        if self.kind == "e":
            self.facts.error_cells.add((self.row, self.column))
        elif self.kind == "s" and self.value.strip().isdecimal():
            self._count_text(int(self.value))
        elif self.is_formula and not self.value and self.kind != "str":
            # t="str" with an empty value is a formula whose result is the empty text.
            self.facts.uncached_formulas.append((self.row, self.column))

    def _count_text(self, index: int) -> None:
        if index < len(self.text_lengths):
            self.characters += self.text_lengths[index]
            limits.check_text(self.characters)


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.match(reference)
    if match is None:
        raise refuse_damaged(reference[:20])
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
