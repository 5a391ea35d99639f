"""Folders that go with the process."""

import atexit
import shutil
import tempfile


def passing(prefix: str) -> str:
    """An empty folder, removed when this process ends."""
    made = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
