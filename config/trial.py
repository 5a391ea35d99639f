"""The trial as a running thing: its port, its server process, its cluster. Refused once DATABASE_URL is set."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from config import keeping
from config.embedded import Cluster
from config.keeping import start_bound

STOP_SECONDS = 15


def trial_cluster() -> Cluster:
    """The trial's cluster; a CommandError in any other mode."""
    if not settings.TRIAL:
        raise CommandError(
            "The trial is closed because DATABASE_URL is set; unset it to try the register on its own database."
        )
    cluster: Cluster = settings.TRIAL_CLUSTER
    return cluster


def server_file(cluster: Cluster) -> Path:
    """Holds the process number of the running server."""
    return cluster.home / "server.pid"


def server_command(cluster: Cluster, python: str, port: int) -> list[str]:
    """Gunicorn on loopback; its pool of connections is at least as large as a worker's threads."""
    return [
        *(python, "-m", "gunicorn", "config.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8", "--worker-class", "config.worker.Worker"),
        *("--pid", str(server_file(cluster)), "--timeout", "60", "--graceful-timeout", "10"),
        *("--limit-request-line", "8190"),  # the longest it knows: longer addresses are refused before Django sees them
        *("--env", "DJANGO_SETTINGS_MODULE=config.serving", "--no-control-socket"),
        *("--forwarded-allow-ips", ""),  # no proxy stands before the trial: nobody's X-Forwarded-* or SCRIPT_NAME
    ]


def start_worker(python: str) -> subprocess.Popen[bytes]:
    """What keeps a worker at large uploads in the background. It ends with the server, which this process becomes."""
    return start_bound([python, str(keeping.__file__)])


def running_server(cluster: Cluster) -> int | None:
    """The process number of this trial's server; a stale file is none."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
        process = int(server_file(cluster).read_text(encoding="ascii"))
        command = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        if os.fsencode(server_file(cluster)) in command:
            return process
    return None


def stop_server(cluster: Cluster) -> bool:
    """End the trial's server and wait for it; False if none runs."""
    process = running_server(cluster)
    if process is None:
        server_file(cluster).unlink(missing_ok=True)
        return False
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while running_server(cluster) is not None:
        if time.monotonic() > deadline:
            raise CommandError(f"The server (process {process}) does not end; end it by hand.")
        time.sleep(0.1)
    return True
