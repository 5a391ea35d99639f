"""Own clusters for tests that stop, break or restart one. Short folders, removed at the end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.binaries import current_account
from config.embedded import DURABLE, FAST, Cluster
from config.folders import make_home
from tests.cluster import home

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server over to another account")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account can enter, which pytest's own temporary folders are not."""
    made = new_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def own_cluster(folder: Path) -> Iterator[Cluster]:
    """A quick cluster of this test alone, not yet started."""
    cluster = Cluster(folder / "home", current_account(), FAST)
    make_home(cluster.home, cluster.account)
    yield cluster
    discard(cluster)


@pytest.fixture(scope="module")
def durable_cluster() -> Iterator[Cluster]:
    """A running cluster with the trial's settings, deeper than a socket's path may be long."""
    top = new_folder()
    deep = top.joinpath(*["a-rather-long-name-of-a-folder"] * 5)
    deep.mkdir(parents=True)
    for path in (top, *top.rglob("*")):
        path.chmod(0o711)
    cluster = Cluster(deep / "home", current_account(), DURABLE)
    make_home(cluster.home, cluster.account)
    cluster.find_or_start()
    yield cluster
    discard(cluster)
    shutil.rmtree(top)


def new_folder() -> Path:
    """Below the run's own folder, so that it goes with the run if the test cannot remove it."""
    made = Path(tempfile.mkdtemp(prefix="guard-", dir=home()))
    made.chmod(0o711)
    return made


def discard(cluster: Cluster) -> None:
    cluster.stop()
    shutil.rmtree(cluster.socket_folder, ignore_errors=True)


def clean_environment(**variables: str) -> dict[str, str]:
    """What a new shell has: nothing of ours."""
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
