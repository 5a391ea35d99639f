"""Fixtures of the folders in which a stranger asks: taken over by their `conftest.py`."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """A stranger whose browser says nothing of languages, and who gets a 500 as an answer and not as an exception."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def quiet_refusals() -> Iterator[None]:
    """Thousands of refusals are asked for; each would be a line of the log."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)
