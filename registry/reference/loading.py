"""Loading reference data: what is missing is created, what is there belongs to its editors.

A row that was written here and never edited may be brought to its file's content (`refresh`); a row that somebody
edited, renamed or deleted in the register stays as that person left it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import BaseConstraint, CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext as _

from registry.history import acting
from registry.history.acting import check_constraints_now
from registry.models import Entry
from registry.reference.files import BrokenReferenceError, Row, Table, read

REASON = "reference data"  # what tells our versions from an editor's: never change it
LOCK = 20251106  # an advisory lock: any number, so that two loads at once wait for one another


Period = tuple[datetime.date | None, datetime.date | None]


class _NotYet(Exception):
    """The row refers to a later row of its own file."""


class _RemovedHere(Exception):
    """The row refers to one that was deleted in the register."""


@dataclass(frozen=True)
class Known:
    """A row of a file and the entry that it stands for; none if that was deleted here."""

    period: Period
    entry: Entry | None


@dataclass
class Tally:
    """What became of the rows of one file."""

    table: Table
    created: int = 0
    same: int = 0
    differs: int = 0
    refreshed: int = 0
    removed_here: int = 0
    differences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = {"created": self.created, "same": self.same, "differs": self.differs}
        rare = {"refreshed": self.refreshed, "removed here": self.removed_here}
        shown = counts | {name: count for name, count in rare.items() if count}
        return f"{self.table.path.name}: " + ", ".join(f"{count} {name}" for name, count in shown.items())


def load(tables: Iterable[Table], *, refresh: bool = False) -> list[Tally]:
    """Load the files in this order, all or none; raises `BrokenReferenceError`.

    With `refresh`, rows that differ from their file and were last written by a load take the file's content.
    """
    loader = Loader(refresh)
    with acting(reason=REASON):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return [loader.load(table) for table in tables]


class Loader:
    """One run; remembers which rows each code of the files stands for, with their periods in the file."""

    def __init__(self, refresh: bool) -> None:
        self.refresh = refresh
        self.codes: dict[type[Entry], dict[str, list[Known]]] = {}

    def load(self, table: Table) -> Tally:
        tally = Tally(table)
        self.codes[table.model] = defaultdict(list)
        present = Present(table)
        waiting = read(table)
        while waiting:
            ready = list(self._ready(waiting))
            taken = {row.line for row, _values in ready}
            waiting = [row for row in waiting if row.line not in taken]
            self._place(ready, present, tally)
        self._check_refreshed(tally)
        return tally

    def _ready(self, waiting: list[Row]) -> Iterator[tuple[Row, dict[str, Any] | None]]:
        """Rows with their values; without values if what they refer to was deleted here."""
        later = {row.cells.get("code", "") for row in waiting}
        blocked: Row | None = None
        progress = False
        for row in waiting:
            try:
                yield row, self._values(row, later)
            except _RemovedHere:
                yield row, None
            except _NotYet:
                blocked = blocked or row
                continue
            progress = True
        if blocked is not None and not progress:
            raise blocked.broken("-", _("This row refers to itself, in a circle."))

    def _values(self, row: Row, later: set[str]) -> dict[str, Any]:
        table = row.table
        return {
            table.attribute(column): self._referred(row, column, later)
            if table.is_reference(column) and row.cells[column]
            else row.plain_value(column)
            for column in table.columns
        }

    def _referred(self, row: Row, column: str, later: set[str]) -> int:
        """The row of the code; of several, the last that shares a day with the row that refers to it."""
        model, code = row.table.field(column).related_model, row.cells[column]
        is_own = model is row.table.model
        begins, ends = _period_in_file(row)
        days = (ends, None) if is_own else (begins, ends)  # its successor is the row that comes after it
        known = self.codes.get(model, {}).get(code, [])  # type: ignore[arg-type]
        fitting = [one for one in known if _share_a_day(one.period, days)]
        if not fitting and is_own and code in later:
            raise _NotYet
        if not known:
            raise row.broken(column, _("“%s” names no row.") % code)
        entry = max(fitting or known, key=lambda one: one.period[0] or datetime.date.min).entry
        if entry is None:
            raise _RemovedHere
        return int(entry.pk)

    def _place(self, ready: list[tuple[Row, dict[str, Any] | None]], present: Present, tally: Tally) -> None:
        new: list[tuple[Row, Entry]] = []
        for row, values in ready:
            entry = None
            if values is not None and (entry := present.find(values)) is not None:
                self._compare(row, values, entry, tally)
            elif values is not None and (self.refresh or not present.was_here(values)):
                entry = row.table.model(**values)
                new.append((row, entry))
            else:
                tally.removed_here += 1
            self.codes[row.table.model][row.cells.get("code", "")].append(Known(_period_in_file(row), entry))
        _create(new)
        tally.created += len(new)

    def _compare(self, row: Row, values: dict[str, Any], entry: Entry, tally: Tally) -> None:
        changed = {name: value for name, value in values.items() if getattr(entry, name) != value}
        if not changed:
            tally.same += 1
            return
        is_taken = self.refresh and _was_loaded(entry)
        fate = _("refreshed") if is_taken else _("kept: edited here") if self.refresh else _("kept")
        for name, value in changed.items():
            tally.differences.append(
                f"{row.table.path.name}, line {row.line}: {name} “{getattr(entry, name)}” → “{value}” ({fate})"
            )
        if is_taken:
            _apply(row, changed, entry)
        tally.refreshed += is_taken
        tally.differs += not is_taken

    def _check_refreshed(self, tally: Tally) -> None:
        """Periods of several rows are judged together, once all of them have moved."""
        try:
            check_constraints_now()
        except IntegrityError as error:
            raise BrokenReferenceError(tally.table.path, 1, "-", str(error)) from error


class Present:
    """The rows of a table that the register holds already."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.key = [table.attribute(column) for column in table.key]
        self.identity = [table.attribute(column) for column in table.identity]
        self.by_key: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
        self.by_id: dict[int, Entry] = {}
        for entry in table.model._default_manager.all():
            self.by_id[entry.pk] = entry
            self.by_key[tuple(getattr(entry, name) for name in self.key)].append(entry)

    def find(self, values: dict[str, Any]) -> Entry | None:
        """The row of this key (on this day, or on one of its days); else one that once had it and was renamed."""
        candidates = self.by_key.get(tuple(values[name] for name in self.key), [])
        if not self.table.is_dated:
            return candidates[0] if candidates else self._renamed(values)
        exact = [entry for entry in candidates if _period(entry)[0] == values["valid_from"]]
        ours = (values["valid_from"], values["valid_until"])
        overlapping = [entry for entry in candidates if _share_a_day(_period(entry), ours)]
        return next(iter([*exact, *overlapping]), None) or self._renamed(values)

    def _renamed(self, values: dict[str, Any]) -> Entry | None:
        former = self._former_id(values)
        return None if former is None else self.by_id.get(former)

    def was_here(self, values: dict[str, Any]) -> bool:
        return self._former_id(values) is not None

    def _former_id(self, values: dict[str, Any]) -> int | None:
        """The id of the row that last had this identity, of all versions ever recorded."""
        same = " AND ".join(f'"{name}" IS NOT DISTINCT FROM %s' for name in self.identity)
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT id FROM history."{self.table.model._meta.db_table}" WHERE {same}'
                " ORDER BY lower(recorded) DESC LIMIT 1",
                [values[name] for name in self.identity],
            )
            found = cursor.fetchone()
        return int(found[0]) if found else None


def _period(entry: Any) -> Period:
    return entry.valid_from, entry.valid_until


def _period_in_file(row: Row) -> Period:
    """Open on both sides where the file has no such columns."""
    begins, ends = (row.plain_value(side) if row.cells.get(side) else None for side in ("valid_from", "valid_until"))
    return begins, ends


def _share_a_day(one: Period, other: Period) -> bool:
    first, last = datetime.date.min, datetime.date.max
    return (one[0] or first) < (other[1] or last) and (other[0] or first) < (one[1] or last)


def _was_loaded(entry: Entry) -> bool:
    """Whether the row's latest version was written by a load, not by a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT FROM history."{entry._meta.db_table}" v JOIN registry_changeset c ON c.id = v.changeset_id'
            " WHERE v.id = %s AND upper_inf(v.recorded) AND c.reason = %s AND c.actor_id IS NULL",
            [entry.pk, REASON],
        )
        return cursor.fetchone() is not None


def _check_rules(row: Row, entry: Entry) -> None:
    """The rules of the database, told with the row and the columns that break them."""
    for rule in entry._meta.constraints:
        try:
            rule.validate(type(entry), entry)
        except ValidationError as error:
            columns = ", ".join(_columns_of(rule, row.table))
            raise row.broken(columns, " ".join(error.messages)) from error


def _columns_of(rule: BaseConstraint, table: Table) -> list[str]:
    if isinstance(rule, UniqueConstraint):
        named = set(rule.fields)
    elif isinstance(rule, CheckConstraint) and isinstance(rule.condition, Q):
        named = rule.condition.referenced_base_fields
    else:
        named = set(table.identity)
    return [column for column in table.columns if column in named]


def _apply(row: Row, changed: dict[str, Any], entry: Any) -> None:
    for name, value in changed.items():
        setattr(entry, name, value)
    entry.judged_as_a_set = row.table.is_dated
    _check_rules(row, entry)
    entry.save(update_fields=list(changed))


def _create(new: list[tuple[Row, Entry]]) -> None:
    if not new:
        return
    try:
        with transaction.atomic():
            new[0][0].table.model._default_manager.bulk_create([entry for _row, entry in new])
            check_constraints_now()
    except IntegrityError as error:
        _name_the_row(new)
        raise BrokenReferenceError(new[0][0].table.path, new[0][0].line, "-", str(error)) from error


def _name_the_row(new: list[tuple[Row, Entry]]) -> None:
    """The slow way, after the fast one was refused: one by one, until a row breaks a rule."""
    for row, entry in new:
        entry.pk, entry._state.adding = None, True
        _check_rules(row, entry)
        entry.save(force_insert=True)
