"""The page to read and try the API: in three languages, strict like the API itself, and from our own host alone."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.api.addresses import BASE

pytestmark = [pytest.mark.django_db]

PAGE = f"{BASE}docs/"
TITLES = {"en": "Read and try the API", "zh": "阅读并试用 API", "it": "Leggere e provare l'API"}


@pytest.mark.parametrize("language", TITLES)
def test_the_page_speaks_the_asked_language_and_asks_for_the_document_in_it(client: Client, language: str) -> None:
    response = client.get(PAGE, {"lang": language})
    page = response.content.decode()
    assert (response.status_code, response.headers["Content-Language"]) == (200, language)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f"<title>{TITLES[language]}</title>" in page
    assert f'data-document="../schema/?lang={language}"' in page


def test_a_browser_gets_the_page_whatever_it_accepts(client: Client) -> None:
    for accepted in ("text/html,application/xhtml+xml", "application/json", "image/png"):
        assert client.get(PAGE, headers={"Accept": accepted}).status_code == 200


def test_it_needs_no_other_host_and_nothing_inline(client: Client) -> None:
    response = client.get(PAGE)
    page = response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "data:" not in policy
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert re.findall(r"<style|<script>| style=| on\w+=", page) == []


def test_what_is_tried_on_the_page_answers_in_its_language() -> None:
    assert 'request.headers["Accept-Language"] = document.documentElement.lang' in _text("registry/documentation.js")


def luminance(colour: str) -> float:
    """Of #rrggbb, by WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_methods_can_be_read_in_either_mode() -> None:
    """White on the accent: 4.5 to 1 and more."""
    style = _text("registry/documentation.css")
    assert re.search(r"\.opblock-get \.opblock-summary-method \{ background: var\(--accent\); color: #fff; \}", style)
    accents = re.findall(r"--accent: (#\w{6})", style)
    assert len(accents) == 2 and all(1.05 / (luminance(accent) + 0.05) >= 4.5 for accent in accents)


def test_every_file_of_the_page_is_there(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
    assert len(files) >= 5
    assert [name for name in files if finders.find(name) is None] == []


def test_our_style_takes_the_place_of_every_inline_image_of_swagger_ui() -> None:
    """Which the page's policy would refuse: those of dialogs and of the grids are never on this page."""
    theirs = _text("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css")
    ours = _text("registry/documentation.css")
    with_image = {
        selector.strip().removeprefix("html.dark-mode ").removeprefix(".swagger-ui ")
        for selectors in re.findall(r'([^{}]+)\{[^{}]*background:[^{};]*url\("?data:', theirs)
        for selector in selectors.split(",")
    }
    elsewhere = {name for name in with_image if "debug-grid" in name or "dialog-ux" in name or "download" in name}
    pages = {name.replace("[type=checkbox]", '[type="checkbox"]') for name in with_image - elsewhere}
    written = re.sub(r"::after", ":after", ours).replace(" + ", "+").replace(" > ", ">")
    assert pages and [name for name in pages if name not in written] == []


def _text(name: str) -> str:
    path = finders.find(name)
    assert path is not None
    with open(path, encoding="utf-8") as file:
        return file.read()


def test_it_is_as_strict_as_the_api(client: Client) -> None:
    for question, code in (("?lnag=en", "unknown_parameter"), ("?lang=fr", "invalid_parameter")):
        refused = client.get(PAGE + question)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
    refused = client.post(PAGE)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_index_names_it(client: Client) -> None:
    assert "docs" in [entry["name"] for entry in client.get(BASE).json()["data"]]
