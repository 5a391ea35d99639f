"""Words and codes, one or several by comma."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from registry import credit_code
from registry.api.kinds.base import Kind, Refused, Schema
from registry.api.nearest import nearest_of
from registry.names import shown

MOST_VALUES = 100


@dataclass(frozen=True)
class ChoiceKind(Kind):
    """One word of a short list."""

    choices: tuple[str, ...]
    code: str = "unknown_choice"

    def parse(self, text: str) -> Any:
        if text in self.choices:
            return text
        nearest = nearest_of(text, self.choices)
        words = {"value": shown(text), "nearest": nearest, "all": ", ".join(self.choices[:30])}
        if nearest is None:
            raise Refused(self.code, _("“%(value)s” is none of %(all)s.") % words)
        raise Refused(self.code, _("“%(value)s” is none of %(all)s; nearest is “%(nearest)s”.") % words, nearest)

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.choices)}


class BooleanKind(Kind):
    """true or false, nothing else."""

    words: ClassVar[ChoiceKind] = ChoiceKind(("true", "false"), "not_a_boolean")

    def parse(self, text: str) -> bool:
        return bool(self.words.parse(text) == "true")

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class TextKind(Kind):
    """Free text, not split at commas."""

    most_characters: int = 200
    most_words: int = 20

    def parse(self, text: str) -> str:
        if len(text) > self.most_characters:
            raise Refused("too_long", _("The text has more than %d characters.") % self.most_characters)
        if len(text.split()) > self.most_words:
            raise Refused("too_many_words", _("The text has more than %d words.") % self.most_words)
        return text

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.most_characters}


@dataclass(frozen=True)
class ListKind(Kind):
    """Several values by comma, any of which may hold; none may be blank or stand twice. Gives a tuple."""

    item: Kind

    def parse(self, text: str) -> tuple[Any, ...]:
        pieces = text.split(",")
        if len(pieces) > MOST_VALUES:
            raise Refused("too_many_values", _("More than %d values are listed.") % MOST_VALUES)
        if not all(piece.strip() for piece in pieces):
            raise Refused("empty_value", _("A value between the commas is empty."))
        for piece in pieces:
            if pieces.count(piece) > 1:
                raise Refused("repeated_value", _("“%s” is listed twice.") % shown(piece))
        return tuple(self.item.parse(piece) for piece in pieces)

    def schema(self) -> Schema:
        return {"type": "array", "items": self.item.schema(), "minItems": 1, "maxItems": MOST_VALUES}


class CreditCodeKind(Kind):
    """A credit code; full-width, lower case and separators are normalised, a slip is refused with what was meant."""

    def parse(self, text: str) -> str:
        try:
            return credit_code.check(text)
        except credit_code.CreditCodeError as error:
            raise Refused("not_a_credit_code", str(error), next(iter(credit_code.suggest(text)), None)) from None

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": 100}


class CodeKind(Kind):
    """A code of a list that the database holds; the filter looks it up."""

    def parse(self, text: str) -> str:
        if len(text) > 100:
            raise Refused("unknown_code", _("“%s” is not a code.") % shown(text))
        return text

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": 100}


@dataclass(frozen=True)
class OrderKind(Kind):
    """One of an endpoint's orders, with a leading - for descending."""

    names: tuple[str, ...]

    def parse(self, text: str) -> str:
        return str(ChoiceKind(self._signed(), "unknown_order").parse(text))

    def _signed(self) -> tuple[str, ...]:
        return (*self.names, *(f"-{name}" for name in self.names))

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self._signed())}


class CursorKind(Kind):
    """A place in a list, as `next` gave it; the paging opens it."""

    def parse(self, text: str) -> str:
        return text

    def schema(self) -> Schema:
        return {"type": "string"}
