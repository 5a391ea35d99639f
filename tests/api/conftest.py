"""The demonstration set, committed once a worker into a database of its own; each test rolls back on it."""

import datetime
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from companies.demonstration.loading import load
from tests import databases

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="session")
def demonstration_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    name = databases.own_name(f"{databases.WORKER}_demonstration")
    with django_db_blocker.unblock():
        with databases.maintenance() as server:
            databases.clone(server, name)
        databases.use(name)
        load(TODAY)
        databases.use(databases.own_name(databases.WORKER))
    yield name
    with django_db_blocker.unblock(), databases.maintenance() as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def demonstration(demonstration_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests of the module that are marked `django_db` run on the demonstration set."""
    with django_db_blocker.unblock():
        databases.use(demonstration_database)
        yield
        databases.use(databases.own_name(databases.WORKER))


@pytest.fixture
def client() -> Client:
    """A stranger, who gets a 500 as an answer and not as an exception."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def quiet_refusals() -> Iterator[None]:
    """Thousands of refusals are asked for here; each would be a line of the log."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)
