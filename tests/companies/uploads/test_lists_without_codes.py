"""A list that names firms by name alone: what to do is said once, and each code can be typed beside its row."""

import pytest
from django.test import Client

from companies.models import Company, CompanyName
from tests.companies.imports.lists import firm
from tests.companies.uploads.pages import REASON, file_of, judged, logged_in, registrar, step, verdicts, wrong_cells
from tests.samples import uscc

NAMES = [f"重庆新来{number}号有限公司" for number in range(1, 8)]


@pytest.fixture
def client(committed_db: str) -> Client:
    return logged_in(registrar())


def test_what_to_do_is_told_above_the_rows(client: Client) -> None:
    firm(1, NAMES[0])
    settled = judged(client, file_of([["企业名称"], NAMES[:1]]))
    assert client.get(f"/admin/uploads/{settled.pk}/").context["without_codes"] == ""
    upload = judged(client, file_of([["企业名称"], *([name] for name in NAMES)]))
    assert "Add a column “统一社会信用代码”" in client.get(f"/admin/uploads/{upload.pk}/").content.decode()
    with_codes = judged(client, file_of([["企业名称", "信用代码"], [NAMES[1], "915"]]))
    assert verdicts(with_codes) == {2: "wrong"}
    assert client.get(f"/admin/uploads/{with_codes.pk}/").context["without_codes"] == ""


def test_the_code_is_typed_beside_the_row_and_adds_the_firm(client: Client) -> None:
    firm(1, "重庆他名有限公司")
    upload = judged(client, file_of([["企业名称"], [NAMES[1]], [NAMES[2]]]))
    page = client.get(f"/admin/uploads/{upload.pk}/").content.decode()
    assert 'name="fix-2-uscc"' in page and 'name="fix-3-uscc"' in page
    step(client, upload, "correct", {"fix-2-uscc": uscc(2), "fix-3-uscc": "915"})
    assert verdicts(upload) == {2: "new", 3: "wrong"}
    page = client.get(f"/admin/uploads/{upload.pk}/").content.decode()
    assert page.count('name="fix-3-uscc"') == 1
    step(client, upload, "correct", {"fix-3-uscc": uscc(3)})
    step(client, upload, "commit", {"reason": REASON})
    assert set(Company.objects.values_list("uscc", flat=True)) >= {uscc(2), uscc(3)}
    assert CompanyName.objects.filter(name_zh=NAMES[1]).exists()


def test_rows_of_which_the_same_is_said_are_one_card(client: Client) -> None:
    rows = [["企业名称", "成立日期"], *([name, ""] for name in NAMES), ["重庆另一家有限公司", "昨天"]]
    upload = judged(client, file_of(rows))
    page = client.get(f"/admin/uploads/{upload.pk}/")
    (group,) = page.context["groups"]
    assert [row.number for row in group.rows] == list(range(2, 9))
    assert group.labels == ["企业名称", "credit code"]
    assert [row.number for row in page.context["single_rows"]] == [9]
    text = page.content.decode()
    assert text.count("and no firm of this name is in the register") == 2  # once for the group, once for row 9
    assert text.count('name="fix-5-uscc"') == text.count('name="fix-5-name"') == 1
    assert len(wrong_cells(upload)) == 9
