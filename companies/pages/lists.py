"""Pages that show a list of the API, with the list's own parameters."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import reverse

from registry.pages.asking import API

PAGES = {f"{API}companies/": "search", f"{API}incubators/": "incubators"}


def page_of(address: str) -> str | None:
    """Where people read a list that the API gave the address of; None where there is no page."""
    parts = urlsplit(address)
    return f"{reverse(PAGES[parts.path])}?{parts.query}" if parts.path in PAGES else None
