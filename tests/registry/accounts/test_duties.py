"""A one-time password opens no page below the admin's address, whichever app made it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from registry.models import Role, User

FREE = {"/admin/login/", "/admin/logout/", "/admin/jsi18n/"}


def pages(resolver: Any, start: str = "") -> Iterator[str]:
    """An address of every pattern, each variable as `1`."""
    for pattern in resolver.url_patterns:
        route = start + re.sub(r"<(?:\w+:)?\w+>", "1", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from pages(pattern, route)
        elif "(?P" not in route:
            yield f"/{route}"


@pytest.mark.django_db
def test_whoever_has_to_change_a_password_is_led_there_from_every_page_of_the_admin() -> None:
    person = User.objects.create_user("li", password="x", is_staff=True, role=Role.REGISTRAR, must_change_password=True)
    client = Client()
    client.force_login(person)
    asked = {page for page in pages(get_resolver()) if page.startswith("/admin/")} - FREE
    assert {"/admin/", "/admin/uploads/", "/admin/findings/", "/admin/notices/", "/admin/figures/"} <= asked
    assert len(asked) > 200
    for page in sorted(asked):
        for answer in (client.get(page), client.post(page)):
            assert answer.headers.get("Location") == "/account/password/", page
