"""Finding a firm by its credit code, any of its names, their pinyin or initials."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace

from companies.models import CompanyName
from registry.credit_code import normalise
from registry.names import drop_invisible, normalise_name

MOST_WORDS = 20


def matching(words: str, firm: str = "pk") -> Q:
    """Each word is found in the credit code or in one name; `firm` is the path to the firm."""
    code = "uscc" if firm == "pk" else f"{firm}__uscc"
    found = Q()
    asked = drop_invisible(words.replace("\0", "")).split()
    if len(asked) > MOST_WORDS:
        raise SuspiciousOperation(f"More than {MOST_WORDS} words are searched for.")
    for word in asked:
        found &= Q(**{f"{code}__contains": normalise(word) or "-"}) | Q(Exists(_names(word, firm)))
    return found


def _names(word: str, firm: str) -> QuerySet[Any]:
    key, spelled = normalise_name(word), word.lower().replace("'", "")
    names: Any = CompanyName.objects.filter(company=OuterRef(firm))
    found: QuerySet[Any] = names.annotate(spelling=Replace(F("pinyin"), Value(" "), Value(""))).filter(
        Q(name_zh__icontains=word)
        | Q(name_zh__icontains=key)
        | Q(name_en__icontains=word)
        | Q(spelling__contains=spelled)
        | Q(initials__contains=spelled)
    )
    return found
