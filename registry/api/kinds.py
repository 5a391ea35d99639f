"""What the text of a parameter can mean: each kind reads one text strictly, or says what is wrong with it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django.utils.translation import gettext as _

from registry import credit_code
from registry.api.nearest import nearest_of
from registry.days import FIRST_YEAR, LAST_YEAR, DayError, parse_day
from registry.names import shown

MOST_VALUES = 100
MOST_CHARACTERS = 2000
LARGEST_OFFSET = datetime.timedelta(hours=14)

Schema = dict[str, Any]
_DAY_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Refused(ValueError):
    """A text that its kind does not take; `nearest` is what may have been meant."""

    def __init__(self, code: str, detail: str, nearest: str | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.nearest = code, detail, nearest


def bad_character(text: str) -> str | None:
    """The first character that no value may hold, as U+…: NUL, other controls, half of a surrogate pair."""
    for character in text:
        number = ord(character)
        if 0xD800 <= number <= 0xDFFF or (number < 32 and character not in "\t\n\r") or number == 127:
            return f"U+{number:04X}"
    return None


class Kind:
    """A kind of value. `parse` gets a text that is not blank, short enough and without bad characters."""

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def schema(self) -> Schema:
        """JSON Schema of the value, for OpenAPI."""
        raise NotImplementedError


class DayKind(Kind):
    """YYYY-MM-DD, a day in Shanghai."""

    def parse(self, text: str) -> datetime.date:
        try:
            return parse_day(text)
        except DayError as error:
            raise Refused("not_a_day", str(error)) from None

    def schema(self) -> Schema:
        return {"type": "string", "format": "date"}


class MomentKind(Kind):
    """ISO 8601 with date, time and offset, such as 2026-01-31T08:00:00+08:00 or …Z."""

    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
    )

    def parse(self, text: str) -> datetime.datetime:
        try:
            moment = datetime.datetime.fromisoformat(text) if self.pattern.fullmatch(text) else None
        except ValueError:
            moment = None
        if moment is None:
            raise Refused("not_a_moment", self._form(text), self._nearest(text))
        offset = moment.utcoffset()
        if not FIRST_YEAR < moment.year < LAST_YEAR or offset is None or abs(offset) > LARGEST_OFFSET:
            raise Refused("out_of_range", _("“%s” lies outside the moments that the register keeps.") % shown(text))
        return moment

    def _form(self, text: str) -> str:
        # A bare + in an address arrives as a blank; the usual slip deserves its own words.
        if " " in text and self.pattern.fullmatch(text.replace(" ", "+")):
            return _("“%s” holds a blank: write the + of the offset as %%2B.") % shown(text)
        return _("“%s” is not a moment such as 2026-01-31T08:00:00Z.") % shown(text)

    def _nearest(self, text: str) -> str | None:
        return None

    def schema(self) -> Schema:
        return {"type": "string", "format": "date-time"}


class KnownAtKind(MomentKind):
    """A moment of knowing. A day alone says too little: at its beginning less was known than at its end."""

    def _form(self, text: str) -> str:
        if _DAY_ALONE.fullmatch(text):
            return _("“%s” is a day; what was known changes within a day, so write a moment.") % shown(text)
        return super()._form(text)

    def _nearest(self, text: str) -> str | None:
        return f"{text}T15:59:59Z" if _DAY_ALONE.fullmatch(text) else None  # the end of the day in Shanghai


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
class IntegerKind(Kind):
    """A whole number in plain digits, without zeros before it; both bounds are included."""

    least: int
    most: int

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text):
            raise Refused(*_not_a_number(text, self.least, self.most))
        number = int(text)
        if not self.least <= number <= self.most:
            raise Refused(*_out_of_range(text, self.least, self.most))
        return number

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class DecimalKind(Kind):
    """A number with a point, no exponent and no zeros before it; both bounds are included."""

    least: Decimal
    most: Decimal
    most_places: int = 6

    def parse(self, text: str) -> Decimal:
        if not re.fullmatch(rf"-?(0|[1-9][0-9]{{0,14}})(\.[0-9]{{1,{self.most_places}}})?", text):
            raise Refused(*_not_a_number(text, self.least, self.most))
        number = Decimal(text)
        if not self.least <= number <= self.most:
            raise Refused(*_out_of_range(text, self.least, self.most))
        return number

    def schema(self) -> Schema:
        return {"type": "number", "minimum": float(self.least), "maximum": float(self.most)}


def _not_a_number(text: str, least: object, most: object) -> tuple[str, str]:
    words = {"value": shown(text), "least": least, "most": most}
    return "not_a_number", _("“%(value)s” is not a plain number from %(least)s to %(most)s.") % words


def _out_of_range(text: str, least: object, most: object) -> tuple[str, str]:
    words = {"value": shown(text), "least": least, "most": most}
    return "out_of_range", _("%(value)s lies outside %(least)s to %(most)s.") % words


class Near(NamedTuple):
    """A place (WGS 84 degrees) and a distance around it (km)."""

    latitude: Decimal
    longitude: Decimal
    kilometres: Decimal


class NearKind(Kind):
    """lat,lng,km"""

    parts: ClassVar[tuple[DecimalKind, ...]] = (
        DecimalKind(Decimal(-90), Decimal(90)),
        DecimalKind(Decimal(-180), Decimal(180)),
        DecimalKind(Decimal("0.001"), Decimal(1000)),
    )

    def parse(self, text: str) -> Near:
        pieces = text.split(",")
        if len(pieces) != len(self.parts):
            raise Refused("not_a_place", _("“%s” is not latitude,longitude,kilometres.") % shown(text))
        return Near(*(part.parse(piece) for part, piece in zip(self.parts, pieces, strict=True)))

    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}


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
