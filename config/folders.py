"""Folders and files of the embedded database, each refused where somebody else may write to it; and its locks."""

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from config.binaries import Account, EmbeddedDatabaseError


def make_home(home: Path, account: Account) -> bool:
    """Make the folders of a cluster; False if this account cannot use them there."""
    try:
        _own_folder(home)
        if not account.can_enter(home):
            return False
        inner = home / "cluster"
        if not inner.exists():
            inner.mkdir(mode=0o700)
            os.chown(inner, account.uid, account.gid)
        return account.can_enter(inner) and stat.S_IMODE(inner.stat().st_mode) == 0o700
    except PermissionError:
        return False


def _own_folder(folder: Path) -> None:
    """A folder of ours that others may pass through but not write to; never one that somebody else laid out."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise EmbeddedDatabaseError(
            f"{folder} is not a folder that belongs to user {os.geteuid()} alone; remove it or set DATABASE_URL."
        )


def private_folder(folder: Path, account: Account) -> None:
    """The socket's folder: made for the account alone, and refused if it is a link or another's."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedDatabaseError(
            f"{folder} is not a private folder of user {account.uid}; remove it, then start again."
        )


def write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(text)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def lock_within(descriptor: int, seconds: float, refusal: str) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(refusal) from error
            time.sleep(0.05)
