"""PostgreSQL stopped, killed, and out of connections while programmes read and write: only 503 with Retry-After, soon;
then everything goes on by itself, and no write that was acknowledged is lost."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
import pytest

from config.binaries import runnable_folder
from config.embedded import Cluster
from tests import cluster as checkout
from tests.servers import serving

WRITERS, READERS = 4, 2
MOST_SECONDS = 8.0
"""Of a refusal: 3.5 on a quiet machine, which docs/performance.md tells; a busy one may take longer."""
RECOVERY_SECONDS = 20.0
READ = ("companies/?limit=5", "statistics/firms/", "changes/?limit=5", "financings/?count=exact")
ROWS = """
from incubators.keys import make_key
from registry.models import Partner
from companies.models import Company
from tests.samples import saved
saved(Partner, code="bank")
firm = saved(Company)
key = make_key(
    label="bank", partner=Partner.objects.get(code="bank"), records_financings=True, most_requests=1_000_000
)[1]
print(firm.uscc, key)
"""


def url(cluster: Cluster) -> str:
    address = cluster.address()
    return f"postgresql://{address.user}:{address.password}@/{address.name}?host={address.host}&port={address.port}"


@dataclass
class Register:
    """A served register, and the programmes that use it without a pause."""

    root: str
    firm: str
    key: str
    sent: set[str] = field(default_factory=set)
    answers: list[tuple[int, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    name: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def ask(self, program: httpx.Client, method: str, path: str, **given: Any) -> int:
        begun = time.monotonic()
        try:
            answer = program.request(method, f"/api/v1/{path}", **given)
        except httpx.HTTPError as error:
            self.wrong.append(f"{method} {path}: {error!r}")
            return 0
        taken = time.monotonic() - begun
        self.answers.append((answer.status_code, taken))
        is_well = answer.status_code in (200, 201) or (
            answer.status_code == 503 and "Retry-After" in answer.headers and taken <= MOST_SECONDS
        )
        if not is_well:
            self.wrong.append(f"{method} {path}: {answer.status_code} in {taken:.1f} s {answer.text[:300]}")
        return answer.status_code

    def write(self) -> None:
        with httpx.Client(base_url=self.root, timeout=30) as program:
            while not self.stop.is_set():
                reference = f"{self.name}-{next(self.numbers)}"
                body = {
                    "company": self.firm, "instrument": "KVL", "agreed_on": "2026-01-10", "agreed_amount": "5",
                    "reference": reference, "parties": [{"partner": "bank", "role": "lender"}],
                }  # fmt: skip
                headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
                headers |= {"Idempotency-Key": reference}
                while self.ask(program, "POST", "financings/", content=json.dumps(body), headers=headers) != 201:
                    if self.stop.wait(0.05):
                        return
                self.sent.add(reference)

    def read(self) -> None:
        with httpx.Client(base_url=self.root, timeout=30) as program:
            for path in itertools.cycle(READ):
                if self.stop.wait(0.02):
                    return
                self.ask(program, "GET", path)

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        with ThreadPoolExecutor(WRITERS + READERS) as pool:
            programs = [pool.submit(self.write) for _ in range(WRITERS)]
            programs += [pool.submit(self.read) for _ in range(READERS)]
            try:
                self.goes_on()
                yield
            finally:
                self.stop.set()
            for program in programs:
                program.result()

    def goes_on(self) -> None:
        """Until more was written than now."""
        before = len(self.sent)
        until(lambda: len(self.sent) >= before + 10)

    def refusals(self) -> int:
        return sum(status == 503 for status, _taken in self.answers)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it does not go on"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def prepared(durable_cluster: Cluster) -> tuple[str, str]:
    """Code of a firm and text of a key."""
    environment = os.environ | {
        "DATABASE_URL": url(durable_cluster),
        "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "ERROR",
    }
    found = ""
    for command in (("migrate", "-v0"), ("load_reference", "-v0"), ("shell", "-v0", "-c", ROWS)):
        manage = [sys.executable, "-W", "ignore", "manage.py", *command]
        run = subprocess.run(
            manage, env=environment, cwd=checkout.CHECKOUT, check=True, stdout=subprocess.PIPE, text=True
        )
        found = run.stdout
    firm, key = found.split()[-2:]
    return firm, key


@pytest.fixture
def register(durable_cluster: Cluster, prepared: tuple[str, str]) -> Iterator[Register]:
    durable_cluster.find_or_start()
    with serving(url(durable_cluster), threads=8) as root:
        yield Register(root, *prepared)


def kept(cluster: Cluster) -> list[str]:
    with psycopg.connect(url(cluster)) as client:
        rows = client.execute("SELECT reference FROM companies_financing ORDER BY 1")
        return [reference for (reference,) in rows.fetchall()]


def kill(cluster: Cluster) -> None:
    """At once and without a checkpoint: what was not written to the log is lost."""
    cluster._control(runnable_folder(cluster.account, cluster.home), "stop", "-m", "immediate")


def test_a_database_that_is_stopped_and_killed_loses_nothing_that_was_acknowledged(
    register: Register, durable_cluster: Cluster
) -> None:
    with register.in_use():
        for put_down in (durable_cluster.stop, lambda: kill(durable_cluster)) * 2:
            refused = register.refusals()
            put_down()
            until(lambda refused=refused: register.refusals() >= refused + WRITERS + READERS)  # type: ignore[misc]
            began = time.monotonic()
            assert httpx.get(f"{register.root}/healthz").status_code == 200
            assert time.monotonic() - began < 1
            durable_cluster.find_or_start()
            register.goes_on()
    assert register.wrong == []
    found = kept(durable_cluster)
    assert len(found) == len(set(found)), "a duplicate"
    assert register.sent <= set(found), "lost"
    longest = max(taken for status, taken in register.answers if status == 503)
    print(f"{len(register.sent)} acknowledged, {register.refusals()} refused, the longest in {longest:.2f} s")


def test_a_database_without_connections_is_told_and_waited_for(register: Register, durable_cluster: Cluster) -> None:
    """Another programme takes them all, those of the register, too."""
    with register.in_use(), contextlib.ExitStack() as others:
        taken = [others.enter_context(psycopg.connect(url(durable_cluster), autocommit=True))]
        refused, deadline = register.refusals(), time.monotonic() + RECOVERY_SECONDS
        while register.refusals() < refused + WRITERS + READERS:
            assert time.monotonic() < deadline, "nobody was refused"
            others_of_the_register = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> ALL(%s)"
            with contextlib.suppress(psycopg.OperationalError):
                taken.append(others.enter_context(psycopg.connect(url(durable_cluster), autocommit=True)))
                continue
            mine = [client.info.backend_pid for client in taken]
            taken[0].execute(f"{others_of_the_register} AND usename = current_user", [mine])
        others.close()
        register.goes_on()
    assert register.wrong == []
    assert register.sent <= set(kept(durable_cluster)), "lost"


def test_a_database_that_acknowledges_before_it_writes_loses_some(register: Register, durable_cluster: Cluster) -> None:
    """The control: with this setting the first test would fail."""
    with psycopg.connect(url(durable_cluster), autocommit=True) as client:
        client.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off")
    try:
        durable_cluster.stop()
        durable_cluster.find_or_start()
        lost: set[str] = set()
        with register.in_use():
            for _crash in range(8):
                kill(durable_cluster)
                acknowledged = set(register.sent)
                durable_cluster.find_or_start()
                lost |= acknowledged - set(kept(durable_cluster))
                if lost:
                    break
                register.goes_on()
    finally:
        with psycopg.connect(url(durable_cluster), autocommit=True) as client:
            client.execute("ALTER ROLE CURRENT_USER RESET synchronous_commit")
    assert lost
