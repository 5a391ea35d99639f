"""The two incubators, made once for each worker; each test gets a copy of its own, where commits stay."""

import copy
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.scope.cast import World, world

KEPT = f"{databases.WORKER}_world"


@pytest.fixture(scope="session")
def kept_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """What each copy begins with; its database is left alone."""
    with django_db_blocker.unblock(), databases.maintenance() as server:
        databases.clone(server, databases.own_name(KEPT))
        databases.use(databases.own_name(KEPT))
        made = world()
        databases.use(databases.own_name(databases.WORKER))
        yield made
        databases.drop(server, databases.own_name(KEPT))


@pytest.fixture
def cast(kept_world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), databases.fresh_clone(KEPT):
        yield copy.deepcopy(kept_world)
