"""What a caller may have meant: the known word or code that a text resembles, or none (docs/decisions/0014)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from registry.names import drop_invisible

ALIKE = 66
"""Least similarity (0 to 100) at which a word is offered: two words of six letters share four, in order."""
LEAST_PART = {True: 2, False: 4}
"""Characters that a part of a name needs to stand for the whole, by whether it is Chinese."""

# What says of a name what it is the name of; where blanks were, there are none.
_ENDING = re.compile(r"(?<=..)(自治县|区|县|市)$|(?<=.)(district|county)$|^(distretto|contea)di(?=.)")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def nearest_of(text: str, known: Sequence[str]) -> str | None:
    """The known word that the text resembles most; none where it resembles none."""
    from rapidfuzz import fuzz, process  # as long to import as a page takes to answer; only refusals need it

    found = process.extractOne(folded(text), known, scorer=fuzz.ratio, processor=folded, score_cutoff=ALIKE)
    return found[0] if found else None


def nearest_code(text: str, named: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """The code that was meant, of codes with their names: by the code, by a name, by the one name or code that
    holds the text, or by likeness; none otherwise. Of several by name or likeness, that which comes first.
    """
    sought = folded(text)
    spelled = [(word, code) for code, names in named for word in (folded(code), *_spellings(names))]
    for same in filter(None, (sought, _ENDING.sub("", sought))):
        if found := next((code for word, code in spelled if word == same), None):
            return found
        holding = {code for word, code in spelled if same in word}
        if len(holding) == 1 and len(same) >= LEAST_PART[bool(_HAN.search(same))]:
            return holding.pop()
    from rapidfuzz import fuzz, process

    best = process.extractOne(sought, [word for word, _code in spelled], scorer=fuzz.ratio, score_cutoff=ALIKE)
    return spelled[best[2]][1] if best else None


def folded(text: str) -> str:
    """Narrow, in small letters, without blanks; cut, so that a long text is compared as fast as a short one."""
    return "".join(unicodedata.normalize("NFKC", drop_invisible(text[:100])).casefold().split())


def _spellings(names: Sequence[str]) -> Iterator[str]:
    """Each name, and without the part that says what it is."""
    for name in filter(None, map(folded, names)):
        yield name
        if (short := _ENDING.sub("", name)) != name:
            yield short
