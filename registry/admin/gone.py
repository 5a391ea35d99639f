"""The rows of a set that others deleted while a page that shows them was open."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from registry.admin import collisions
from registry.admin.collisions import CHOICE, MINE, PENDING, THEIRS, Collision
from registry.admin.merging import DELETE, MADE_FROM, read_token

GONE = "gone"


class GoneRows:
    """Rows that were left alone here go; those that were changed collide (`found`): enter again, or leave deleted."""

    def __init__(self, formset: Any) -> None:
        self.formset, self.prefix, self.data = formset, formset.prefix, formset.data
        self.model: Any = formset.model
        self.found: list[Collision] = []
        self.kept: list[str] = []
        self.entered_again: list[dict[str, str]] = []

    def run(self) -> Any:
        """The data without those rows, and with those that are entered again."""
        rows, initial = self.rows(), self.number("INITIAL_FORMS")
        known = {row.pk for row in self.formset.get_queryset()}
        gone = [i for i in range(initial) if i in rows and self.is_gone(rows[i], known)]
        for i in gone:
            self.judge(rows[i])
        self.hear_choices()
        if not gone and not self.entered_again:
            return self.data
        old = [rows[i] for i in range(initial) if i in rows and i not in gone]
        return self.rebuilt(old, [rows[i] for i in sorted(rows) if i >= initial] + self.entered_again)

    def number(self, name: str) -> int:
        text = str(self.data.get(f"{self.prefix}-{name}") or "")
        return int(text) if text.isdecimal() and len(text) < 6 else 0

    def rows(self) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        pattern = re.compile(rf"{re.escape(self.prefix)}-(\d{{1,5}})-(.+)")
        for name in self.data:
            if match := pattern.fullmatch(name):
                found.setdefault(int(match[1]), {})[match[2]] = self.data[name]
        return found

    def is_gone(self, row: dict[str, str], known: set[int]) -> bool:
        key = row.get(self.model._meta.pk.name, "")
        if not key.isdecimal() or int(key) in known:
            return False
        return read_token(self.model, int(key), row.get(MADE_FROM, "")) is not None

    def judge(self, row: dict[str, str]) -> None:
        key = int(row[self.model._meta.pk.name])
        recorded = collisions.versions_of(self.model, key)
        version = read_token(self.model, key, row[MADE_FROM])
        base = collisions.values_at(self.model, recorded, version)
        if DELETE in row:
            return
        if base is not None and not self.changed(row, base):
            self.kept.append(self.named(row))
            return
        self.collide(key, row, recorded)

    def changed(self, row: dict[str, str], base: dict[str, Any]) -> list[str]:
        fields = self.formset.form.base_fields
        return [
            name
            for name, field in fields.items()
            if name in base
            and name not in (MADE_FROM, self.formset.fk.name)
            and field.has_changed(base[name], field.widget.value_from_datadict(row, {}, name))
        ]

    def named(self, row: dict[str, str]) -> str:
        return " ".join([str(self.model._meta.verbose_name), *list(self.typed(row))[:1]])

    def typed(self, row: dict[str, str]) -> Iterator[str]:
        form = self.formset.form()
        for name, field in form.fields.items():
            if name != MADE_FROM and row.get(name) and name != self.formset.fk.name:
                yield f"{field.label}: {collisions.shown_typed(form, name, row[name])}"

    def collide(self, key: int, row: dict[str, str], recorded: list[dict[str, Any]]) -> None:
        name = f"{self.prefix}-{GONE}-{key}"
        left_out = (MADE_FROM, self.model._meta.pk.name, self.formset.fk.name)
        carried = [(f"{name}:{part}", value) for part, value in row.items() if part not in left_out]
        closed = recorded[0]["closed_by"] if recorded else None
        self.found.append(
            Collision(
                name,
                row[MADE_FROM],
                self.named(row),
                None,
                _("enter it again: %s") % "; ".join(self.typed(row)),
                _("deleted"),
                *collisions.told_of_change(closed, self.formset.user),
                carried,
            )
        )

    def hear_choices(self) -> None:
        """Of rows that were shown as deleted in an earlier round."""
        pattern = re.compile(rf"({re.escape(self.prefix)}-{GONE}-(\d{{1,18}})){PENDING}")
        for match in filter(None, map(pattern.fullmatch, list(self.data))):
            name, key = match[1], int(match[2])
            row = {n.removeprefix(f"{name}:"): self.data[n] for n in self.data if n.startswith(f"{name}:")}
            choice = self.data.get(name + CHOICE)
            if choice == MINE:
                self.entered_again.append(row)
            elif choice != THEIRS:
                row[MADE_FROM] = self.data[name + PENDING]
                self.collide(key, row, collisions.versions_of(self.model, key))

    def rebuilt(self, old: list[dict[str, str]], new: list[dict[str, str]]) -> Any:
        data = self.data.copy()
        for name in [n for n in data if re.match(rf"{re.escape(self.prefix)}-\d+-", n)]:
            del data[name]
        for place, row in enumerate([*old, *new]):
            for part, value in row.items():
                data[f"{self.prefix}-{place}-{part}"] = value
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(old))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(old) + len(new))
        return data
