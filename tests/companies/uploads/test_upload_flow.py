"""From a file to the register and back, page by page."""

import pytest
from django.test import Client

from companies.models import Company, CompanyName, Upload
from registry.models import ChangeSet, StrategicField, User
from tests.companies.imports.lists import Rows, as_table, digest, firm, good_row, slip
from tests.companies.uploads.pages import (
    REASON,
    committed,
    file_of,
    judged,
    logged_in,
    registrar,
    send,
    step,
    uploaded,
    verdicts,
    wrong_cells,
)
from tests.samples import uscc

NAME = "重庆山城{}号精密机械有限公司"


@pytest.fixture
def user(committed_db: str) -> User:
    return registrar()


@pytest.fixture
def client(user: User) -> Client:
    return logged_in(user)


def test_nothing_is_written_before_the_commit_then_all_with_reason_and_person(client: Client, user: User) -> None:
    firm(1, NAME.format(1))
    before = digest()
    upload = judged(client, file_of(as_table([good_row(1), good_row(2)])))
    assert verdicts(upload) == {2: "changed", 3: "new"}
    assert digest() == before

    page = step(client, upload, "commit", {"reason": REASON})
    change = ChangeSet.objects.latest("sequence")
    assert upload.committed == change
    assert (change.actor, change.reason) == (user, f"upload 名单.xlsx: {REASON}")
    assert {code for (code,) in Company.objects.values_list("uscc")} >= {uscc(1), uscc(2)}
    text = page.content.decode()
    key = Company.objects.get(uscc=uscc(2)).pk
    assert f"/admin/companies/company/{key}/change/" in text
    assert f"/admin/registry/changeset/{change.pk}/change/" in text


def test_the_same_file_again_is_all_same_and_leaves_no_change(client: Client) -> None:
    file = as_table([good_row(place) for place in range(1, 30)])
    committed(client, file_of(file))
    before = digest()
    again = committed(client, file_of(file))
    assert set(verdicts(again).values()) == {"same"}
    assert again.committed is None and again.committed_at is not None
    assert digest() == before


def test_a_wrong_cell_is_corrected_on_the_page(client: Client) -> None:
    rows = [good_row(1), good_row(2) | {"统一社会信用代码": slip(uscc(2))}, good_row(3) | {"所属区县": "渝北驱"}]
    upload = judged(client, file_of(as_table(rows)))
    assert wrong_cells(upload) == {(3, "统一社会信用代码"), (4, "所属区县")}
    page = client.get(f"/admin/uploads/{upload.pk}/").content.decode()
    assert uscc(2) in page  # the suggestion
    step(client, upload, "correct", {"fix-3-uscc": uscc(2), "fix-4-district": "渝北驱"})
    assert wrong_cells(upload) == {(4, "所属区县")}  # what was sent as it stood is no correction
    step(client, upload, "correct", {"fix-4-district": "渝北区"})
    assert set(verdicts(upload).values()) == {"new"}
    step(client, upload, "commit", {"reason": REASON})
    assert Company.objects.filter(uscc__in=[uscc(1), uscc(2), uscc(3)]).count() == 3


def test_an_ambiguous_row_is_settled_by_choosing_the_firm(client: Client) -> None:
    for number in (1, 2):
        firm(number, "重庆同名有限公司")
    upload = judged(client, file_of([["企业名称", "成立日期"], ["重庆同名有限公司", "2014-01-02"]]))
    assert verdicts(upload) == {2: "ambiguous"}
    page = client.get(f"/admin/uploads/{upload.pk}/").content.decode()
    assert f'value="{uscc(2)}"' in page
    step(client, upload, "correct", {"pick-2": uscc(2)})
    assert verdicts(upload) == {2: "changed"}
    step(client, upload, "commit", {"reason": REASON})
    assert Company.objects.get(uscc=uscc(2)).established_on is not None
    assert Company.objects.get(uscc=uscc(1)).established_on is None


def test_another_name_is_settled_by_the_day_of_renaming(client: Client) -> None:
    company = firm(1, "重庆旧名有限公司")
    upload = judged(client, file_of([["企业名称", "信用代码"], ["重庆新名有限公司", uscc(1)]]))
    assert verdicts(upload) == {2: "ambiguous"}
    step(client, upload, "correct", {"fix-2-renamed_on": "2024-05-01"})
    step(client, upload, "commit", {"reason": REASON})
    assert list(company.names.order_by("valid_from").values_list("name_zh", flat=True)) == [
        "重庆旧名有限公司",
        "重庆新名有限公司",
    ]


def test_a_file_with_a_wrong_row_is_not_written(client: Client) -> None:
    upload = judged(client, file_of(as_table([good_row(1), good_row(2) | {"发证日期": "2023-02-30"}])))
    before = digest()
    page = step(client, upload, "commit", {"reason": REASON})
    assert "Nothing was written" in page.content.decode()
    assert digest() == before


def test_a_commit_needs_its_reason(client: Client) -> None:
    upload = judged(client, file_of(as_table([good_row(1)])))
    before = digest()
    page = step(client, upload, "commit", {"reason": "  "})
    assert "Say why" in page.content.decode()
    assert digest() == before


def test_what_changed_since_the_plan_is_judged_again_and_told(client: Client) -> None:
    upload = judged(client, file_of(as_table([good_row(1), good_row(2)])))
    firm(1, NAME.format(1))  # entered by somebody else in between
    before = digest()
    page = step(client, upload, "commit", {"reason": REASON})
    assert "The register has changed" in page.content.decode()
    assert verdicts(upload) == {2: "changed", 3: "new"}
    assert digest() == before
    step(client, upload, "commit", {"reason": REASON})
    assert upload.committed is not None


def test_what_was_judged_in_one_language_is_written_by_a_reader_of_another(user: User) -> None:
    firm(1, "重庆甲有限公司")
    sheet: Rows = [["企业名称", "信用代码", "战略领域"], ["重庆甲有限公司", uscc(1), "F01"]]
    upload = judged(logged_in(user, "zh-hans"), file_of(sheet))
    [row] = upload.rows.all()
    assert (row.verdict, row.differences[0]["after"]) == (
        "changed",
        str(StrategicField.objects.get(code="F01").name_zh),
    )
    step(logged_in(user, "en"), upload, "commit", {"reason": REASON})
    assert upload.committed_id and not upload.failure


def test_columns_chosen_by_hand_are_read_and_remembered_for_the_next_list(client: Client) -> None:
    rows = [["甲方", "号码", "备注"], [NAME.format(1), uscc(1), "x"]]
    upload = uploaded(client, file_of(rows))
    assert [heading["key"] for heading in upload.proposal["headings"]] == ["-", "uscc", "-"]  # its values are codes
    page = step(client, upload, "columns", {"column-A": "name", "column-B": "name"})
    assert "are all read as" in page.content.decode()
    step(client, upload, "columns", {"column-A": "name", "column-B": "uscc"})
    assert verdicts(upload) == {2: "new"}
    following = uploaded(client, file_of([["号码", "甲方", "其他"], [uscc(2), NAME.format(2), ""]]))
    assert [heading["key"] for heading in following.proposal["headings"]] == ["uscc", "name", "-"]
    elsewhere = uploaded(logged_in(registrar("li")), file_of(rows))
    assert [heading["key"] for heading in elsewhere.proposal["headings"]] == ["-", "uscc", "-"]


def test_one_of_several_sheets_is_chosen(client: Client) -> None:
    import io

    import xlsxwriter
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for number, title in enumerate(("一批", "二批"), 1):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, ["企业名称", "信用代码"])
            sheet.write_row(1, 0, [NAME.format(number), uscc(number)])
    upload = uploaded(client, SimpleUploadedFile("两批.xlsx", content.getvalue()))
    assert (upload.sheet, upload.proposal["sheets"]) == ("一批", ["一批", "二批"])
    step(client, upload, "columns", {"sheet": "二批"})
    step(client, upload, "columns", {"sheet": "二批", "column-A": "name", "column-B": "uscc"})
    assert upload.rows.get().label.startswith(uscc(2))


@pytest.mark.parametrize(("name", "encoding"), [("a.xls", ""), ("a.csv", "gb18030"), ("a.csv", "utf-8-sig")])
def test_other_formats_are_read_alike(client: Client, name: str, encoding: str) -> None:
    upload = committed(client, file_of(as_table([good_row(place) for place in range(1, 5)]), name, encoding))
    assert set(verdicts(upload).values()) == {"new"}
    assert CompanyName.objects.filter(name_zh=NAME.format(4)).exists()


def test_the_page_says_what_it_holds_for_each_verdict(client: Client) -> None:
    upload = judged(client, file_of(as_table([good_row(1), good_row(2) | {"发证日期": "昨天"}])))
    wrong = client.get(f"/admin/uploads/{upload.pk}/")
    assert [row.number for row in wrong.context["rows"]] == [3]
    new = client.get(f"/admin/uploads/{upload.pk}/?verdict=new")
    assert [row.number for row in new.context["rows"]] == [2]
    everything = client.get(f"/admin/uploads/{upload.pk}/?verdict=all&page=7")
    assert [row.number for row in everything.context["rows"]] == [2, 3]


def test_uploads_are_listed_with_their_state(client: Client) -> None:
    committed(client, file_of(as_table([good_row(1)]), "一.xlsx"))
    judged(client, file_of(as_table([good_row(2)]), "二.xlsx"))
    listed = client.get("/admin/uploads/").context["uploads"]
    assert [(upload.file_name, str(stage)) for upload, stage in listed] == [
        ("二.xlsx", "judged, not written"),
        ("一.xlsx", "written"),
    ]
    assert send(client, file_of([["x"]], "三.csv")).context["refusal"]
    assert Upload.objects.count() == 2
