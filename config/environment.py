"""The only reader of the process environment. A wrong value stops the start with the variable's name."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SECRET_KEY_LENGTH = 50
HOST_PATTERN = re.compile(r"\.?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
ORIGIN_PATTERN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?")

ONE_ORIGIN_PATTERN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")


@dataclass(frozen=True)
class DatabaseAddress:
    """Where a database answers; `extra` holds further libpq parameters such as `sslmode`."""

    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    extra: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Environment:
    """What the process was told. `database` is None in the trial; then there is no key and no host list."""

    database: DatabaseAddress | None
    secret_key: str
    allowed_hosts: tuple[str, ...]
    csrf_trusted_origins: tuple[str, ...]
    cors_origins: tuple[str, ...]
    is_https_only: bool
    trusted_proxies: int
    database_pool_size: int
    database_pooler: Literal["none", "transaction"]
    public_requests: int
    key_requests: int
    trial_key_requests: int
    exports_folder: str
    log_level: str
    port: int

    @property
    def is_trial(self) -> bool:
        return self.database is None


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """The checked environment. Raises ImproperlyConfigured with the name of the first wrong variable."""
    is_trial = "DATABASE_URL" not in environ
    return Environment(
        database=None if is_trial else _database_address(environ["DATABASE_URL"]),
        secret_key="" if is_trial else _secret_key(environ),
        allowed_hosts=LOOPBACK_HOSTS if is_trial else _allowed_hosts(environ),
        csrf_trusted_origins=_origins(environ, "CSRF_TRUSTED_ORIGINS", ORIGIN_PATTERN),
        cors_origins=_origins(environ, "CORS_ORIGINS", ONE_ORIGIN_PATTERN),
        is_https_only=not is_trial and _choice(environ, "HTTPS_ONLY", ("yes", "no")) == "yes",
        trusted_proxies=_whole_number(environ, "TRUSTED_PROXIES", 0, least=0, most=10),
        database_pool_size=_whole_number(environ, "DATABASE_POOL_SIZE", 8, least=1, most=1000),
        database_pooler="transaction"
        if _choice(environ, "DATABASE_POOLER", ("none", "transaction")) == "transaction"
        else "none",
        public_requests=_requests(environ, "PUBLIC_REQUESTS_A_MINUTE", 300),
        key_requests=_requests(environ, "KEY_REQUESTS_A_MINUTE", 3000),
        trial_key_requests=_requests(environ, "TRIAL_KEY_REQUESTS_A_MINUTE", 120),
        exports_folder=_folder(environ, "EXPORTS_FOLDER"),
        log_level=_choice(environ, "LOG_LEVEL", LOG_LEVELS, default="INFO"),
        port=_whole_number(environ, "PORT", 8000, least=1, most=65535),
    )


def _database_address(url: str) -> DatabaseAddress:
    example = "postgresql://user:password@host:5432/name"
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(f"DATABASE_URL must be a PostgreSQL address such as {example}.")
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:  # its text may repeat the password, so it is not passed on
        raise ImproperlyConfigured(f"DATABASE_URL is malformed; it should look like {example}.") from None
    known = {key: str(parts.pop(key, "")) for key in ("dbname", "user", "password", "host", "port")}
    if not known["dbname"]:
        raise ImproperlyConfigured(f"DATABASE_URL names no database; it should look like {example}.")
    _check_port(known["port"])
    return DatabaseAddress(name=known.pop("dbname"), extra=tuple(sorted(parts.items())), **known)


def _check_port(port: str) -> None:
    if port and not all(part.isdecimal() and 0 < int(part) < 65536 for part in port.split(",")):
        raise ImproperlyConfigured(f"DATABASE_URL has the port {port!r}; a port is a number from 1 to 65535.")


def _secret_key(environ: Mapping[str, str]) -> str:
    key = environ.get("SECRET_KEY", "")
    if not key:
        raise ImproperlyConfigured("SECRET_KEY is missing; with DATABASE_URL set there is no default for it.")
    if len(key) < SECRET_KEY_LENGTH or len(set(key)) < 5:
        raise ImproperlyConfigured(f"SECRET_KEY must be {SECRET_KEY_LENGTH} random characters or more.")
    return key


def _allowed_hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    hosts = _listed(environ, "ALLOWED_HOSTS")
    if not hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is missing; give the host names that this service answers to, with commas between."
        )
    for host in hosts:
        if not HOST_PATTERN.fullmatch(host):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS holds {host!r}, which is not a host name; it takes no scheme, port or '*'."
            )
    return hosts


def _origins(environ: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    origins = _listed(environ, name)
    for origin in origins:
        if not pattern.fullmatch(origin):
            raise ImproperlyConfigured(f"{name} holds {origin!r}; an origin looks like https://register.example.org.")
    return origins


def _listed(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...], default: str = "") -> str:
    value = environ.get(name, default or choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
    return value


def _folder(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if value and not os.path.isabs(value):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be the whole path of a folder.")
    return value


def _requests(environ: Mapping[str, str], name: str, default: int) -> int:
    return _whole_number(environ, name, default, least=1, most=100_000_000)


def _whole_number(environ: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    value = environ.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number from {least} to {most}.")
    return int(value)
