"""Names: cleaned for storing, folded for matching, spelled in pinyin for sorting and search.

pypinyin and opencc are imported at their first use: together they cost a web process some 0.4 s of start.
"""

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    from opencc import OpenCC

MAX_NAME_LENGTH = 200

Answer = TypeVar("Answer")
_LOADING = threading.Lock()

_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_FOREIGN_LETTER = re.compile(
    r"[\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u03ff\u1f00-\u1fff"
    r"\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]"
)
# Letters that a reader cannot tell from a Latin one: every Cyrillic letter counts, of Greek only the twins,
# so that "μTorrent" passes.
_LATIN_TWIN = (
    r"[\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bd\u03bf"
    r"\u0400-\u052f]"
)
_MIXED_WORD = re.compile(rf"[A-Za-z]{_LATIN_TWIN}|{_LATIN_TWIN}[A-Za-z]")

# Drawn as nothing, and yet not of the category Cf.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {chr(c) for c in range(0xFE00, 0xFE10)}
_SPACE_CONTROLS = frozenset("\t\n\v\f\r\x85")
_FOLDED_MARKS = str.maketrans(
    "[]{}\u3014\u3015\u3010\u3011\u3016\u3017\u2022\u2027\u30fb", "()()()()()\u00b7\u00b7\u00b7"
)
_WIDE_BRACKETS = str.maketrans("()", "\uff08\uff09")
_NARROW_BRACKETS = str.maketrans("\uff08\uff09", "()")

# Read otherwise by the dictionary of pypinyin, and common in the names of Chongqing's firms.
_READINGS = {
    "重庆": "chóng qìng",
    "重庆市": "chóng qìng shì",
    "长寿": "cháng shòu",
    "朝阳": "cháo yáng",
    "重钢": "chóng gāng",
    "重百": "chóng bǎi",
    "重药": "chóng yào",
    "重邮": "chóng yóu",
    "重啤": "chóng pí",
    "曾家": "zēng jiā",
}


# Ranges beyond the first 65,536 characters take 6 ms to compile: at their first use, not at a process's start.
@cache
def _han_letter() -> re.Pattern[str]:
    return re.compile(f"[{_HAN}]")


@cache
def _han_or_other() -> re.Pattern[str]:
    return re.compile(f"[{_HAN}]+|[^{_HAN}]+")


@cache
def _space_inside_chinese() -> re.Pattern[str]:
    return re.compile(f"(?<=[{_HAN}\uff08\uff09]) (?=[{_HAN}\uff08\uff09])")


class NameProblem(ValidationError, ValueError):
    """A name that cannot be stored. `code` is empty, surrogate, control, lookalike or length."""

    def __str__(self) -> str:
        return str(self.messages[0])


def shown(value: object, limit: int = 40) -> str:
    """The value as an error sentence may quote it: cut, and without what breaks a line, a log or a page."""
    try:
        text = str(value)
    except ValueError:  # an integer of more than 4,300 digits
        text = "9" * (limit + 1)
    visible = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:limit])
    return f"{visible}…" if len(text) > limit else visible


def _remembered(function: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Keeps the answers: a sheet's row asks some twenty times for the same texts. Those longer than a name are not
    kept, for callers of the API could fill the memory with them.
    """
    kept = lru_cache(maxsize=4096)(function)

    @wraps(function)
    def answer(text: str) -> Answer:
        return kept(text) if len(text) <= MAX_NAME_LENGTH else function(text)

    return answer


def drop_invisible(text: str) -> str:
    """Without zero-width, bidi and other format characters (Cf), fillers and variation selectors."""
    if text.isascii():
        return text
    return _without_invisible(text)


@_remembered
def _without_invisible(text: str) -> str:
    return "".join(c for c in text if c not in _INVISIBLE and unicodedata.category(c) != "Cf")


def clean_name(text: str) -> str:
    """The form that is stored: one line, wide brackets in Chinese names, plain letters; else a NameProblem.

    Kangxi radicals and full-width letters, which PDF files and forms leave behind, become the usual ones.
    """
    _refuse_unstorable(text)
    name = "".join(_plain_letter(c) for c in text)
    name = unicodedata.normalize("NFC", drop_invisible(name))
    name = _with_brackets(" ".join(name.split()))
    if not any(unicodedata.category(c)[0] in "LN" for c in name):
        raise NameProblem(_("A name needs at least one letter or digit."), code="empty")
    if len(name) > MAX_NAME_LENGTH:
        raise _too_long(name)
    if has_mixed_lookalikes(name):
        raise NameProblem(
            _("The name “%(name)s” mixes in Cyrillic or Greek letters that look like others."),
            code="lookalike",
            params={"name": shown(name)},
        )
    return name


def _refuse_unstorable(text: str) -> None:
    if len(text) > 10 * MAX_NAME_LENGTH:
        raise _too_long(text)
    for position, character in enumerate(text, start=1):
        category = unicodedata.category(character)
        if category == "Cs":
            message = _("The name “%(name)s” is broken text at character %(position)d.")
            raise _bad_character(message, "surrogate", text, position)
        if category == "Cc" and character not in _SPACE_CONTROLS:
            message = _("The name “%(name)s” has a control character at %(position)d.")
            raise _bad_character(message, "control", text, position)


def _bad_character(message: "StrOrPromise", code: str, text: str, position: int) -> NameProblem:
    return NameProblem(message, code=code, params={"name": shown(text), "position": position})


def _too_long(text: str) -> NameProblem:
    return NameProblem(
        _("The name “%(name)s” is longer than %(limit)d characters."),
        code="length",
        params={"name": shown(text), "limit": MAX_NAME_LENGTH},
    )


def _plain_letter(character: str) -> str:
    if character in _SPACE_CONTROLS or unicodedata.category(character)[0] == "Z":
        return " "
    if unicodedata.category(character)[0] in "LN" or unicodedata.name(character, "").startswith("KANGXI"):
        return unicodedata.normalize("NFKC", character)
    return character


def _with_brackets(name: str) -> str:
    if not _han_letter().search(name):
        return name.translate(_NARROW_BRACKETS)
    return _space_inside_chinese().sub("", name.translate(_WIDE_BRACKETS))


def has_mixed_lookalikes(name: str) -> bool:
    """Cyrillic or Greek letters in a Chinese name, or twins of Latin letters inside a Latin word."""
    if _han_letter().search(name) and _FOREIGN_LETTER.search(name):
        return True
    return bool(_MIXED_WORD.search(name))


def normalise_name(text: str) -> str:
    """The form in which two writings of one name are equal; for comparing, never for showing."""
    return unicodedata.normalize("NFKC", "".join(_folded(text).split()))


@_remembered
def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", drop_invisible(text)).casefold())
    folded = drop_invisible(folded).translate(_FOLDED_MARKS)
    return _simplifier().convert(folded) if _han_letter().search(folded) else folded


@cache
def _simplifier() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")


def pinyin_key(name: str) -> str:
    """Toneless syllables joined by spaces, in lower case (ü is v): orders Chinese names under C.UTF-8.

    Letters and digits of other scripts stay as words; marks and brackets are left out.
    A Chinese character takes up to seven characters here.
    """
    return " ".join(word for word, _is_syllable in _spelled(name))


def pinyin_initials(name: str) -> str:
    """The first letter of every syllable, with words of letters and digits whole: 重庆ABC科技 -> cqabckj."""
    return "".join(word[0] if is_syllable else word for word, is_syllable in _spelled(name))


@_remembered
def _spelled(name: str) -> tuple[tuple[str, bool], ...]:
    """Words of the name with whether each is the reading of a Chinese character."""
    words: list[tuple[str, bool]] = []
    for run in _han_or_other().findall(_folded(name)):
        if _han_letter().match(run):
            words += [(syllable, True) for syllable in _syllables(run)]
        else:
            words += [(word, False) for word in re.findall(r"[^\W_]+", run)]
    return tuple(words)


def _syllables(run: str) -> list[str]:
    """Read word by word: names share theirs, such as 有限公司, and a word is read alike wherever it stands."""
    _load_readings()
    from pypinyin.seg.mmseg import seg

    return [syllable for word in seg.cut(run) for syllable in _syllables_of_word(word)]


@lru_cache(maxsize=16_384)
def _syllables_of_word(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(syllable.lower() for syllable in lazy_pinyin([word]))


def _load_readings() -> None:
    with _LOADING:  # `cache` alone lets a second thread in while the first still loads
        _load_readings_once()


@cache
def _load_readings_once() -> None:
    from pypinyin import load_phrases_dict, phrases_dict
    from pypinyin.constants import PHRASES_DICT

    # 190,000 lists of some 1,300 readings. All are made anew before any is let go: what is freed piece by piece
    # between others is of no use to anybody.
    once: dict[tuple[str, ...], list[str]] = {}
    anew = {
        word: [once.setdefault(tuple(syllable), list(syllable)) for syllable in syllables]
        for word, syllables in PHRASES_DICT.items()
    }
    phrases_dict.phrases_dict.clear()  # a copy that nobody reads
    PHRASES_DICT.update(anew)
    load_phrases_dict({word: [[syllable] for syllable in reading.split()] for word, reading in _READINGS.items()})
