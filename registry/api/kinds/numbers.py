"""Numbers, and a place with the distance around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, NamedTuple

from django.utils.translation import gettext as _

from registry.api.kinds.base import Kind, Refused, Schema
from registry.names import shown


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
