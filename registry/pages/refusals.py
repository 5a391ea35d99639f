"""Refusals as pages for people: what is wrong, and where to go. They need neither the database nor a user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from registry.api.languages import CATALOGUES, LANGUAGE_TAGS
from registry.api.refusals import SENTENCES, TITLES, Problem
from registry.pages.asking import NotAnswered
from registry.pages.languages import language_of_page, remember_language, switches

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KEPT_HEADERS = ("Retry-After", "Allow")


def refusal_page(
    request: HttpRequest,
    status: int,
    *,
    detail: StrOrPromise | None = None,
    mistakes: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """An HTML page of the status; `mistakes` are those of a problem, as the API writes them."""
    language = language_of_page(request)
    fallback = 400 if status < 500 else 500
    with translation.override(CATALOGUES[language]):
        content = {
            "status": status,
            "title": TITLES.get(status, TITLES[fallback]),
            "detail": str(detail or SENTENCES.get(status, SENTENCES[fallback])),
            "mistakes": mistakes,
            "page": {
                "language": language,
                "html_language": LANGUAGE_TAGS[language],
                "languages": switches(request, language) if status in (400, 404) else [],
            },
        }
        response = render(request, "registry/public/refusal.html", content, status=status)
    for name in KEPT_HEADERS:
        if headers and name in headers:
            response.headers[name] = headers[name]
    remember_language(request, response, language)
    return response


def page_of_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    mistakes = [mistake.as_json() for mistake in problem.mistakes]
    return refusal_page(request, problem.status_code, detail=mistakes[0]["detail"], mistakes=mistakes)


def page_of_answer(request: HttpRequest, refused: NotAnswered) -> HttpResponse:
    """What the API refused inside, in its own words."""
    problem = refused.problem
    return refusal_page(
        request,
        refused.status,
        detail=problem.get("detail"),
        mistakes=problem.get("errors", ()),
        headers=refused.headers,
    )
