"""The search `q` over firms, and its order: by how well a firm's name of the day fits.

A firm is found when each word is in one of its names, present or former, in what spells them, or in its code.
Where few firms match, they are fetched by the index first. Where many do, the order is walked and each firm's text
looked at: the next match is near. The answer does not depend on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from math import prod
from operator import and_, or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    F,
    Func,
    IntegerField,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast, Concat, Least
from django.utils.translation import gettext as _
from rest_framework.request import Request

from companies.models import SearchText
from registry.api.cursors import Position, value_in
from registry.api.filters import ParameterFilter
from registry.api.kinds import Refused, TextKind
from registry.api.paging import Direction, Order, RowComparison
from registry.credit_code import normalise
from registry.history.known import is_looking_back
from registry.search.words import COMMON, WALKED, HasPieces, Reading, Word, has_letter, pieces_of, read

FEW = 1_500
"""Up to so many matches are fetched and ranked. Beyond, ranking them all would take longer than a page may."""
FEW_BEGINNING = 1_000
"""Up to so many firms with a name that begins with what is sought come first even then; the others by name."""
RELEVANCE = "relevance"
RANKED, BEGINNING_FIRST, BY_NAME = "R", "B", "N"
"""How a search is ordered. The letter begins each value of the order, so that a cursor keeps to its way."""
PINYIN, KEY = "search_text__pinyin", "search_text__company"  # in one index
WRITTEN = "search_text__written"
SPELLED = "search_text__spelled"

SHARES = """
SELECT piece, share, c.reltuples
FROM pg_class c, pg_stats s, unnest(s.most_common_elems::text::bigint[], s.most_common_elem_freqs) AS e (piece, share)
WHERE c.oid = 'public.companies_searchtext'::regclass AND s.schemaname = 'public'
  AND s.tablename = 'companies_searchtext_pieces' AND share >= %s
"""


class Rank(Func):
    """How well the name of the day fits one reading (`registry_rank`)."""

    function = "registry_rank"
    output_field = IntegerField()

    def __init__(self, reading: Reading) -> None:
        names = [f"name_on_day__{field}" for field in ("name_zh", "name_en", "pinyin", "initials")]
        words, latin = ([getattr(word, part) for word in reading.words] for part in ("folded", "latin"))
        sought = [Value(reading.whole.folded), Value(reading.whole.latin)]
        super().__init__(
            *names, *sought, *(Value(part, output_field=ArrayField(TextField())) for part in (words, latin))
        )


class IsAny(Func):
    """`key = ANY (keys)`: one parameter, however many keys there are."""

    template = "(%(expressions)s)"
    arg_joiner = " = ANY "
    output_field = BooleanField()
    conditional = True

    def __init__(self, key: str, keys: list[int]) -> None:
        array = Value(keys, output_field=ArrayField(BigIntegerField()))
        super().__init__(F(key), Func(array, template="(%(expressions)s)"))


class Search:
    """What is looked for, read once for each request."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ordered: str | None = None

    @cached_property
    def readings(self) -> list[Reading]:
        return read(self.text)

    @cached_property
    def few(self) -> list[int] | None:
        """The firms that match; None when there are many."""
        if any(self._is_common([word.pieces for word in reading.words]) for reading in self.readings):
            return None
        return fetched(self._found("written", "spelled", lambda word: 0.0), FEW)

    @cached_property
    def is_common(self) -> bool:
        """Whether each reading is in so many texts that they are not looked up by their pieces."""
        return all(self._is_common([word.pieces for word in reading.words]) for reading in self.readings)

    @cached_property
    def beginning(self) -> list[int] | None:
        """The firms with a name, present or former, that begins with what is sought; None when there are many."""
        begun = [f"\n{reading.whole.folded}" for reading in self.readings]
        if any(self._is_common([pieces_of(text)]) for text in begun):
            return None
        found = [Q(HasPieces("written", pieces_of(text)), written__contains=text) for text in begun]
        return fetched(reduce(or_, found), FEW_BEGINNING)

    @cached_property
    def _shares(self) -> dict[int, tuple[float, float]]:
        """Of each piece that is not rare its share of the firms, and how many firms there are.

        Estimates change by themselves, so an answer about the past, which shall stay, does without.
        """
        if is_looking_back():
            return {}
        with connection.cursor() as cursor:
            cursor.execute(SHARES, [WALKED])
            return {piece: (share, firms) for piece, share, firms in cursor.fetchall()}

    def _share(self, pieces: list[int]) -> float:
        """The share of the firms that may hold all the pieces; 0 where it is small or not known."""
        return min((self._shares.get(piece, (0.0,))[0] for piece in pieces), default=0.0)

    def _is_common(self, words: list[list[int]]) -> bool:
        """Whether so many firms hold all of the words, each given by its pieces, that looking them up would be slow."""
        share = prod(self._share(pieces) for pieces in words)
        return share >= COMMON and share * max(firms for _share, firms in self._shares.values()) > FEW

    def _found(self, written: str, spelled: str, share: Callable[[Word], float]) -> Q:
        readings = (
            reduce(and_, (word.found(written, spelled, share(word)) for word in reading.words))
            for reading in self.readings
        )
        return reduce(or_, readings)

    def narrow(self, firms: Any) -> Any:
        return firms.filter(self.condition())

    def condition(self, firm: str = "") -> Q:
        """That the firm matches; `firm` is the path to it, with `__` at its end."""
        if self.few is not None:
            return Q(IsAny(f"{firm}pk", self.few))
        return self._found(f"{firm}{WRITTEN}", f"{firm}{SPELLED}", lambda word: self._share(word.pieces))

    def condition_of_text(self) -> Q:
        """That the search text of a firm matches."""
        return self._found("written", "spelled", lambda word: self._share(word.pieces))

    @property
    def ordered(self) -> str:
        """RANKED, BEGINNING_FIRST or BY_NAME."""
        if self._ordered is None:
            is_many = self.few is None
            self._ordered = (BY_NAME if self.beginning is None else BEGINNING_FIRST) if is_many else RANKED
        return self._ordered

    def keep_to(self, cursor: str | None) -> None:
        """Order as the pages before did, although others have written meanwhile."""
        value = value_in(cursor) if cursor else None
        if isinstance(value, str) and value[:1] in (RANKED, BEGINNING_FIRST, BY_NAME):
            self._ordered = value[0]

    def ranked(self, firms: Any) -> Any:
        """With the value of the order as `relevance`; needs the name of the day."""
        place = self._rank() if self.ordered == RANKED else self._section()
        return firms.alias(relevance=Concat(Value(self.ordered), place, F(PINYIN), output_field=CharField()))

    def _rank(self) -> Cast:
        """0 for the firm's own code; else as its name of the day fits, 5 when it was found by something else."""
        ranks = [Rank(reading) for reading in self.readings]
        fit = ranks[0] if len(ranks) == 1 else Least(*ranks)
        return Cast(Case(When(uscc=normalise(self.text) or "-", then=Value(0)), default=fit), TextField())

    def _section(self) -> Case:
        sections = [When(found, Value(str(place))) for place, found in enumerate(self.sections()) if found]
        return Case(*sections, default=Value("0"), output_field=CharField())

    def sections(self) -> list[Q]:
        """Parts of the list that are walked one after the other, where firms are not ranked one by one."""
        if self.ordered == BY_NAME:
            return [Q()]
        begins = reduce(or_, (Q(**{f"{WRITTEN}__contains": f"\n{reading.whole.folded}"}) for reading in self.readings))
        known = Q(IsAny("pk", self.beginning)) if self.beginning is not None else Q()
        return [begins & known, ~begins]


def fetched(condition: Q, most: int) -> list[int] | None:
    """Keys of the firms whose text meets the condition; None when there are more than so many."""
    found = list(SearchText.objects.filter(condition).values_list("company_id", flat=True)[: most + 1])
    return found if len(found) <= most else None


class SearchKind(TextKind):
    """What is looked for by `q`."""

    def parse(self, text: str) -> Any:
        super().parse(text)
        if not has_letter(text):
            raise Refused("no_letter", _("The text holds no letter and no digit to look for."))
        return Search(text)


class SearchFilter(ParameterFilter):
    def __init__(self, description: Any) -> None:
        super().__init__(SearchKind(), description, method="searched")


@dataclass(frozen=True)
class ByRelevance(Direction):
    """The order `relevance`. Where firms are not ranked one by one, the names are walked, section by section."""

    search: Search

    @property
    def _is_walked(self) -> bool:
        return self.search.ordered != RANKED

    def ordering(self) -> tuple[OrderBy, ...]:
        value, key = (F(PINYIN), F(KEY)) if self._is_walked else (F(self.order.expression), F("pk"))
        return (value.desc(), key.desc()) if self.is_descending else (value.asc(), key.asc())

    def ordered(self, queryset: Any, span: Any) -> Any:
        return super().ordered(self.search.ranked(queryset), span)

    def spans_after(self, position: Position | None) -> list[Q | RowComparison]:
        if not self._is_walked:
            return super().spans_after(position)
        sections = list(enumerate(self.search.sections()))[:: -1 if self.is_descending else 1]
        if position is None:
            return [section for _place, section in sections]
        reached, pinyin = int(position.value[1]), position.value[2:]
        after = RowComparison(PINYIN, "<" if self.is_descending else ">", Position(pinyin, position.key), KEY)
        left = [
            (place, section)
            for place, section in sections
            if (place >= reached) != self.is_descending or place == reached
        ]
        return [section & Q(after) if place == reached else section for place, section in left]


class Searched:
    """A list of firms that can be searched; with `q` and no `order` the most relevant come first."""

    asked: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if "q" in self.asked.given and "order" not in self.asked.given:
            chosen = {"order": RELEVANCE}
            self.asked = replace(
                self.asked, values={**self.asked.values, **chosen}, texts={**self.asked.texts, **chosen}
            )

    def direction(self) -> Direction:
        direction: Direction = super().direction()  # type: ignore[misc]
        if direction.order.name != RELEVANCE:
            return direction
        search: Search = self.asked.values["q"]
        search.keep_to(self.asked.values.get("cursor"))
        return ByRelevance(direction.order, direction.is_descending, search)


BY_RELEVANCE = Order(RELEVANCE, RELEVANCE, is_nullable=False, needs="q")
