"""The groups of a figure: named, kept within a range, in an order, each with the address of its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from companies.statistics.counting import Found, Number
from companies.statistics.dimensions import Dimension
from companies.statistics.parameters import Range
from registry.api.languages import name_in

UNKNOWN = "unknown"


class Label(NamedTuple):
    key: Any
    words: str


@dataclass(frozen=True)
class Group:
    key: dict[str, Any]
    label: dict[str, str]
    value: Number


def named(found: Found, dimensions: Sequence[Dimension], language: str) -> list[Group]:
    """What was counted, with codes and labels, in the order of the keys, `unknown` last.

    A code that was given a second time stands for both of its rows, as it does in a filter.
    """
    labels = [labels_of({values[place] for values in found}, one, language) for place, one in enumerate(dimensions)]
    made: dict[tuple[Any, ...], Group] = {}
    for values, value in found.items():
        told = [labels[place][value_at] for place, value_at in enumerate(values)]
        keys = tuple(label.key for label in told)
        before = made[keys].value if keys in made else 0
        made[keys] = Group(
            {one.name: label.key for one, label in zip(dimensions, told, strict=True)},
            {one.name: label.words for one, label in zip(dimensions, told, strict=True)},
            before + value,
        )
    return sorted(made.values(), key=_by_key)


def labels_of(values: set[Any], dimension: Dimension, language: str) -> dict[Any, Label]:
    """Key and label for each value of the dimension; one query a dimension."""
    labels: dict[Any, Label] = {None: Label(UNKNOWN, _("unknown"))}
    if dimension.codes is None:
        return labels | {value: Label(value, str(value)) for value in values - {None}}
    for row in dimension.codes.objects.filter(pk__in=values - {None}):
        words = {"zh": row.name_zh, "en": row.name_en, "it": row.name_it}
        labels[row.pk] = Label(row.code, name_in(language, words))
    return labels


def _by_key(group: Group) -> list[tuple[bool, str]]:
    return [(key == UNKNOWN, str(key)) for key in group.key.values()]


def within(groups: Sequence[Group], having: Range | None) -> list[Group]:
    return [group for group in groups if having is None or having.holds(group.value)]


def in_order(groups: Sequence[Group], order: str) -> list[Group]:
    """`key` or `value`, descending with a leading -; equal values in the order of their keys, `unknown` last by key."""
    by_key = sorted(groups, key=_by_key)
    if order.removeprefix("-") == "value":
        return sorted(by_key, key=lambda group: group.value, reverse=order.startswith("-"))
    if order == "-key":
        by_key.sort(key=lambda group: [str(key) for key in group.key.values()], reverse=True)
        by_key.sort(key=lambda group: [key == UNKNOWN for key in group.key.values()])
    return by_key


def opened(
    key: dict[str, Any], dimensions: Sequence[Dimension], filters: set[str], given: set[str]
) -> dict[str, str] | None:
    """The filters of the list that keep exactly the entries of the group; none where there are no such filters."""
    asked: dict[str, str] = {}
    for dimension in dimensions:
        own = {} if key[dimension.name] == UNKNOWN else dimension.filters_of(key[dimension.name])
        if not own or not own.keys() <= filters or dimension.parted_by & given:
            return None
        asked |= own
    return asked
