"""What a file really is, by its first bytes, held against what its name says."""

from django.utils.translation import gettext as _

from registry.sheets.errors import SheetError

READABLE = (".xlsx", ".xls", ".csv")
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A workbook with a password lies in a compound file, whatever its extension.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_KINDS: tuple[tuple[bytes, str], ...] = (
    (_ZIP, ".xlsx"),
    (_COMPOUND, ".xls"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x05\x06", "ZIP"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"{\\rtf", "RTF"),
)


def check_extension(extension: str) -> None:
    if extension in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        raise SheetError(_("A %s file can carry macros and is not read; save it as .xlsx without macros.") % extension)
    if extension not in READABLE:
        raise SheetError(
            _("A file named “%(found)s” is not read; only %(known)s are.")
            % {"found": extension or "?", "known": ", ".join(READABLE)}
        )


def kind_of(data: bytes) -> str:
    """`.xlsx`, `.xls`, `.csv` (any text), or a word for something else."""
    for magic, kind in _KINDS:
        if data.startswith(magic):
            return kind
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")):
        return "HTML/XML"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    return _("binary data") if b"\x00" in data else ".csv"


def check_kind(data: bytes, extension: str) -> None:
    """Refuse a name that does not say what is inside: another program would read another thing."""
    if not data.strip():
        raise SheetError(_("The file is empty."))
    found = kind_of(data)
    if found == extension:
        return
    if found == ".xls" and _ENCRYPTED in data:
        raise refuse_encrypted()
    if found == "UTF-16" and extension == ".csv":
        raise SheetError(_("The text is in UTF-16, which is not read; save it as CSV in UTF-8 or GB18030."))
    raise SheetError(
        _("The file is named %(named)s but holds %(found)s; save it again as .xlsx.")
        % {"named": extension, "found": _("plain text") if found == ".csv" else found}
    )


def refuse_encrypted() -> SheetError:
    return SheetError(_("The file is protected by a password; remove the password and upload it again."))


def refuse_macros() -> SheetError:
    return SheetError(_("The file carries macros, which are not accepted; save it as .xlsx without macros."))


def refuse_damaged(detail: str) -> SheetError:
    return SheetError(_("The file is damaged and cannot be read (%s); open it and save it again.") % detail)
