"""Which column of an uploaded sheet is what: proposed, remembered from earlier uploads, chosen by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from companies.imports.rows import NOT_IMPORTED
from companies.models import Upload
from companies.uploads.downloads import keys_if_downloaded
from incubators.models import Incubator
from registry.credit_code import is_valid
from registry.models import User
from registry.sheets.columns import KEYS, fold
from registry.sheets.correcting import corrected
from registry.sheets.errors import SeveralSheets
from registry.sheets.grid import Grid
from registry.sheets.headers import IGNORED, find_columns, guess_headings, with_keys
from registry.sheets.reading import Table, grid_of, table_under

CHOICES = tuple(key for key in KEYS if key != "sequence" and key not in NOT_IMPORTED)
SAMPLES = 3
LONGEST_SAMPLE = 40
UPLOADS_REMEMBERED = 20


def propose(name: str, data: bytes, sheet: str = "", memory: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The columns of the file as the page shows them; `row_count` entries under `heading_row`. Raises SheetError."""
    grid, names = _grid(name, data, sheet)
    table = _table(grid, {})
    headings = [
        {
            "letter": column.letter,
            "title": column.title,
            "key": _remembered(column.title, memory or {}) or column.key or IGNORED,
            "samples": _samples(table, column.index),
        }
        for column in table.columns.columns
    ]
    _settle(headings, {column.letter: column.key for column in table.columns.columns})
    return {"sheet": grid.name, "sheets": names, "headings": headings, "row_count": len(table.rows)}


def _grid(name: str, data: bytes, sheet: str) -> tuple[Grid, list[str]]:
    """The sheet, the first where several could be meant, and the names of those."""
    try:
        return grid_of(name, data, sheet or None)[0], [sheet] if sheet else []
    except SeveralSheets as several:
        return grid_of(name, data, several.names[0])[0], list(several.names)


def _table(grid: Grid, keys: Mapping[str, str], notes: tuple[str, ...] = ()) -> Table:
    found = find_columns(grid) or guess_headings(grid)
    found = with_keys(found, keys or keys_if_downloaded(found))
    table = table_under(grid, found, notes)
    # Columns without a heading were added.
    return replace(table, columns=with_keys(table.columns, keys or _by_content(table)))


def _by_content(table: Table) -> dict[str, str]:
    """Where no heading says that it is the credit code: the one column whose first values are codes."""
    if table.columns.column("uscc"):
        return {}
    holding = [
        column.letter
        for column in table.columns.columns
        if (samples := _samples(table, column.index)) and all(map(is_valid, samples))
    ]
    return {holding[0]: "uscc"} if len(holding) == 1 else {}


def _samples(table: Table, index: int) -> list[str]:
    texts: dict[str, None] = {}
    for row in table.rows:
        cell = table.cell_at(row, index)
        if not cell.is_blank:
            texts[(cell.text or cell.suggestion)[:LONGEST_SAMPLE]] = None
        if len(texts) == SAMPLES:
            break
    return list(texts)


def _remembered(title: str, memory: Mapping[str, str]) -> str:
    return memory.get(fold(title), "") if title else ""


def _settle(headings: list[dict[str, Any]], recognised: Mapping[str, str | None]) -> None:
    """What was remembered may claim a key that another heading has: the recognised column then keeps it."""
    for key in CHOICES:
        claimants = [heading for heading in headings if heading["key"] == key]
        keeper = next((one for one in claimants if recognised.get(one["letter"]) == key), None)
        for other in claimants if len(claimants) > 1 else ():
            if other is not (keeper or claimants[0]):
                other["key"] = IGNORED


def remembered(user: User, incubator: Incubator | None) -> dict[str, str]:
    """Folded heading -> key, as chosen in the last uploads of the incubator, or of the person who works for none."""
    owner = {"incubator": incubator} if incubator else {"incubator": None, "user": user}
    judged = Upload.objects.filter(**owner, planned_at__isnull=False).order_by("-uploaded_at")
    memory: dict[str, str] = {}
    for proposal, chosen in judged.values_list("proposal", "columns")[:UPLOADS_REMEMBERED]:
        for heading in proposal.get("headings", ()):
            if heading["title"] and heading["letter"] in chosen:
                memory.setdefault(fold(heading["title"]), chosen[heading["letter"]])
    return memory


def table_of(upload: Upload) -> Table:
    """The uploaded sheet with the chosen columns and the corrections."""
    grid, notes = grid_of(upload.file_name, bytes(upload.content or b""), upload.sheet or None)
    return corrected(_table(grid, upload.columns, notes), upload.corrections)
