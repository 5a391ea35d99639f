"""What a person typed in place of a sheet's cells, laid over the table before it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from registry.sheets.columns import HEADINGS
from registry.sheets.grid import CellValue, Position
from registry.sheets.headers import Column, ColumnMap
from registry.sheets.reading import Table
from registry.sheets.rows import Row

Corrections = Mapping[str, Mapping[str, str]]
"""Row number (as text) -> key of the column -> the text that stands there instead; an empty one clears the cell."""


def corrected(table: Table, corrections: Corrections) -> Table:
    """The table with the corrections; a key that no column is read as gets a column of its own, after the last."""
    if not corrections:
        return table
    keys = dict.fromkeys(key for cells in corrections.values() for key in cells)
    columns = _with_columns(table, [key for key in keys if table.columns.column(key) is None])
    places = {str(column.key): column.index for column in columns.columns if column.key}
    changed: set[Position] = set()
    rows = []
    for row in table.rows:
        given = {places[key]: text for key, text in corrections.get(str(row.number), {}).items()}
        rows.append(_with_values(row, given) if given else row)
        changed |= {(row.number - 1, index) for index in given}
    return replace(table, columns=columns, rows=tuple(rows), corrected=frozenset(changed))


def _with_columns(table: Table, keys: list[str]) -> ColumnMap:
    columns = table.columns.columns
    first = max((*(len(row.values) for row in table.rows), *(column.index + 1 for column in columns)))
    added = tuple(Column(first + place, HEADINGS[key][0].split()[0], key) for place, key in enumerate(keys))
    return replace(table.columns, columns=columns + added)


def _with_values(row: Row, given: Mapping[int, str]) -> Row:
    values: list[CellValue] = [*row.values, *[None] * (max(given) + 1 - len(row.values))]
    for index, text in given.items():
        values[index] = text or None
    return replace(row, values=tuple(values))
