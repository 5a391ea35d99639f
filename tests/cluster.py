"""The throw-away PostgreSQL of one test run: one folder, one server for all workers, removed whatever happens.

The controller makes the folder and holds a lock in it; the first test that needs the database starts the server.
A reaper process waits for the controller's end, however it ends. What a killed reaper leaves, the next run sweeps.
With TEST_DATABASE_URL the tests use that server instead, and only their databases are removed.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, urlencode

from config.binaries import EmbeddedDatabaseError, current_account
from config.embedded import FAST, Cluster
from config.folders import make_home

CHECKOUT = Path(__file__).resolve().parent.parent
PARENT = Path("/tmp")
PREFIX = "register-tests-"
HOME_VARIABLE = "REGISTER_TEST_HOME"
URL_VARIABLE = "TEST_DATABASE_URL"


def is_given() -> bool:
    """Whether the tests run on a server that somebody else started."""
    return URL_VARIABLE in os.environ


def run_key() -> str:
    """A short name of this run, the same in the controller and its workers."""
    return home().name.removeprefix(PREFIX).replace("_", "x").lower()


def home() -> Path:
    """The folder of this run; made at first use, which is the controller's."""
    if HOME_VARIABLE not in os.environ:
        os.environ[HOME_VARIABLE] = str(_new_home())
    return Path(os.environ[HOME_VARIABLE])


def url() -> str:
    if is_given():
        return os.environ[URL_VARIABLE]
    address = embedded().address()
    where = urlencode({"host": address.host, "port": address.port})
    return f"postgresql://{address.user}:{quote(address.password)}@/{address.name}?{where}"


def embedded(folder: Path | None = None) -> Cluster:
    return Cluster(folder or home(), current_account(), FAST)


def start_if_ours() -> None:
    if not is_given():
        embedded().find_or_start()


def remove(folder: Path) -> None:
    """Stop the servers of a run, also those of single tests, and remove all that the run left."""
    for inner in list(folder.rglob("cluster")):
        server = embedded(inner.parent)
        server.stop()
        shutil.rmtree(server.socket_folder, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


class Controller:
    """Held by the process that runs the tests or leads the workers."""

    def __init__(self) -> None:
        sweep()
        self._reaper = subprocess.Popen(
            [sys.executable, "-m", "tests.reaper", home()],
            stdin=subprocess.PIPE,
            cwd=CHECKOUT,
            start_new_session=True,  # Ctrl-C is for the tests, not for it
        )

    def finish(self) -> None:
        self._reaper.communicate()


def sweep() -> None:
    """Remove the runs whose controller is gone: the kernel has let go of its lock."""
    for folder in PARENT.glob(PREFIX + "*"):
        if folder != home() and folder.stat().st_uid == os.geteuid() and _is_orphan(folder):
            remove(folder)


def _is_orphan(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / "controller.lock", os.O_RDWR)
    except FileNotFoundError:  # just being made, or killed within that moment
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _new_home() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PARENT))
    lock = os.open(folder / "controller.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)  # never closed: the kernel lets go of it when this process ends
    folder.chmod(0o711)
    if not make_home(folder, current_account()):
        raise EmbeddedDatabaseError(f"{folder} cannot hold the database of the tests.")
    return folder
