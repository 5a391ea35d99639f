"""The page of figures in Chromium: charts, links, languages, colours, keyboard and screen reader."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TODAY, Heard

DAY = f"valid_on={TODAY}"
SHOWN = ["way", "districts", "zones", "hubs", "bridge", "cliff", "incubators", "financing"]
CHOSEN = {"tiles": "districts", "strategic": "hubs"}
REDRAWN = """[...document.querySelectorAll('figure svg')].every(
    one => Math.abs(one.clientWidth - one.closest('figure').clientWidth) < 2)"""
AT_MOST = 25
"""About so many links of each panel are followed, spread over its tables."""
LISTS = {"/firms/": "/api/v1/companies/", "/incubators/": "/api/v1/incubators/"}
"""Pages with the lists that they show."""


def opened(page: Page, query: str = "", lang: str = "zh") -> Page:
    page.goto(f"/dashboard/?{DAY}&lang={lang}&{query}".rstrip("&"))
    return page


def drawn(page: Page) -> list[str]:
    figures: list[str] = page.eval_on_selector_all(
        "figure[data-chart]", "all => all.filter(one => one.querySelector('svg path')).map(one => one.dataset.chart)"
    )
    return figures


def visible(page: Page) -> list[str]:
    figures: list[str] = page.eval_on_selector_all(
        "figure[data-chart]", "all => all.filter(one => one.offsetHeight > 0).map(one => one.dataset.chart)"
    )
    return figures


def api(page: Page, path: str, **asked: Any) -> Any:
    answer = page.request.get(f"{path}{'&' if '?' in path else '?'}{urlencode(asked)}" if asked else path)
    assert answer.status == 200, f"{path}: {answer.status} {answer.text()[:300]}"
    return answer.json()


def counted(page: Page, link: str) -> int:
    """How many entries the list behind a link has."""
    parts = urlsplit(link)
    path = LISTS.get(parts.path, parts.path)
    count: int = api(page, f"{path}?{parts.query}", count="exact", limit=1)["meta"]["count"]
    return count


def linked_numbers(page: Page, panel: str) -> list[tuple[int, str]]:
    """Every number of the panel's tables that leads to a list."""
    found = page.eval_on_selector_all(
        f"#{panel} td a", "all => all.map(one => [one.textContent, one.getAttribute('href')])"
    )
    return [(int(re.sub(r"[^\d−-]", "", text).replace("−", "-")), link) for text, link in found]


def test_each_chart_draws(page: Page) -> None:
    opened(page)
    assert drawn(page) == SHOWN == visible(page)


def test_another_view_of_the_same_numbers_can_be_chosen(page: Page) -> None:
    opened(page)
    for chart, instead in CHOSEN.items():
        page.locator(f'button[data-shows="{chart}"]').click()
        assert chart in visible(page) and instead not in visible(page)
        assert chart in drawn(page)


def test_every_district_has_a_tile_of_its_own(page: Page) -> None:
    opened(page)
    rows = page.eval_on_selector("#data-tiles", "one => JSON.parse(one.textContent).rows")
    assert rows
    assert len({tuple(row["at"]) for row in rows}) == len(rows)


def test_the_projection_joins_the_way(page: Page) -> None:
    opened(page)
    path = page.eval_on_selector("#data-projection", "one => JSON.parse(one.textContent).path")
    told = api(page, f"/api/v1/targets/high-tech-2030/projection/?{DAY}")["data"]
    assert [point["median"] for point in path] == [told["stock"], *(point["median"] for point in told["path"])]
    labels = page.eval_on_selector_all("figure[data-chart=way] svg text", "all => all.map(one => one.textContent)")
    assert "80% 区间" in labels


def test_lists_behind_numbers_have_as_many_entries(page: Page) -> None:
    opened(page)
    for panel in ("way", "districts", "zones", "fields", "cliff", "incubators", "financing"):
        numbers = linked_numbers(page, panel)
        assert numbers, panel
        some = numbers[: len(numbers) : max(len(numbers) // AT_MOST, 1)]
        wrong = [(number, link, found) for number, link in some if (found := counted(page, link)) != number]
        assert wrong == []


def test_parts_of_the_bridge_open_to_their_firms(page: Page) -> None:
    opened(page)
    parts = [(number, link) for number, link in linked_numbers(page, "bridge") if "/bridge/" in link]
    assert parts
    for number, link in parts:
        page.goto(f"{link}&lang=zh&limit=500")
        changes = page.eval_on_selector_all("tbody td.num", "all => all.map(one => one.textContent)")
        assert sum(int(text.replace("−", "-")) for text in changes) == number, link


def test_a_bar_leads_to_its_firms(page: Page) -> None:
    opened(page)
    link = page.eval_on_selector("#data-districts", "one => JSON.parse(one.textContent).rows[0].url")
    page.locator("figure[data-chart=districts]").click(position={"x": 320, "y": 18})
    page.wait_for_url(lambda url: url.endswith(link))


def test_the_large_numbers_are_those_of_the_api(page: Page) -> None:
    opened(page)
    way = api(page, f"/api/v1/targets/high-tech-2030/?{DAY}")["data"]["computed"]
    numbers = page.eval_on_selector_all("#way .figures dd:nth-of-type(1)", "all => all.map(one => one.firstChild.data)")
    assert [text.strip() for text in numbers[:2]] == [f"{way['stock']:,}", f"{way['gap']:,}"]


def test_languages_switch_and_are_complete(page: Page) -> None:
    opened(page)
    expect(page.locator("h1")).to_have_text("通往 2 万家高新技术企业之路")
    left_over = re.compile(r"[A-Za-z]{3,}")
    words = "h1, h2, .subtitle, .asked-for, summary, th, dt, caption, label > span, button, svg text"
    texts = page.eval_on_selector_all(words, "all => all.map(one => one.textContent)")
    assert [text for text in texts if left_over.search(text)] == []
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("The way to 20,000 high-tech firms")
    assert f"valid_on={TODAY}" in page.url
    page.get_by_role("link", name="Italiano").click()
    expect(page.locator("h1")).to_have_text("La via verso 20.000 imprese ad alta tecnologia")


def test_nothing_is_said_on_the_console_and_no_other_host_is_asked(page: Page, heard: Heard) -> None:
    for lang in ("zh", "en", "it"):
        opened(page, lang=lang)
        page.locator('button[data-shows="tiles"]').click()
        figure = page.locator("figure[data-chart=tiles]")
        figure.scroll_into_view_if_needed()
        figure.hover(position={"x": 60, "y": 200})
    assert heard.messages == []
    assert heard.outside == []


def test_axe_finds_no_violation_in_either_colours(page: Page) -> None:
    opened(page)
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    assert found.violations_count == 0, f"dark: {found.generate_report()}"


def test_charts_follow_the_colours(page: Page) -> None:
    opened(page)
    bars = "figure[data-chart=districts] svg path[fill='{}']"
    assert page.locator(bars.format("#0072b2")).count() > 0
    page.emulate_media(color_scheme="dark")
    expect(page.locator(bars.format("#4da9e0")).first).to_be_attached()
    assert page.locator(bars.format("#0072b2")).count() == 0


REDRAWN = """() => new Promise(done => {
    const fits = () => [...document.querySelectorAll("figure svg")].every(one => one.clientWidth <= innerWidth);
    const look = () => fits() ? done() : requestAnimationFrame(look);
    look();
})"""
"""Charts are drawn anew after the window has another size; the page's policy lets no condition be given as a text."""


def test_no_screen_scrolls_sideways(page: Page) -> None:
    opened(page)
    for width in (390, 768, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(REDRAWN)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert drawn(page) == SHOWN


@pytest.mark.parametrize("lang", ["zh", "it"])
def test_names_are_whole_and_numbers_written_as_in_the_text_on_a_phone(page: Page, lang: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, lang=lang)
    for chart in ("districts", "zones", "incubators", "tiles"):
        if chart == "tiles":
            page.locator('button[data-shows="tiles"]').click()
        drawing = f"figure[data-chart={chart}] svg text"
        texts = page.eval_on_selector_all(drawing, "all => all.map(one => one.textContent)")
        drawn_words = "".join(texts).replace(" ", "")
        rows = page.eval_on_selector(f"#data-{chart}", "one => JSON.parse(one.textContent).rows")
        names = [row["short"] if chart == "tiles" else row["name"] for row in rows]
        assert [name for name in names if name.replace(" ", "") not in drawn_words] == [], chart


def test_thousands_are_parted_as_in_the_text(page: Page) -> None:
    opened(page, lang="it")
    assert page.evaluate("dashboard.number(1544)") == "1.544"
    opened(page, lang="zh")
    assert page.evaluate("dashboard.number(1544)") == "1,544"


def test_charts_fit_the_paper(page: Page) -> None:
    """Paper is narrower than the screen, and nothing is drawn anew for it."""
    opened(page)
    page.evaluate("window.addEventListener('resize', event => event.stopImmediatePropagation(), true)")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})
    page.wait_for_function("[...document.querySelectorAll('figure svg')].every(one => one.clientWidth > 0)")
    widths = page.eval_on_selector_all("figure svg", "all => all.map(one => [one.clientWidth, one.clientHeight])")
    assert widths and all(0 < width <= 703 and height > 40 for width, height in widths)


@pytest.mark.parametrize("address", ["/incubators/", "/districts/", "/districts/500157/", "/firms/"])
def test_axe_finds_no_violation_on_the_other_pages(page: Page, heard: Heard, address: str) -> None:
    page.goto(f"{address}?{DAY}&lang=zh")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert heard.messages == []


def test_without_scripts_the_tables_tell_all(browser: Browser, served: str) -> None:
    context = browser.new_context(base_url=served, java_script_enabled=False)
    page = opened(context.new_page())
    assert page.locator("figure[data-chart]:visible").count() == 0
    for panel in ("way", "districts", "zones", "fields", "bridge", "cliff", "incubators", "financing", "projection"):
        assert page.locator(f"#{panel} tbody tr").count() > 0, panel
    page.locator("#districts summary").first.click()
    expect(page.locator("#districts table").first).to_be_visible()
    context.close()


def test_a_wrong_year_is_said_at_its_field(page: Page) -> None:
    answer = page.goto(f"/dashboard/?{DAY}&year=2031&lang=zh")
    assert answer and answer.status == 400
    field = page.locator("select[name=year]")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#wrong-year")).to_contain_text("最晚可选 2026 年")
    assert Axe().run(page).violations_count == 0


def test_the_permanent_link_gives_the_same_page(page: Page) -> None:
    opened(page)
    title = page.locator("#way h2").text_content()
    page.locator("#way .links a").click()
    page.wait_for_url(lambda url: "known_at=" in url and url.endswith("#way"))
    assert page.locator("#way h2").text_content() == title
    assert drawn(page) == SHOWN
