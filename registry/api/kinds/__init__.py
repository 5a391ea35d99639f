"""What the text of a parameter can mean: each kind reads one text strictly, or says what is wrong with it."""

from registry.api.kinds.base import MOST_CHARACTERS, Kind, Refused, Schema, bad_character
from registry.api.kinds.days import DayKind, KnownAtKind, MomentKind
from registry.api.kinds.numbers import DecimalKind, IntegerKind, Near, NearKind
from registry.api.kinds.words import (
    BooleanKind,
    ChoiceKind,
    CodeKind,
    CreditCodeKind,
    CursorKind,
    ListKind,
    OrderKind,
    TextKind,
)

__all__ = [
    "MOST_CHARACTERS",
    "BooleanKind",
    "ChoiceKind",
    "CodeKind",
    "CreditCodeKind",
    "CursorKind",
    "DayKind",
    "DecimalKind",
    "IntegerKind",
    "Kind",
    "KnownAtKind",
    "ListKind",
    "MomentKind",
    "Near",
    "NearKind",
    "OrderKind",
    "Refused",
    "Schema",
    "TextKind",
    "bad_character",
]
