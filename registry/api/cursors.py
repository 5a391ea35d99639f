"""Cursors: opaque, signed, and bound to the question they were given for."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.api.refusals import Mistake, ParameterProblem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SIGNER = "registry.api.cursor"

READERS: dict[str, Any] = {
    "day": datetime.date.fromisoformat,
    "moment": datetime.datetime.fromisoformat,
    "decimal": Decimal,
}


@dataclass(frozen=True)
class Question:
    """What a cursor is bound to; a cursor of another question is refused with the part that differs."""

    path: str
    order: str
    filters: Mapping[str, str]
    valid_on: str
    known_at: str | None
    caller: str

    def digests(self) -> dict[str, str]:
        return {name: _digest(getattr(self, name)) for name in PARTS}


PARTS: dict[str, StrOrPromise] = {
    "path": gettext_lazy("another address"),
    "order": gettext_lazy("another order"),
    "filters": gettext_lazy("other filters"),
    "valid_on": gettext_lazy("another valid_on"),
    "known_at": gettext_lazy("another known_at"),
    "caller": gettext_lazy("another caller"),
}


@dataclass(frozen=True)
class Position:
    """The last entry that was given out: its value in the order, and its immutable id."""

    value: Any
    key: int


def write_cursor(question: Question, position: Position) -> str:
    content = {"q": question.digests(), "v": _frozen(position.value), "k": position.key}
    return signing.Signer(salt=_SIGNER).sign_object(content)


def read_cursor(text: str, question: Question) -> Position:
    """Where to go on from; ParameterProblem when it was not written here, or for another question."""
    try:
        content = signing.Signer(salt=_SIGNER).unsign_object(text)
    except Exception:  # whatever breaks on a forged text, it was forged
        raise _refused("bad_cursor", _("The cursor was not given out by this register, or is damaged.")) from None
    digests = question.digests()
    for part, words in PARTS.items():
        if content["q"][part] != digests[part]:
            raise _refused("cursor_mismatch", _("The cursor belongs to %s; begin again without it.") % words)
    return Position(_thawed(content["v"]), content["k"])


def value_in(text: str) -> Any:
    """The value in the order that a cursor holds, whatever question it belongs to; None when it is no cursor."""
    try:
        return _thawed(signing.Signer(salt=_SIGNER).unsign_object(text)["v"])
    except Exception:  # as above; reading the cursor will refuse it
        return None


def question_of(text: str) -> str:
    """What the question is known by that a cursor was given out for; BadSignature for what is no cursor."""
    content = signing.Signer(salt=_SIGNER).unsign_object(text)
    return _digest(content["q"])


def place_in(text: str) -> list[Any]:
    """The place in the order that a cursor given out here stands for, as JSON."""
    content = signing.Signer(salt=_SIGNER).unsign_object(text)
    return [content["v"], content["k"]]


def moved_to(text: str, place: list[Any]) -> str:
    """The cursor of the same question at another place."""
    signer = signing.Signer(salt=_SIGNER)
    content = signer.unsign_object(text)
    return signer.sign_object({**content, "v": place[0], "k": place[1]})


def _refused(code: str, detail: str) -> ParameterProblem:
    return ParameterProblem([Mistake(code, detail, parameter="cursor")])


def _digest(part: Any) -> str:
    text = json.dumps(part, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _frozen(value: Any) -> Any:
    """The value as JSON that comes back equal, to the last microsecond and digit."""
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"A list cannot be paged by a {type(value).__name__}: it does not come back equal.")


def _thawed(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return READERS[kind](text)
    return value
