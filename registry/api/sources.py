"""What a serializer finds on its rows: their columns, relations of the day, rows fetched beside them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP

from registry.scope import public_rows

Path = tuple[str, ...]


class NoSuchRelation(LookupError):
    """A path that leads through something else than relations; says which."""


class SourceRows:
    """A queryset, and what can be taken from its rows."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows, self.model = rows, rows.model
        query: Any = rows.query
        self.of_the_day = query._filtered_relations
        self.joined = {name: {} for name in self.of_the_day} | (query.select_related or {})

    def prefetched(self, name: str) -> tuple[str, QuerySet[Any] | None, list[str]]:
        """The relation behind a prefetched name, its own rows if it has any, and what is prefetched below it."""
        through, rows, below = name, None, []
        for lookup in self.rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            first, _sep, rest = getattr(lookup, "prefetch_to", lookup).partition(LOOKUP_SEP)
            if first == name and rest:
                below.append(rest)
            elif first == name and not isinstance(lookup, str):
                through, rows = lookup.prefetch_through, lookup.queryset
        return through, rows, below

    def behind(self, name: str) -> SourceRows:
        """The rows behind a relation: those joined or prefetched, else those that everyone may see."""
        through, rows, below = self.prefetched(name)
        model = self.model_at((through,))
        if rows is None:
            rows = model._default_manager.all() if name in self.joined else public_rows(model)
        found = SourceRows(rows.prefetch_related(*below))
        if name in self.joined:
            found.joined = self.joined[name]
        return found

    def column(self, path: Path) -> Any:
        """The column at the end of the path; None where there is none of that name."""
        columns = self.model_at(path[:-1])._meta.concrete_fields
        return next((column for column in columns if path[-1] in (column.name, column.attname)), None)

    def model_at(self, path: Path) -> type[Model]:
        model: Any = self.model
        if path and path[0] in self.of_the_day:
            path = (*self.of_the_day[path[0]].relation_name.split(LOOKUP_SEP), *path[1:])
        for name in path:
            try:
                model = model._meta.get_field(name).related_model
            except FieldDoesNotExist:
                model = None
            if model is None:
                raise NoSuchRelation(f"{'.'.join(path)}: no relation of {self.model._meta.label}")
        return model  # type: ignore[no-any-return]
