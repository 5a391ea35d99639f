"""Where the exceptions of an API view become problems; no stack trace ever leaves.

drf-standardized-errors gives the frame (which exception becomes which, rollback, reporting). The body is
ours: its own is not RFC 9457, and its dotted paths are not JSON pointers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ExceptionHandlerContext
from rest_framework import exceptions
from rest_framework.settings import api_settings

from registry.api.refusals import (
    CODES,
    SENTENCES,
    BodyTooLarge,
    Malformed,
    Mistake,
    Problem,
    Unavailable,
    problem_response,
    unavailability,
)

logger = logging.getLogger(__name__)


def exception_handler(exc: Exception, context: ExceptionHandlerContext) -> HttpResponse:
    """REST_FRAMEWORK["EXCEPTION_HANDLER"]."""
    return cast(HttpResponse, ProblemHandler(exc, context).run())


class ProblemHandler(ExceptionHandler):
    """Answers every exception of an API view, with DEBUG as well."""

    @property
    def request(self) -> HttpRequest:
        return cast(HttpRequest, self.context["request"])  # DRF's, which passes on what it does not know

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if (reason := unavailability(exc)) is not None:
            code, detail = reason
            return Unavailable(detail, code)
        if isinstance(exc, RequestDataTooBig):
            return BodyTooLarge()
        if isinstance(exc, SuspiciousOperation | BadRequest):
            return Malformed()
        converted: Exception = super().convert_known_exceptions(exc)
        return converted

    def should_not_handle(self, exc: Exception) -> bool:
        return False

    def convert_unhandled_exceptions(self, exc: Exception) -> exceptions.APIException:
        if isinstance(exc, exceptions.APIException):
            return exc
        return exceptions.APIException(SENTENCES[500], CODES[500])

    def format_exception(self, exc: exceptions.APIException) -> dict[str, Any]:
        if isinstance(exc, Problem):
            mistakes, code = exc.mistakes, exc.code
        elif isinstance(exc, exceptions.ValidationError):
            mistakes, code = list(mistakes_in(exc.detail)), "invalid_body"
        else:
            mistakes, code = [], _single_code(exc)
        return {
            "code": code,
            "detail": mistakes[0].detail if mistakes else str(exc.detail),
            "mistakes": mistakes,
        }

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> HttpResponse:  # type: ignore[override]
        headers = self.get_headers(exc)
        return problem_response(self.request, exc.status_code, headers=headers, **data)

    def report_exception(self, exc: exceptions.APIException, response: Any) -> None:
        if exc.status_code == 503:
            logger.warning("%s: %s", self.request.path, self.exc)
        else:
            super().report_exception(exc, response)


def _single_code(exc: exceptions.APIException) -> str:
    """DRF's codes, but where it says less than the status ("error", "parse_error") the status' own."""
    code = getattr(exc.detail, "code", None)
    return code if code and code not in {"error", "parse_error"} else CODES.get(exc.status_code, "error")


def mistakes_in(detail: Any, path: tuple[str, ...] = ()) -> Iterator[Mistake]:
    """DRF's nested error details as flat mistakes with JSON pointers."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            step = () if key == api_settings.NON_FIELD_ERRORS_KEY else (str(key),)
            yield from mistakes_in(inner, path + step)
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            is_message = isinstance(inner, exceptions.ErrorDetail)
            yield from mistakes_in(inner, path if is_message else (*path, str(index)))
    else:
        yield Mistake(getattr(detail, "code", "invalid"), str(detail), pointer=pointer_to(path))


def pointer_to(path: tuple[str, ...]) -> str:
    """RFC 6901; the empty pointer is the whole body."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)
