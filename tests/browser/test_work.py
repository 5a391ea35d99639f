"""The front page for work, its lists, search, figures and notices in Chromium, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from companies.models import Company
from incubators.models import Incubator, StaffMembership
from registry.models import Role, User
from tests.browser.conftest import Heard
from tests.companies.imports.lists import write_xlsx

HOST = "DEMO-01"
PICTURES: str | None = None  # a folder, to take the pictures of docs/staff.md


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.fixture(scope="module")
def people(served: str, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Sessions of a manager and a registrar, made before the browser; the name of a firm in residence."""
    with django_db_blocker.unblock():
        manager = User.objects.create_user("front-manager", is_staff=True, first_name="明", last_name="陈")
        host = Incubator.objects.get(code=HOST)
        StaffMembership.objects.create(user=manager, incubator=host, role="manager", valid_from="2024-01-01")
        registrar = User.objects.create_user("front-registrar", role=Role.REGISTRAR, is_staff=True)
        firm = Company.objects.filter(residencies__incubator=host, residencies__left_on=None).order_by("uscc")[0]
        name = firm.names.order_by("-valid_from")[0].name_zh
        return {"manager": session_of(manager), "registrar": session_of(registrar), "firm": name}


@pytest.fixture
def database_access(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def opened(context: BrowserContext, served: str, session: str) -> Page:
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": served}])
    return context.new_page()


def looked_at(page: Page, name: str, width: int) -> None:
    """Nothing overflows, nothing is wrong for those who do not see the page."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_manager_sees_what_needs_doing_and_finds_a_firm(
    people: dict[str, str], context: BrowserContext, served: str, heard: Heard, database_access: None, width: int
) -> None:
    page = opened(context, served, people["manager"])
    page.set_viewport_size({"width": width, "height": 900})
    heard.listen(page, served)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()
    looked_at(page, "staff-front", width)
    page.get_by_text("全部数据表").click()
    expect(page.get_by_role("heading", name="代码表")).to_be_visible()
    looked_at(page, "staff-tables", width)

    page.get_by_label("全库搜索").focus()
    page.keyboard.type(people["firm"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=people["firm"]).first).to_be_visible()
    looked_at(page, "staff-search", width)

    page.goto("/admin/")
    page.locator("a.tile").first.click()
    expect(page.locator("tbody tr").first).to_be_visible()
    looked_at(page, "staff-list", width)
    page.goto("/admin/figures/?day=2026-06-30")
    looked_at(page, "staff-figures", width)
    page.locator("td a").first.click()
    expect(page.locator(".total")).to_contain_text("家")
    looked_at(page, "staff-figure", width)
    assert (heard.messages, heard.outside) == ([], [])


@pytest.mark.parametrize("width", [1440, 390])
def test_a_registrar_loads_a_notice_and_the_manager_reads_it(
    people: dict[str, str],
    context: BrowserContext,
    served: str,
    heard: Heard,
    database_access: None,
    tmp_path: Path,
    width: int,
) -> None:
    page = opened(context, served, people["registrar"])
    page.set_viewport_size({"width": width, "height": 900})
    heard.listen(page, served)
    path, title = tmp_path / "公告.xlsx", f"示例公告 {width}"
    write_xlsx(path, [["序号", "企业名称"], [1, people["firm"]], [2, "重庆未登记科技有限公司"]], "")
    page.goto("/admin/notices/")
    looked_at(page, "notices", width)
    page.get_by_label("认定年度").fill("2027")
    page.get_by_label("公示名称").fill(title)
    page.set_input_files("#file", path)
    page.get_by_role("button", name="载入").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("link", name="未找到企业").click()
    expect(page.get_by_text("重庆未登记科技有限公司")).to_be_visible()
    looked_at(page, "notice-registrar", width)

    context.clear_cookies()
    page = opened(context, served, people["manager"])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/notices/")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("link", name=people["firm"])).to_be_visible()
    expect(page.get_by_text("重庆未登记科技有限公司")).to_have_count(0)
    looked_at(page, "notice-manager", width)
    assert (heard.messages, heard.outside) == ([], [])
