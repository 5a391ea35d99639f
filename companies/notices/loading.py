"""An official list becomes a notice: every line kept as typed, each with the firm that it means or its candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from companies.imports.matching import Register, batches_of
from companies.imports.rows import FirmRow
from companies.models import CertificationKind, Company, Notice, NoticeLine
from registry.credit_code import is_valid, normalise
from registry.names import NameProblem, clean_name
from registry.sheets.cells import CellError, parse_day
from registry.sheets.errors import SeveralSheets, SheetError
from registry.sheets.headers import find_columns
from registry.sheets.plan import row_ranges
from registry.sheets.reading import Table, grid_of, table_under
from registry.sheets.rows import Row, Skip

LONGEST = {"name": 200, "code": 60, "certificate_number": 60}
KEYS = {"name": "name", "code": "uscc", "certificate_number": "certificate_number"}


@dataclass(frozen=True)
class Loaded:
    """The notice, and sentences on what was left aside."""

    notice: Notice
    notes: list[str]


def load(notice: Notice, data: bytes) -> Loaded:
    """Saves the notice with its lines. Raises SheetError, one sentence; ValidationError for a notice that is there."""
    table = table_of(notice.file_name, data)
    notes: list[str] = list(table.notes)
    lines, dayless, formulas = [], [], []
    for row in table.rows:
        if any(table.cell(row, key).is_formula for key in KEYS.values()):
            formulas.append(row.number)
        try:
            issued_on = parse_day(table.cell(row, "issued_on"))
        except CellError:
            issued_on = None
            dayless.append(row.number)
        lines.append(NoticeLine(notice=notice, number=row.number, issued_on=issued_on, **_typed(table, row)))
    if dayless:
        notes.append(_("The day of issue could not be read in rows %s; it is left empty.") % row_ranges(dayless))
    if formulas:
        notes.append(
            _("Cells that hold a formula are not read; they are left empty in rows %s.") % row_ranges(formulas)
        )
    numbers = [skipped.number for skipped in table.skipped if skipped.why not in (Skip.BLANK, Skip.HEADINGS)]
    if numbers:
        notes.append(_("Rows that are no firms: %s.") % row_ranges(numbers))
    with transaction.atomic():
        notice.full_clean()
        notice.save()
        match(notice.kind, lines)
        NoticeLine.objects.bulk_create(lines, batch_size=1_000)
    return Loaded(notice, notes)


def table_of(name: str, data: bytes) -> Table:
    """The one sheet with names or codes of firms. Raises SheetError."""
    try:
        grid, notes = grid_of(name, data)
    except SeveralSheets as several:
        raise SheetError(
            _("Several sheets could be meant: %s; leave one in the file.") % ", ".join(several.names)
        ) from several
    found = find_columns(grid)
    if found is None or not (found.column("name") or found.column("uscc")):
        raise SheetError(_("No column is headed 企业名称 or 统一社会信用代码: without one no firm is found."))
    return table_under(grid, found, notes)


def _typed(table: Table, row: Row) -> dict[str, str]:
    return {field: table.cell(row, key).text.strip()[: LONGEST[field]] for field, key in KEYS.items()}


def match_again(notice: Notice) -> int:
    """Looks once more for the lines without a firm, as the register is now; the number of those that found one."""
    lines = list(notice.lines.filter(company__isnull=True))
    match(notice.kind, lines)
    found = [line for line in lines if line.company_id]
    NoticeLine.objects.bulk_update(lines, ("company", "candidates"), batch_size=1_000)
    return len(found)


def _as_row(line: NoticeLine) -> FirmRow:
    """The line as the import reads a row."""
    row = FirmRow(Row(line.number, ()))
    if is_valid(normalise(line.code)):
        row.values["uscc"] = normalise(line.code)
    if line.name:
        with suppress(NameProblem):  # what can be no firm's name finds none
            row.values["name"] = clean_name(line.name)
    if line.certificate_number:
        row.values["certificate_number"] = "".join(line.certificate_number.split()).upper()
    return row


def match(kind: CertificationKind, lines: Sequence[NoticeLine]) -> None:
    """Gives each line its firm, or its candidates."""
    rows, by_number = [_as_row(line) for line in lines], {line.number: line for line in lines}
    register = Register(rows)
    for batch in batches_of(rows):
        register.load(batch)
        for row in batch:
            codes = list(dict.fromkeys(_codes(row, register, kind)))
            line = by_number[row.number]
            is_doubtful = len(codes) > 1 or (row.code and codes and codes[0] != row.code)
            line.candidates = codes if is_doubtful else []
            line.company = None if is_doubtful or not codes else _firm(codes[0], register)


def _codes(row: FirmRow, register: Register, kind: CertificationKind) -> Iterator[str]:
    """Of the firms that the row may mean: by its credit code, else by name, of several the holder of the number."""
    if row.code in register.by_code:
        yield row.code
        return
    named = [draft.company.uscc for draft in register.named(row.values.get("name", ""))]
    number = row.values.get("certificate_number", "")
    holder = register.holders.get((kind.pk, number)) if number else None
    if holder is not None and (not named or holder[0] in named):
        yield holder[0]
        return
    yield from named


def _firm(code: str, register: Register) -> Company:
    draft: Any = register.by_code.get(code)
    found: Company = draft.company if draft is not None else Company.objects.get(uscc=code)
    return found


def choose(line: NoticeLine, code: str) -> bool:
    """Gives a doubtful line one of its candidates; False for a code that is none of them."""
    firm = Company.objects.filter(uscc=code).first() if code in line.candidates else None
    if firm is None:
        return False
    line.company, line.candidates = firm, []
    line.save(update_fields=("company", "candidates"))
    return True


def file_name(name: str | None) -> str:
    return Path(name or "").name[:200]
