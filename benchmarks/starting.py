"""What a process costs before and after its first answer: CPU from cold, and the memory of a worker."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.database import CHECKOUT
from benchmarks.measuring import process_cpu
from benchmarks.results import Bound, Table

PAGE = "/api/v1/companies/"
MOST_CPU_MS, MOST_MEMORY_MB = 900, 90
COLD = f"""
import time
from benchmarks import requests
from config.wsgi import application
requests.wsgi(application)({PAGE!r})
print(time.process_time() * 1000)
"""
# What a worker meets: lists with filters and orders, details, code lists, a figure, a refused request, the admin.
MIXED = (
    PAGE,
    f"{PAGE}?certified=high_tech&order=-established_on",
    f"{PAGE}?lang=en&limit=20&count=capped",
    "/api/v1/incubators/",
    "/api/v1/universities/?lang=it",
    "/api/v1/certifications/?limit=50",
    "/api/v1/codes/districts/",
    "/api/v1/statistics/high-tech-firms/?group_by=district",
    "/api/v1/companies/?distrct=500103",
    "/admin/companies/company/",
)
REQUESTS = 200


def measure(url: str, rounds: int) -> Table:
    cold_milliseconds(url)  # compiles what changed
    cold = [cold_milliseconds(url) for _ in range(rounds)]
    private, shared = worker_memory(url)
    return Table(
        "A process",
        reaches=[
            Bound("first request from cold, CPU", cold, "ms", MOST_CPU_MS),
            Bound(f"a worker after {REQUESTS} mixed requests, PSS", [private], "MB", MOST_MEMORY_MB),
            Bound("the same, RSS (with what it shares)", [shared], "MB", None),
        ],
    )


def environment(url: str) -> dict[str, str]:
    """With compiled modules kept, as an installed service has them."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return given | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.serving"}


def service_python() -> str:
    """The service's own environment: beside the peers, Django would import some of what they brought along."""
    own = CHECKOUT / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def cold_milliseconds(url: str) -> float:
    """CPU of a new process until its first page of firms is there; the interpreter's start is in it."""
    command = [service_python(), "-W", "ignore", "-c", COLD]
    done = subprocess.run(command, env=environment(url), capture_output=True, text=True, check=True)
    return float(done.stdout)


def worker_memory(url: str) -> tuple[float, float]:
    """PSS and RSS in MB of gunicorn's one worker, with eight threads as in the trial."""
    from django.core.management import call_command

    from benchmarks.contenders.sessions import ADMINISTRATOR, signed_in_cookie

    call_command("collectstatic", interactive=False, verbosity=0)  # as a service is set up
    cookie = signed_in_cookie(ADMINISTRATOR)
    place = Path(f"/tmp/register-bench-{os.getpid()}.sock")
    command = [service_python(), "-W", "ignore", "-m", "gunicorn", "config.wsgi:application", "--bind", f"unix:{place}"]
    options = ["--workers", "1", "--threads", "8", "--log-level", "error", "--no-control-socket"]
    server = subprocess.Popen([*command, *options], env=environment(url) | {"HTTPS_ONLY": "no"})
    try:
        statuses = [ask(place, MIXED[number % len(MIXED)], cookie) for number in range(REQUESTS)]
        assert set(statuses) <= {200, 400}, f"answers with {set(statuses)}"
        (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        assert process_cpu(int(worker)) > 0
        told = Path(f"/proc/{worker}/smaps_rollup").read_text()
    finally:
        server.terminate()
        server.wait(timeout=30)
        place.unlink(missing_ok=True)
    pss, rss = (int(re.search(rf"^{name}:\s+(\d+) kB", told, re.M)[1]) / 1024 for name in ("Pss", "Rss"))  # type: ignore[index]
    return pss, rss


def ask(place: Path, path: str, cookie: str) -> int:
    deadline = time.monotonic() + 30
    while True:
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(str(place))
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    connection.request("GET", path, headers={"Accept": "text/html, application/json", "Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
