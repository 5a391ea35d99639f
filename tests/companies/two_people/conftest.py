"""The two of them, logged in; what they save really commits."""

import pytest
from django.test import Client

from tests.companies.admin_forms import log_in


@pytest.fixture
def wang(committed_db: str) -> Client:
    return log_in("wang")


@pytest.fixture
def li(committed_db: str) -> Client:
    return log_in("li")
