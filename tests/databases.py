"""The databases of a test run: one template, migrated once, and clones of it."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
from django.core.management import call_command, get_commands
from django.db import connections
from psycopg import sql

from tests import cluster

LOCK = 20260729  # an advisory lock: any number, the same in every worker
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
READY = "ready"


def own_name(what: str) -> str:
    return f"test_{cluster.run_key()}_{what}"


def prepare_worker() -> None:
    """Point Django at this worker's clone; the first worker migrates the template, the others wait for it."""
    cluster.start_if_ours()
    with maintenance() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not _is_ready(server):
            _make_template(server)
        clone(server, own_name(WORKER))
    use(own_name(WORKER))


@contextlib.contextmanager
def fresh_clone() -> Iterator[str]:
    """Django on a database of its own, where commits stay; dropped afterwards, whoever is still connected."""
    worker, name = own_name(WORKER), own_name(f"{WORKER}_committed")
    with maintenance() as server:
        clone(server, name)
        use(name)
        try:
            yield name
        finally:
            use(worker)
            _command(server, "DROP DATABASE {} WITH (FORCE)", name)


def clone(server: psycopg.Connection[Any], name: str) -> None:
    _command(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _command(server, "CREATE DATABASE {} TEMPLATE {}", name, own_name("template"))


def use(name: str) -> None:
    """All threads' next connections go to this database: they share the settings of the alias."""
    connections.close_all()
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def drop_all() -> None:
    """For a server that is not ours: leave it as it was."""
    with maintenance() as server:
        pattern = own_name("").replace("_", r"\_") + "%"
        for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]):
            _command(server, "DROP DATABASE {} WITH (FORCE)", name)


def maintenance() -> psycopg.Connection[Any]:
    return psycopg.connect(cluster.url(), autocommit=True)


def _is_ready(server: psycopg.Connection[Any]) -> bool:
    question = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    return server.execute(question, [own_name("template")]).fetchone() == (READY,)


def _make_template(server: psycopg.Connection[Any]) -> None:
    template = own_name("template")
    _command(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", template)
    _command(server, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", template)
    use(template)
    call_command("migrate", verbosity=0)
    if "load_reference" in get_commands():
        call_command("load_reference", verbosity=0)
    connections.close_all()
    server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(template), READY))


def _command(server: psycopg.Connection[Any], text: LiteralString, *names: str) -> None:
    server.execute(sql.SQL(text).format(*(sql.Identifier(name) for name in names)))
