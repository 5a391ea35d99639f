"""What is not read is refused in a sentence, and nothing of it is kept."""

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from companies.models import Upload
from registry.sheets.receiving import MAXIMUM_UPLOAD_BYTES
from tests.companies.imports.lists import as_table, good_row
from tests.companies.uploads.pages import file_of, logged_in, registrar, send

Changed = Callable[[str, bytes], bytes | None]


def workbook(change: Changed = lambda _name, content: content, added: dict[str, bytes] | None = None) -> bytes:
    """A sound .xlsx with its parts changed; a part that becomes None is left out."""
    read = file_of(as_table([good_row(1)])).read()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(read)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if (content := change(name, source.read(name))) is not None:
                target.writestr(name, content)
        for name, content in (added or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    return workbook(added={"xl/media/big.xml": b"<a>" + b" " * 150_000_000 + b"</a>"})


def with_entity(name: str, content: bytes) -> bytes:
    if name != "xl/sharedStrings.xml":
        return content
    return content.replace(b"<sst", b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst', 1)


def far_down(name: str, content: bytes) -> bytes:
    if not name.startswith("xl/worksheets/"):
        return content
    row = b'<row r="1000000"><c r="A1000000"><v>1</v></c></row></sheetData>'
    return content.replace(b"</sheetData>", row)


def never_calculated() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "信用代码"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://example.org","x")', None, "")
    return content.getvalue()


def with_password() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("a.xlsx", bomb, "unpacks to"),
    "formula never calculated": ("a.xlsx", never_calculated, "formula"),
    "macros by name": ("a.xlsm", workbook, "macros"),
    "macros inside": ("a.xlsx", lambda: workbook(added={"xl/vbaProject.bin": b"x"}), "macros"),
    "external entity": ("a.xlsx", lambda: workbook(with_entity), "document type definition"),
    "a million rows": ("a.xlsx", lambda: workbook(far_down), "1000000"),
    "another kind inside": ("a.xlsx", lambda: b"%PDF-1.7 ...", "holds PDF"),
    "another kind by name": ("a.pdf", lambda: b"%PDF-1.7", "is not read"),
    "no bytes": ("a.csv", lambda: b"", "empty"),
    "headings only": ("a.csv", lambda: "企业名称,信用代码\n".encode(), "no rows under them"),
    "password": ("a.xlsx", with_password, "password"),
    "not text": ("a.csv", lambda: b"\xff" * 40, "UTF-8"),
}


@pytest.mark.parametrize("kind", FILES)
def test_each_is_refused_in_one_sentence(db: None, kind: str) -> None:
    name, content, words = FILES[kind]
    page = send(logged_in(registrar()), SimpleUploadedFile(name, content()))
    assert page.status_code == 200
    assert words in page.context["refusal"]
    assert "Traceback" not in page.content.decode()
    assert not Upload.objects.exists()


def test_a_file_over_10_mb_is_not_even_kept_for_a_moment(db: None) -> None:
    large = SimpleUploadedFile("a.csv", b"x" * (MAXIMUM_UPLOAD_BYTES + 1))
    page = send(logged_in(registrar()), large)
    assert page.context["refusal"] == "The file is larger than 10 MB; split it."
    assert not Upload.objects.exists()


def test_a_form_without_a_file_says_so(db: None) -> None:
    page = logged_in(registrar()).post("/admin/uploads/", {})
    assert "Choose a file first" in page.context["refusal"]


def test_texts_like_formulas_stay_texts(db: None) -> None:
    """A name that begins with = is text here, and text in the sheet that is given back."""
    from tests.companies.uploads.pages import content_of, judged, sheet_of

    client = logged_in(registrar())
    upload = judged(client, file_of([["企业名称", "信用代码"], ["=cmd|' /C calc'!A0", "x"]], "a.csv"))
    given = sheet_of(content_of(client.get(f"/admin/uploads/{upload.pk}/reasons.xlsx")))
    assert given[1][0] == "=cmd|' /C calc'!A0"
