"""The three languages of the API: zh (default), en, it. `lang=` goes over Accept-Language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

LANGUAGES = ("zh", "en", "it")
DEFAULT_LANGUAGE = "zh"
CATALOGUES = {"zh": "zh-hans", "en": "en", "it": "it"}
"""Language of the API -> the name of its gettext catalogue."""
LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en", "it": "it"}
"""As documents name their language (BCP 47)."""
LANGUAGE_NAMES = {"zh": "中文", "en": "English", "it": "Italiano"}
"""Each in itself."""


def language_of(request: HttpRequest) -> str:
    """The language to answer in. A wrong `lang` is refused by the parameters, not here."""
    return asked_by_parameter(request) or _asked_by_header(request) or DEFAULT_LANGUAGE


def asked_by_parameter(request: HttpRequest) -> str | None:
    """The language of `lang=`, if it names one."""
    try:
        language = request.GET.get("lang")
    except SuspiciousOperation:  # too many parameters: that refusal must be worded, too
        return None
    return language if language in LANGUAGES else None


def _asked_by_header(request: HttpRequest) -> str | None:
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500])
    for tag, quality in accepted:
        language = tag.split("-")[0]
        if language in LANGUAGES and quality > 0:
            return language
    return None


@contextmanager
def speaking(request: HttpRequest) -> Iterator[str]:
    """Inside, gettext speaks the caller's language; yields it."""
    language = language_of(request)
    with translation.override(CATALOGUES[language]):
        yield language


def mark_language(response: HttpResponseBase, language: str) -> None:
    response.headers["Content-Language"] = language
    patch_vary_headers(response, ["Accept-Language"])


def name_in(language: str, names: Mapping[str, str | None]) -> str:
    """The name in the asked language, the Chinese one when there is none."""
    return names.get(language) or names.get(DEFAULT_LANGUAGE) or ""
