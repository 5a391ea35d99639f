"""Keeps the worker of long uploads running: `python -m config.keeping` starts it again whenever it ends.

A worker ends when the database goes away, and may be killed; nobody notices until an upload waits for good. Without
Django, so that the keeper itself is small and needs no database.
"""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STABLE_SECONDS = 60.0
"""A worker that lived so long starts again after the shortest pause."""
_PR_SET_PDEATHSIG = 1  # prctl(2)


def worker_command(python: str) -> list[str]:
    return [python, str(MANAGE), "db_worker", "--no-startup-delay", "--verbosity", "0"]


def start_bound(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """A process that is asked to end (SIGTERM) when the thread that started it does."""
    libc = ctypes.CDLL(None)
    return subprocess.Popen(command, preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM))


class Keeper:
    """Runs the command again and again until it is asked to end, and then ends it, too."""

    def __init__(self, command: Sequence[str], first_pause: float = FIRST_PAUSE_SECONDS) -> None:
        self.command, self.first_pause = command, first_pause
        self.child: subprocess.Popen[bytes] | None = None

    def end(self, *_signal: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        sys.exit(0)

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end)
        try:
            self._again_and_again()
        finally:
            self._end_child()

    def _again_and_again(self) -> None:
        pause = self.first_pause
        while True:
            began = time.monotonic()
            self.child = start_bound(self.command)
            status = self.child.wait()
            if time.monotonic() - began > STABLE_SECONDS:
                pause = self.first_pause
            sys.stderr.write(f"The worker of uploads ended ({status}); it starts again in {pause:g} s.\n")
            sys.stderr.flush()
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _end_child(self) -> None:
        """The worker finishes what it is at; what it leaves undone is told by the page of the upload."""
        if self.child is not None:
            self.child.terminate()
            self.child.wait()


if __name__ == "__main__":
    Keeper(worker_command(sys.executable)).run()
