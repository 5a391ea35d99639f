"""Nobody overwrites anybody: a form that was made from an older version of a row is merged with what the row is now.

Each form carries the version it was made from. What its person left alone stays as it is now; what they alone changed
is written; what both changed, to different values, is a collision: nothing is written until they choose. The rows are
locked while that is found out (`lock`). Why so: docs/decisions/0022-stale-saves.md.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.signing import BadSignature, Signer
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from registry import scope
from registry.admin import collisions
from registry.admin.collisions import CHOICE, MINE, PENDING, THEIRS, Collision
from registry.models import Entry

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

MADE_FROM = "made_from"
DELETE = "DELETE"


# --- The version a form was made from
def token_of(row: Any) -> str:
    return Signer(salt=__name__).sign(f"{row._meta.db_table}:{row.pk}:{row.version}")


def read_token(model: type[models.Model], key: int, token: str) -> int | None:
    """The version that the token names of this row; None for any other text."""
    try:
        table, pk, version = Signer(salt=__name__).unsign(token).split(":")
    except (BadSignature, ValueError):
        return None
    return int(version) if (table, pk) == (model._meta.db_table, str(key)) else None


def lock(row: Any, facts: list[tuple[type[models.Model], str]]) -> None:
    """Until the commit nobody else writes the row or its facts: first what they hang on, so that all wait in one order.

    `facts` are models with the name of their foreign key to the row.
    """
    place = scope.declared_places().get(type(row))
    names = (place.owner, *place.anchors) if place is not None else ()
    columns = {column.name: column for column in row._meta.concrete_fields}
    for name in dict.fromkeys(name for name in names if name in columns and columns[name].is_relation):
        lock_rows(columns[name].related_model, pk=getattr(row, columns[name].attname))
    lock_rows(type(row), pk=row.pk)
    for model, key in facts:
        lock_rows(model, **{key: row.pk})


def lock_rows(model: Any, **which: Any) -> None:
    list(model._base_manager.filter(**which).order_by("pk").select_for_update(no_key=True).values_list("pk"))


# --- A form
class MergingForm(ModelForm):
    """`reader` is who is told of the others' changes. `collisions` stop the save; `kept` names what others changed."""

    reader: ClassVar[Any] = None
    is_row: ClassVar[bool] = False
    made_from = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collisions: list[Collision] = []
        self.kept: list[str] = []
        if isinstance(self.instance, Entry) and self.instance.pk is not None:
            self.initial[MADE_FROM] = token_of(self.instance)

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != MADE_FROM]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.collisions:
            self.add_error(None, _("Somebody else changed this meanwhile: choose at the top of the page."))
        return cleaned

    def merge(self) -> None:
        """Makes the sent data those of a form made from the row as it is now. The row has to be locked."""
        if self.is_bound and isinstance(self.instance, Entry) and self.instance.pk is not None:
            Merge(self).run()


class Merge:
    """One form with what became of its row since."""

    def __init__(self, form: MergingForm) -> None:
        self.form, self.row = form, form.instance
        self.model: Any = type(form.instance)
        self.data: Any = form.data
        self.version = read_token(self.model, self.row.pk, self.sent(form.add_prefix(MADE_FROM)))

    def sent(self, name: str) -> str:
        return str(self.form.data.get(name) or "")

    @cached_property
    def recorded(self) -> list[dict[str, Any]]:
        return collisions.versions_of(self.model, self.row.pk)

    @cached_property
    def seen(self) -> dict[str, Any] | None:
        """The values that the page showed; None where they are not known."""
        if self.version == self.row.version:
            return dict(self.form.initial)
        return collisions.values_at(self.model, self.recorded, self.version)

    def run(self) -> None:
        form = self.form
        names = [n for n, f in form.fields.items() if n in form.initial and n != MADE_FROM and not f.disabled]
        if not [n for n in names if n != self.model._meta.pk.name]:
            return
        is_stale = self.version != self.row.version
        if not is_stale and not any(self.sent(form.add_prefix(name) + PENDING) for name in (*names, DELETE)):
            return
        self.data = form.data.copy()  # type: ignore[attr-defined]
        if not (DELETE in form.fields and self.settle_deletion(is_stale=is_stale)):
            for name in names:
                self.settle(name)
        self.data[form.add_prefix(MADE_FROM)] = token_of(self.row)
        form.data = self.data

    # --- One field
    def settle(self, name: str) -> None:
        form, field = self.form, self.form.fields[name]
        html, theirs = form.add_prefix(name), form.get_initial_for_field(field, name)
        typed = field.widget.value_from_datadict(form.data, form.files, html)
        is_known = self.seen is not None and name in self.seen
        seen = self.seen[name] if self.seen is not None and is_known else None
        has_moved = not is_known or seen != theirs
        pending = self.sent(html + PENDING)
        if not field.has_changed(theirs, typed):
            return
        if pending and not has_moved and self.sent(html + CHOICE) in (MINE, THEIRS):
            if self.sent(html + CHOICE) == THEIRS:
                self.take_theirs(name, theirs)
        elif not pending and is_known and not field.has_changed(seen, typed):
            self.take_theirs(name, theirs)
            self.form.kept.append(collisions.label_of_field(form, name))
        elif pending or has_moved:
            self.collide(name, typed, theirs, pending)

    def take_theirs(self, name: str, value: Any) -> None:
        html, field = self.form.add_prefix(name), self.form.fields[name]
        shown = field.prepare_value(value)
        if isinstance(field, forms.BooleanField):
            self.data.pop(html, None)
            if shown:
                self.data[html] = "on"
            return
        self.data[html] = "" if shown is None else str(shown)

    def collide(self, name: str, typed: Any, theirs: Any, pending: str) -> None:
        """`pending` is the token of an earlier round, which says what both began from."""
        base, token = self.seen, self.sent(self.form.add_prefix(MADE_FROM))
        version = read_token(self.model, self.row.pk, pending) if pending else None
        if version is not None:
            base, token = collisions.values_at(self.model, self.recorded, version), pending
        reader = self.form.reader
        column = self.model._meta.get_field(name).column
        self.form.collisions.append(
            Collision(
                self.form.add_prefix(name),
                token,
                collisions.label_of_field(self.form, name),
                None if base is None else collisions.shown_value(self.model, name, base[name], reader),
                collisions.shown_typed(self.form, name, typed),
                collisions.shown_value(self.model, name, theirs, reader),
                *collisions.told_of_field(self.recorded, column, reader),
            )
        )

    # --- A row to be deleted
    def settle_deletion(self, *, is_stale: bool) -> bool:
        """Whether the row is to be deleted, as far as its person says; a row that others changed is not, yet."""
        html = self.form.add_prefix(DELETE)
        wants, pending, choice = self.sent(html), self.sent(html + PENDING), self.sent(html + CHOICE)
        if pending and not is_stale and choice in (MINE, THEIRS):
            self.data.pop(html, None)
            if choice == MINE:
                self.data[html] = "on"
            return choice == MINE
        if not wants and not pending:
            return False
        if not is_stale and not pending:
            return True
        self.collide_deletion(html, pending)
        return True

    def collide_deletion(self, html: str, pending: str) -> None:
        """The row stands as it is now until its person has chosen."""
        self.data.pop(html, None)
        for name in self.form.initial.keys() & self.form.fields.keys() - {MADE_FROM}:
            self.take_theirs(name, self.form.initial[name])
        version = read_token(self.model, self.row.pk, pending) if pending else self.version
        base = collisions.values_at(self.model, self.recorded, version)
        after = {n: self.form.initial[n] for n in self.form.initial if n in self.form.fields and n != MADE_FROM}
        latest = self.recorded[0]["changeset_id"] if self.recorded else None
        self.form.collisions.append(
            Collision(
                html,
                pending or self.sent(self.form.add_prefix(MADE_FROM)),
                collisions.label_of_row(self.row),
                None,
                _("delete the row"),
                collisions.differences(self.model, base, after, self.form.reader),
                *collisions.told_of_change(latest, self.form.reader),
            )
        )
