"""The register as it is served, on a free port and a throw-away database that goes when the check ends."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence

from tests import cluster

WAIT_SECONDS = 30.0


@contextlib.contextmanager
def served(*commands: Sequence[str]) -> Iterator[str]:
    """Gives the server's address (`http://127.0.0.1:…`), set up as production is, after the `manage.py` `commands`."""
    controller = cluster.Controller()
    try:
        cluster.start_if_ours()
        environment = _environment()
        for command in (("migrate",), ("collectstatic", "--no-input"), ("load_reference",), *commands):
            manage = [sys.executable, "manage.py", *command]
            subprocess.run(manage, env=environment, cwd=cluster.CHECKOUT, check=True, stdout=subprocess.DEVNULL)
        port = _free_port()
        server = subprocess.Popen(_server(port), env=environment, cwd=cluster.CHECKOUT)
        try:
            _wait(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()
    finally:
        controller.finish()


def _environment() -> dict[str, str]:
    return os.environ | {
        "PYTHONWARNINGS": "ignore",
        "DATABASE_URL": cluster.url(),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_ONLY": "no",
        "LOG_LEVEL": "ERROR",
        "PUBLIC_REQUESTS_A_MINUTE": "100000000",  # all come from one address
        "KEY_REQUESTS_A_MINUTE": "100000000",
    }


def _server(port: int) -> list[str]:
    how = ("--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "error")
    # gunicorn's own 414 for a long address would hide what the register says of it.
    where = ("--bind", f"127.0.0.1:{port}", "--limit-request-line", "0")
    return [sys.executable, "-m", "gunicorn", "config.wsgi:application", *where, *how]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz"):
            return
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("The server did not start.")
        time.sleep(0.1)
