import pytest
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.fixture
def throwaway(settings: Settings) -> Client:
    """A client of the small API in `throwaway.py`, which answers 500 as a browser would see it."""
    settings.ROOT_URLCONF = "tests.registry.api.throwaway"
    return Client(raise_request_exception=False)
