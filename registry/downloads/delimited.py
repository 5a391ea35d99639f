"""CSV that a Chinese spreadsheet opens as it is meant: UTF-8 with a byte order mark, CRLF, texts that stay texts.

What the spreadsheet does to a text cannot be told to it in CSV, so that two kinds of text are changed:

- One that would run as a formula gets an apostrophe before it.
- One that would become a number or a day and lose digits or zeros on the way (a credit code of 18 digits: 9.15E+17)
  gets a tab after it, which is not seen. It must not stand before: there it would itself count as dangerous.

Readers that strip blanks, as the register's own does, get the text as it was. No value is an empty field, a text
without letters is "".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import IO, Any

from registry.downloads.tables import Column, Datatype, Table

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FORMULA_BEGINS = tuple("=+-@＝＋－＠\t\r\n")
MISREAD = re.compile(
    r"0[0-9]+|[0-9]{12,}"  # a number that loses its zeros, or is shown by its first digits
    r"|[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+"  # a power of ten
    r"|(?![0-9]{4}-[0-9]{2}-[0-9]{2}$)[0-9]{1,4}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,4})?"  # a day, but no ISO day
)
TO_BE_QUOTED = re.compile('[",\t\r\n]|^ | $')


def write_delimited(table: Table, file: IO[bytes]) -> None:
    file.write(head_of(table.columns))
    kinds = [_cell_of(column) for column in table.columns]
    for rows in table.batches:
        lines = (_line([cell(value) for cell, value in zip(kinds, row, strict=True)]) for row in rows)
        file.write(b"".join(lines))


def head_of(columns: Sequence[Column]) -> bytes:
    """How the file begins: the names of its columns."""
    return BYTE_ORDER_MARK + _line([column.name for column in columns])


def _line(cells: list[str]) -> bytes:
    return (",".join(cells) + "\r\n").encode()


def _cell_of(column: Column) -> Any:
    return text_cell if column.datatype is Datatype.TEXT else _plain_cell


def _plain_cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def text_cell(value: str | None) -> str:
    """A text, quoted where it has to be, and safe in a spreadsheet."""
    if value is None:
        return ""
    text = as_spreadsheet_text(str(value))
    return '"' + text.replace('"', '""') + '"' if not text or TO_BE_QUOTED.search(text) else text


def as_spreadsheet_text(text: str) -> str:
    if text.startswith(FORMULA_BEGINS):
        return "'" + text
    return text + "\t" if MISREAD.fullmatch(text) else text
