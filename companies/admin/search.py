"""Finding a firm by its credit code, any of its names, their pinyin or initials: the API's search, in the admin."""

from django.core.exceptions import SuspiciousOperation
from django.db.models import Q

from companies.search import Search, SearchKind
from registry.api.kinds import Refused


def matching(words: str, firm: str = "pk") -> Q:
    """Each word is found in the credit code or in one name; `firm` is the path to the firm."""
    text = words.replace("\0", "").strip()
    if not text:
        return Q()
    try:
        sought: Search = SearchKind().parse(text)
    except Refused as refused:
        if refused.code == "no_letter":
            return Q(pk__in=())
        raise SuspiciousOperation(refused.detail) from refused
    return sought.condition("" if firm == "pk" else f"{firm}__")
