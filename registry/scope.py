"""Who may see and change which rows: one list of models, one `scope()`. What is not declared is closed to all.

So far only registrars see rows; each model's path to its incubator is what the staff's rights will follow.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import models

if TYPE_CHECKING:
    from registry.models import User

Rows = TypeVar("Rows", bound=models.QuerySet[Any])

ITSELF = "pk"
NO_INCUBATOR = None  # reference data and the register's own books: no incubator owns a row

_paths: dict[type[models.Model], str | None] = {}
_public: dict[type[models.Model], Callable[[], models.QuerySet[Any]]] = {}


class UndeclaredModelError(ImproperlyConfigured):
    """A model whose rows an answer would show without anyone having said that they may be seen."""


def declare(paths: Mapping[type[models.Model], str | None]) -> None:
    """Each app says, for each of its models, the lookup path from a row to the incubator it belongs to."""
    _paths.update(paths)


def declared_paths() -> Mapping[type[models.Model], str | None]:
    return dict(_paths)


def declare_public(*models_of_all: type[models.Model]) -> None:
    """Models of which everyone may see every row."""
    _public.update({model: model._default_manager.all for model in models_of_all})


def declare_public_rows(rows: Mapping[type[models.Model], Callable[[], models.QuerySet[Any]]]) -> None:
    """Models of which everyone may see some rows, with the question that gives them."""
    _public.update(rows)


def public_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows that everyone may see where an answer names them; UndeclaredModelError for a model not declared."""
    if model not in _public:
        raise UndeclaredModelError(f"{model._meta.label}: which rows everyone may see is not declared.")
    return _public[model]()


def may_enter(user: "User | AnonymousUser", model: type[models.Model]) -> bool:
    """Whether the person may see any row of the model at all."""
    return model in _paths and user.is_active and getattr(user, "is_registrar", False)


def scope(queryset: Rows, user: "User | AnonymousUser", *, write: bool = False) -> Rows:
    """The rows that the person may see, or with `write` change: for a registrar all, for others none yet."""
    return queryset if may_enter(user, queryset.model) else queryset.none()
