"""The databases of a test run: a template, migrated once, one with the demonstration set, loaded once, and clones."""

import contextlib
import datetime
import os
from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import psycopg
from django.core.management import call_command, get_commands
from django.db import connections
from psycopg import sql

from tests import cluster

LOCK = 20260729  # an advisory lock: any number, the same in every worker
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
TEMPLATE, DEMONSTRATION = "template", "demonstration"
DEMONSTRATION_DAY = datetime.date(2026, 11, 22)
READY = "ready"


def own_name(what: str) -> str:
    return f"test_{cluster.run_key()}_{what}"


def prepare_worker() -> None:
    """Point Django at this worker's clone; the first worker migrates the template, the others wait for it."""
    cluster.start_if_ours()
    with maintenance() as server:
        made_once(server, TEMPLATE, lambda: _make_template(server))
        clone(server, own_name(WORKER))
    use(own_name(WORKER))


@contextlib.contextmanager
def fresh_clone(source: str = TEMPLATE) -> Iterator[str]:
    """Django on a database of its own, where commits stay; dropped afterwards, whoever is still connected."""
    name = own_name(f"{WORKER}_committed")
    with maintenance() as server:
        clone(server, name, source)
        use(name)
        try:
            yield name
        finally:
            use(own_name(WORKER))
            drop(server, name)


def demonstration_clone(name: str) -> None:
    """A database of this name with the demonstration set; Django is pointed at this worker's own afterwards."""
    with maintenance() as server:
        made_once(server, DEMONSTRATION, lambda: _make_demonstration(server))
        clone(server, name, DEMONSTRATION)


def made_once(server: psycopg.Connection[Any], what: str, make: Callable[[], None]) -> None:
    """Whoever comes first makes it, the others wait; one that is half made is made anew."""
    server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    if not _is_ready(server, what):
        make()
        connections.close_all()
        server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(own_name(what)), READY))
    server.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def clone(server: psycopg.Connection[Any], name: str, source: str = TEMPLATE) -> None:
    drop(server, name)
    _command(server, "CREATE DATABASE {} TEMPLATE {}", name, own_name(source))


def drop(server: psycopg.Connection[Any], name: str) -> None:
    _command(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


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
            drop(server, name)


def maintenance() -> psycopg.Connection[Any]:
    return psycopg.connect(cluster.url(), autocommit=True)


def _is_ready(server: psycopg.Connection[Any], what: str) -> bool:
    question = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    return server.execute(question, [own_name(what)]).fetchone() == (READY,)


def _make_template(server: psycopg.Connection[Any]) -> None:
    template = own_name(TEMPLATE)
    drop(server, template)
    _command(server, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", template)
    use(template)
    call_command("migrate", verbosity=0)
    if "load_reference" in get_commands():
        call_command("load_reference", verbosity=0)


def _make_demonstration(server: psycopg.Connection[Any]) -> None:
    from companies.demonstration.loading import load  # only for those who ask for it

    clone(server, own_name(DEMONSTRATION))
    use(own_name(DEMONSTRATION))
    load(DEMONSTRATION_DAY)
    use(own_name(WORKER))


def _command(server: psycopg.Connection[Any], text: LiteralString, *names: str) -> None:
    server.execute(sql.SQL(text).format(*(sql.Identifier(name) for name in names)))
