"""Where published sets lie, and which of them may still be given away.

`<folder>/<circle>/<sequence>/` holds the files of a set and `manifest.json`, which names them. A set appears whole, by
one renaming, and never changes; old ones are removed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime

from registry.feed.types import Circle
from registry.feed.walking import moment_of
from registry.history import last_sequence

MANIFEST = "manifest.json"
SETS_KEPT = 7


@dataclass(frozen=True)
class ExportFile:
    """`type` is that of the feed, and empty for the file that holds all of them; `rows` counts entries."""

    name: str
    type: str
    format: str
    media_type: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class TypeCount:
    """As the checkpoint of the feed has it."""

    type: str
    count: int
    digest: str


@dataclass(frozen=True)
class ExportSet:
    """All files of one number for one circle; moments as ISO 8601."""

    sequence: int
    circle: Circle
    recorded_at: str | None
    published_at: str
    types: tuple[TypeCount, ...]
    files: tuple[ExportFile, ...]

    @property
    def folder(self) -> Path:
        return folder_of(self.circle) / str(self.sequence)

    def file(self, name: str) -> ExportFile | None:
        return next((one for one in self.files if one.name == name), None)

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text, encoding="utf-8")


def folder_of(circle: Circle) -> Path:
    return Path(settings.EXPORTS_FOLDER) / circle.value


def recorded_at(sequence: int) -> str | None:
    """When the register took the number, as manifests tell it; before the first there is nothing."""
    return localtime(moment_of(sequence)).isoformat() if sequence else None


def read_set(circle: Circle, sequence: int) -> ExportSet | None:
    """The published set of the number; none where there is none, or none of this register: a database that was
    restored gives numbers a second time."""
    try:
        told: dict[str, Any] = json.loads((folder_of(circle) / str(sequence) / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    if sequence > last_sequence() or told["recorded_at"] != recorded_at(sequence):
        return None
    types = tuple(TypeCount(**one) for one in told.pop("types"))
    files = tuple(ExportFile(**one) for one in told.pop("files"))
    return ExportSet(**told | {"circle": Circle(told["circle"]), "types": types, "files": files})


def published(circle: Circle) -> Iterator[ExportSet]:
    """Every set of the circle, the newest first."""
    for sequence in sorted(_sequences(circle), reverse=True):
        if (found := read_set(circle, sequence)) is not None:
            yield found


def _sequences(circle: Circle) -> list[int]:
    folder = folder_of(circle)
    return [int(one.name) for one in folder.iterdir() if re.fullmatch(r"[0-9]+", one.name)] if folder.is_dir() else []


def drop_old(circle: Circle) -> None:
    """All but the newest. Who is reading a file goes on: it is removed from its folder, not from under the reader."""
    for sequence in sorted(_sequences(circle))[:-SETS_KEPT]:
        shutil.rmtree(folder_of(circle) / str(sequence), ignore_errors=True)


@contextmanager
def building(circle: Circle) -> Iterator[Path]:
    """An empty folder beside the sets, for one builder at a time; others wait, and what a dead one left goes."""
    folder = folder_of(circle)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    made = folder / "building"
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(descriptor)
