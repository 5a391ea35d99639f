"""What can be downloaded, for portals (DCAT-AP) and for search engines (schema.org `Dataset`): one source for both."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.addresses import table_name
from registry.api.documentation import document
from registry.api.languages import language_of
from registry.api.parameters import LANG, Parameter
from registry.api.views import RegisterView
from registry.days import today
from registry.downloads.dictionary import downloadable, table_parameter
from registry.downloads.formats import FORMATS, JSON

REGISTER = _("Register of Chongqing's innovation economy")
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
CONTINUOUSLY = "http://publications.europa.eu/resource/authority/frequency/UPDATE_CONT"


@dataclass(frozen=True)
class Dataset:
    """One address with its files, in one language; `files` are addresses by media type."""

    address: str
    title: str
    description: str
    files: dict[str, str]

    def dcat(self, root: str) -> dict[str, Any]:
        """As DCAT-AP describes a data set; `root` is the host's address."""
        return {
            "@id": root + self.address,
            "@type": "dcat:Dataset",
            **_told(self.title, self.description),
            "dct:accrualPeriodicity": {"@id": CONTINUOUSLY},
            "dcat:distribution": [
                {
                    "@type": "dcat:Distribution",
                    "dcat:accessURL": {"@id": root + file},
                    "dcat:mediaType": {"@id": MEDIA_TYPES + media_type},
                    "dct:license": {"@id": settings.LICENCE["url"]},
                }
                for media_type, file in self.files.items()
            ],
        }

    def schema_org(self, root: str) -> dict[str, Any]:
        """As schema.org describes a data set, to be embedded in a page."""
        return {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": self.title,
            "description": self.description,
            "url": root + self.address,
            "license": settings.LICENCE["url"],
            "isAccessibleForFree": True,
            "creator": {"@type": "Organization", "name": str(REGISTER)},
            "distribution": [
                {"@type": "DataDownload", "contentUrl": root + file, "encodingFormat": media_type}
                for media_type, file in self.files.items()
            ],
        }


def listed() -> Iterator[tuple[str, bool]]:
    """Every address that one question answers, and whether that needs a period: none below one entry, no revisions."""
    for address, view in downloadable():
        names = {parameter.name for parameter in view.parameters()}
        if "{" not in address and "known_from" not in names:
            yield address, "from" in names


def datasets() -> Iterator[Dataset]:
    """In the active language. What needs a period shows the last whole year."""
    paths = document(get_language() or "en")["paths"]
    year = today().year - 1
    for address, needs_period in listed():
        period = {"from": datetime.date(year, 1, 1), "to": datetime.date(year, 12, 31)} if needs_period else {}
        files = {"application/json": _file(address, JSON, period)}
        files |= {made.media_type: _file(address, made.name, period) for made in FORMATS.values()}
        said = paths[address]["get"]
        yield Dataset(address, said["summary"], said["description"], files)


def _file(address: str, form: str, period: dict[str, Any]) -> str:
    return f"{address}?{urlencode({**period, 'format': form})}"


def _told(title: Any, description: Any) -> dict[str, Any]:
    return {
        "dct:title": str(title),
        "dct:description": str(description),
        "dct:license": {"@id": settings.LICENCE["url"]},
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": str(REGISTER)},
    }


class CatalogueSerializer(serializers.Serializer[Any]):
    """The data sets, as JSON-LD."""

    vars()["@context"] = serializers.DictField(help_text=_("What the short names of the members stand for."))
    vars()["@id"] = serializers.URLField(help_text=_("The address of the catalogue."))
    vars()["@type"] = serializers.CharField(help_text=_("What this is, by DCAT."))
    vars()["dct:title"] = serializers.CharField(help_text=_("What the catalogue is called."))
    vars()["dct:description"] = serializers.CharField(help_text=_("What the catalogue holds."))
    vars()["dct:license"] = serializers.DictField(help_text=_("The licence of the data."))
    vars()["dct:publisher"] = serializers.DictField(help_text=_("Who publishes it."))
    vars()["dct:language"] = serializers.CharField(help_text=_("The language of the texts."))
    vars()["dcat:dataset"] = serializers.ListField(
        child=serializers.DictField(), help_text=_("The data sets with their files, by address.")
    )


class CatalogueView(RegisterView):
    """What can be downloaded, as portals read it: DCAT-AP in JSON-LD."""

    answer_serializer = CatalogueSerializer

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (table_parameter(address for address, _needs_period in listed()), LANG)

    def get(self, request: Request) -> Response:
        root = request.build_absolute_uri("/").rstrip("/")
        description = _("Figures of the city's innovation economy, and the lists behind them.")
        return Response(
            {
                "@context": CONTEXT,
                "@id": root + request.path,
                "@type": "dcat:Catalog",
                **_told(REGISTER, description),
                "dct:language": language_of(request._request),
                "dcat:dataset": [
                    dataset.dcat(root)
                    for dataset in datasets()
                    if self.asked.values.get("table") in (None, table_name(dataset.address))
                ],
            }
        )
