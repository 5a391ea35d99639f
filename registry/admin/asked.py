"""What an address asks of a list that the list cannot answer: left out with a sentence, never without one."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.admin import FieldListFilter, SimpleListFilter
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

PAGE = re.compile(r"[1-9][0-9]{0,8}")
ORDER = re.compile(r"-?[0-9]{1,3}(\.-?[0-9]{1,3})*")
MOST_TRIED, MOST_TOLD, LONGEST_TOLD = 20, 5, 40


class CannotAnswerError(Exception):
    """An address from which no list can be made."""


def ignored(request: HttpRequest, changes: Any) -> list[str]:
    """The parameters that Django's list took for nothing, so that it would show more than was asked."""
    asked = request.GET
    simple = {one.parameter_name for one in changes.list_filter if _is_simple(one)}
    single = simple | {PAGE_VAR, ORDER_VAR, SEARCH_VAR}
    wrong: dict[str, Callable[[str], bool]] = {
        PAGE_VAR: lambda page: not PAGE.fullmatch(page),
        ORDER_VAR: lambda order: order != "" and not _is_order(order, changes),
        SEARCH_VAR: lambda words: words != "" and not changes.search_fields,
        ALL_VAR: lambda _given: not changes.can_show_all,
        **dict.fromkeys(_without_choices(changes), lambda _value: True),
        **dict(_choices(changes)),
    }
    return [
        name
        for name in asked
        if (name in single and len(asked.getlist(name)) > 1)
        or any(refuses(asked[name]) for known, refuses in wrong.items() if _is_of(name, known))
    ]


def _is_simple(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, SimpleListFilter)


def _is_of(name: str, known: str) -> bool:
    return name == known or name.startswith(f"{known}__")


def _choices(changes: Any) -> Iterator[tuple[str, Callable[[str], bool]]]:
    """Of each filter by a question of its own: whether it does not know the value."""
    for spec in changes.filter_specs:
        if isinstance(spec, SimpleListFilter):
            yield str(spec.parameter_name), _is_none_of({str(value) for value, _label in spec.lookup_choices})


def _is_none_of(known: set[str]) -> Callable[[str], bool]:
    return lambda value: value not in known


def _without_choices(changes: Any) -> Iterator[str]:
    """The filters that the page leaves out, as there is nothing to choose; Django takes their parameters even so."""
    paths = {spec.field_path for spec in changes.filter_specs if isinstance(spec, FieldListFilter)}
    names = {spec.parameter_name for spec in changes.filter_specs if isinstance(spec, SimpleListFilter)}
    for one in changes.list_filter:
        name = one.parameter_name if _is_simple(one) else one[0] if isinstance(one, tuple) else one
        if name not in paths | names:
            yield name


def _is_order(order: str, changes: Any) -> bool:
    if not ORDER.fullmatch(order):
        return False
    places = [int(place.removeprefix("-")) for place in order.split(".")]
    columns = changes.list_display
    return all(place < len(columns) and changes.get_ordering_field(columns[place]) for place in places)


def refused(request: HttpRequest, make: Callable[[HttpRequest], Any]) -> list[str]:
    """The parameters with which `make` makes no list, each tried alone; all, where only several together fail."""
    names = list(request.GET)
    alone = [name for name in names[:MOST_TRIED] if _fails(request, name, make)]
    return alone if alone and len(names) <= MOST_TRIED else names


def _fails(request: HttpRequest, name: str, make: Callable[[HttpRequest], Any]) -> bool:
    alone: Any = copy.copy(request)
    alone.GET = QueryDict(mutable=True)
    alone.GET.setlist(name, request.GET.getlist(name))
    try:
        with transaction.atomic():
            make(alone)
    except CannotAnswerError:
        return True
    return False


def without(request: HttpRequest, names: list[str]) -> HttpResponseRedirect:
    """To the list as far as it can be answered, with the sentence that says what was left out."""
    told = [f"{name}={request.GET[name]}"[:LONGEST_TOLD] for name in names]
    asked = ", ".join(told[:MOST_TOLD]) + (" …" if len(told) > MOST_TOLD else "")
    sentence = _("The address asks this list for something it cannot answer, which was left out: %(asked)s")
    messages.warning(request, sentence % {"asked": asked})
    rest = request.GET.copy()
    for name in (*names, ERROR_FLAG):
        rest.pop(name, None)
    return HttpResponseRedirect(request.path + (f"?{rest.urlencode()}" if rest else ""))
