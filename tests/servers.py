"""The register as it is served: gunicorn with two workers on a free port, over a database of the tests."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from tests import cluster

WAIT_SECONDS = 30.0


@contextlib.contextmanager
def serving(database: str, workers: int = 2, threads: int = 8, **environment: str) -> Iterator[str]:
    """Gives the server's address; the database by its name in the tests' cluster, or by its whole address.

    `environment` are variables of the register's own.
    """
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "config.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", str(threads)]
    command += ["--worker-class", "config.worker.Worker", "--no-control-socket", "--log-level", "error"]
    server = subprocess.Popen(command, env=_environment(database) | environment, cwd=cluster.CHECKOUT)
    try:
        _wait(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _environment(database: str) -> dict[str, str]:
    address = urlsplit(cluster.url())
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.serving",
        "DATABASE_URL": database if "://" in database else urlunsplit(address._replace(path=f"/{database}")),
        "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_ONLY": "no",
        "LOG_LEVEL": "ERROR",
        "PUBLIC_REQUESTS_A_MINUTE": "100000000",
    }


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz"):
            return
        assert server.poll() is None and time.monotonic() < deadline, "the server did not start"
        time.sleep(0.05)
