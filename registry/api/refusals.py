"""Every refusal of the API as `application/problem+json` (RFC 9457).

Here: what a problem is and how it is written. Where exceptions become problems: `problems.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

from registry.api.languages import mark_language, speaking

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem-type:chongqing-innovation-register:"
RETRY_AFTER_SECONDS = 5
MOST_MISTAKES = 100

CODES: dict[int, str] = {
    400: "bad_request",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    410: "gone",
    412: "precondition_failed",
    413: "body_too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    422: "unprocessable",
    428: "precondition_required",
    429: "throttled",
    500: "server_error",
    503: "unavailable",
}

TITLES: dict[int, StrOrPromise] = {
    400: gettext_lazy("The request cannot be understood"),
    401: gettext_lazy("Not signed in"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("Only JSON is served"),
    409: gettext_lazy("Conflict with what is stored"),
    410: gettext_lazy("Withdrawn"),
    412: gettext_lazy("Changed in the meantime"),
    413: gettext_lazy("The body is too large"),
    415: gettext_lazy("Only application/json is read"),
    416: gettext_lazy("No such part of the file"),
    422: gettext_lazy("Same key, another body"),
    428: gettext_lazy("If-Match is missing"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("An error of the server"),
    503: gettext_lazy("Not available just now"),
}

SENTENCES: dict[int, StrOrPromise] = {
    400: gettext_lazy("The request is malformed."),
    404: gettext_lazy("There is nothing at this address."),
    405: gettext_lazy("This address does not answer this method."),
    413: gettext_lazy("The body is larger than the server reads."),
    500: gettext_lazy("The server failed on this request; the failure has been recorded."),
    503: gettext_lazy("The service cannot answer just now; please try again in a few seconds."),
}


@dataclass(frozen=True)
class Mistake:
    """One wrong thing: `parameter` names it in the query or the address, `pointer` (RFC 6901) in the body."""

    code: str
    detail: str
    parameter: str | None = None
    pointer: str | None = None
    nearest: str | None = None

    def as_json(self) -> dict[str, str]:
        members = {
            "parameter": self.parameter,
            "pointer": self.pointer,
            "code": self.code,
            "detail": self.detail,
            "nearest": self.nearest,
        }
        return {name: value for name, value in members.items() if value is not None}


class Problem(exceptions.APIException):
    """A refusal with its mistakes; `code` is the problem's own, `detail` the first mistake's sentence."""

    status_code = 400
    default_code = "bad_request"

    def __init__(self, mistakes: Sequence[Mistake], code: str | None = None) -> None:
        super().__init__(mistakes[0].detail, code or self.default_code)
        self.code = code or self.default_code
        self.mistakes = list(mistakes)


class ParameterProblem(Problem):
    default_code = "invalid_parameter"


class BodyProblem(Problem):
    default_code = "invalid_body"


class Malformed(exceptions.APIException):
    status_code = 400
    default_code = "bad_request"
    default_detail = SENTENCES[400]


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_code = "body_too_large"
    default_detail = SENTENCES[413]


class Unavailable(exceptions.APIException):
    """503; `wait` becomes Retry-After (seconds)."""

    status_code = 503
    default_code = "unavailable"
    default_detail = SENTENCES[503]
    wait = RETRY_AFTER_SECONDS


DATABASE_REASONS: dict[str, tuple[str, StrOrPromise]] = {
    "57014": (
        "took_too_long",
        gettext_lazy("This question took longer than the server allows; ask for less."),
    ),
    "55P03": (
        "busy",
        gettext_lazy("What you asked for is being changed by somebody else; please try again."),
    ),
    "53100": ("storage_full", gettext_lazy("The database has no room left; the operators must make some.")),
}
DATABASE_AWAY = (
    "database_unavailable",
    gettext_lazy("The database cannot be reached just now; please try again in a few seconds."),
)


def unavailability(exc: BaseException | None) -> tuple[str, StrOrPromise] | None:
    """Code and sentence of a database error that is no mistake: away, pool empty, time-out, disk full."""
    within = getattr(exc, "__cause__", None)
    cause = within if isinstance(within, psycopg.Error) else exc
    is_ended = isinstance(cause, psycopg.errors.IdleInTransactionSessionTimeout)  # for Django an error within
    if not isinstance(exc, OperationalError | InterfaceError | psycopg.OperationalError) and not is_ended:
        return None
    return DATABASE_REASONS.get(getattr(cause, "sqlstate", None) or "", DATABASE_AWAY)


def problem_response(
    request: HttpRequest,
    status: int,
    *,
    code: str | None = None,
    detail: StrOrPromise | None = None,
    mistakes: Sequence[Mistake] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The one place that writes a problem; what is not given is what the status says."""
    code = code or CODES.get(status, f"status_{status}")
    with speaking(request) as language:
        body: dict[str, Any] = {
            "type": TYPE_PREFIX + code.replace("_", "-"),
            "title": str(TITLES.get(status, TITLES[400 if status < 500 else 500])),
            "status": status,
            "detail": str(detail or SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])),
            "code": code,
            "instance": request.path,
            "errors": [mistake.as_json() for mistake in mistakes[:MOST_MISTAKES]],
        }
    # A lone surrogate that came in with the request must not break the answer that refuses it.
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    response = HttpResponse(content, status=status, content_type=CONTENT_TYPE, headers=dict(headers or {}))
    mark_language(response, language)
    return response
