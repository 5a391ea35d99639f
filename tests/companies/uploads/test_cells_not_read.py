"""Cells and corrections that are not to be read as they came."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.companies.imports.lists import as_table, good_row
from tests.companies.uploads.pages import file_of, judged, logged_in, registrar, step, verdicts
from tests.samples import uscc


def test_a_formula_is_wrong_by_cell_and_reason_until_its_value_is_typed(db: None) -> None:
    content, client = io.BytesIO(), logged_in(registrar())
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "信用代码", "备注"])
        sheet.write_formula(1, 0, '="重庆甲"&"有限公司"', None, "重庆甲有限公司")
        sheet.write(1, 1, uscc(1))
        sheet.write_formula(1, 2, "=ROW()", None, 2)  # a column that is not read may hold what it likes
    upload = judged(client, SimpleUploadedFile("a.xlsx", content.getvalue()))
    [problem] = upload.rows.get(number=2).problems
    assert (problem["column"], problem["key"], problem["suggestion"]) == ("A", "name", "重庆甲有限公司")
    assert problem["reason"].startswith("The cell holds a formula, which is not read")
    step(client, upload, "correct", {"fix-2-name": "重庆甲有限公司"})
    assert verdicts(upload) == {2: "new"}


@pytest.mark.parametrize("sent", [{"fix-2-name": "a\0b"}, {"pick-2": "a\0b"}])
def test_a_correction_that_cannot_be_stored_is_refused_in_a_sentence(db: None, sent: dict[str, str]) -> None:
    client = logged_in(registrar())
    upload = judged(client, file_of(as_table([good_row(1)])))
    page = step(client, upload, "correct", sent)
    assert "holds a character that cannot be stored." in page.content.decode()
    assert upload.corrections == {}
