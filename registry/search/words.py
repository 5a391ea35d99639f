"""The words of a search: folded by the database, as conditions on the text by which an entry is found."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayContains  # type: ignore[attr-defined]
from django.core.exceptions import FullResultSet
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, Value

from registry.names import drop_invisible

SHORT = 2
"""Latin words up to this length are looked for in initials and at the beginning of words: inside of other words they
are everywhere."""

WALKED, COMMON = 0.01, 0.04
"""Shares of the texts that hold a word. From the first on an order is walked rather than the matches sorted; from the
second on the index is not asked at all: checking its condition row by row is slow."""

BEFORE_CODE = "ß"
"""Stands before the code in what spells the names, and nowhere else there: folding makes ss of it."""

# Readings by which people who do not know the place call it. Who types one is offered both.
_MISREADINGS = (
    (re.compile(r"zhong([\s']*)qing", re.IGNORECASE), r"chong\1qing"),  # 重庆
    (re.compile(r"zhang([\s']*)shou", re.IGNORECASE), r"chang\1shou"),  # 长寿
    (re.compile(r"zhao([\s']*)yang", re.IGNORECASE), r"chao\1yang"),  # 朝阳
    (re.compile("ü", re.IGNORECASE), "v"),  # as pinyin keys write it
)
_PLAIN = re.compile(r"[ -~]+")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Word:
    """One folded word. Chinese is looked for as it is written, Latin in what spells the names; of that, the written
    lines hold what short words find."""

    folded: str

    @property
    def latin(self) -> str:
        """Its letters and digits, when it has no others."""
        return _NO_LETTER.sub("", self.folded) if _PLAIN.fullmatch(self.folded) else ""

    @property
    def sought(self) -> str:
        """What is looked for in the written lines; a single letter where a word begins."""
        if not self.latin:
            return self.folded
        return f" {self.latin}" if len(self.latin) == 1 else self.latin

    @property
    def has_digit(self) -> bool:
        return any(character.isdigit() for character in self.latin)

    @property
    def pieces(self) -> list[int]:
        """What is looked up of it in the index of written lines."""
        return pieces_of(self.sought) if len(self.latin) <= SHORT else []

    def found(self, written: str, spelled: str, share: float = 0.0) -> Q:
        """The condition on the two fields of a search text, for a word in that share of the texts."""
        if len(self.latin) > SHORT:
            return Q(**{f"{spelled}__contains": self.latin})
        as_written = Q(**{f"{written}__contains": self.sought})
        if share < COMMON:
            as_written &= Q(HasPieces(written, self.pieces, unless_ordered=share >= WALKED))
        # No index holds so short a part of a code, nor needs to: of any page's firms a good part has it.
        return as_written | Q(InCode(spelled, self.latin)) if self.has_digit else as_written


class Pieces(Func):
    """The pieces of written lines, as numbers (`functions.sql`)."""

    function = "registry_pieces"
    output_field = ArrayField(BigIntegerField())


class HasPieces(ArrayContains):  # type: ignore[misc]
    """That a text has the pieces: a condition beside LIKE, for the index. `unless_ordered` it is left out of a query
    with an order, where so many rows match that walking the order is faster than sorting them."""

    def __init__(self, written: str, pieces: list[int], *, unless_ordered: bool = False) -> None:
        super().__init__(Pieces(written), pieces)
        self.unless_ordered = unless_ordered

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        if self.unless_ordered and compiler.query.order_by:
            raise FullResultSet
        return super().as_postgresql(compiler, connection)


class InCode(Func):
    """The condition that the code, which ends what spells the names, holds the letters and digits."""

    template = "(%(expressions)s)"
    arg_joiner = " LIKE "
    output_field = BooleanField()
    conditional = True

    def __init__(self, spelled: str, latin: str) -> None:
        super().__init__(F(spelled), Value(f"%{BEFORE_CODE}%{latin}%"))


def pieces_of(folded: str) -> list[int]:
    """What `registry_pieces` makes of every text that holds this one."""
    points = [ord(character) for character in folded]
    if len(points) == 1:
        return [points[0] << 21]
    return sorted({first << 21 | second for first, second in pairwise(points)})


def has_letter(text: str) -> bool:
    plain = unicodedata.normalize("NFKD", drop_invisible(text))
    return any(unicodedata.category(character)[0] in "LN" for character in plain)


def readings(text: str) -> list[str]:
    """The text, and with it the text that somebody meant who reads a place's name wrongly."""
    plain = unicodedata.normalize("NFC", drop_invisible(text))
    meant = plain
    for pattern, right in _MISREADINGS:
        meant = pattern.sub(right, meant)
    return list(dict.fromkeys((plain, meant)))


def fold(texts: list[str]) -> list[str]:
    """Folded by the function that folded what is stored. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_fold(t) FROM unnest(%s::text[]) WITH ORDINALITY u (t, n) ORDER BY n", [texts])
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Reading:
    """One way in which a search can be meant: its words, and all of them as one."""

    words: tuple[Word, ...]
    whole: Word


def read(text: str) -> list[Reading]:
    """Every way in which a text with a letter can be meant. Words that fold to nothing (a lone accent) are left out."""
    split = [(reading, reading.split()) for reading in readings(text)]
    folded = iter(fold([word for _reading, words in split for word in words]))
    return [_reading(tuple(next(folded) for _word in words)) for _text, words in split]


def _reading(folded: tuple[str, ...]) -> Reading:
    return Reading(tuple(Word(word) for word in dict.fromkeys(folded) if word), Word("".join(folded)))
