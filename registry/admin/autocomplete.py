"""Suggestions while one types the name of a related entry."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from registry import scope
from registry.admin import labels


class EntryAutocomplete(AutocompleteJsonView):
    """Names an entry as its own admin does, not by its code alone."""

    def get_queryset(self) -> Any:
        """Those that the form would accept for this field, found as their own admin finds them."""
        chosen = scope.choices(self.source_field, self.request.user)
        return super().get_queryset().filter(pk__in=chosen.values("pk"))

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": labels.label_of(obj)}


def autocomplete(request: HttpRequest) -> HttpResponseBase:
    return EntryAutocomplete.as_view(admin_site=admin.site)(request)
