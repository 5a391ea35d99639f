"""One register with invented firms on a server of this process, and one browser for all tests of the folder."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import DEMONSTRATION_DAY

TODAY = DEMONSTRATION_DAY
NAMES = ("chromium", "chromium-browser", "google-chrome")


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Thousands of requests are made here; each would be a line."""


@pytest.fixture(scope="module")
def served(demonstration: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the server, whose threads read the demonstration set."""
    with django_db_blocker.unblock():
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.set_app(StaticFilesHandler(get_wsgi_application()))
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        serving.join()


@pytest.fixture(scope="module")
def browser(served: str) -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, f"No Chromium in PATH ({', '.join(NAMES)}); on Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@dataclass
class Heard:
    """What a page said on its console, and which other hosts it asked."""

    messages: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def listen(self, page: Page, served: str) -> None:
        host = urlsplit(served).netloc

        def ask(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
                self.outside.append(request.url)

        def say(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.messages.append(message.text)

        page.on("request", ask)
        page.on("console", say)
        page.on("pageerror", lambda error: self.messages.append(str(error)))


@pytest.fixture
def context(browser: Browser, served: str) -> Iterator[BrowserContext]:
    made = browser.new_context(
        base_url=served, viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce"
    )
    yield made
    made.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def page(context: BrowserContext, served: str, heard: Heard) -> Page:
    opened = context.new_page()
    heard.listen(opened, served)
    return opened
