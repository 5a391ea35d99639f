"""The cells of a row as typed values; what cannot be read is a problem of its cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from companies.imports.lists import Lists
from registry.sheets import cells
from registry.sheets.cells import Cell, CellError
from registry.sheets.plan import Problem, problem_at
from registry.sheets.reading import Table
from registry.sheets.rows import Row

# What people type into a cell that has nothing to say.
_PLACEHOLDERS = frozenset({"-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a"})
# Recognised by the reading and yet not imported, with the reason that the plan tells.
NOT_IMPORTED = ("employees", "university")
LIST_OF_KEY = {
    "reporting_unit": "units",
    "industry": "industries",
    "strategic_field": "strategic_fields",
    "technology_field": "technology_fields",
    "certification_kind": "kinds",
    "incubator": "incubators",
}
PARSERS: dict[str, Callable[[Cell], Any]] = {
    "uscc": cells.parse_code,
    "name": cells.parse_name,
    "former_name": cells.parse_name,
    "name_en": cells.parse_text,
    "renamed_on": cells.parse_day,
    "established_on": cells.parse_day,
    "address": cells.parse_text,
    "contact_name": cells.parse_text,
    "contact_phone": cells.parse_text,
    "contact_email": cells.parse_text,
    "certificate_number": lambda cell: "".join(cells.parse_text(cell).split()).upper(),
    "issued_on": cells.parse_day,
    "valid_until": cells.parse_last_day,
    "entered_on": cells.parse_day,
    "left_on": cells.parse_day,
}


@dataclass(slots=True)
class FirmRow:
    """`values` holds only what is filled in: a blank cell says nothing, so it erases nothing."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.row.number

    @property
    def code(self) -> str:
        return str(self.values.get("uscc", ""))

    @property
    def label(self) -> str:
        return " ".join(filter(None, (self.code, self.values.get("name") or self.values.get("former_name"))))


def read_rows(table: Table, lists: Lists) -> list[FirmRow]:
    columns = [column for column in table.columns.read if column.key not in NOT_IMPORTED]
    return [_read_row(table, row, [(str(c.key), c.index, c.unit) for c in columns], lists) for row in table.rows]


def _read_row(table: Table, row: Row, columns: list[tuple[str, int, str]], lists: Lists) -> FirmRow:
    typed = FirmRow(row)
    for key, index, unit in columns:
        cell = table.cell_at(row, index)
        if cell.is_blank or cell.text.strip().casefold() in _PLACEHOLDERS:
            continue
        try:
            value = _parse(key, cell, unit, lists)
        except CellError as error:
            typed.problems.append(problem_at(table, row, key, error))
            continue
        if value not in (None, ""):
            typed.values[key] = value
    return typed


def _parse(key: str, cell: Cell, unit: str, lists: Lists) -> Any:
    if key == "registered_capital":
        return cells.parse_amount(cell, unit)
    if key in PARSERS:
        return PARSERS[key](cell)
    text = cells.parse_text(cell)
    if not text:
        return None
    return lists.place(text) if key == "district" else getattr(lists, LIST_OF_KEY[key]).find(text)
