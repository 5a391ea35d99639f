"""The tests' own server goes with the tests, however they end."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cluster
from tests.config.conftest import clean_environment

CHECKOUT = Path(__file__).resolve().parents[2]
RUN = """
import sys
from tests import cluster
controller = cluster.Controller()
cluster.start_if_ours()
print(cluster.home(), controller._reaper.pid, flush=True)
sys.stdin.read()
"""


class Run:
    """A test run in miniature: a controller that has started its server and now waits."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", RUN]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, env=clean_environment(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
        )
        assert self.process.stdout is not None
        home, reaper = self.process.stdout.readline().split()
        self.home, self.reaper = Path(os.fsdecode(home)), int(reaper)
        self.server = int((cluster.embedded(self.home).data / "postmaster.pid").read_text().split()[0])

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.communicate()

    def is_gone(self) -> bool:
        return not self.home.exists() and not is_alive(self.server)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""
    except (FileNotFoundError, ProcessLookupError):
        return False


def soon(run: Run) -> bool:
    """Whether the run's server and folder vanish within ten seconds."""
    deadline = time.monotonic() + 10
    while not run.is_gone() and time.monotonic() < deadline:
        time.sleep(0.05)
    return run.is_gone()


@pytest.fixture
def run() -> Iterator[Run]:
    made = Run()
    yield made
    made.process.kill()
    made.process.communicate()
    if made.home.exists():
        cluster.remove(made.home)
    shutil.rmtree(cluster.embedded(made.home).socket_folder, ignore_errors=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_server_goes_with_its_run(run: Run, number: signal.Signals) -> None:
    assert is_alive(run.server)
    run.end(number)
    assert soon(run)


def test_what_a_killed_reaper_left_is_swept_by_the_next_run(run: Run) -> None:
    os.kill(run.reaper, signal.SIGKILL)
    cluster.sweep()
    assert is_alive(run.server), "a run that still goes on is left alone"
    run.end(signal.SIGKILL)
    assert is_alive(run.server)
    cluster.sweep()
    assert run.is_gone()
