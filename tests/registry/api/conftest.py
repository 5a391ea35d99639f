from typing import ClassVar

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from registry.models import User


class OpenToAll:
    """What the small API shows of people; of the register's own addresses, none shows any of it."""

    public: ClassVar[tuple[str, ...]] = ("username", "last_login")


@pytest.fixture
def throwaway(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client of the small API in `throwaway.py`, which answers 500 as a browser would see it."""
    monkeypatch.setattr(User, "Access", OpenToAll)
    settings.ROOT_URLCONF = "tests.registry.api.throwaway"
    return Client(raise_request_exception=False)
