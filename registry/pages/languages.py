"""The language of a page: `lang=`, then what the reader chose before, then what the browser asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from registry.api.languages import (
    CATALOGUES,
    LANGUAGE_NAMES,
    LANGUAGE_TAGS,
    LANGUAGES,
    asked_by_parameter,
    language_of,
    mark_language,
)

_BY_CATALOGUE = {catalogue: language for language, catalogue in CATALOGUES.items()}
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Switch:
    """The same page in one of the languages."""

    code: str
    html_code: str
    name: str
    address: str
    is_current: bool


def language_of_page(request: HttpRequest) -> str:
    """zh, en or it. Django's LocaleMiddleware has read the cookie of the choice, if it ran already."""
    remembered = _BY_CATALOGUE.get(getattr(request, "LANGUAGE_CODE", ""))
    return asked_by_parameter(request) or remembered or language_of(request)


def switches(request: HttpRequest, language: str) -> list[Switch]:
    """This page in each language, path and query kept; none of a query that is too large to be read."""
    found: list[Switch] = []
    try:
        query = request.GET.copy()
    except SuspiciousOperation:
        return found
    for code in LANGUAGES:
        query["lang"] = code
        address = f"{request.path}?{query.urlencode(safe=',:')}"
        found.append(Switch(code, LANGUAGE_TAGS[code], LANGUAGE_NAMES[code], address, code == language))
    return found


def remember_language(request: HttpRequest, response: HttpResponseBase, language: str) -> None:
    """Tells caches what the answer hangs on, and keeps a choice that was made by `lang=`, for the admin too."""
    mark_language(response, language)
    patch_vary_headers(response, ["Cookie"])
    if asked_by_parameter(request):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            CATALOGUES[language],
            max_age=YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
