"""JSON only: UTF-8, no escapes for Chinese, decimals as strings."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.utils.mediatypes import media_type_matches


class RegisterJSONEncoder(JSONEncoder):
    """DRF's, with decimals as strings: as numbers they would pass through floats."""

    def default(self, obj: Any) -> Any:
        return format(obj, "f") if isinstance(obj, Decimal) else super().default(obj)


class RegisterJSONRenderer(JSONRenderer):
    """DRF's own, pinned: whatever the settings say, Chinese is not escaped and NaN is an error."""

    encoder_class = RegisterJSONEncoder
    ensure_ascii = False
    compact = True
    strict = True

    def get_indent(self, accepted_media_type: str, renderer_context: Any) -> None:
        """No indent on demand (`Accept: application/json; indent=8`): one answer, one digest."""
        return None


class JSONNegotiation(DefaultContentNegotiation):
    """By the Accept header alone. DRF would read `?format=` before the strict parameters refuse it."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        accepted = self.get_accept_list(request)
        for renderer in renderers:
            if any(media_type_matches(renderer.media_type, kind) for kind in accepted):
                return renderer, renderer.media_type
        raise NotAcceptable(available_renderers=list(renderers))
