"""The hash of a password takes long on a busy machine: nothing of the database waits for it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from registry.models import Role, User

PASSWORD = "correct-horse-battery"


class WatchedHasher(MD5PasswordHasher):
    """Tells of each hash, while it is made."""

    algorithm = "watched"
    watch: Callable[[], object] = staticmethod(lambda: None)

    def encode(self, password: str, salt: str) -> str:
        type(self).watch()
        return super().encode(password, salt)


@pytest.fixture
def hasher(committed_db: str) -> Iterator[type[WatchedHasher]]:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.WatchedHasher"]):
        yield WatchedHasher
    WatchedHasher.watch = staticmethod(lambda: None)


def registrar() -> Client:
    user: User = User.objects.create_user("wang", password=PASSWORD, role=Role.REGISTRAR, is_staff=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_no_transaction_is_open_while_a_password_is_hashed(hasher: type[WatchedHasher]) -> None:
    client, blocks = registrar(), []
    hasher.watch = staticmethod(lambda: blocks.append(connection.in_atomic_block))
    new = {"oldpassword": PASSWORD, "password1": "another-horse-battery", "password2": "another-horse-battery"}
    pages: tuple[tuple[Client, str, dict[str, str]], ...] = (
        (Client(), "account_login", {"login": "wang", "password": "wrong"}),
        (Client(), "account_login", {"login": "nobody", "password": "wrong"}),
        (Client(), "account_login", {"login": "wang", "password": PASSWORD}),
        (client, "account_reauthenticate", {"password": "wrong"}),
        (client, "account_change_password", new),
    )
    for visitor, name, sent in pages:
        blocks.clear()
        assert visitor.post(reverse(name), sent).status_code in (200, 302)
        assert blocks and not any(blocks), (name, sent)
    assert User.objects.get(username="wang").check_password("another-horse-battery")


def test_a_wrong_password_is_counted_before_its_page_is_made(
    hasher: type[WatchedHasher], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any, **named: Any) -> None:
        raise RuntimeError("the page could not be made")

    monkeypatch.setattr("allauth.account.views.LoginView.form_invalid", broken)
    client = Client(raise_request_exception=False)
    assert client.post("/account/login/", {"login": "wang", "password": "wrong"}).status_code == 500
    assert [attempt.failures_since_start for attempt in AccessAttempt.objects.filter(username="wang")] == [1]


def test_a_session_that_the_database_ended_is_answered_503(hasher: type[WatchedHasher]) -> None:
    client = registrar()
    other = User.objects.create_user("li", role=Role.STAFF, is_staff=True)

    def outlast_the_transaction() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
        time.sleep(0.5)

    hasher.watch = staticmethod(outlast_the_transaction)
    client.raise_request_exception = False
    answer = client.post(reverse("admin:registry_user_one_time_password", args=[other.pk]))
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
