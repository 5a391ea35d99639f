"""Every unsafe request is one transaction that carries its user and an id of its own, but for views that say no.

Static files are listed when the first is asked for.
"""

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from whitenoise.middleware import WhiteNoiseMiddleware

from registry.history import acting
from registry.keys.presenting import good_key

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ActorMiddleware:
    """Gives each request an id (echoed as `X-Request-Id`) and each write its acting user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        is_alone = request.method in SAFE_METHODS or is_non_atomic(request)
        response = self.get_response(request) if is_alone else self.write(request, request_id)
        response["X-Request-Id"] = request_id
        return response

    def write(self, request: HttpRequest, request_id: str) -> HttpResponse:
        key = good_key(request)
        user = request.user if key is None and request.user.is_authenticated else None
        with acting(user, key=key, request_id=request_id):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response


def is_non_atomic(request: HttpRequest) -> bool:
    """Whether the view asks, as Django's `transaction.non_atomic_requests`, for no transaction around it.

    Hashing a password takes as long as a busy machine likes, and the database ends a transaction that waits for it.
    """
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return DEFAULT_DB_ALIAS in getattr(view, "_non_atomic_requests", ())


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, but the files are listed when one is asked for: hundreds, which a process that answers only the API
    never serves.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        self._unlisted: list[Callable[[], None]] = []
        self._listing = threading.Lock()
        super().__init__(*given, **named)

    def add_files(self, root: str, prefix: str | None = None) -> None:
        self._unlisted.append(partial(super().add_files, root, prefix))

    def add_files_from_finders(self) -> None:
        self._unlisted.append(super().add_files_from_finders)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._unlisted and request.path_info.startswith(self.static_prefix):
            with self._listing:
                for listed in self._unlisted:
                    listed()
                self._unlisted = []
        answer: HttpResponse = super().__call__(request)
        return answer
