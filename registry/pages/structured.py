"""What a page holds as search engines read it: JSON-LD after schema.org, as the body of a data block."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from registry.downloads.catalogue import datasets
from registry.pages.asking import API

ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
"""So that no text of an entry ends the script element that holds it."""


def json_ld(described: Any) -> SafeString:
    """The body of a `<script type="application/ld+json">`."""
    return mark_safe(json.dumps(described, ensure_ascii=False).translate(ESCAPES))


def data_sets(request: HttpRequest, addresses: Collection[str]) -> list[dict[str, Any]]:
    """The data sets of addresses below /api/v1/, in the active language; none of an address that gives no files."""
    root, paths = request.build_absolute_uri("/").rstrip("/"), {API + address for address in addresses}
    return [one.schema_org(root) for one in datasets() if one.address in paths]
