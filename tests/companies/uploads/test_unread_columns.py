"""Columns that were not read are told beside what is said of the rows; nothing in them passes for the same."""

import pytest
from django.test import Client

from tests.companies.imports.lists import as_table, good_row
from tests.companies.uploads.pages import committed, content_of, file_of, judged, logged_in, registrar, sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
SAME = "Every row is as the register has it: there is nothing to write."


@pytest.fixture
def client() -> Client:
    return logged_in(registrar())


def test_a_list_that_was_read_throughout_is_as_the_register_has_it(client: Client) -> None:
    rows = as_table([good_row(1), good_row(2)])
    committed(client, file_of(rows))
    page = client.get(f"/admin/uploads/{judged(client, file_of(rows)).pk}/")
    assert page.context["headline"] == SAME
    assert page.context["unread"] == ""
    assert 'name="reason"' not in page.content.decode()  # there is nothing to give a reason for


def test_unread_columns_are_named_beside_the_verdict(client: Client) -> None:
    rows = as_table([good_row(1), good_row(2)])
    committed(client, file_of(rows))
    more = [[*row, "x"] for row in rows]
    more[0][-1] = "去向"
    page = client.get(f"/admin/uploads/{judged(client, file_of(more)).pk}/")
    assert page.context["headline"].startswith("In the columns that were read, every row is as the register has it")
    told = "1 column was not read: K 去向. Changes in it are not seen."
    assert page.context["unread"] == told
    assert told in page.content.decode()
    chinese = logged_in(registrar(), "zh-hans").get(page.request["PATH_INFO"]).content.decode()
    assert "有 1 列未读取：K 去向。其中的改动不会被发现。" in chinese


def downloaded(client: Client, path: str, ending: str) -> list[list[str]]:
    return sheet_of(content_of(client.get(f"/api/v1/{path}/?format=xlsx&lang={ending}")))


@pytest.mark.parametrize(
    ("language", "heading", "value", "verdict"),
    [
        ("zh", "名称", "重庆另一家有限公司", "ambiguous"),
        ("en", "Name", "Another Firm Co., Ltd.", "ambiguous"),
        ("zh", "区县 · 代码", "500119", "ambiguous"),
        ("zh", "战略领域 · 代码", "F01", "changed"),
        ("zh", "行业 · 代码", "Z", "wrong"),
    ],
)
def test_a_fact_changed_in_a_downloaded_list_of_firms_is_never_the_same(
    client: Client, language: str, heading: str, value: str, verdict: str
) -> None:
    rows = downloaded(client, "companies", language)
    place = rows[0].index(heading)
    changed = next(number for number, row in enumerate(rows) if number and row[place] not in ("", value))
    rows[changed][place] = value
    upload = judged(client, file_of(rows))
    assert dict(upload.rows.exclude(verdict="same").values_list("number", "verdict")) == {changed + 1: verdict}


def test_a_fact_that_no_upload_imports_is_named_as_not_read(client: Client) -> None:
    rows = downloaded(client, "financings", "zh")
    rows[1][rows[0].index("约定金额（万元）")] = "98765"
    unread = client.get(f"/admin/uploads/{judged(client, file_of(rows)).pk}/").context["unread"]
    assert "约定金额（万元）" in unread and "到期日" in unread
