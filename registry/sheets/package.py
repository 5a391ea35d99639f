"""The guard before an .xlsx: the zip is unpacked part by part, here, with limits, before the reader sees it.

The reader unpacks without limits and trusts no declared size, so neither do we: each part is inflated
to at most the size it declares, and the declared sizes are summed first.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from registry.sheets import limits
from registry.sheets.content import refuse_damaged, refuse_encrypted, refuse_macros
from registry.sheets.errors import SheetError

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_MACRO_NAMES = ("vbaproject", "/macrosheets/", "vbadata")


def parts_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Every XML part with its name, one at a time, after all checks of the directory have passed."""
    entries = _directory(data)
    _check_names([entry.filename for entry in entries])
    _check_declared(entries, len(data))
    for entry in entries:
        content = _inflate(data, entry)
        if entry.filename.lower().endswith((".xml", ".rels")):
            yield entry.filename, content


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries, comment = archive.infolist(), archive.comment
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeError, struct.error) as error:
        raise refuse_damaged("zip") from error
    if comment:
        # A comment can hide a second directory, which another reader may take for the true one.
        raise refuse_damaged(_("comment in the zip"))
    return entries


def _check_names(names: list[str]) -> None:
    lowered = [name.lower() for name in names]
    if len(set(lowered)) != len(lowered):
        raise refuse_damaged(_("a part occurs twice"))
    if any(mark in f"/{name}" for name in lowered for mark in _MACRO_NAMES):
        raise refuse_macros()
    if "xl/workbook.bin" in lowered:
        raise SheetError(_("The file is a binary workbook (.xlsb), which is not read; save it as .xlsx."))
    if "[content_types].xml" not in lowered or not any(name.startswith("xl/") for name in lowered):
        raise SheetError(_("The file is a zip archive but not a workbook; save the sheet as .xlsx."))


def _check_declared(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > limits.MAXIMUM_PARTS:
        raise refuse_damaged(_("too many parts"))
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refuse_encrypted()
    unpacked = sum(entry.file_size for entry in entries)
    too_dense = unpacked > limits.RATIO_MATTERS_FROM_BYTES and unpacked > packed * limits.MAXIMUM_RATIO
    if unpacked > limits.MAXIMUM_UNPACKED_BYTES or too_dense:
        raise _refuse_bomb(packed, unpacked)


def _refuse_bomb(packed: int, unpacked: int) -> SheetError:
    return SheetError(
        _("The file of %(packed)d KB unpacks to %(unpacked)d KB or more; copy the rows into a new sheet.")
        % {"packed": packed // 1024, "unpacked": unpacked // 1024}
    )


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The content of one part; a part that is longer than it declares is refused."""
    header = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise refuse_damaged(entry.filename)
    *_rest, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflate_at_most(packed, entry)
    else:
        raise refuse_damaged(_("unknown compression"))
    if len(content) > entry.file_size:
        raise _refuse_bomb(len(data), len(content))
    return content


def _inflate_at_most(packed: bytes, entry: zipfile.ZipInfo) -> bytes:
    try:
        return zlib.decompressobj(-15).decompress(packed, entry.file_size + 1)
    except zlib.error as error:
        raise refuse_damaged(entry.filename) from error
