"""What goes with a deleted entry, as the page that asks once more shows it."""

from typing import Any

from django.contrib.admin.utils import NestedObjects, get_deleted_objects
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry import scope


def objects_to_delete(rows: Any, request: HttpRequest, site: Any) -> Any:
    """As Django tells it; where one of the entries is out of the person's sight, only that there is one."""
    if scope.sees_all(request.user) or not _hides_any(rows, request.user):
        return get_deleted_objects(rows, request, site)
    return [], {}, set(), [_("entries that do not belong to your incubator")]


def _hides_any(rows: Any, user: Any) -> bool:
    collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=rows)
    collector.collect(rows)
    found: dict[Any, set[Any]] = {model: {row.pk for row in kept} for model, kept in collector.model_objs.items()}
    for row in collector.protected:
        found.setdefault(type(row), set()).add(row.pk)
    return any(
        scope.scope(model._base_manager.filter(pk__in=keys), user).count() < len(keys)
        for model, keys in found.items()
        if model in scope.declared_places()
    )
