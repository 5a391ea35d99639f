"""Filter sets, built from parameters that were read strictly, never from a form."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Hashable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import django_filters  # type: ignore[import-untyped]
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

from registry.api.filters import ParameterFilter
from registry.api.kinds import Refused
from registry.api.known_days import before_first_record
from registry.api.parameters import Asked, Parameter, mistake_about
from registry.api.periods import out_of_order
from registry.api.refusals import Mistake, ParameterProblem

MOST_PARTS, MOST_LETTERS = 40, 200
"""Of a question by which a statement is kept: names and values; letters of one text."""


def _plain(value: Any) -> Hashable:
    """A value of a question; None for what cannot stand there."""
    if isinstance(value, Model):
        return (value._meta.label, value.pk)
    return value if isinstance(value, str | int | Decimal | datetime.date) else None


class StrictFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of a list.

    Subclasses declare `ParameterFilter`s; `valid_on` is the day of the answer.
    """

    base_filters: ClassVar[Mapping[str, ParameterFilter]]
    half_open: ClassVar[Mapping[str, str]] = {}
    """Filters of a first day, with the one of the first day that is no longer meant. Pairs of `…_from` and `…_to`,
    which means its day, need not be named."""

    def __init__(self, asked: Asked, queryset: QuerySet[Any], *, request: HttpRequest | None = None) -> None:
        self.asked = asked
        self.valid_on: datetime.date = asked.valid_on
        super().__init__(QueryDict(), queryset, request=request)

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return tuple(
            Parameter(name, declared.kind, declared.description, declared.default)
            for name, declared in cls.base_filters.items()
        )

    @property
    def texts(self) -> dict[str, str]:
        """The filters as they were typed: what an answer echoes and a cursor is bound to."""
        return {name: self.asked.texts[name] for name in self.filters if name in self.asked.texts}

    @property
    def qs(self) -> QuerySet[Any]:
        if not hasattr(self, "_qs"):
            self._qs = self.filter_queryset(self.queryset.all())
        return self._qs

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.resolved().items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def on(self, day: datetime.date, queryset: QuerySet[Any], only: Collection[str] | None = None) -> QuerySet[Any]:
        """The rows narrowed by what was read, as of another day: that of a statement to be kept. By `only` some of the
        filters, as if the others had not been given."""
        twin = type(self)(self.asked, queryset, request=self.request)
        resolved = self.resolved()
        kept = resolved if only is None else {name: resolved[name] for name in resolved if name in only}
        twin.valid_on, twin._resolved = day, kept
        return twin.filter_queryset(queryset)

    @property
    def question(self) -> Hashable | None:
        """What was asked, by values that are equal when the question is; None where it cannot be told so, or is long.

        Statements are kept by it: it holds keys and not rows, and a long one would hardly come again.
        """
        asked = tuple(
            (name, *map(_plain, value)) if isinstance(value, list | tuple) else (name, _plain(value))
            for name, value in self.resolved().items()
        )
        parts = [part for parts in asked for part in parts]
        is_short = len(parts) <= MOST_PARTS and all(not isinstance(p, str) or len(p) <= MOST_LETTERS for p in parts)
        return asked if is_short and None not in parts else None

    def resolved(self) -> dict[str, Any]:
        """Every value that was given or has a default, as its filter takes it; ParameterProblem names what is wrong."""
        if not hasattr(self, "_resolved"):
            self._resolved = self._resolve()
        return self._resolved

    def _resolve(self) -> dict[str, Any]:
        resolved: dict[str, Any] = {}
        mistakes: list[Mistake] = []
        for name, declared in self.filters.items():
            if name in self.asked.values:
                try:
                    resolved[name] = declared.resolve(self.asked.values[name], self.valid_on)
                except Refused as refused:
                    mistakes.append(mistake_about(name, refused))
        if mistakes:  # no code was known before the first record; that is said first
            unknown = before_first_record(self.asked.known_at)
            mistakes = [*(Mistake(one["code"], one["detail"], parameter="known_at") for one in unknown), *mistakes]
        if mistakes := [*mistakes, *out_of_order(resolved, self.asked.texts, self.half_open)]:
            raise ParameterProblem(mistakes)
        return resolved
