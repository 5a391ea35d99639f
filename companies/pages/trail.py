"""The way back through a list that is read by cursors, which only lead on: the places where the pages before began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.api.cursors import moved_to, place_in, question_of
from registry.api.kinds import TextKind
from registry.api.parameters import Parameter
from registry.api.refusals import Mistake, ParameterProblem

TRAIL = Parameter("trail", TextKind(3000), gettext_lazy("Where the pages before began; links of the page carry it on."))
MOST_PAGES = 40
"""So many pages the way back leads; then the first page is left."""
Changed = Mapping[str, str | None]
Places = list[list[object] | None]


@dataclass(frozen=True)
class Trail:
    """`cursor` is that of the page, None on the first; `places` are those of the pages before it, the first is None."""

    cursor: str | None
    places: Places

    @classmethod
    def read(cls, cursor: str | None, text: str | None) -> Trail:
        """ParameterProblem for a text that no page has given."""
        if text is None:
            return cls(cursor, [])
        try:
            return cls(cursor, signing.loads(text, salt=_salt(cursor or "")))
        except signing.BadSignature:
            detail = _("The trail was not given out by this register, or is damaged.")
            raise ParameterProblem([Mistake("bad_trail", detail, parameter=TRAIL.name)]) from None

    def on(self, cursor: str) -> Changed:
        """The parameters of the next page, which begins at the cursor."""
        # Who came to this page by its cursor alone knows no way back from it, and none over it.
        if self.cursor is not None and not self.places:
            return {"cursor": cursor, TRAIL.name: None}
        here = None if self.cursor is None else place_in(self.cursor)
        return {"cursor": cursor, TRAIL.name: _written([*self.places, here][-MOST_PAGES:], cursor)}

    def back(self) -> Changed | None:
        """The parameters of the page before; None on the first, and where the way is not known."""
        if self.cursor is None or not self.places:
            return None
        *before, place = self.places
        if place is None:
            return {"cursor": None, TRAIL.name: None}
        return {"cursor": moved_to(self.cursor, place), TRAIL.name: _written(before, self.cursor) if before else None}


def _written(places: Places, cursor: str) -> str:
    return signing.dumps(places, salt=_salt(cursor), compress=True)


def _salt(cursor: str) -> str:
    """Of another question, in which the places would have no sense, no trail is taken."""
    return f"companies.pages.trail:{question_of(cursor)}"
