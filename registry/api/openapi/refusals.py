"""The refusals that a read can meet, with an example of each that the service's own code has written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from registry.api.parameters import LANG, VALID_ON, read_parameters
from registry.api.problems import exception_handler
from registry.api.refusals import (
    CONTENT_TYPE,
    DATABASE_AWAY,
    TITLES,
    BodyTooLarge,
    Mistake,
    ParameterProblem,
    problem_response,
)
from registry.exports.ranges import RangeNotThere
from registry.exports.withdrawing import Withdrawn
from registry.keys.presenting import WWW_AUTHENTICATE, WrongKey, presented_key, wrong_address
from registry.limits.callers import Limit
from registry.limits.counting import Count
from registry.limits.middleware import throttled, told
from registry.writing.once import key_of_another_request
from registry.writing.refusals import Conflict
from registry.writing.versions import no_version, stale

Schema = dict[str, Any]
USED_UP = Limit("address:198.51.100.7", "public", 300), Count(301, 17)
COMPONENTS = "#/components/"
ALWAYS = (400, 401, 403, 405, 406, 429, 500, 503)
"""What every read may answer. Nobody needs a key to read; one that opens nothing is 401, from a wrong address 403."""
OF_A_WRITE = (409, 413, 415, 422)
OF_AN_EXPORT = (404, 410)
OF_A_PART = (416,)
OF_A_CHANGE = (404, 412, 428)
"""Of a write to an entry that was read before."""
RESPONSES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    409: "Conflict",
    410: "Gone",
    412: "PreconditionFailed",
    413: "BodyTooLarge",
    415: "UnsupportedMediaType",
    416: "RangeNotSatisfiable",
    422: "Unprocessable",
    428: "PreconditionRequired",
    429: "TooManyRequests",
    500: "ServerError",
    503: "Unavailable",
}
OF_THE_LIMIT = ("RateLimit", "RateLimit-Policy")
HEADERS_OF_A_REFUSAL = {401: ("WWW-Authenticate",), 405: ("Allow",), 429: ("Retry-After",), 503: ("Retry-After",)}


class MistakeSerializer(serializers.Serializer[Any]):
    """One wrong thing: a parameter of the query, or a place in the body."""

    parameter = serializers.CharField(required=False, help_text=_("The parameter that is wrong."))
    pointer = serializers.CharField(required=False, help_text=_("The wrong place in the body, as a JSON pointer."))
    code = serializers.CharField(help_text=_("What is wrong, as a stable word."))
    detail = serializers.CharField(help_text=_("What is wrong, as a sentence in the caller's language."))
    nearest = serializers.CharField(required=False, help_text=_("What may have been meant."))


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal (RFC 9457): `type` and `code` are stable, `title` and `detail` are in the caller's language."""

    type = serializers.CharField(help_text=_("A URN that tells this kind of problem from others."))
    title = serializers.CharField(help_text=_("The kind of problem, in a few words."))
    status = serializers.IntegerField(help_text=_("The HTTP status."))
    detail = serializers.CharField(help_text=_("What is wrong, as a sentence in the caller's language."))
    code = serializers.CharField(help_text=_("What is wrong, as a stable word."))
    instance = serializers.CharField(help_text=_("The path that was asked."))
    errors = MistakeSerializer(many=True, help_text=_("Every wrong parameter or place; may be empty."))  # type: ignore[assignment]


def references(statuses: Iterable[int]) -> dict[str, Schema]:
    return {str(status): {"$ref": f"{COMPONENTS}responses/{RESPONSES[status]}"} for status in sorted(statuses)}


def responses(language: str) -> dict[str, Schema]:
    """`components/responses`, in the active language, which `language` names."""
    return {name: _response(status, language) for status, name in RESPONSES.items()}


def _response(status: int, language: str) -> Schema:
    request = HttpRequest()
    request.method, request.path, request.GET = "GET", "/api/v1/companies/", QueryDict(f"lang={language}")
    names = ("Content-Language", *OF_THE_LIMIT, "Vary", "X-Request-Id", *HEADERS_OF_A_REFUSAL.get(status, ()))
    return {
        "description": str(TITLES[status]),
        "headers": header_references(names),
        "content": {
            CONTENT_TYPE: {
                "schema": {"$ref": f"{COMPONENTS}schemas/Problem"},
                "example": json.loads(EXAMPLES[status](request).content),
            }
        },
    }


def _refused(request: HttpRequest, exc: exceptions.APIException) -> HttpResponse:
    return exception_handler(exc, {"request": request, "view": None, "args": (), "kwargs": {}})  # type: ignore[typeddict-item]


def _mistyped(request: HttpRequest) -> HttpResponse:
    try:
        read_parameters(QueryDict("valid_no=2026-06-30"), (VALID_ON, LANG))
    except ParameterProblem as problem:
        return _refused(request, problem)
    raise AssertionError("a mistyped parameter was taken")


def _wrong_key(request: HttpRequest) -> HttpResponse:
    request.META["HTTP_AUTHORIZATION"] = "Bearer nokey"
    try:
        presented_key(request)
    except WrongKey as refusal:
        refusal.auth_header = WWW_AUTHENTICATE  # type: ignore[attr-defined]
        return _refused(request, refusal)
    raise AssertionError("a key that is none was taken")


def _wrong_address(request: HttpRequest) -> HttpResponse:
    return _refused(request, wrong_address("k3y5h0wn", "198.51.100.7"))


def _missing(request: HttpRequest) -> HttpResponse:
    request.path = "/api/v1/universities/4150010699/"
    return _refused(request, exceptions.NotFound())


def _database_away(request: HttpRequest) -> HttpResponse:
    code, detail = DATABASE_AWAY
    return problem_response(request, 503, code=code, detail=detail)


def in_the_way() -> Mistake:
    detail = gettext("A firm with this credit code is already in the register.")
    return Mistake("companies_company_uscc_unique", detail, pointer="/uscc")


EXAMPLES: dict[int, Callable[[HttpRequest], HttpResponse]] = {
    400: _mistyped,
    401: _wrong_key,
    403: _wrong_address,
    404: _missing,
    405: lambda request: _refused(request, exceptions.MethodNotAllowed("POST")),
    406: lambda request: _refused(request, exceptions.NotAcceptable()),
    409: lambda request: _refused(request, Conflict([in_the_way()])),
    410: lambda request: _refused(request, Withdrawn()),
    412: lambda request: _refused(request, stale(4, {3})),
    413: lambda request: _refused(request, BodyTooLarge()),
    415: lambda request: _refused(request, exceptions.UnsupportedMediaType("text/csv")),
    416: lambda request: _refused(request, RangeNotThere(2_048)),
    422: lambda request: _refused(request, key_of_another_request()),
    428: lambda request: _refused(request, no_version()),
    429: lambda request: throttled(request, *USED_UP),
    500: lambda request: problem_response(request, 500),
    503: _database_away,
}


# --- Headers


def headers() -> dict[str, Schema]:
    """`components/headers`, in the active language."""
    return {
        name: {"description": str(words), "schema": schema, "example": example}
        for name, (words, schema, example) in HEADERS.items()
    }


def header_references(names: Iterable[str]) -> dict[str, Schema]:
    return {name: {"$ref": f"{COMPONENTS}headers/{name}"} for name in names}


TEXT: Schema = {"type": "string"}
TOLD = told(*USED_UP)
HEADERS: dict[str, tuple[Any, Schema, Any]] = {
    "Cache-Control": (_("A copy may be kept, and must be checked: the day may be another one."), TEXT, "no-cache"),
    "Content-Language": (_("The language of the answer."), {"type": "string", "enum": ["zh", "en", "it"]}, "en"),
    "Vary": (_("By what else than the address the answer differs."), TEXT, "Accept-Language, Cookie"),
    "RateLimit": (
        _("What is left of the caller's limit (draft-ietf-httpapi-ratelimit-headers): `r` requests for `t` seconds."),
        TEXT,
        TOLD["RateLimit"],
    ),
    "RateLimit-Policy": (
        _("The caller's limit: `q` requests in a window of `w` seconds, which begins with the first of them."),
        TEXT,
        TOLD["RateLimit-Policy"],
    ),
    "X-Request-Id": (
        _("The id of the request, to be named when something went wrong."),
        TEXT,
        "4f0c5a1e9d3b4c7f8a2e6d1b0c9f8e7d",
    ),
    "ETag": (
        _("A strong entity tag: of an entry its version and a digest of this answer, else a digest of its bytes."),
        TEXT,
        '"3.9f86d081884c7d65"',
    ),
    "Accept-Ranges": (_("That parts of the file can be asked for."), TEXT, "bytes"),
    "Content-Range": (_("Which part of the file this is."), TEXT, "bytes 0-1023/2048"),
    "Repr-Digest": (
        _("SHA-256 of the whole file (RFC 9530)."),
        TEXT,
        "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    ),
    "Content-Disposition": (
        _("Of a file: its name, in ASCII and in the caller's language."),
        TEXT,
        "attachment; filename=\"high-tech-firms_2026-06-30.csv\"; filename*=UTF-8''high-tech%20firms.csv",
    ),
    "Link": (
        _("Of a file: where its columns are described, its licence, and the address that gives the same again."),
        TEXT,
        '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
    ),
    "WWW-Authenticate": (_("How to present a key."), TEXT, WWW_AUTHENTICATE),
    "Location": (
        _("The address of what was made."),
        {"type": "string", "format": "uri"},
        "https://register.example/api/v1/certifications/1001/",
    ),
    "Idempotency-Replayed": (
        _("`true` where the request had been done before, and this is its answer of then."),
        {"type": "string", "enum": ["true"]},
        "true",
    ),
    "Allow": (_("The methods that the address answers."), TEXT, "GET, HEAD, OPTIONS"),
    "Retry-After": (_("After how many seconds to ask again."), {"type": "integer", "minimum": 1}, 5),
}
