"""Addresses as forms send them, made into those that the strict parameters read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from contextlib import suppress

from django.http import QueryDict

from registry.api.kinds import KnownAtKind, ListKind
from registry.api.parameters import Parameter
from registry.templatetags.pages import form_moment

OF_A_FORM = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)")
"""A moment of a form's field has no offset: it is one in Shanghai, as the label says. A space may part day and hour."""
SHANGHAI = "+08:00"


def tidied(query: QueryDict, declared: Sequence[Parameter]) -> QueryDict | None:
    """The query as the parameters take it; None when it is that already.

    A form sends its empty fields, each of several choices by itself, and moments without an offset. What is not
    declared, or repeated without being a list, stays for the parameters to refuse.
    """
    known = {parameter.name: parameter for parameter in declared}
    tidy = QueryDict(mutable=True)
    for name, given in query.lists():
        tidy.setlist(name, _texts(known[name], given) if name in known else given)
    for name in [name for name, texts in tidy.lists() if not texts]:
        del tidy[name]
    return None if tidy == query else tidy


def as_typed(text: str) -> str:
    """A value as a form's field takes it: a moment with its offset as the one in Shanghai, to be sent as it is."""
    with suppress(ValueError, OverflowError):
        moment = datetime.datetime.fromisoformat(text)
        return form_moment(moment) if moment.tzinfo else text
    return text


def _texts(parameter: Parameter, given: Sequence[str]) -> list[str]:
    texts = [text for text in given if text]
    if isinstance(parameter.kind, ListKind) and len(texts) > 1:
        return [",".join(texts)]
    if isinstance(parameter.kind, KnownAtKind):
        return [f"{found[1]}T{found[2]}{SHANGHAI}" if (found := OF_A_FORM.fullmatch(text)) else text for text in texts]
    return texts
