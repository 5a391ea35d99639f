"""Pages of the admin beside those of its models."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """With the admin's own head and menu."""
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})
