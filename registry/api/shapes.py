"""What an entry looks like, and how its serializer writes it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework.serializers import BaseSerializer, Serializer

from registry.api.fallback import with_public_relations
from registry.api.renderers import RegisterJSONRenderer
from registry.api.selection import Selection

RowsOn = Callable[[datetime.date], QuerySet[Any]]


@dataclass(frozen=True)
class Shape:
    """What an entry looks like: of which rows, by which declaration, with which members, in which language."""

    rows: RowsOn
    serializer_class: type[BaseSerializer[Any]]
    selection: Selection
    language: str

    def serializer(self) -> Serializer[Any]:
        """The declaration with the members of the shape; ParameterProblem where one is not there."""
        return self.selection.shaped(self.serializer_class)


def serialized(shape: Shape, keys: Sequence[int], day: datetime.date) -> bytes:
    """The entries of the keys, in that order, by the serializer: JSON objects with commas between."""
    serializer = shape.serializer()
    rows = with_public_relations(shape.rows(day).filter(pk__in=keys), serializer)
    found = {row.pk: row for row in rows}
    serializer._context = {"language": shape.language}
    entries = [serializer.to_representation(found[key]) for key in keys if key in found]
    return RegisterJSONRenderer().render(entries)[1:-1]
