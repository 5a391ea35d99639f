"""Whose firms an import may change: the one place where a person's scope narrows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from companies.models import Company
from incubators.models import Incubator
from registry import scope
from registry.models import User


class NotTheirs(Exception):
    """The person may not, or no more, change firms of the incubator."""


@dataclass(frozen=True)
class Reach:
    """`firms` are those that may be changed, None for all; new firms enter `incubator`, where one is given.

    With an incubator, they are that incubator's alone, whoever asks: what is found is read by all who work for it.
    """

    firms: QuerySet[Any] | None = None
    incubator: Incubator | None = None

    @classmethod
    def of(cls, user: User, incubator: Incubator | None) -> Reach:
        """Raises NotTheirs."""
        if incubator is None:
            if not user.is_registrar or not user.is_active:
                raise NotTheirs
            return cls(scope.scope(Company.objects.all(), user, write=True))
        if not (user.is_active and user.is_registrar) and incubator.pk not in _worked_for(user):
            raise NotTheirs
        return cls(scope.rows_of(Company.objects.all(), frozenset({incubator.pk}), write=True), incubator)

    @property
    def is_bounded(self) -> bool:
        """Whether there are firms that are not to be met."""
        return self.incubator is not None

    def out_of_reach(self, ids: Collection[int]) -> set[int]:
        """Those of the firms that may not be changed."""
        if self.firms is None or not ids:
            return set()
        return set(ids) - set(self.firms.filter(pk__in=ids).values_list("pk", flat=True))

    def settle_stay(self, values: dict[str, Any], *, is_new: bool) -> None:
        """A new firm's stay, and a stay of which the row gives days alone, is in the own incubator.

        Another cannot be named: the lists of the import hold the own one only.
        """
        if self.incubator is not None and (is_new or {"entered_on", "left_on"} & values.keys()):
            values.setdefault("incubator", self.incubator)


def _worked_for(user: User) -> frozenset[int]:
    return scope.incubators_of(user, scope.Circle.STAFF)


EVERYTHING = Reach()
