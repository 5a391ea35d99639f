"""A firm as schema.org describes an organisation (JSON-LD), for search engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

from registry.pages.structured import json_ld


def organization(firm: Mapping[str, Any], address: str) -> SafeString:
    """The body of a `<script type="application/ld+json">`; members without a value are left out."""
    others = [text for name in firm["names"] for text in (name["name_zh"], name["name_en"]) if text != firm["name"]]
    described = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": address,
        "url": firm["website"] or None,
        "name": firm["name"],
        "alternateName": list(dict.fromkeys(text for text in others if text)) or None,
        "identifier": {"@type": "PropertyValue", "propertyID": "统一社会信用代码", "value": firm["uscc"]},
        "foundingDate": firm["established_on"],
        "dissolutionDate": firm["dissolved_on"],
        "address": _place(firm),
        "subjectOf": {"@type": "WebPage", "url": address},
    }
    return json_ld({name: told for name, told in described.items() if told is not None})


def _place(firm: Mapping[str, Any]) -> dict[str, str] | None:
    if not firm["district"]:
        return None
    place = {"@type": "PostalAddress", "addressCountry": "CN", "addressRegion": "重庆市"}
    place["addressLocality"] = firm["district"]["name"]
    return place | ({"streetAddress": firm["address"]} if firm["address"] else {})
