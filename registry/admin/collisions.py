"""What two people made of the same value: base, mine and theirs as a page shows them, with who and when."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.forms import model_to_dict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry import scope
from registry.admin import labels, versions
from registry.models import ChangeSet

PENDING, CHOICE = "-collision", "-choice"
"""Endings of the names under which a page sends back what is to be chosen, and the choice."""
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Collision:
    """One choice to be made. `name` begins the names of its inputs, `token` says what `base` was read from.

    `carried` are inputs of a row that is no longer in a form. `base` is None where it is not known.
    """

    name: str
    token: str
    what: str
    base: str | None
    mine: str
    theirs: str
    who: str = ""
    at: datetime.datetime | None = None
    carried: list[tuple[str, str]] = field(default_factory=list)

    @property
    def pending_name(self) -> str:
        return f"{self.name}{PENDING}"

    @property
    def choice_name(self) -> str:
        return f"{self.name}{CHOICE}"


# --- Versions of a row
def versions_of(model: type[models.Model], key: int) -> list[dict[str, Any]]:
    """Every committed version of the row, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT h.* FROM history.{model._meta.db_table} h WHERE h.id = %s ORDER BY lower(h.recorded) DESC", [key]
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def values_at(model: type[models.Model], rows: list[dict[str, Any]], version: int | None) -> dict[str, Any] | None:
    """What a form showed of the row at that version, by field; None where no such version was recorded."""
    for row in rows:
        if row["version"] == version:
            kept = {column.attname: row[str(column.column)] for column in model._meta.concrete_fields}
            return model_to_dict(model(**kept))
    return None


# --- In words
def told_of_field(rows: list[dict[str, Any]], column: str, reader: Any) -> tuple[str, datetime.datetime | None]:
    """Who gave the column its present value, and when; as much of it as the reader may know."""
    giver = None
    for row in rows:
        if giver is not None and row[column] != giver[column]:
            break
        giver = row
    return told_of_change(giver["changeset_id"] if giver else None, reader)


def told_of_change(changeset: int | None, reader: Any) -> tuple[str, datetime.datetime | None]:
    found = ChangeSet.objects.filter(pk=changeset or 0).select_related("actor", "key__partner").first()
    if found is None:
        return "", None
    who, _reason = versions.tellers(reader)(found)
    return who, found.recorded_at


def shown_value(model: type[models.Model], name: str, value: Any, reader: Any) -> str:
    """A value as the history shows it; a row that the reader may not see is not named."""
    column: Any = model._meta.get_field(name)
    names = {}
    if column.is_relation and value:
        target = column.related_model
        row = scope.scope(target._base_manager.filter(pk=value), reader).first()
        names = {(target, value): labels.label_of(row)} if row is not None else {}
    return versions.shown(column, value, names)


def shown_typed(form: Any, name: str, typed: Any) -> str:
    """What was typed, as the history would show it; as it was typed where it cannot be read."""
    try:
        value = form.fields[name].clean(typed)
    except ValidationError:
        return str(typed)
    key = value.pk if isinstance(value, models.Model) else value
    return shown_value(form._meta.model, name, key, form.reader)


def label_of_field(form: Any, name: str) -> str:
    """The field; of a row of a set, the row's kind and day before it."""
    label = capfirst(str(form.fields[name].label or name))
    return f"{label_of_row(form.instance)} · {label}" if form.is_row else label


def label_of_row(row: models.Model) -> str:
    day = next((getattr(row, name) for name in versions.NAMING_DAYS if getattr(row, name, None)), "")
    return f"{row._meta.verbose_name} {day}".strip()


def differences(model: type[models.Model], before: dict[str, Any] | None, after: dict[str, Any], reader: Any) -> str:
    """Each value that changed, in one line."""
    if before is None:
        return _("changed")
    changed = [name for name in after if name in before and before[name] != after[name]]
    fields = {name: model._meta.get_field(name) for name in changed}
    return "; ".join(
        f"{labels.LAST_DAYS.get(name, getattr(fields[name], 'verbose_name', name))}:"
        f" {shown_value(model, name, before[name], reader) or '–'} →"
        f" {shown_value(model, name, after[name], reader) or '–'}"
        for name in changed
    ) or _("changed")
