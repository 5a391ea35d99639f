"""Builds a set: what the feed tells a reader who begins, once as lines of JSON, and from these in every format.

Memory stays flat: a file is written row by row, and a type is read back from its own lines. A set that does not prove
itself by the digests of its number is thrown away and built anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.timezone import localtime

from registry.downloads.formats import FORMATS
from registry.downloads.tables import Column, Datatype, Note, Row, Table
from registry.exports.sets import ExportFile, ExportSet, TypeCount, building, drop_old, read_set, recorded_at
from registry.feed.types import Circle, FeedType, feed_types
from registry.feed.walking import Digest, Event, digests, dumped
from registry.history import last_sequence

LINES = "jsonl"
LINES_TYPE = "application/jsonl"
WHOLE = "register.jsonl.gz"
ROWS_AT_ONCE = 1_000
TRIES = 3
KINDS: tuple[tuple[type[models.Field[Any, Any]], Datatype], ...] = (
    (models.BooleanField, Datatype.BOOLEAN),
    (models.IntegerField, Datatype.INTEGER),
    (models.FloatField, Datatype.NUMBER),
    (models.DecimalField, Datatype.DECIMAL),
    (models.DateTimeField, Datatype.MOMENT),
    (models.DateField, Datatype.DAY),
)


class Unproved(RuntimeError):
    """The files are not what the digests of their number say, time and again."""


def publish(circle: Circle) -> ExportSet:
    """The set of the last number, built unless it is there already. Another builder is waited for."""
    with building(circle) as folder:
        for _attempt in range(TRIES):
            sequence = last_sequence()
            if (found := read_set(circle, sequence)) is not None:
                return found
            made = _build(circle, sequence, folder)
            if made is not None:
                made.write(folder)
                shutil.rmtree(made.folder, ignore_errors=True)  # of the register before it was restored
                folder.rename(made.folder)
                drop_old(circle)
                return made
            shutil.rmtree(folder)
            folder.mkdir()
    raise Unproved(f"the export for {circle.value} did not prove itself in {TRIES} attempts")


def _build(circle: Circle, sequence: int, folder: Path) -> ExportSet | None:
    """The set as it lies in the folder; none when it does not prove itself, as after a withdrawal meanwhile."""
    wanted = tuple(digests(circle, sequence)) if sequence else ()
    counted = _write_lines(circle, sequence, folder)
    if any(counted[one.type].digest() != one for one in wanted):
        return None
    files = [_file(folder, WHOLE, "", LINES, "application/gzip", sum(one.count for one in counted.values()))]
    known_at = recorded_at(sequence)
    for type_ in _types(circle):
        lines, count = folder / f"{type_.name}.{LINES}", counted[type_.name].count
        files.append(_file(folder, lines.name, type_.name, LINES, LINES_TYPE, count))
        for made in FORMATS.values():
            path = folder / f"{type_.name}.{made.name}"
            with path.open("wb") as file:
                made.write(_table(type_, circle, lines, _notes(sequence, circle, known_at, count)), file)
            files.append(_file(folder, path.name, type_.name, made.name, made.media_type, count))
    types = tuple(TypeCount(one.type, one.count, one.digest) for one in wanted)
    published_at = localtime(timezone.now()).isoformat()
    return ExportSet(sequence, circle, known_at, published_at, types, tuple(files))


def _types(circle: Circle) -> list[FeedType]:
    return [one for one in feed_types() if circle in one.shown]


@dataclass
class Counted:
    """What a reader of the lines counts and digests, as docs/feed.md says."""

    type: str
    count: int = 0
    folded: int = 0

    def add(self, event: Event) -> None:
        hashed = hashlib.sha256(f"{self.type}:{event.id}:{event.data}".encode()).digest()
        self.count, self.folded = self.count + 1, self.folded ^ int.from_bytes(hashed[:16])

    def digest(self) -> Digest:
        return Digest(self.type, self.count, f"{self.folded:032x}")


def _write_lines(circle: Circle, sequence: int, folder: Path) -> dict[str, Counted]:
    """All events as one file, and those of each type as another."""
    counted = {one.name: Counted(one.name) for one in _types(circle)}
    own: dict[str, IO[bytes]] = {name: (folder / f"{name}.{LINES}").open("wb") for name in counted}
    try:
        with gzip.GzipFile(folder / WHOLE, "wb", compresslevel=6, mtime=0) as whole:
            for event in dumped(circle, sequence, at_once=ROWS_AT_ONCE) if sequence else ():
                line = event.as_json().encode() + b"\n"
                whole.write(line)
                own[event.type].write(line)
                counted[event.type].add(event)
    finally:
        for file in own.values():
            file.close()
    return counted


def _file(folder: Path, name: str, type_: str, form: str, media_type: str, rows: int) -> ExportFile:
    path = folder / name
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ExportFile(name, type_, form, media_type, rows, path.stat().st_size, digest)


# --- A type as a table: its id, the number of its last change, and its facts as the feed has them


def _table(type_: FeedType, circle: Circle, lines: Path, notes: Callable[[], Sequence[Note]]) -> Table:
    columns = columns_of(type_, circle)
    names = [column.name for column in columns[2:]]
    title = str(type_.model._meta.verbose_name_plural)
    return Table(type_.name, title, columns, _rows(lines, names), notes)


def columns_of(type_: FeedType, circle: Circle) -> list[Column]:
    """As the feed names them."""
    fields: dict[Any, Any] = {field.column: field for field in type_.model._meta.concrete_fields}
    own = [_column(name, fields[name]) for name in type_.columns(circle)]
    return [Column("id", "id", Datatype.INTEGER), Column("seq", "seq", Datatype.INTEGER), *own]


def _column(name: str, field: Any) -> Column:
    told = field.target_field if field.is_relation else field
    kind = next((datatype for made, datatype in KINDS if isinstance(told, made)), Datatype.TEXT)
    column = Column(name, str(field.verbose_name), kind, str(field.help_text))
    return replace(column, digits=(told.max_digits, told.decimal_places)) if kind is Datatype.DECIMAL else column


def _rows(lines: Path, names: list[str]) -> Iterator[list[Row]]:
    with lines.open("rb") as file:
        while some := list(islice(file, ROWS_AT_ONCE)):
            yield [_row(json.loads(line), names) for line in some]


def _row(event: dict[str, Any], names: list[str]) -> Row:
    data = event["data"]
    return [event["id"], event["seq"], *(_cell(data[name]) for name in names)]


def _cell(value: Any) -> Any:
    """A list or an object, of which a cell knows nothing, as its JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, list | dict) else value


def _notes(sequence: int, circle: Circle, known_at: str | None, count: int) -> Callable[[], Sequence[Note]]:
    told = {
        "sequence": str(sequence),
        "circle": circle.value,
        "known_at": known_at or "",
        "count": str(count),
        "licence": f"{settings.LICENCE['name']}, {settings.LICENCE['url']}",
    }
    return lambda: [Note(name, name, text) for name, text in told.items()]
