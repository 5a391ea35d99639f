"""The pages of logging in speak the language of the public pages and look like them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.module_loading import import_string

from registry.api.languages import CATALOGUES, LANGUAGE_TAGS
from registry.pages.languages import language_of_page, remember_language, switches

PAGE = "account_page"  # attribute of the request


def in_language(view: str) -> Callable[..., HttpResponse]:
    """The view of that name in the language of `lang=`, of the cookie, or of the browser; kept by no cache.

    It is loaded when it is first asked for: cryptography costs a process that only reads 10 MB.
    """

    def speaking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = language_of_page(request)
        shown = {"language": language, "html_language": LANGUAGE_TAGS[language]}
        setattr(request, PAGE, shown | {"languages": switches(request, language), "section": "account"})
        with translation.override(CATALOGUES[language]):
            response: Any = import_string(view)(request, *args, **kwargs)
            if hasattr(response, "render"):
                response = response.render()
        remember_language(request, response, language)
        add_never_cache_headers(response)
        return response  # type: ignore[no-any-return]

    return speaking


def page(request: HttpRequest) -> dict[str, Any]:
    """`page` for the frame of public pages, on these pages only."""
    shown = getattr(request, PAGE, None)
    return {} if shown is None else {"page": shown}
