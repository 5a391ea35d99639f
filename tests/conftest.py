"""Fixtures for all tests. `db` rolls back; `committed_db` really commits, on a clone of its own.

There is no `transactional_db` here: it empties tables with TRUNCATE, which the version triggers refuse.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from tests import cluster, databases, order
from tests.clocks import SetClock, clock_at

CONTROLLER = pytest.StashKey[cluster.Controller]()
DATABASE_FIXTURES = {"db", "committed_db", "own_cluster", "kept_world"}
REFUSED_FIXTURES = {"transactional_db", "live_server"}


def is_controller(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    if is_controller(config):
        config.stash[CONTROLLER] = cluster.Controller()


def pytest_unconfigure(config: pytest.Config) -> None:
    if CONTROLLER in config.stash:
        if cluster.is_given():
            databases.drop_all()
        config.stash[CONTROLLER].finish()


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the database, so that it can be run on another server; refuse what cannot work here."""
    order.long_modules_first(items)
    order.mark_the_long_ones(items)
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("django_db")
        if fixtures & REFUSED_FIXTURES or (marker and marker.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture committed_db instead of a TRUNCATE.")
        if marker or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")


@pytest.fixture(autouse=True)
def no_language_of_another_test() -> None:
    """A request leaves its language behind on the thread; a test that sends none would read in it."""
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: this worker's database is a clone of the migrated template."""
    with django_db_blocker.unblock():
        databases.prepare_worker()
    yield
    with django_db_blocker.unblock():
        databases.use("none")


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of this test alone, with the reference data, where commits stay. Costs some 0.1 s."""
    with django_db_blocker.unblock(), databases.fresh_clone() as name:
        yield name


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the machine's clock for the rest of the test."""

    def set_to(*moments: str) -> None:
        monkeypatch.setattr("registry.days.datetime", clock_at(*moments))

    return set_to


@pytest.fixture
def immediate_constraints(db: None) -> None:
    """Deferred constraints and triggers act at once; a test that rolls back would never see them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture(scope="session")
def demonstration_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of this worker's database with the demonstration set; each test rolls back on it."""
    name = databases.own_name(f"{databases.WORKER}_demonstration")
    with django_db_blocker.unblock():
        databases.demonstration_clone(name)
    yield name
    with django_db_blocker.unblock(), databases.maintenance() as server:
        databases.drop(server, name)


@pytest.fixture(scope="module")
def demonstration(demonstration_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests of the module that are marked `django_db` run on the demonstration set."""
    with django_db_blocker.unblock():
        databases.use(demonstration_database)
        yield
        databases.use(databases.own_name(databases.WORKER))
