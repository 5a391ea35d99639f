"""Strict parameters: what an endpoint does not declare, or cannot read, is refused; nothing is ignored."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.api.deprecation import Deprecation
from registry.api.kinds import (
    MOST_CHARACTERS,
    ChoiceKind,
    CursorKind,
    DayKind,
    IntegerKind,
    Kind,
    KnownAtKind,
    OrderKind,
    Refused,
    bad_character,
)
from registry.api.known_days import day_of
from registry.api.languages import LANGUAGES
from registry.api.nearest import nearest_of
from registry.api.refusals import Mistake, ParameterProblem
from registry.days import today
from registry.names import drop_invisible, shown

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DEFAULT_LIMIT = 100
MOST_LIMIT = 500


@dataclass(frozen=True)
class Parameter:
    """One name of a query string. `default` is a text that is read when the caller gives none.

    The description is the only one: OpenAPI and the documentation take it from here.
    """

    name: str
    kind: Kind
    description: StrOrPromise
    default: str | None = None
    most_characters: int = MOST_CHARACTERS
    deprecated: Deprecation | None = None


VALID_ON = Parameter(
    "valid_on",
    DayKind(),
    gettext_lazy("The day (YYYY-MM-DD, in Shanghai) on which the answer was true; today when not given."),
)
KNOWN_AT = Parameter(
    "known_at",
    KnownAtKind(),
    gettext_lazy(
        "The moment, with its offset, at which the register knew it; the last committed change when not given. A "
        "moment that lies ahead is refused. With both clocks given the answer stays as it is and carries a digest."
    ),
)
LANG = Parameter(
    "lang",
    ChoiceKind(LANGUAGES),
    gettext_lazy("The language of names and messages; goes over Accept-Language. Chinese when neither is given."),
)
LIMIT = Parameter(
    "limit",
    IntegerKind(1, MOST_LIMIT),
    gettext_lazy("How many entries a page holds at most."),
    str(DEFAULT_LIMIT),
)
CURSOR = Parameter(
    "cursor",
    CursorKind(),
    gettext_lazy("The place to go on from: taken from `next`, with all other parameters as they were."),
    most_characters=4 * MOST_CHARACTERS,  # it holds the last entry's value: pinyin of a name has up to 1,500 letters
)
COUNT = Parameter(
    "count",
    ChoiceKind(("exact", "capped")),
    gettext_lazy("Count the entries in `meta.count`: exactly, or to 10,000 and beyond as a lower bound."),
)
CLOCKS = (VALID_ON, KNOWN_AT)
PAGING = (LIMIT, CURSOR, COUNT)


def order_parameter(names: Sequence[str]) -> Parameter:
    return Parameter(
        "order",
        OrderKind(tuple(names)),
        gettext_lazy("The order of the entries, descending with a leading “-”; ties are broken by the immutable id."),
        names[0],
    )


@dataclass(frozen=True)
class Asked:
    """What a caller asked: every declared parameter that was given or has a default, read and as typed."""

    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    asked_on: datetime.date = field(default_factory=today)
    """Looked up once: an answer that is made over midnight is of one day."""

    @property
    def valid_on(self) -> Any:
        """The day of the answer."""
        return self.values.get("valid_on", self.asked_on)

    @property
    def known_on(self) -> datetime.date:
        """The day by which it was known."""
        return self.asked_on if self.known_at is None else day_of(self.known_at)

    @property
    def known_at(self) -> datetime.datetime | None:
        """The moment of knowing; None for the last committed change."""
        return self.values.get("known_at")


def read_parameters(query: QueryDict, declared: Sequence[Parameter]) -> Asked:
    """Every value of the query, or one ParameterProblem that names all that is wrong with it."""
    known = {parameter.name: parameter for parameter in declared}
    texts = {parameter.name: parameter.default for parameter in declared if parameter.default is not None}
    mistakes: list[Mistake] = []
    for name, given in query.lists():
        if mistake := _wrong_form(name, given, known):
            mistakes.append(mistake)
        else:
            texts[name] = given[0]
    values = dict(_read(texts, known, mistakes))
    if mistakes:
        raise ParameterProblem(mistakes, _code_of(mistakes))
    return Asked(values, texts, frozenset(query))


def _code_of(mistakes: Sequence[Mistake]) -> str:
    """The problem's own code: that of its first mistake where clients may want to tell it apart."""
    is_unknown = mistakes[0].code == "unknown_parameter"
    return mistakes[0].code if is_unknown else ParameterProblem.default_code


def _read(
    texts: Mapping[str, str], known: Mapping[str, Parameter], mistakes: list[Mistake]
) -> Iterator[tuple[str, Any]]:
    for name, text in texts.items():
        try:
            yield name, known[name].kind.parse(text)
        except Refused as refused:
            mistakes.append(mistake_about(name, refused))


def mistake_about(name: str, refused: Refused) -> Mistake:
    words = {"name": name, "reason": refused.detail}
    return Mistake(refused.code, _("%(name)s: %(reason)s") % words, parameter=name, nearest=refused.nearest)


def _wrong_form(name: str, given: Sequence[str], known: Mapping[str, Parameter]) -> Mistake | None:
    """What is wrong with a parameter before its value is read."""
    if name not in known:
        return _unknown(name, list(known))
    if len(given) > 1:
        return Mistake("repeated_parameter", _("%s is given more than once.") % name, parameter=name)
    return _wrong_text(known[name], given[0])


def _unknown(name: str, known: Sequence[str]) -> Mistake:
    words = {"name": shown(name), "nearest": (nearest := nearest_of(name, known)), "all": ", ".join(known)}
    if nearest:
        detail = _("There is no parameter “%(name)s” here; the nearest is “%(nearest)s”.") % words
    else:
        detail = _("There is no parameter “%(name)s” here; there are: %(all)s.") % words
    return Mistake("unknown_parameter", detail, parameter=_printable(name), nearest=nearest)


def _wrong_text(parameter: Parameter, text: str) -> Mistake | None:
    name = parameter.name
    if len(text) > parameter.most_characters:
        words = {"name": name, "most": parameter.most_characters}
        return Mistake("too_long", _("%(name)s has more than %(most)d characters.") % words, parameter=name)
    # U+FFFD is what Django makes of bytes that are no UTF-8, such as half of a surrogate pair.
    if bad := bad_character(text) or ("U+FFFD" if "\ufffd" in text else None):
        words = {"name": name, "character": bad}
        return Mistake("bad_character", _("%(name)s holds %(character)s.") % words, parameter=name)
    if not drop_invisible(text).strip():
        return Mistake("empty_parameter", _("%s is empty; leave it out instead.") % name, parameter=name)
    return None


def _printable(name: str) -> str:
    return shown(name, 100)
