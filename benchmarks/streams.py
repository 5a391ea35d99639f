"""A list of all firms as CSV over HTTP beside COPY TO of the same columns: time, first byte, memory of the worker.

    python -m benchmarks.streams [FIRMS] [--rounds 3]

Works on the data of `benchmarks.size`; the versions of these data are not read. One worker of gunicorn with the
settings of the served process. Both readers throw away what they read, in turns. COPY TO is one statement over the
same rows and columns, which makes no text safe for spreadsheets.
"""

import argparse
import http.client
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks import __main__ as telling
from benchmarks import database, size
from benchmarks.measuring import Cost
from benchmarks.results import Bound, Line, Reach, Table
from benchmarks.size import DAY
from benchmarks.starting import environment, service_python

ADDRESS = f"/api/v1/companies/?format=csv&seated=any&valid_on={DAY}"
MOST_RATIO, MOST_MEMORY_MB, MOST_FIRST_BYTE_MS = 1.5, 10, 1_000


@contextmanager
def worker(url: str, **more: str) -> Iterator[tuple[Path, int]]:
    """One worker on a socket, and the number of its process; `more` are variables of its environment."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bench.sock"
        command = [service_python(), "-m", "gunicorn", "config.wsgi:application", "--bind", f"unix:{place}"]
        command += ["--workers", "1", "--threads", "8", "--worker-class", "config.worker.Worker"]
        server = subprocess.Popen(
            command,
            env=environment(url) | {"HTTPS_ONLY": "no"} | more,
            stderr=subprocess.DEVNULL,
            cwd=database.CHECKOUT,
        )
        try:
            read(place, "/api/v1/companies/?limit=1")
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            yield place, int(children[0])
        finally:
            server.terminate()
            server.wait(timeout=60)


def read(place: Path, path: str) -> tuple[float, float, int]:
    """Seconds until the first byte and until the last, and the number of lines."""
    deadline = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("localhost", timeout=600)
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(str(place))
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "*/*"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"bench: {answer.status} {answer.read()[:500]!r}")
    lines = answer.read(1).count(b"\n")
    first = time.perf_counter() - began
    while part := answer.read(1 << 16):
        lines += part.count(b"\n")
    whole = time.perf_counter() - began
    connection.close()
    return first, whole, lines


def copied(url: str, statement: str) -> tuple[float, int]:
    """Seconds and lines of COPY TO."""
    lines = 0
    with psycopg.connect(url, options="-c jit=off -c max_parallel_workers_per_gather=0") as client:
        began = time.perf_counter()
        with client.cursor().copy(statement.encode()) as copy:
            for part in copy:
                lines += bytes(part).count(b"\n")
        return time.perf_counter() - began, lines


def plain_copy() -> str:
    """The columns of the list, as PostgreSQL writes them without more ado."""
    from companies.models.questions import public_firm
    from companies.views import CompanyListView
    from registry.api.selection import Selection
    from registry.api.shapes import Shape
    from registry.compiled import lines

    shape = Shape(CompanyListView.answered, CompanyListView.serializer_class, Selection(), "zh")
    _cells, inner = lines._parts(shape, shape.rows(DAY).filter(public_firm()))
    return f"COPY ({inner}) TO STDOUT (FORMAT csv)"


class Memory(threading.Thread):
    """The most that the worker took, in MB, until it is stopped."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.place, self.most, self.ends = Path(f"/proc/{process}/status"), 0.0, threading.Event()

    def now(self) -> float:
        (found,) = re.findall(r"VmRSS:\s+(\d+)", self.place.read_text())
        return int(found) / 1024

    def run(self) -> None:
        while not self.ends.wait(0.2):
            self.most = max(self.most, self.now())


def measure(url: str, rounds: int) -> list[Table]:
    statement = plain_copy()
    streams, copies, firsts, grown = [], [], [], []
    with worker(url) as (place, process):
        read(place, ADDRESS + "&hub=H1&district=500101")
        for _round in range(rounds):
            memory = Memory(process)
            idle = memory.now()
            memory.start()
            first, whole, lines = read(place, ADDRESS)
            memory.ends.set()
            plain, plain_lines = copied(url, statement)
            if lines - 1 != plain_lines:
                raise SystemExit(f"bench: {lines - 1:,} lines streamed, {plain_lines:,} copied")
            streams.append(Cost(whole, 0.0))
            copies.append(Cost(plain, 0.0))
            firsts.append(first * 1000)
            grown.append(memory.most - idle)
            print(f"  {lines:,} lines: {whole:.1f} s, copied in {plain:.1f} s", flush=True)
    reaches: list[Reach | Bound] = [
        Reach("time of the stream to that of COPY TO", streams, copies, at_most=MOST_RATIO),
        Bound("memory of the worker above idle", grown, "MB", MOST_MEMORY_MB),
        Bound("first byte", firsts, "ms", MOST_FIRST_BYTE_MS),
    ]
    shown = [Line("stream over HTTP, seconds on the wall", streams, copies), Line("COPY TO", copies, copies)]
    return [Table("A list as CSV", shown, reaches)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firms", type=int, nargs="?", default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["LOG_LEVEL"] = "ERROR"
    with database.stopped_afterwards():
        url = size.ready(options.firms)
        telling.forget_connections()
        print(f"{options.firms:,} firms; {telling.machine(url)}")
        missed = telling.show(measure(url, options.rounds))
    print(f"\n{len(missed)} missed" + "".join(f"\n  {each.label}" for each in missed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
