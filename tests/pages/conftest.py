"""A stranger who looks at pages, and a log that stays short."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """A stranger whose browser says nothing of languages, and who gets a 500 as a page and not as an exception."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def quiet_refusals() -> Iterator[None]:
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)
