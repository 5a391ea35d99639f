"""A list of 120 firms with five mistakes, from the file to the register and back, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from companies.models import Company
from incubators.models import Incubator, StaffMembership
from registry.models import Role, User
from tests.browser.conftest import Heard
from tests.companies.imports.lists import HEADINGS, as_table, good_row, slip, write_xlsx
from tests.samples import uscc

FIRST = {1440: 700, 390: 1400}
"""The first of the firms of each run: all are new."""
PICTURES: str | None = None  # a folder, to take the pictures of docs/uploading.md


@pytest.fixture(scope="module")
def session_key(served: str, django_db_blocker: DjangoDbBlocker) -> str:
    """An editor's session, made before the browser: beside its event loop the ORM refuses to work."""
    with django_db_blocker.unblock():
        user = User.objects.create_user("uploader", role=Role.STAFF, is_staff=True, first_name="编辑员")
        work = {"user": user, "role": "editor", "valid_from": "2020-01-01"}
        StaffMembership.objects.create(incubator=Incubator.objects.order_by("code")[0], **work)
        client = Client()
        client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.fixture
def signed_in(session_key: str, context: BrowserContext, served: str) -> Page:
    """An editor's page, in Chinese."""
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_key, "url": served}])
    return context.new_page()


def count_of_firms() -> int:
    def ask() -> int:
        try:
            return int(Company.objects.count())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:  # away from the browser's event loop
        return pool.submit(ask).result()


@pytest.fixture
def database_access(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def list_of(first: int) -> list[dict[str, object]]:
    """Firms in residence since the same day, with five mistakes."""
    rows = [good_row(place) | {"入驻日期": "2023-11-01"} for place in range(first, first + 120)]
    rows[3] |= {"统一社会信用代码": slip(uscc(first + 3))}
    rows[17] |= {"发证日期": "2023-02-30"}
    rows[40] |= {"所属区县": "璧山驱"}
    rows[77] |= {"技术领域": "炼金术"}
    rows[100] |= {"电子邮箱": "not an address"}
    return rows  # type: ignore[return-value]


def looked_at(page: Page, name: str, width: int) -> None:
    """Nothing overflows, nothing is wrong for those who do not see the page."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=width < 500)


@pytest.mark.parametrize("width", [1440, 390])
def test_120_firms_with_five_mistakes_are_corrected_written_and_undone(
    signed_in: Page, served: str, heard: Heard, database_access: None, tmp_path: Path, width: int
) -> None:
    page, first = signed_in, FIRST[width]
    page.set_viewport_size({"width": width, "height": 900})
    heard.listen(page, served)
    path = tmp_path / "第二批名单_high_tech_enterprises_2026_corrected_by_incubators_final.xlsx"
    write_xlsx(path, as_table(list_of(first), [*HEADINGS, "入驻日期"]), "")  # type: ignore[arg-type]
    before = count_of_firms()

    page.goto("/admin/uploads/")
    looked_at(page, "uploads", width)
    page.set_input_files("#file", path)
    page.get_by_role("button", name="上传并查看各列").click()
    expect(page.locator("#column-B")).to_have_value("uscc")
    looked_at(page, "uploads-columns", width)
    page.get_by_role("button", name="核对所有行").click()

    expect(page.locator(".headline")).to_have_text("还有 5 行需要处理，处理完才能写入。")
    expect(page.locator("section.row")).to_have_count(5)
    looked_at(page, "uploads-plan", width)
    for row, key, text in (
        (5, "uscc", uscc(first + 3)),
        (19, "issued_on", "2023-02-28"),
        (42, "district", "璧山区"),
        (79, "technology_field", "新材料"),
        (102, "contact_email", "li@example.org"),
    ):
        page.locator(f"#fix-{row}-{key}").fill(text)
    page.get_by_role("button", name="采用更正并重新核对").click()
    expect(page.locator(".headline")).to_have_text("可以写入：新增或变更 120 行。目前尚未写入任何内容。")
    assert count_of_firms() == before
    looked_at(page, "uploads-ready", width)

    page.get_by_label("写入原因").fill("2026年第二批名单")
    page.get_by_role("button", name="全部写入").click()
    expect(page.locator(".headline")).to_have_text("已写入：所有行都已进入登记库。")
    assert count_of_firms() == before + 120
    looked_at(page, "uploads-written", width)

    page.get_by_text("撤销本次上传").click()
    page.get_by_label("撤销原因").fill("名单有误")
    page.get_by_role("button", name="全部撤销").click()
    expect(page.locator(".headline")).to_have_text("本次上传已撤销：登记库恢复到上传之前。")
    assert count_of_firms() == before
    looked_at(page, "uploads-undone", width)
    assert (heard.messages, heard.outside) == ([], [])


def test_a_dropped_file_is_sent(signed_in: Page, tmp_path: Path) -> None:
    page = signed_in
    page.goto("/admin/uploads/")
    transfer = page.evaluate_handle(
        """() => { const all = new DataTransfer();
            all.items.add(new File(["企业名称,信用代码\\n重庆甲有限公司,x\\n"], "拖.csv"));
            return all;
        }"""
    )
    page.dispatch_event("form.drop", "drop", {"dataTransfer": transfer})
    expect(page.locator("#column-A")).to_have_value("name")


def test_without_scripts_a_file_is_uploaded_all_the_same(signed_in: Page, context: BrowserContext, served: str) -> None:
    plain = context.browser.new_context(  # type: ignore[union-attr]
        base_url=served, java_script_enabled=False, storage_state=context.storage_state(), locale="zh-CN"
    )
    page = plain.new_page()
    page.goto("/admin/uploads/")
    content = "企业名称,信用代码\n重庆甲有限公司,x\n".encode()
    page.set_input_files("#file", {"name": "无脚本.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="上传并查看各列").click()
    page.get_by_role("button", name="核对所有行").click()
    expect(page.locator(".headline")).to_have_text("还有 1 行需要处理，处理完才能写入。")
    plain.close()
