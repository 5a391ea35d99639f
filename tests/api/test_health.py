"""Alive and ready: the one asks no database, the other says 503 when it or a migration is missing."""

import time
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from registry.health import expected_migrations


@pytest.fixture
def absent_database(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Where the server is told to be, nobody listens."""
    with django_db_blocker.unblock():
        connections.close_all()
        settings = connection.settings_dict
        before = settings["HOST"], settings["PORT"]
        settings.update(HOST="127.0.0.1", PORT="1")
        yield
        connections.close_all()
        settings.update(HOST=before[0], PORT=before[1])


def test_health_asks_no_database(client: Client) -> None:
    """Without the fixture `db` any query is an error."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.database
@pytest.mark.usefixtures("absent_database")
def test_without_the_database_the_process_is_alive_and_nothing_is_ready(client: Client) -> None:
    started = time.monotonic()
    assert client.get("/healthz").status_code == 200
    assert time.monotonic() - started < 1
    for path in ("/readyz", "/api/v1/companies/", "/api/v1/statistics/firms/", "/api/v1/universities/9/"):
        response = client.get(path)
        assert response.status_code == 503, path
        assert response.headers["Content-Type"] == "application/problem+json"
        assert (response.json()["code"], response.headers["Retry-After"]) == ("database_unavailable", "5")
    assert time.monotonic() - started < 14  # 3.5 s each at most


@pytest.mark.usefixtures("committed_db")
def test_ready_only_with_every_migration(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert ("companies", "0001_initial") in expected_migrations()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'companies' AND name = '0002_initial'")
    response = client.get("/readyz", headers={"Accept-Language": "en"})
    assert (response.status_code, response.json()["code"]) == (503, "migrations_missing")
    assert "companies.0002_initial" in response.json()["detail"]
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Retry-After"]


@pytest.mark.usefixtures("committed_db")
def test_a_migration_of_later_code_does_not_hinder(client: Client) -> None:
    """While a new version rolls out, the old one goes on."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('companies', '9999_later', now())")
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz"])
def test_what_changes_nothing_allows_no_writing(path: str) -> None:
    """405, where the guard against forged forms would answer 403 first."""
    assert Client(enforce_csrf_checks=True).post(path).status_code == 405
