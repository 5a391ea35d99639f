"""What a job costs: CPU of the application's process and of its database connections, in turns.

A contender answers requests in a process of its own. Nothing is timed by the clock on the wall: what else runs on
the machine would be counted. Linux tells the CPU of any process to the nanosecond.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import psycopg

ROUND_SECONDS = 0.4  # CPU that one contender spends in one round
WARM_UP = 12  # calls: psycopg prepares after 5, PostgreSQL keeps a plan after 5 more


@dataclass(frozen=True)
class Cost:
    """CPU seconds, user and system."""

    application: float
    database: float

    @property
    def total(self) -> float:
        return self.application + self.database

    def each(self, times: int) -> Self:
        return type(self)(self.application / times, self.database / times)


def process_cpu(process: int) -> float:
    """CPU seconds of a process so far, by its clock (see `clock_getcpuclockid`); 0 when it has ended."""
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return 0.0


class Backends:
    """The database processes behind an application name. They must run on this machine."""

    def __init__(self, url: str) -> None:
        # Autocommit, so that each look at pg_stat_activity is a new one.
        self._client = psycopg.connect(url, autocommit=True, application_name="bench-watcher")

    def cpu(self, application: str) -> dict[int, float]:
        question = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
        return {pid: process_cpu(pid) for (pid,) in self._client.execute(question, [application])}

    def close(self) -> None:
        self._client.close()


class Contender:
    """A process that answers requests in turn (`benchmarks.worker`)."""

    def __init__(self, name: str, url: str, options: Mapping[str, Any] | None = None) -> None:
        self.name, self.application = name, f"bench-{name}"
        self.has_connections = name != "datasette_sqlite"
        own = {"PGAPPNAME": self.application, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.serving"}
        environment = os.environ | own | {"PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "benchmarks.worker", name, json.dumps(options or {})]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)
        self.page: str = self._tell({})["page"]

    def answer(self, path: str | None = None) -> Any:
        """The parsed JSON of one request."""
        return json.loads(self._tell({"path": path or self.page, "times": 1, "show": True})["body"])

    def spend(self, path: str | None, times: int, backends: Backends) -> Cost:
        """What so many equal requests cost, each."""
        before = backends.cpu(self.application)
        application = self._tell({"path": path or self.page, "times": times})["cpu"]
        after = backends.cpu(self.application)
        if self.has_connections and (not after or before.keys() - after.keys()):
            raise SystemExit(f"bench: connections of {self.name} have ended unseen, with the CPU that they took.")
        database = sum(after.values()) - sum(before.get(pid, 0.0) for pid in after)
        return Cost(application, database).each(times)

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=30)

    def _tell(self, order: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"bench: {self.name} ended; its message stands above.")
        told: dict[str, Any] = json.loads(line)
        return told


@dataclass(frozen=True)
class Job:
    """One line of a table: a contender and what it is asked (its own page when nothing is said)."""

    label: str
    contender: Contender
    path: str | None = None


def in_turns(jobs: Sequence[Job], rounds: int, backends: Backends) -> dict[str, list[Cost]]:
    """Each job once a round, A B C A B C; as many calls as make `ROUND_SECONDS`."""
    calls = {job.label: _calls(job, backends) for job in jobs}
    costs: dict[str, list[Cost]] = {job.label: [] for job in jobs}
    for _round in range(rounds):
        for job in jobs:
            costs[job.label].append(job.contender.spend(job.path, calls[job.label], backends))
    return costs


def _calls(job: Job, backends: Backends) -> int:
    job.contender.spend(job.path, 2, backends)
    rough = job.contender.spend(job.path, WARM_UP, backends).total
    return max(2, math.ceil(ROUND_SECONDS / max(rough, 1e-4)))


def median(costs: Iterable[Cost], part: Callable[[Cost], float] = lambda cost: cost.total) -> float:
    return statistics.median(part(cost) for cost in costs)


def ratios(costs: Sequence[Cost], base: Sequence[Cost]) -> list[float]:
    """Round by round: what slowed a round down slowed both."""
    return [cost.total / other.total for cost, other in zip(costs, base, strict=True)]
