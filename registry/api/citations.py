"""How an answer is quoted: a sentence with both clocks, an address that gives the same again, the licence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from registry.api.languages import language_of
from registry.api.parameters import Asked

ONLY_FORM = ("format", "lang", "limit", "cursor", "count", "explain")
"""Parameters that change how an answer is given, not what it says."""
MOMENTS = ("known_at", "known_from", "known_to")


class CitationSerializer(serializers.Serializer[Any]):
    """How the answer is quoted."""

    text = serializers.CharField(help_text=gettext_lazy("The citation, as a sentence in the caller's language."))
    url = serializers.URLField(help_text=gettext_lazy("The address that gives the same answer whenever it is asked."))
    licence = serializers.URLField(help_text=gettext_lazy("The licence of the data."))


def permanent_address(
    request: Request, asked: Asked, clocks: Mapping[str, str | None], *, keeps_format: bool = False
) -> str:
    """The question with its clocks as they were read, and without what is only form.

    With `keeps_format` where a file holds more than a page of JSON, and so has a digest of its own.
    """
    left_out = {*ONLY_FORM, *clocks} - ({"format"} if keeps_format else set())
    given = {name: asked.texts[name] for name in sorted(asked.given) if name not in left_out}
    # The digest is of names in the reader's language, too.
    given["lang"] = language_of(request._request)
    told = {name: _in_utc(text) if name in MOMENTS else text for name, text in clocks.items() if text is not None}
    return request.build_absolute_uri(f"{request.path}?{urlencode(given | told, safe=',:')}")


def _in_utc(moment: str) -> str:
    return datetime.datetime.fromisoformat(moment).astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def citation(
    title: str, address: str, clocks: Mapping[str, str | None], *, digest: str | None = None, is_invented: bool = False
) -> dict[str, str]:
    """As `CitationSerializer` shows it."""
    told = [_("entries invented for demonstration are counted")] if is_invented else []
    told += [address, *([digest] if digest else []), settings.LICENCE["name"]]
    words = {"title": title, "days": _days(clocks), "told": _("; ").join(told)}
    words["register"] = _("Register of Chongqing's innovation economy")
    text = _("%(register)s: %(title)s, %(days)s; %(told)s.") % words
    return {"text": text, "url": address, "licence": settings.LICENCE["url"]}


def _days(clocks: Mapping[str, str | None]) -> str:
    words = {name: text or _("never") for name, text in clocks.items()}
    if "known_to" in clocks:
        return _("%(valid_on)s, what was learned from %(known_from)s to %(known_to)s") % words
    if "from" in clocks:
        return _("%(from)s to %(to)s, as known at %(known_at)s") % words
    return _("%(valid_on)s, as known at %(known_at)s") % words
