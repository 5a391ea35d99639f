"""How a page asks the API: by an address and its parameters, in this process, as somebody who is not signed in."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.urls import resolve

API = "/api/v1/"
Query = Mapping[str, str | None]
"""Parameters of an address; None leaves one out, of those that go without saying too."""
PASSED_ON = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme", "REMOTE_ADDR")


class NotAnswered(Exception):
    """The API refused: `problem` is the body of its application/problem+json."""

    def __init__(self, status: int, problem: dict[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__(problem.get("detail", ""))
        self.status, self.problem, self.headers = status, problem, headers


@dataclass(frozen=True)
class Asker:
    """Puts questions to the API, each once. `said` goes without saying: language and clocks of the whole page."""

    request: HttpRequest
    said: Mapping[str, str] = field(default_factory=dict)
    answers: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def __call__(self, address: str, question: Query | None = None) -> dict[str, Any]:
        """The answer of an address below /api/v1/, such as `companies/`; NotAnswered with the API's own refusal."""
        path, query = API + address, urlencode(self.full(question or {}))
        if (path, query) not in self.answers:
            self.answers[path, query] = self._answer(path, query)
        return self.answers[path, query]

    def _answer(self, path: str, query: str) -> dict[str, Any]:
        request = inner_request(self.request, path, query)
        view, args, kwargs = resolve(path)
        response = view(request, *args, **kwargs)
        answer: dict[str, Any] = json.loads(response.content)
        if response.status_code != 200:
            raise NotAnswered(response.status_code, answer, response.headers)
        return answer

    def full(self, question: Query) -> dict[str, str]:
        return {name: text for name, text in {**self.said, **question}.items() if text is not None}


def api_address(address: str, question: Query) -> str:
    """Path and query of an address of the API, as a page links it."""
    query = urlencode({name: text for name, text in question.items() if text is not None}, safe=",:")
    return API + address + (f"?{query}" if query else "")


def inner_request(outer: HttpRequest, path: str, query: str) -> WSGIRequest:
    """A GET without cookies or log-in, of the same host."""
    environ = {name: outer.META[name] for name in PASSED_ON if name in outer.META}
    environ |= {"REQUEST_METHOD": "GET", "PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": query}
    request = WSGIRequest({"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": io.BytesIO(), **environ})
    request.user = AnonymousUser()
    return request
