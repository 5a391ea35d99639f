"""Filters that declare their strict parameter: one line for each, one description."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

import django_filters  # type: ignore[import-untyped]
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from registry.api.addresses import list_address
from registry.api.kinds import (
    BooleanKind,
    ChoiceKind,
    CodeKind,
    CreditCodeKind,
    DayKind,
    DecimalKind,
    IntegerKind,
    Kind,
    ListKind,
    MomentKind,
    NearKind,
    Refused,
    TextKind,
)
from registry.api.nearest import nearest_code
from registry.names import shown

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ParameterFilter(django_filters.Filter):  # type: ignore[misc]
    """A filter that declares its strict parameter. Takes an explicit `field_name` and lookup, or a method.

    A method is called as `method(queryset, name, value)` and finds the day in `self.valid_on`.
    """

    def __init__(
        self,
        kind: Kind,
        description: StrOrPromise,
        *,
        field_name: str | None = None,
        lookup_expr: str = "exact",
        method: str | Callable[..., Any] | None = None,
        default: str | None = None,
    ) -> None:
        if (field_name is None) == (method is None):
            raise TypeError("A filter takes a field_name or a method, one of them.")
        super().__init__(field_name, lookup_expr, method=method)
        self.kind, self.description, self.default = kind, description, default

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # A set copies its filters for each request; what they are made of never changes.
        twin = copy.copy(self)
        twin.method = self.method
        return twin

    def resolve(self, value: Any, valid_on: datetime.date | None) -> Any:
        """What the filter or its method gets for the value that was read; raises Refused."""
        return value


class DayFilter(ParameterFilter):
    """A day. `_to` includes its day: `lte` on a date."""

    def __init__(self, description: StrOrPromise, **how: Any) -> None:
        super().__init__(DayKind(), description, **how)


class MomentFilter(ParameterFilter):
    def __init__(self, description: StrOrPromise, **how: Any) -> None:
        super().__init__(MomentKind(), description, **how)


class TrueOrFalseFilter(ParameterFilter):
    def __init__(self, description: StrOrPromise, **how: Any) -> None:
        super().__init__(BooleanKind(), description, **how)


class TextFilter(ParameterFilter):
    """Free text that is not split at commas."""

    def __init__(self, description: StrOrPromise, *, most_characters: int = 200, **how: Any) -> None:
        super().__init__(TextKind(most_characters), description, **how)


class CreditCodeFilter(ParameterFilter):
    """A credit code, in any spelling that normalises to a valid one."""

    def __init__(self, description: StrOrPromise, **how: Any) -> None:
        super().__init__(CreditCodeKind(), description, **how)


class WholeNumberFilter(ParameterFilter):
    def __init__(self, description: StrOrPromise, *, least: int, most: int, **how: Any) -> None:
        super().__init__(IntegerKind(least, most), description, **how)


class DecimalFilter(ParameterFilter):
    def __init__(self, description: StrOrPromise, *, least: Decimal, most: Decimal, **how: Any) -> None:
        super().__init__(DecimalKind(least, most), description, **how)


class OneChoiceFilter(ParameterFilter):
    """Exactly one word of a short list that the code knows."""

    def __init__(self, description: StrOrPromise, *, choices: Sequence[str], **how: Any) -> None:
        super().__init__(ChoiceKind(tuple(choices)), description, **how)


class ChoicesFilter(ParameterFilter):
    """Any of some words of a short list that the code knows, by comma."""

    def __init__(self, description: StrOrPromise, *, choices: Sequence[str], **how: Any) -> None:
        how.setdefault("lookup_expr", "in")
        super().__init__(ListKind(ChoiceKind(tuple(choices))), description, **how)


class NearFilter(ParameterFilter):
    """lat,lng,km"""

    def __init__(self, description: StrOrPromise, *, method: str | Callable[..., Any]) -> None:
        super().__init__(NearKind(), description, method=method)


class CodeListFilter(ParameterFilter):
    """Any of some codes of a list in the database, by comma; the filter gets the list's rows.

    `rows` gives the list (`District.objects.all`). A code that the list does not hold is refused with the
    nearest; one that is not in force on the day is refused with its successor. Costs one query. A filter of
    events, which have days of their own, takes codes `of_any_day`.
    """

    def __init__(
        self,
        description: StrOrPromise,
        *,
        rows: Callable[[], QuerySet[Any]],
        code_field: str = "code",
        of_any_day: bool = False,
        **how: Any,
    ) -> None:
        how.setdefault("lookup_expr", "in")
        super().__init__(ListKind(CodeKind()), description, **how)
        self.rows, self.code_field, self.of_any_day = rows, code_field, of_any_day

    def resolve(self, value: Sequence[str], valid_on: datetime.date | None) -> list[Model]:
        listed: dict[str, list[Model]] = {code: [] for code in value}
        for row in self._with_successor().filter(**{f"{self.code_field}__in": value}):
            listed[getattr(row, self.code_field)].append(row)
        day = None if self.of_any_day else valid_on
        return [row for code, rows in listed.items() for row in self._in_force(code, rows, day)]

    def _with_successor(self) -> QuerySet[Any]:
        queryset = self.rows()
        names = {field.name for field in queryset.model._meta.get_fields()}
        return queryset.select_related("successor") if "successor" in names else queryset

    def _in_force(self, code: str, rows: list[Model], valid_on: datetime.date | None) -> list[Model]:
        if not rows:
            raise self._unknown(code, valid_on)
        if valid_on is None:
            return rows
        if in_force := [row for row in rows if is_in_force(row, valid_on)]:
            return in_force
        raise self._not_in_force(code, rows, valid_on)

    def _unknown(self, code: str, valid_on: datetime.date | None) -> Refused:
        """Refused with the code that was meant, one in force on the day where several could be."""
        listed = sorted(self.rows(), key=lambda row: valid_on is not None and not is_in_force(row, valid_on))
        fields = ("name_zh", "name_en", "name_it")
        named = [(str(getattr(row, self.code_field)), [getattr(row, field, "") for field in fields]) for row in listed]
        nearest = nearest_code(code, named)
        words = {"code": shown(code), "nearest": nearest, "list": list_address(self.rows().model)}
        if nearest:
            detail = _("No list holds the code “%(code)s”; the nearest is “%(nearest)s”.") % words
        elif words["list"]:
            detail = _("No list holds the code “%(code)s”; those that there are stand in %(list)s.") % words
        else:
            detail = _("No list holds the code “%(code)s”.") % words
        return Refused("unknown_code", detail, nearest)

    def _not_in_force(self, code: str, rows: list[Model], valid_on: datetime.date) -> Refused:
        # Only what has ended by the day has a successor on it; a code that begins later has none yet.
        ended = [row for row in rows if (until := getattr(row, "valid_until", None)) and until <= valid_on]
        following = [getattr(row, "successor", None) for row in ended]
        successors = {getattr(row, self.code_field) for row in following if row is not None}
        words = {"code": code, "day": valid_on.isoformat(), "successor": ", ".join(sorted(successors))}
        if successors:
            detail = _("%(code)s is not in force on %(day)s; its successor is %(successor)s.") % words
        else:
            detail = _("%(code)s is not in force on %(day)s and has no successor.") % words
        return Refused("code_not_in_force", detail, words["successor"] or None)


def is_in_force(row: Model, day: datetime.date) -> bool:
    """Whether the row's period holds the day; a row without a period is always in force."""
    valid_from, valid_until = getattr(row, "valid_from", None), getattr(row, "valid_until", None)
    return (valid_from is None or valid_from <= day) and (valid_until is None or day < valid_until)
