"""Answers of the API in the coding that the caller takes: zstd or gzip, each with a strong entity tag of its own.

The tag of a coded answer is that of the plain one with `-zstd` or `-gzip` before its last quote (RFC 9110, 8.8.3.3), so
that `If-None-Match` knows what the caller holds and `If-Match`, which compares versions, takes either.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable

import zstandard
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from registry.refusing import is_api

LEAST_BYTES = 500
"""Of a shorter answer little would be saved."""


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=5, mtime=0)  # without the time: equal answers are equal bytes


def _zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(content)


CODINGS: dict[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "gzip": _gzip}
"""The first of those that the caller likes best."""
OTHER_NAMES = {"x-gzip": "gzip"}


class CodingMiddleware:
    """Outside whatever makes an answer; files and streams, which have parts or no length, go out as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_api(request):
            return self.get_response(request)
        coding = accepted_coding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        held = request.META.get("HTTP_IF_NONE_MATCH", "")
        if coding is not None and held:
            request.META["HTTP_IF_NONE_MATCH"] = held.replace(f'-{coding}"', '"')
        response = self.get_response(request)
        if response.status_code == 304:
            patch_vary_headers(response, ["Accept-Encoding"])
            # What the caller holds under the coded tag is what has not changed.
            if coding is not None and (tag := coded_tag(response.get("ETag", ""), coding)) in held:
                response["ETag"] = tag
        elif isinstance(response, HttpResponse) and response.content and "Content-Encoding" not in response:
            patch_vary_headers(response, ["Accept-Encoding"])
            if coding is not None and len(response.content) >= LEAST_BYTES:
                code(response, coding)
        return response


def code(response: HttpResponse, coding: str) -> None:
    response.content = CODINGS[coding](response.content)
    response["Content-Encoding"] = coding
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))
    if "ETag" in response:
        response["ETag"] = coded_tag(response["ETag"], coding)


def coded_tag(tag: str, coding: str) -> str:
    return f'{tag[:-1]}-{coding}"'


def accepted_coding(accepted: str) -> str | None:
    """The coding that the header likes best; None for the answer as it is, which is never refused."""
    likings = dict(map(_liking, filter(None, accepted.lower().split(","))))
    rest = likings.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: likings.get(coding, rest))  # the first of equals
    is_liked = likings.get(best, rest) > 0 and likings.get(best, rest) >= likings.get("identity", 0.0)
    return best if is_liked else None


def _liking(part: str) -> tuple[str, float]:
    """Name and weight of one part, as `gzip;q=0.5`; a weight that cannot be read is that of what is not wanted."""
    name, _separator, weight = part.partition(";")
    name = name.strip()
    letter, _separator, value = weight.partition("=")
    try:
        liking = min(float(value), 1.0) if letter.strip() == "q" else 0.0 if weight.strip() else 1.0
    except ValueError:
        liking = 0.0
    return OTHER_NAMES.get(name, name), liking
