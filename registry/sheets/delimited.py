"""CSV in UTF-8 (with or without BOM) or GB18030, separated by comma, semicolon or tab."""

import csv
import io

from django.utils.translation import gettext as _

from registry.sheets import limits
from registry.sheets.errors import SheetError
from registry.sheets.grid import CellValue, Grid

_DELIMITERS = ",;\t"
_SAMPLE_LINES = 50


def read_delimited(data: bytes) -> Grid:
    """One grid; a row is numbered as Excel would, so a quoted line break does not start a row."""
    text = _decode(data)
    csv.field_size_limit(1024 * 1024)
    # Strict: an unclosed quote would otherwise swallow the rest of the file into one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[CellValue]] = []
    width = 0
    try:
        for fields in reader:
            width = max(width, len(fields))
            limits.check_extent(len(rows) + 1, width)
            rows.append(list(fields))
    except csv.Error as error:
        raise SheetError(
            _("Line %(line)d of the text is not valid CSV (%(why)s); check its quotation marks.")
            % {"line": reader.line_num, "why": error}
        ) from error
    grid = Grid("", rows)
    grid.check_texts()
    return grid


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise SheetError(
            _("The text is neither UTF-8 nor GB18030 (byte %d); save it as CSV in UTF-8.") % error.start
        ) from error


def _delimiter(text: str) -> str:
    """The one that most lines of the beginning hold, then the one that occurs most."""
    lines = [_without_quoted(line) for line in text.splitlines()[:_SAMPLE_LINES]]
    return max(
        _DELIMITERS,
        key=lambda mark: (sum(mark in line for line in lines), sum(line.count(mark) for line in lines)),
    )


def _without_quoted(line: str) -> str:
    return "".join(line.split('"')[::2])
