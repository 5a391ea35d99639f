"""A registrar logs in with a second factor and enters a firm from nothing in under twenty actions, in Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from companies.models import Certification, Company, Residency
from incubators.models import Incubator
from registry.credit_code import complete
from registry.models import ReportingUnit, Role, User
from tests.browser.conftest import Heard

PASSWORD = "correct-horse-battery"
FEWER_THAN = 20
PATIENCE = 60_000
"""Milliseconds for a page, where other tests run beside."""
WIDTHS = (1440, 390)
PICTURES: str | None = None  # a folder, to take pictures


@pytest.fixture(scope="module")
def secrets(served: str, django_db_blocker: DjangoDbBlocker) -> dict[int, str]:
    """Width -> secret of the second factor of its own registrar: a code is good once."""
    found = {}
    with django_db_blocker.unblock():
        for width in WIDTHS:
            user = User.objects.create_user(
                f"enterer-{width}", password=PASSWORD, role=Role.REGISTRAR, is_staff=True, first_name="登记员"
            )
            found[width] = auth.generate_totp_secret()
            auth.TOTP.activate(user, found[width])
    return found


@pytest.fixture
def database_access(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def in_thread(question: Any, *arguments: Any) -> Any:
    """Away from the browser's event loop, where the ORM refuses to work."""

    def ask() -> Any:
        try:
            return question(*arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result()


@dataclass
class Hand:
    """What a person does on a page: each click and each filled field is one action."""

    page: Page
    done: list[str] = field(default_factory=list)

    def click(self, where: Any) -> None:
        self.done.append(f"click {where}")
        where.click()

    def fill(self, selector: str, text: str) -> None:
        self.done.append(f"fill {selector}")
        self.page.locator(selector).fill(text)
        self.page.locator(selector).blur()

    def choose(self, selector: str, label: str) -> None:
        self.done.append(f"choose {selector}")
        self.page.locator(selector).select_option(label=label)

    def suggest(self, opener: str, text: str) -> None:
        """Opened, typed and chosen: three actions."""
        self.click(self.page.locator(opener))
        self.done.append(f"type {text}")
        self.page.locator(".select2-search__field").fill(text)
        option = self.page.locator(".select2-results__option--highlighted", has_text=text)
        expect(option).to_have_count(1, timeout=PATIENCE)
        self.click(option)


def looked_at(page: Page, heard: Heard, name: str, width: int) -> None:
    """Nothing overflows, nothing is said on the console, nothing is wrong for those who do not see the page."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert heard.messages == [], name
    found = Axe().run(page)
    heard.messages.clear()  # axe asks for styles that the policy refuses
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)


def host_and_unit() -> tuple[str, str, str]:
    unit = ReportingUnit.objects.filter(valid_until=None).exclude(district=None).order_by("pk").first()
    host = Incubator.objects.filter(valid_until=None).order_by("pk").first()
    assert unit is not None and host is not None
    with translation.override("zh-hans"):
        return str(host), str(unit), str(unit.district_id)


def facts_of(code: str) -> dict[str, Any]:
    company = Company.objects.get(uscc=code)
    seat, stay, certificate = company.seats.get(), company.residencies.get(), company.certifications.get()
    return {
        "name": company.names.get().name_zh,
        "since": {str(day) for day in (company.established_on, seat.valid_from)},
        "district": str(seat.district_id),
        "host": stay.incubator.name_zh,
        "until": str(certificate.valid_until),
    }


def forget(code: str) -> None:
    """Other modules count the firms of the same set."""
    for model in (Certification, Residency):
        model.objects.filter(company__uscc=code).delete()
    Company.objects.filter(uscc=code).delete()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_firm_is_entered_from_nothing_in_under_twenty_actions(
    secrets: dict[int, str], context: BrowserContext, served: str, heard: Heard, database_access: None, width: int
) -> None:
    page, code = context.new_page(), complete("91500000", f"MAE{width:05d}"[:8])
    page.set_viewport_size({"width": width, "height": 900})
    heard.listen(page, served)
    host, unit, district = in_thread(host_and_unit)

    page.goto("/admin/companies/company/add/")
    looked_at(page, heard, "login", width)
    page.locator("input[name=login]").fill(f"enterer-{width}")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit], input[type=submit]").first.click()
    value = auth.hotp_value(secrets[width], int(time.time()) // 30)
    looked_at(page, heard, "code", width)
    page.locator("input[name=code]").fill(auth.format_hotp_value(value))
    page.keyboard.press("Enter")
    expect(page.locator("#id_uscc")).to_be_visible(timeout=PATIENCE)
    looked_at(page, heard, "firm-add", width)

    hand = Hand(page)
    hand.fill("#id_uscc", code[:17] + ("0" if code[17] != "0" else "1"))
    hand.click(page.locator(".field-help button", has_text=code))
    hand.fill("#id_names-0-name_zh", f"重庆甲乙丙丁{width}号有限公司")
    hand.fill("#id_names-0-valid_from", "2021-03-01")
    hand.choose("#id_seats-0-reporting_unit", unit)
    expect(page.locator("#id_seats-0-district")).to_have_value(district, timeout=PATIENCE)
    hand.fill("#id_registered_capital", "500")
    hand.click(page.locator("#certifications-group .add-row a"))
    hand.choose("#id_certifications-0-kind", "高新技术企业")
    hand.fill("#id_certifications-0-number", f"GR20245100{width:04d}")
    hand.fill("#id_certifications-0-issued_on", "2024-02-29")
    expect(page.locator("#id_certifications-0-valid_until")).to_have_value("2027-02-28", timeout=PATIENCE)
    hand.suggest("#residencies-group .select2-selection", host)
    hand.fill("#id_residencies-0-entered_on", "2021-04-01")
    looked_at(page, heard, "firm-filled", width)
    hand.click(page.locator("input[name=_continue]"))
    expect(page.locator(".messagelist .success")).to_be_visible(timeout=PATIENCE)
    assert len(hand.done) < FEWER_THAN, hand.done

    try:
        assert in_thread(facts_of, code) == {
            "name": f"重庆甲乙丙丁{width}号有限公司",
            "since": {"2021-03-01"},
            "district": district,
            "host": host,
            "until": "2027-03-01",
        }
        expect(page.locator(".firm-head")).to_contain_text("2027-02-28")
        looked_at(page, heard, "firm", width)
        assert (heard.messages, heard.outside) == ([], [])
    finally:
        in_thread(forget, code)
