"""Who may see and change which rows: one list of models, one `scope()`. What is not declared is closed to all.

So far only registrars see rows; each model's path to its incubator is what the staff's rights will follow.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from registry.models import User

Rows = TypeVar("Rows", bound=models.QuerySet[Any])

ITSELF = "pk"
NO_INCUBATOR = None  # reference data and the register's own books: no incubator owns a row

_paths: dict[type[models.Model], str | None] = {}


def declare(paths: Mapping[type[models.Model], str | None]) -> None:
    """Each app says, for each of its models, the lookup path from a row to the incubator it belongs to."""
    _paths.update(paths)


def declared_paths() -> Mapping[type[models.Model], str | None]:
    return dict(_paths)


def may_enter(user: "User | AnonymousUser", model: type[models.Model]) -> bool:
    """Whether the person may see any row of the model at all."""
    return model in _paths and user.is_active and getattr(user, "is_registrar", False)


def scope(queryset: Rows, user: "User | AnonymousUser", *, write: bool = False) -> Rows:
    """The rows that the person may see, or with `write` change: for a registrar all, for others none yet."""
    return queryset if may_enter(user, queryset.model) else queryset.none()
