"""After a save, in its transaction: what a person wrote must still be theirs, and nothing has left their scope."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from registry import scope

Row = tuple[type[models.Model], int]


class LeftScopeError(Exception):
    """A write after which a row would not belong, or no longer belong, to the writer's incubator."""

    def __str__(self) -> str:
        return _(
            "Nothing was saved: after this change an entry would not belong to your incubator. A firm that you enter"
            " needs a stay in your incubator; one that leaves gets a last day of its stay. All else a registrar does."
        )


class Watch:
    """The rows that one request writes. `is_settled`: whether a row was the person's to write before the request."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.is_settled: dict[Row, bool] = {}

    def before(self, row: models.Model) -> None:
        """LeftScopeError where the row is about to be hung on another that is not the person's to write.

        That is asked before the write: a stay brings its firm into the incubator's scope.
        """
        if scope.sees_all(self.user):
            return
        if row.pk is not None:
            self._note(type(row), row.pk)
        for name in scope.declared_places()[type(row)].anchors:
            key: Any = row._meta.get_field(name)
            stored = type(row)._base_manager.filter(pk=row.pk).values_list(key.attname, flat=True).first()
            for anchor in {stored, getattr(row, key.attname)} - {None}:
                is_mine = self._note(key.remote_field.model, anchor)
                if anchor != stored and not is_mine and (key.remote_field.model, anchor) not in self.is_settled:
                    raise LeftScopeError

    def after(self, row: models.Model) -> None:
        """A row that is new has to be the person's when all is written."""
        if not scope.sees_all(self.user):
            self.is_settled.setdefault((type(row), row.pk), False)

    def check(self) -> None:
        """LeftScopeError for a row that is out of sight now, or that is new and not the person's to write."""
        scope.forget_memberships(self.user)
        for (model, pk), was_mine in self.is_settled.items():
            row = model._base_manager.filter(pk=pk).first()
            is_old = was_mine or (row is not None and self._is_of_an_old_one(row))
            if row is not None and not self._is_mine(model, pk, write=not is_old):
                raise LeftScopeError

    def _is_of_an_old_one(self, row: models.Model) -> bool:
        """A new fact of a firm whose stay is ended in the same request, further back than it could be written."""
        owner = scope.declared_places()[type(row)].owner
        if owner in ("", scope.ITSELF) or not row._meta.get_field(owner).concrete:
            return False
        key: Any = row._meta.get_field(owner)
        return self.is_settled.get((key.remote_field.model, getattr(row, key.attname)), False)

    def _note(self, model: type[models.Model], pk: int) -> bool:
        """Whether the row is the person's to write; what is not, is not watched."""
        is_mine = self._is_mine(model, pk, write=True)
        if is_mine:
            self.is_settled.setdefault((model, pk), True)
        return is_mine

    def _is_mine(self, model: type[models.Model], pk: int, *, write: bool) -> bool:
        return scope.scope(model._base_manager.filter(pk=pk), self.user, write=write).exists()
