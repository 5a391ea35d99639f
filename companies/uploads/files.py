"""Files that the pages of uploads give: the sheet with its reasons, a blank template, firms for correction."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from companies.models import CertificationKind, Upload, UploadRow
from companies.uploads.columns import table_of
from companies.uploads.showing import REASON_TITLES
from incubators.models import Incubator
from registry import days
from registry.models import District, Industry, ReportingUnit, StrategicField, TechnologyField
from registry.sheets.annotating import NOTHING_IS_GUESSED, write_annotated
from registry.sheets.columns import HEADINGS
from registry.sheets.grid import CellValue
from registry.sheets.plan import VERDICT_LABELS
from registry.sheets.reading import grid_of
from registry.sheets.verdicts import Verdict

TEMPLATE_KEYS = (
    *("name", "uscc", "established_on", "registered_capital", "district", "reporting_unit", "address", "industry"),
    *("strategic_field", "incubator", "entered_on", "left_on", "certification_kind", "certificate_number"),
    *("technology_field", "issued_on", "valid_until", "contact_name", "contact_phone", "contact_email"),
)
DAYS = frozenset({"established_on", "issued_on", "valid_until", "entered_on", "left_on"})
ROWS_OF_TEMPLATE = 2_000
EXPORTED = TEMPLATE_KEYS[:-3]
"""Contact persons are no part of the file: who reads them is to be noted."""


def heading_of(key: str) -> str:
    """The first of the Chinese headings; capital with its unit, which the reading understands."""
    first = HEADINGS[key][0].split()[0]
    return f"{first}（万元）" if key == "registered_capital" else first


def with_reasons(upload: Upload) -> bytes:
    """The uploaded sheet as .xlsx, corrected so far, with verdict and reason beside each row."""
    grid, _notes = grid_of(upload.file_name, bytes(upload.content or b""), upload.sheet or None)
    table = table_of(upload)
    heading = grid.rows[table.columns.last_row]
    for column in table.columns.columns:
        if column.index >= len(heading):
            heading += [None] * (column.index + 1 - len(heading))
            heading[column.index] = column.title
    for row in table.rows:
        grid.rows[row.number - 1] = list(row.values)
    found = {row.number: (str(VERDICT_LABELS[Verdict(row.verdict)]), _told(row)) for row in upload.rows.iterator()}
    file = io.BytesIO()
    write_annotated(grid, [str(title) for title in REASON_TITLES], table.columns.last_row, found, file)
    return file.getvalue()


def _told(row: UploadRow) -> str:
    texts = []
    for problem in row.problems:
        hint = " " + _("Perhaps: %s") % problem["suggestion"] if problem["suggestion"] else ""
        texts.append(f"{problem['column_title']}: {problem['reason']}{hint}".removeprefix(": "))
    texts += [f"{one['field']}: {one['before'] or '∅'} → {one['after'] or '∅'}" for one in row.differences]
    return "\n".join([*texts, *row.candidates, *row.findings])


def choices(incubators: Iterable[Incubator]) -> dict[str, list[str]]:
    """Key -> the Chinese names that its cells may hold today."""
    today = days.today()
    lists: dict[str, Any] = {
        "district": District.objects.on(today),
        "reporting_unit": ReportingUnit.objects.on(today),
        "industry": Industry.objects.on(today),
        "strategic_field": StrategicField.objects.on(today),
        "technology_field": TechnologyField.objects.on(today),
        "certification_kind": CertificationKind.objects.on(today),
    }
    found = {key: list(rows.order_by("code").values_list("name_zh", flat=True)) for key, rows in lists.items()}
    return found | {"incubator": [incubator.name_zh for incubator in incubators]}


def template(incubators: Iterable[Incubator]) -> bytes:
    """A blank sheet with the usual headings; cells of code lists, and of these incubators, are chosen from a list."""
    return workbook_of(TEMPLATE_KEYS, (), choices(incubators))


def workbook_of(
    keys: Sequence[str], entries: Iterable[Sequence[CellValue]], offered: Mapping[str, list[str]] | None = None
) -> bytes:
    """Entries under the Chinese headings of the keys; `offered` are the drop-downs of cells yet to be filled."""
    import xlsxwriter  # here: only who writes a workbook needs it

    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        file, {key: on for key, on in NOTHING_IS_GUESSED.items() if key != "constant_memory"}
    )
    bold = workbook.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    text, day = workbook.add_format({"num_format": "@"}), workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet = workbook.add_worksheet("名单")
    for place, key in enumerate(keys):
        plain = None if key == "registered_capital" else day if key in DAYS else text
        sheet.set_column(place, place, 34 if key in ("name", "address", "uscc") else 18, plain)
        sheet.write_string(0, place, heading_of(key), bold)
    sheet.freeze_panes(1, 1)
    for number, values in enumerate(entries, 1):
        for place, value in enumerate(values):
            if isinstance(value, datetime.date):
                sheet.write_datetime(number, place, value, day)
            elif value not in (None, ""):
                sheet.write_string(number, place, str(value), text)
    if offered:
        _offer_choices(workbook, sheet, keys, offered)
    workbook.close()
    return file.getvalue()


def _offer_choices(workbook: Any, sheet: Any, keys: Sequence[str], offered: Mapping[str, list[str]]) -> None:
    """The lists stand on a sheet of their own, which is hidden: a drop-down's own text may not be long."""
    lists = workbook.add_worksheet("代码")
    lists.hide()
    for at, (key, names) in enumerate(offered.items()):
        lists.write_string(0, at, f"{heading_of(key)}可选值")
        for number, name in enumerate(names, 1):
            lists.write_string(number, at, name)
        if key in keys and names:
            place, letter = keys.index(key), chr(ord("A") + at)
            source = f"=代码!${letter}$2:${letter}${len(names) + 1}"
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, place, ROWS_OF_TEMPLATE, place, rule)
