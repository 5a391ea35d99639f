"""A wrong value stops the start, and the message names the variable."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import LOOPBACK_HOSTS, DatabaseAddress, read

RIGHT = {
    "DATABASE_URL": "postgresql://writer:p%40ss@db.example.org:6432/register?sslmode=require",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop",
    "ALLOWED_HOSTS": "register.example.org, .example.com",
}
WRONG = [
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "mysql://writer@host/register"),
    ("DATABASE_URL", "postgresql://writer@host/"),
    ("DATABASE_URL", "postgresql://writer@host:port/register"),
    ("DATABASE_URL", "postgresql://writer@host:70000/register"),
    ("DATABASE_URL", "postgresql://writer@host/register?colour=red"),
    ("SECRET_KEY", None),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "a" * 80),
    ("ALLOWED_HOSTS", None),
    ("ALLOWED_HOSTS", " , "),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "https://register.example.org"),
    ("ALLOWED_HOSTS", "register.example.org:8000"),
    ("CSRF_TRUSTED_ORIGINS", "register.example.org"),
    ("CORS_ORIGINS", "register.example.org"),
    ("CORS_ORIGINS", "https://*.example.org"),
    ("CORS_ORIGINS", "https://register.example.org/page"),
    ("EXPORTS_FOLDER", "exports"),
    ("HTTPS_ONLY", "true"),
    ("HTTPS_ONLY", ""),
    ("TRUSTED_PROXIES", "-1"),
    ("TRUSTED_PROXIES", "11"),
    ("TRUSTED_PROXIES", "１"),
    ("DATABASE_POOL_SIZE", "0"),
    ("DATABASE_POOL_SIZE", "many"),
    ("DATABASE_POOLER", "session"),
    ("PUBLIC_REQUESTS_A_MINUTE", "0"),
    ("KEY_REQUESTS_A_MINUTE", "many"),
    ("TRIAL_KEY_REQUESTS_A_MINUTE", "-1"),
    ("LOG_LEVEL", "loud"),
    ("PORT", "65536"),
    ("PORT", ""),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_stops_the_start_with_its_name(name: str, value: str | None) -> None:
    given = {key: text for key, text in (RIGHT | {name: value}).items() if text is not None}
    with pytest.raises(ImproperlyConfigured, match=f"^{name} "):
        read(given)


def test_right_values_are_read() -> None:
    found = read(RIGHT)
    assert found.database == DatabaseAddress(
        "register", "writer", "p@ss", "db.example.org", "6432", (("sslmode", "require"),)
    )
    assert found.allowed_hosts == ("register.example.org", ".example.com")
    assert (found.is_trial, found.is_https_only, found.trusted_proxies) == (False, True, 0)


def test_a_message_never_repeats_the_password() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read(RIGHT | {"DATABASE_URL": "postgresql://writer:hidden word@host/register?x"})
    assert "hidden" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_without_an_address_it_is_the_trial_and_loopback_only() -> None:
    found = read({"ALLOWED_HOSTS": "register.example.org", "HTTPS_ONLY": "yes"})
    assert found.is_trial
    assert found.allowed_hosts == LOOPBACK_HOSTS
    assert not found.is_https_only


def test_an_empty_address_is_not_the_trial() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL must be"):
        read({"DATABASE_URL": ""})
