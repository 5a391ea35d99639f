"""What an admin may show and do, by `registry.scope` alone: rows, choices, filters, lookups and single rows."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.filters import FieldListFilter, RelatedFieldListFilter
from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.http import HttpRequest

from registry import scope
from registry.leaving import Watch

if TYPE_CHECKING:
    Scoped = BaseModelAdmin[Any]
else:
    Scoped = object

PERMITTED = "register_permitted"  # attributes of the request
WATCH = "register_watch"
UNSEEN = "register_unseen"


def watch_of(request: HttpRequest) -> Watch:
    if not hasattr(request, WATCH):
        setattr(request, WATCH, Watch(request.user))
    watch: Watch = getattr(request, WATCH)
    return watch


def forget_scope(request: HttpRequest) -> None:
    """After a write that was taken back: all is asked anew."""
    for kept in (PERMITTED, WATCH, UNSEEN):
        vars(request).pop(kept, None)
    scope.forget_memberships(request.user)


class ScopedAdmin(Scoped):
    """Rights come from `registry.scope` alone, for the rows and for every choice of a related row.

    `registrar_fields` are those that only registrars write.
    """

    registrar_fields: tuple[str, ...] = ()

    # --- Whether a page, a row, a button is there at all
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope.may_enter(request.user, self.model) and self._holds(request, obj, write=False)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope.may_write(request.user, self.model) and self._holds(request, obj, write=True)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = scope.may_write(request.user, self.model) and self._holds(request, obj, write=True)
        return may and (getattr(request.user, "is_registrar", False) or not self.lacks_for_others())

    def lacks_for_others(self) -> bool:
        """Whether a new row needs what only registrars write."""
        fields = (self.model._meta.get_field(name) for name in self.registrar_fields)
        return any(not (field.blank or field.has_default()) for field in fields)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope.may_delete(request.user, self.model) and self._holds(request, obj, write=True)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return scope.may_enter(request.user, self.model)

    def _holds(self, request: HttpRequest, row: Any, *, write: bool) -> bool:
        """Whether the row (of an inline: its owner's) is in scope; asked once for a request."""
        if row is None or row.pk is None:
            return True
        if not hasattr(request, PERMITTED):
            setattr(request, PERMITTED, {})
        known: dict[Any, bool] = getattr(request, PERMITTED)
        key = (type(row), row.pk, write)
        if key not in known:
            rows = scope.scope(type(row)._base_manager.filter(pk=row.pk), request.user, write=write)
            known[key] = rows.exists()
        return known[key]

    # --- Which rows, and which rows to choose from
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return scope.scope(super().get_queryset(request), request.user)

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that a field may point to, in the order of that model's own admin."""
        its_admin = self.admin_site._registry.get(db_field.remote_field.model)
        rows = scope.choices(db_field, request.user)
        if its_admin is None:
            return rows
        return (
            its_admin.get_queryset(request).filter(pk__in=rows.values("pk")).order_by(*its_admin.get_ordering(request))
        )

    # --- Which fields
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A staff's form shows what only registrars write."""
        kept = super().get_readonly_fields(request, obj)
        is_registrar = getattr(request.user, "is_registrar", False)
        return kept if is_registrar else (*kept, *(name for name in self.registrar_fields if name not in kept))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the keys that point to rows the person may not see: what is in no form survives its save."""
        unseen = self.unseen_keys(request, obj)
        return [
            (name, {**options, "fields": _without(unseen, options["fields"])})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def unseen_keys(self, request: HttpRequest, obj: Any) -> set[str]:
        if obj is None or obj.pk is None:
            return set()
        if not hasattr(request, UNSEEN):
            setattr(request, UNSEEN, {})
        known: dict[Any, set[str]] = getattr(request, UNSEEN)
        key = (self.model, type(obj), obj.pk)
        if key not in known:
            known[key] = scope.unseen_keys(self.rows_on_page(request, obj), request.user)
        return known[key]

    def rows_on_page(self, request: HttpRequest, obj: Any) -> Any:
        return [obj]


def _without(names: set[str], fields: Any) -> list[Any]:
    kept = (field if isinstance(field, str) else tuple(_without(names, field)) for field in fields)
    return [field for field in kept if field not in names and field != ()]


class RelatedRowsFilter(RelatedFieldListFilter):
    """Offers the related rows that the person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = scope.scope(field.remote_field.model._default_manager.all(), request.user)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to={"pk__in": rows.values("pk")})


FieldListFilter.register(lambda field: bool(field.remote_field), RelatedRowsFilter, take_priority=True)


# What the admin's own filters and days append to the name of a field. A further name would lead on to other rows.
ASKED = frozenset({"exact", "in", "isnull", "isempty", "gt", "gte", "lt", "lte", "year", "month", "day", "id__exact"})


def may_be_looked_up(its_admin: "admin.ModelAdmin[Any]", lookup: str, request: HttpRequest) -> bool:
    """What an address may ask of a list: its own filters, its days, single rows. All else would be an oracle: whoever
    may ask `hub__companies__contact_phone` reads every phone, letter by letter."""
    offered = [
        entry[0] if isinstance(entry, tuple) else getattr(entry, "parameter_name", entry)
        for entry in its_admin.get_list_filter(request)
    ]
    named = [name for name in (*offered, its_admin.date_hierarchy, "id", "pk") if isinstance(name, str)]
    return lookup in named or any(lookup.removeprefix(f"{name}__") in ASKED for name in named)
