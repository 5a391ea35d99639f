"""Which members of a resource an answer has: `fields=`, `omit=` and `expand=`, and what they make of a serializer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer

from registry.api.kinds import ChoiceKind, ListKind
from registry.api.parameters import Asked, Parameter
from registry.api.refusals import Mistake, ParameterProblem

FIELDS = gettext_lazy("Only these members, by comma; a path such as hub.name names one of a member's own.")
OMIT = gettext_lazy("Without these members, by comma; goes over `fields`.")
EXPAND = gettext_lazy("Show these members in full, by comma.")


@dataclass(frozen=True)
class Selection:
    """What a caller asked to see. Members by path (`hub`, `hub.name`); a parent stands for all below it."""

    fields: frozenset[str] = frozenset()
    omit: frozenset[str] = frozenset()
    expand: frozenset[str] = frozenset()

    @classmethod
    def of(cls, asked: Asked) -> Self:
        return cls(*(frozenset(asked.values.get(name, ())) for name in ("fields", "omit", "expand")))

    def shaped(self, serializer_class: type[BaseSerializer[Any]]) -> Serializer[Any]:
        """The serializer with the asked members only; a ParameterProblem where one is not there, or none is left."""
        serializer: Any = _with_expanded(serializer_class, self.expand)
        known = set(_paths(serializer))
        for parameter, asked in (("fields", self.fields), ("omit", self.omit)):
            if unknown := sorted(asked - known):
                words = {"path": unknown[0], "member": unknown[0].partition(".")[0]}
                detail = _("%(path)s is there only with expand=%(member)s.") % words
                raise ParameterProblem([Mistake("needs_expand", detail, parameter=parameter, nearest=words["member"])])
        if not self._prune(serializer, "", seen=not self.fields):
            raise ParameterProblem([Mistake("nothing_left", _("`omit` leaves no member to show."), parameter="omit")])
        return serializer  # type: ignore[no-any-return]

    def _prune(self, serializer: Serializer[Any], prefix: str, seen: bool) -> bool:
        """Takes out what was not asked for; False when nothing is left."""
        for name, field in list(serializer.fields.items()):
            path = prefix + name
            is_seen = seen or path in self.fields
            kept = is_seen and path not in self.omit
            if path not in self.omit and (below := members_of(field)) is not None:
                kept = self._prune(below, f"{path}.", is_seen)
            if not kept:
                del serializer.fields[name]
        return bool(serializer.fields)


def expandable(serializer_class: type[BaseSerializer[Any]]) -> Mapping[str, Any]:
    """Members that `expand=` shows in full: name -> what makes the field that takes its place."""
    declared: Mapping[str, Any] = getattr(serializer_class, "expandable", {})
    return declared


def members_of(field: Any) -> Serializer[Any] | None:
    """The serializer whose members the field shows, if it shows any."""
    inner = field.child if isinstance(field, ListSerializer) else field
    return inner if isinstance(inner, Serializer) else None


def paths_of(serializer_class: type[BaseSerializer[Any]], expand: Collection[str] = ()) -> tuple[str, ...]:
    """Every path that `fields=` and `omit=` may name, with the members in `expand` shown in full."""
    return tuple(_paths(_with_expanded(serializer_class, expand)))


def _with_expanded(serializer_class: type[BaseSerializer[Any]], expand: Collection[str]) -> Any:
    serializer: Any = serializer_class()
    for name, make in expandable(serializer_class).items():  # in their order, not in that of a set
        if name in expand:
            serializer.fields[name] = make()
    return serializer


def _paths(serializer: Serializer[Any], prefix: str = "") -> Iterator[str]:
    for name, field in serializer.fields.items():
        yield prefix + name
        if (below := members_of(field)) is not None:
            yield from _paths(below, f"{prefix}{name}.")


@cache
def selection_parameters(serializer_class: Any) -> tuple[Parameter, ...]:
    """`fields`, `omit` and, where something can be shown in full, `expand`."""
    names = tuple(expandable(serializer_class))
    known = dict.fromkeys((*paths_of(serializer_class), *paths_of(serializer_class, names)))
    paths = ListKind(ChoiceKind(tuple(known), "unknown_member"))
    members = (Parameter("fields", paths, FIELDS), Parameter("omit", paths, OMIT))
    return (*members, Parameter("expand", ListKind(ChoiceKind(names, "unknown_member")), EXPAND)) if names else members
