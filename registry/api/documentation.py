"""The OpenAPI document, and a page to read it and to try the API, made of the document alone."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from drf_spectacular.settings import spectacular_settings
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.languages import CATALOGUES, LANGUAGE_NAMES, language_of
from registry.api.parameters import LANG, Parameter
from registry.api.views import RegisterView


@cache
def document(catalogue: str) -> Any:
    """The OpenAPI document in a language; made once a process."""
    with translation.override(catalogue):
        return spectacular_settings.DEFAULT_GENERATOR_CLASS().get_schema(public=True)


class SchemaView(RegisterView):
    """OpenAPI 3.1 of this API."""

    schema = None  # is not described; the decorator that says so would load the whole generator

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (LANG,)

    def get(self, request: Request) -> Response:
        return Response(document(CATALOGUES[language_of(request._request)]))


class AlwaysHTML(BaseContentNegotiation):
    """A page for people: whatever else their browser would take."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class HTMLRenderer(BaseRenderer):
    """Text that is HTML already."""

    media_type = "text/html"
    format = "html"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        return data


class DocumentationView(RegisterView):
    """A page to read the OpenAPI document and to try the API; asks no other host."""

    schema = None  # is not described; the decorator that says so would load the whole generator

    renderer_classes = (HTMLRenderer,)  # type: ignore[assignment]
    content_negotiation_class = AlwaysHTML  # type: ignore[assignment]

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (LANG,)

    def get(self, request: Request) -> Response:
        language = language_of(request._request)
        words = {"language": language, "html_language": get_language(), "languages": LANGUAGE_NAMES.items()}
        page = render(request._request, "registry/documentation.html", words)
        return Response(page.content.decode())
