"""Every unsafe request is one transaction that carries its user and an id of its own."""

import uuid
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from registry.history import acting

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ActorMiddleware:
    """Gives each request an id (echoed as `X-Request-Id`) and each write its acting user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        response = self.get_response(request) if request.method in SAFE_METHODS else self.write(request, request_id)
        response["X-Request-Id"] = request_id
        return response

    def write(self, request: HttpRequest, request_id: str) -> HttpResponse:
        user = request.user if request.user.is_authenticated else None
        with acting(user, request_id=request_id):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response
