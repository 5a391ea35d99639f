"""Counts each request to the API before anything else is done for it, and tells each answer what is left."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from registry.api.languages import speaking
from registry.api.refusals import problem_response
from registry.limits.callers import Limit, limit_of
from registry.limits.counting import WINDOW_SECONDS, Count, count_request
from registry.refusing import is_api, refuse


class LimitMiddleware:
    """Outside every transaction: what a request wrote may be taken back, that it was made is not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        try:
            limit = limit_of(request)
            count = count_request(limit.caller)
        except (DatabaseError, InterfaceError) as error:
            return refuse(request, error, 500)
        is_over = count.requests > limit.requests
        response = throttled(request, limit, count) if is_over else self.get_response(request)
        for name, value in told(limit, count).items():
            response[name] = value
        return response


def told(limit: Limit, count: Count) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers-10 has it: the policy, what is left of it, and for how many seconds."""
    left = max(limit.requests - count.requests, 0)
    return {
        "RateLimit-Policy": f'"{limit.policy}";q={limit.requests};w={WINDOW_SECONDS}',
        "RateLimit": f'"{limit.policy}";r={left};t={count.seconds_left}',
    }


def throttled(request: HttpRequest, limit: Limit, count: Count) -> HttpResponse:
    words = {"most": limit.requests, "seconds": count.seconds_left}
    with speaking(request):
        detail = _("More than %(most)d requests in a minute; ask again in %(seconds)d seconds.") % words
    headers = {"Retry-After": str(count.seconds_left), "X-Request-Id": uuid.uuid4().hex}
    return problem_response(request, 429, detail=detail, headers=headers)
