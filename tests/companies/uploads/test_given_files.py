"""Files that the pages give: with reasons, blank, and exports that change nothing when they are read back."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from companies.models import Upload
from companies.uploads.files import TEMPLATE_KEYS
from registry.sheets.columns import recognise
from registry.sheets.grid import column_letter
from tests.companies.imports.lists import as_table, good_row, slip
from tests.companies.uploads.pages import (
    content_of,
    file_of,
    judged,
    logged_in,
    registrar,
    sheet_of,
    step,
    verdicts,
)
from tests.samples import uscc

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db: None) -> Client:
    return logged_in(registrar())


def test_the_sheet_comes_back_in_its_order_with_a_reason_beside_each_row(client: Client) -> None:
    banner = ["2023年名单", *[None] * 9]
    rows = [good_row(1), good_row(2) | {"统一社会信用代码": slip(uscc(2))}, good_row(3) | {"所属区县": "渝北驱"}]
    upload = judged(client, file_of([banner, *as_table(rows)]))
    step(client, upload, "correct", {"fix-5-district": "渝北区"})
    given = sheet_of(content_of(client.get(f"/admin/uploads/{upload.pk}/reasons.xlsx")))
    assert given[0][0] == "2023年名单"
    assert given[1][:2] == ["企业名称", "统一社会信用代码"]
    assert given[1][-2:] == ["Verdict", "Reason"]
    assert [row[-2] for row in given[2:]] == ["new", "wrong", "new"]
    assert given[3][1] == slip(uscc(2))  # a text of 18 digits and letters, as it was
    assert uscc(2) in given[3][-1]
    assert given[4][4] == "渝北区"  # with the correction

    again = judged(
        client, SimpleUploadedFile("再.xlsx", content_of(client.get(f"/admin/uploads/{upload.pk}/reasons.xlsx")))
    )
    assert verdicts(again) == {3: "new", 4: "wrong", 5: "new"}


def test_the_template_has_the_headings_that_are_read_and_offers_what_cells_may_hold(client: Client) -> None:
    content = content_of(client.get("/admin/uploads/template.xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["名单"]
    headings = [cell.value for cell in sheet[1]]
    assert [recognise(heading)[0] for heading in headings] == list(TEMPLATE_KEYS)
    lists = {str(rule.sqref).split("2")[0]: rule for rule in sheet.data_validations.dataValidation}
    letters = {key: column_letter(place) for place, key in enumerate(TEMPLATE_KEYS)}
    assert {"district", "reporting_unit", "strategic_field", "technology_field", "certification_kind"} <= {
        key for key, letter in letters.items() if letter in lists
    }
    codes = openpyxl.load_workbook(io.BytesIO(content))["代码"]
    assert "渝北区" not in {cell.value for cell in codes["A"]}  # abolished
    assert {"两江新区", "璧山区"} <= {cell.value for cell in codes["A"]}


def test_a_filled_in_template_is_read(client: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content_of(client.get("/admin/uploads/template.xlsx"))))
    values = {
        "name": "重庆甲有限公司",
        "uscc": uscc(1),
        "district": "璧山区",
        "established_on": datetime.date(2020, 1, 2),
    }
    for key, value in values.items():
        book["名单"].cell(2, TEMPLATE_KEYS.index(key) + 1).value = value
    content = io.BytesIO()
    book.save(content)
    upload = judged(client, SimpleUploadedFile("填好.xlsx", content.getvalue()))
    assert verdicts(upload) == {2: "new"}


def test_what_was_read_goes_after_90_days_and_what_was_done_stays(client: Client) -> None:
    upload = judged(client, file_of(as_table([good_row(1)])))
    Upload.objects.update(uploaded_at=timezone.now() - datetime.timedelta(days=89))
    call_command("drop_old_uploads", stdout=io.StringIO())
    upload.refresh_from_db()
    assert upload.content is not None
    Upload.objects.update(uploaded_at=timezone.now() - datetime.timedelta(days=91))
    call_command("drop_old_uploads", stdout=io.StringIO())
    upload.refresh_from_db()
    assert upload.content is None
    assert (upload.corrections, upload.rows.count()) == ({}, 0)
    page = client.get(f"/admin/uploads/{upload.pk}/")
    assert page.status_code == 200
    assert "Write all rows" not in page.content.decode()
