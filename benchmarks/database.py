"""The databases of the benches: one PostgreSQL of their own, kept in `.bench/`, with one database for each size.

With DATABASE_URL set, that server is used instead: the address must lead to a database made for benches.
Planner settings are PostgreSQL's own; the cache is what a server of its own would have.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from config.binaries import EmbeddedDatabaseError, current_account
from config.embedded import COMMON, VARIABLE_TEMPORARY, Cluster
from config.folders import make_home

CHECKOUT = Path(__file__).resolve().parent.parent
SETTINGS = COMMON | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "max_connections": "100",
}


def cluster() -> Cluster:
    """The server of the benches; it may not be running."""
    account = current_account()
    key = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12]
    for home in (CHECKOUT / ".bench", VARIABLE_TEMPORARY / f"register-bench-{os.geteuid()}-{key}"):
        if make_home(home, account):
            return Cluster(home, account, SETTINGS)
    raise EmbeddedDatabaseError("No folder for the database of the benches; set DATABASE_URL.")


def url_of(name: str) -> str:
    address = cluster().address(name)
    where = urlencode({"host": address.host, "port": address.port})
    return f"postgresql://{address.user}:{quote(address.password)}@/{name}?{where}"


def is_given() -> bool:
    return "DATABASE_URL" in os.environ


def database_name(firms: int) -> str:
    return f"bench_{firms}"


def start(firms: int) -> str:
    """The address of the database for so many firms on the running server; made empty where it is missing."""
    if is_given():
        return os.environ["DATABASE_URL"]
    server = cluster()
    server.find_or_start()
    name = database_name(firms)
    with psycopg.connect(url_of("register"), autocommit=True) as client:
        if not client.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            client.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    return url_of(name)


def drop(firms: int) -> None:
    """Remove the database of our own server, so that it is made anew."""
    cluster().find_or_start()
    with psycopg.connect(url_of("register"), autocommit=True) as client:
        name = sql.Identifier(database_name(firms))
        client.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def set_up_django(url: str) -> None:
    """Django on that database, as a management command has it."""
    os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="config.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks-" + "0123456789abcdef" * 3)
    os.environ.setdefault("ALLOWED_HOSTS", "localhost")
    os.environ.setdefault("PUBLIC_REQUESTS_A_MINUTE", "100000000")  # counted, and never over
    import django

    django.setup()


@contextlib.contextmanager
def stopped_afterwards() -> Iterator[None]:
    """Our own server stops at the end, if it is this process that started it."""
    ours = not is_given()
    was_running = ours and cluster()._is_running()
    try:
        yield
    finally:
        if ours and not was_running:
            cluster().stop()
