"""`If-Match`: nobody overwrites what they have not read."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry.api.refusals import Mistake, ParameterProblem
from registry.writing.refusals import NoVersion, Stale

HEADER = "If-Match"
# A coding of the transfer may have marked the tag; the version stands before the first point.
TAG = re.compile(r'(W/)?"(\d{1,12})\.[^"]*"')


def asked_versions(request: HttpRequest) -> set[int]:
    """The versions that the caller has read. NoVersion without the header; a weak tag names none."""
    text = request.META.get("HTTP_IF_MATCH", "").strip()
    if not text:
        raise no_version()
    tags = [TAG.fullmatch(part.strip()) for part in text.split(",")]
    if None in tags:
        detail = _('If-Match takes entity tags as answers give them, such as "3.9f86d081884c7d65".')
        raise ParameterProblem([Mistake("malformed_if_match", detail, parameter=HEADER)])
    return {int(tag[2]) for tag in tags if tag is not None and not tag[1]}


def require_version(found: int, asked: set[int]) -> None:
    """Stale where the row, which is locked, has another version than those read."""
    if found not in asked:
        raise stale(found, asked)


def no_version() -> NoVersion:
    detail = _("Say in If-Match which version you have read: the ETag of its answer.")
    return NoVersion([Mistake("if_match_missing", detail, parameter=HEADER)])


def stale(found: int, asked: set[int]) -> Stale:
    words = {"found": found, "asked": ", ".join(map(str, sorted(asked))) or "–"}
    detail = _("It has version %(found)s by now, not %(asked)s: read it again and decide anew.") % words
    return Stale([Mistake("stale_version", detail, parameter=HEADER)])
