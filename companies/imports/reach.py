"""Whose firms an import may change: the one place where a person's scope narrows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from companies.models import Company
from incubators.models import Incubator
from registry import scope
from registry.models import User


@dataclass(frozen=True)
class Reach:
    """`firms` are those that may be changed, None for all; new firms enter `incubator`, where one is given."""

    firms: QuerySet[Any] | None = None
    incubator: Incubator | None = None

    @classmethod
    def of(cls, user: User, incubator: Incubator | None) -> Reach:
        return cls(scope.scope(Company.objects.all(), user, write=True), incubator)

    def out_of_reach(self, ids: Collection[int]) -> set[int]:
        """Those of the firms that may not be changed."""
        if self.firms is None or not ids:
            return set()
        return set(ids) - set(self.firms.filter(pk__in=ids).values_list("pk", flat=True))

    def settle_stay(self, values: dict[str, Any], *, is_new: bool) -> str:
        """A new firm's stay is in the own incubator; a sentence where the row names another."""
        if self.incubator is None:
            return ""
        if is_new:
            values.setdefault("incubator", self.incubator)
        stated = values.get("incubator", self.incubator)
        return "" if stated == self.incubator else _("The stay is in another incubator, %s, than yours.") % stated


EVERYTHING = Reach()
