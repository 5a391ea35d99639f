"""A worker that ends is started again, and ends with whoever keeps it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import keeping

ENOUGH_SECONDS = 20
WORKER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(600)"
KEEPER = """
import sys
from config.keeping import Keeper
Keeper([sys.executable, "-c", *sys.argv[1:]], first_pause=0.05).run()
"""


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """Where each worker writes its process number."""
    (tmp_path / "begun").touch()
    return tmp_path / "begun"


@pytest.fixture
def keeper(begun: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-c", KEEPER, WORKER, str(begun)]
    process = subprocess.Popen(command, cwd=keeping.MANAGE.parent, stderr=subprocess.DEVNULL)
    yield process
    process.kill()
    process.wait()


def workers(begun: Path) -> list[int]:
    return [int(line) for line in begun.read_text().splitlines()]


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + ENOUGH_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be so"
        time.sleep(0.02)


def is_running(process: int) -> bool:
    """A child of a process that is gone may stay as a zombie where nobody collects it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.usefixtures("keeper")
def test_a_worker_that_was_killed_is_started_again(begun: Path) -> None:
    for times in (1, 2, 3):
        until(lambda times=times: len(workers(begun)) == times)  # type: ignore[misc]
        os.kill(workers(begun)[-1], signal.SIGKILL)
    until(lambda: len(workers(begun)) == 4)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_worker_ends_with_its_keeper(keeper: "subprocess.Popen[bytes]", begun: Path, how: signal.Signals) -> None:
    until(lambda: len(workers(begun)) == 1)
    keeper.send_signal(how)
    assert keeper.wait(ENOUGH_SECONDS) == (-how if how is signal.SIGKILL else 0)
    until(lambda: not is_running(workers(begun)[0]))
    assert len(workers(begun)) == 1


def test_what_is_kept_is_the_worker_of_uploads() -> None:
    assert keeping.worker_command("python")[1:3] == [str(keeping.MANAGE), "db_worker"]
    assert keeping.MANAGE.is_file()
