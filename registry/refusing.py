"""What refuses a request outside a view: a problem under /api/, a page for people elsewhere (Django's handlers)."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import get_language

from registry.api.refusals import (
    CONTENT_TYPE,
    RETRY_AFTER_SECONDS,
    SENTENCES,
    TITLES,
    problem_response,
    unavailability,
)
from registry.pages.refusals import refusal_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

API_PREFIX = "/api/"
KEPT_HEADERS = ("Retry-After", "WWW-Authenticate", "Allow", "RateLimit", "RateLimit-Policy", "ETag")

LOST = "\N{REPLACEMENT CHARACTER}"

logger = logging.getLogger(__name__)


def is_api(request: HttpRequest) -> bool:
    return f"{request.path_info}/".startswith(API_PREFIX)


def refuse(request: HttpRequest, exc: BaseException | None, status: int) -> HttpResponse:
    """A problem under /api/, a page for people elsewhere; `exc` may know a better status."""
    if (reason := unavailability(exc)) is not None:
        return _answer(request, 503, *reason, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    if isinstance(exc, RequestDataTooBig):
        status = 413
    return _answer(request, status)


def _answer(
    request: HttpRequest,
    status: int,
    code: str | None = None,
    detail: StrOrPromise | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    if is_api(request):
        return problem_response(request, status, code=code, detail=detail, headers=headers)
    if status == 500:  # what failed may be the page's own template
        return _page(status, str(detail or SENTENCES.get(status, TITLES[status])), headers)
    return refusal_page(request, status, detail=detail, headers=headers)


def _page(status: int, sentence: str, headers: Mapping[str, str] | None) -> HttpResponse:
    """Plain HTML without template, style or user: it must work when the database is away."""
    page = format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>'
        "<body><h1>{}</h1><p>{}</p></body></html>",
        get_language() or "zh-hans",
        TITLES[status],
        TITLES[status],
        sentence,
    )
    return HttpResponse(page, status=status, headers=dict(headers or {}))


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, exception, 400)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, exception, 403)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, exception, 404)


def handler500(request: HttpRequest) -> HttpResponse:
    # Django calls this while it handles the exception; a middleware's database error arrives only here.
    return refuse(request, sys.exc_info()[1], 500)


# What Django and the driver say of an address or a form that names a row by something that is no key.
OF_A_WRONG_TYPE = re.compile(r"Field '\w+' expected|.*cannot contain NUL")


class ProblemMiddleware:
    """The outermost: what any layer below refused under /api/ leaves as a problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A cookie may hold what its quoting hid from the server, such as NUL, which the database refuses.
        texts = (request.path_info, *request.COOKIES.values())
        if any(ord(character) < 32 for text in texts for character in text):
            return refuse(request, None, 400)
        response = self.get_response(request)
        if not is_api(request):
            return response
        if response.status_code >= 400 and not _is_problem(response):
            return _as_problem(request, response)
        if 300 <= response.status_code < 400:  # without a body there is nothing of any kind
            response.headers.pop("Content-Type", None)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A database away is no failure of the page that met it."""
        if isinstance(exception, ValueError) and OF_A_WRONG_TYPE.match(str(exception)) and not is_api(request):
            return refuse(request, exception, 400)
        if unavailability(exception) is None:
            return None
        logger.warning("%s: %s", request.path, exception)
        return refuse(request, exception, 503)


class TextMiddleware:
    """Refuses a form whose bytes are no UTF-8: Django would put U+FFFD in their place, and pages would keep that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or is_api(request) or _is_text(request):
            return None
        return refuse(request, None, 400)


def _is_text(request: HttpRequest) -> bool:
    if request.content_type == "multipart/form-data":  # its bytes are not kept: told by what stands in their place
        return not any(LOST in text for name, values in request.POST.lists() for text in (name, *values))
    if request.content_type != "application/x-www-form-urlencoded":
        return True
    try:
        unquote_to_bytes(request.body).decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_problem(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith(CONTENT_TYPE)


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return problem_response(request, response.status_code, headers=headers)
