"""Unified social credit codes (统一社会信用代码): GB 32100-2015, with GB 11714 for the characters 9 to 17.

1 registering department, 2 kind of entity, 3-8 division of the organ at the time of issue (not the firm's
district, and not checked against the divisions in force), 9-17 organisation code with its own check,
18 check of all.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from registry.names import drop_invisible, shown

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MAX_SUGGESTIONS = 5

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

# Kinds of entity by department. Civil affairs also registers committees of villages (4) and residents (5).
# Departments that amendments keep adding kinds to take any digit from 1.
_ANY_KIND = "123456789"
KINDS = {
    "1": "1239",
    "5": "123459",
    "9": "123",
    "Y": "1",
    **dict.fromkeys("234678AN", _ANY_KIND),
}

_WRITTEN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]{1,3}|[0-9]+\.0+")
_SEPARATORS = frozenset("\t\n\v\f\r\x85.,;:'\"`/\\|·•・。、\u2212")
_SEPARATOR_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Pc"})

# Letters of no code, and Cyrillic and Greek capitals, with the character that they are taken for.
_TAKEN_FOR = str.maketrans(
    "IOSVZ"
    "\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425\u0423\u0405\u0406\u0408\u0417\u051a\u051c"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "105U2" + "ABCEHKM0PTXY51J3QW" + "ABE2H1KMN0PTYX",
)
_ALIKE = ("0ODQ", "1IL7T", "2Z", "5S", "6G", "8B3", "UVY", "CG", "MN", "KX", "PR", "EF", "WM", "HN")


_PROBLEMS = {
    "number": _("“%(code)s” came as a number, which loses digits: format the cell as text."),
    "exponent": _("“%(code)s” is a number that a spreadsheet has rounded; the credit code is lost."),
    "empty": _("There is no credit code here."),
    "length": ngettext_lazy(
        "“%(code)s” has %(length)d character, and a credit code 18.",
        "“%(code)s” has %(length)d characters, and a credit code 18.",
        "length",
    ),
    "alphabet": _("“%(code)s” has “%(found)s” at position %(position)d, which no credit code contains."),
    "department": _("“%(code)s” has “%(found)s” at position %(position)d, where no department has that sign."),
    "kind": _("“%(code)s” has “%(found)s” at position %(position)d, a kind that its department does not have."),
    "division": _("“%(code)s” has “%(found)s” at position %(position)d, where the division needs a digit."),
    "organisation_check": _(
        "“%(code)s” has a wrong organisation code: “%(found)s” at position %(position)d does not "
        "fit the eight before it."
    ),
    "check": _("“%(code)s” has a wrong character: “%(found)s” at position %(position)d does not fit those before it."),
    "parts": _("“%(code)s” is not the first eight and the organisation's eight characters of a credit code."),
}


class CreditCodeError(ValidationError, ValueError):
    """A text that is no credit code, with what is wrong and where (positions count from 1).

    `code` is number, exponent, empty, length, alphabet, department, kind, division, organisation_check, check
    or, of `complete`, parts.
    """

    def __str__(self) -> str:
        return str(self.messages[0])


def _error(problem: str, code: object, position: int = 0) -> CreditCodeError:
    text = shown(code)
    params = {"code": text, "length": len(str(code)) if isinstance(code, str) else 0, "position": position}
    if position:
        params["found"] = shown(str(code)[position - 1])
    return CreditCodeError(_PROBLEMS[problem], code=problem, params=params)


def normalise(text: str) -> str:
    """Narrow, upper case, without invisible characters and separators; look-alikes of other scripts stay."""
    folded = unicodedata.normalize("NFKC", drop_invisible(unicodedata.normalize("NFKC", text)).upper())
    return unicodedata.normalize("NFKC", "".join(c for c in drop_invisible(folded) if not _is_separator(c)))


def _is_separator(character: str) -> bool:
    return character in _SEPARATORS or unicodedata.category(character) in _SEPARATOR_CATEGORIES


def check(text: object) -> str:
    """The normalised code of a typed one; CreditCodeError where it is none.

    A number is refused even when its digits would pass: a sheet has already rounded it past the fifteenth.
    """
    code = _readable(text)
    for position, character in enumerate(code, start=1):
        if character not in _VALUES:
            raise _error("alphabet", code, position)
    _check_parts(code)
    if code[16] != organisation_check(code[8:16]):
        raise _error("organisation_check", code, 17)
    if code[17] != final_check(code[:17]):
        raise _error("check", code, 18)
    return code


def _readable(text: object) -> str:
    if not isinstance(text, str):
        raise _error("empty" if text is None else "number", text)
    if _WRITTEN_NUMBER.fullmatch(unicodedata.normalize("NFKC", text[:100]).strip().upper()):
        raise _error("exponent", text)
    code = normalise(text[:1000])
    if len(code) != LENGTH:
        raise _error("length" if code else "empty", code)
    return code


def _check_parts(code: str) -> None:
    if code[0] not in KINDS:
        raise _error("department", code, 1)
    if code[1] not in KINDS[code[0]]:
        raise _error("kind", code, 2)
    for position in range(3, 9):
        if not code[position - 1].isdigit():
            raise _error("division", code, position)


def validate_credit_code(value: object) -> None:
    """Django validator: the value is a credit code or becomes one when normalised."""
    check(value)


def is_valid(text: object) -> bool:
    """Whether `check` would take it."""
    try:
        check(text)
    except CreditCodeError:
        return False
    return True


def organisation_check(organisation8: str) -> str:
    """The ninth character of an organisation code, by GB 11714, where letters count 10 to 35."""
    total = sum(int(c, 36) * weight for c, weight in zip(organisation8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def final_check(first17: str) -> str:
    """The eighteenth character, by GB 32100."""
    total = sum(_VALUES[c] * weight for c, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def complete(first_eight: str, organisation8: str) -> str:
    """A valid code from its first eight characters and the eight of an organisation code without check."""
    first, body = normalise(first_eight), normalise(organisation8)
    if len(first) != 8 or len(body) != 8 or not set(first + body) <= set(ALPHABET):
        raise _error("parts", first + body)
    first17 = first + body + organisation_check(body)
    return check(first17 + final_check(first17))


def is_sole_trader(code: str) -> bool:
    """Whether the code is a sole trader's (个体工商户), and the entry so personal data.

    Kind 2 of department 9 only: 12 is a public institution and 52 a private non-enterprise unit.
    """
    return normalise(code).startswith("92")


def suggest(text: object) -> list[str]:
    """Up to five valid codes one slip away, look-alikes first; none for a valid code or a number.

    A slip is one wrong, missing or surplus character or two neighbours exchanged. Letters that no code
    contains and those of other scripts are one slip together, however many: a keyboard or scan repeats them.
    """
    if not isinstance(text, str) or is_valid(text):
        return []
    code = normalise(text[:100])
    if not LENGTH - 1 <= len(code) <= LENGTH + 1:
        return []
    valid = (candidate for candidate in _one_slip_away(code) if _passes(candidate))
    return list(dict.fromkeys(valid))[:MAX_SUGGESTIONS]


def _passes(code: str) -> bool:
    """What `check` says of 18 normalised characters, without the words: some 500 candidates are tried."""
    return (
        code[1] in KINDS.get(code[0], "")
        and code[2:8].isdigit()
        and _VALUES.keys() >= set(code)
        and code[17] == final_check(code[:17])
        and code[16] == organisation_check(code[8:16])
    )


def _one_slip_away(code: str) -> Iterator[str]:
    if len(code) < LENGTH:
        yield from (code[:i] + c + code[i:] for i in range(LENGTH) for c in ALPHABET)
    elif len(code) > LENGTH:
        yield from (code[:i] + code[i + 1 :] for i in range(len(code)))
    else:
        yield code.translate(_TAKEN_FOR)
        yield code[:-1] + _final_check_or_none(code[:-1])  # the check character alone: the firm stays the same
        yield from _replaced(code, alike=True)
        yield from (code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(LENGTH - 1))
        yield from _replaced(code, alike=False)


def _final_check_or_none(first17: str) -> str:
    return final_check(first17) if _VALUES.keys() >= set(first17) else ""


def _replaced(code: str, *, alike: bool) -> Iterator[str]:
    for i, wrong in enumerate(code):
        for right in ALPHABET:
            if _looks_like(wrong, right) == alike:
                yield code[:i] + right + code[i + 1 :]


def _looks_like(wrong: str, right: str) -> bool:
    return wrong.translate(_TAKEN_FOR) == right or any(wrong in group and right in group for group in _ALIKE)
