"""The data dictionary: the columns of every file that can be asked for, as CSV on the Web describes tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import get_resolver
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.addresses import addresses, table_name, with_braces
from registry.api.documentation import document
from registry.api.kinds import ChoiceKind
from registry.api.languages import LANGUAGE_TAGS, language_of
from registry.api.parameters import LANG, Parameter
from registry.api.views import RegisterView
from registry.downloads.flattening import Flat
from registry.downloads.formats import FORMATS
from registry.downloads.tables import Column
from registry.downloads.views import Downloadable

CONTEXT = "http://www.w3.org/ns/csvw"


class ColumnSerializer(serializers.Serializer[Any]):
    """A column of a file."""

    name = serializers.CharField(help_text=_("The name of the column, the same in every language and format."))
    titles = serializers.CharField(help_text=_("What the column is called in a workbook."))
    datatype = serializers.CharField(help_text=_("What its values are, by the words of XML Schema."))
    vars()["dc:description"] = serializers.CharField(help_text=_("What its values mean; may be empty."))


class SchemaSerializer(serializers.Serializer[Any]):
    """The columns of a file."""

    columns = ColumnSerializer(many=True, help_text=_("The columns in their order."))


class TableSerializer(serializers.Serializer[Any]):
    """The files of one address."""

    url = serializers.CharField(help_text=_("The address of which this is a file, with names in braces to fill in."))
    vars()["dc:title"] = serializers.CharField(help_text=_("What the file holds."))
    tableSchema = SchemaSerializer(help_text=_("The columns of the file."))


class DictionarySerializer(serializers.Serializer[Any]):
    """Every file."""

    vars()["@context"] = serializers.ListField(help_text=_("That of CSV on the Web, with the language of the texts."))
    vars()["dc:license"] = serializers.URLField(help_text=_("The licence of the data."))
    formats = serializers.DictField(
        child=serializers.CharField(), help_text=_("The media type of each word that `format` takes.")
    )
    most_rows = serializers.IntegerField(help_text=_("The rows that a file holds at most."))
    tables = TableSerializer(many=True, help_text=_("The files, by address."))


class DictionaryView(RegisterView):
    """The columns of every file that `format` gives: name, title, type and meaning, as CSV on the Web (W3C)."""

    answer_serializer = DictionarySerializer

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (table_parameter(address for address, _view in downloadable()), LANG)

    def get(self, request: Request) -> Response:
        language = LANGUAGE_TAGS[language_of(request._request)]
        wanted = self.asked.values.get("table")
        return Response(
            {
                "@context": [CONTEXT, {"@language": language}],
                "dc:license": settings.LICENCE["url"],
                "formats": {name: made.media_type for name, made in FORMATS.items()},
                "most_rows": settings.MOST_ROWS_OF_A_FILE,
                "tables": [
                    table_of(address, view)
                    for address, view in downloadable()
                    if wanted is None or table_name(address) == wanted
                ],
            }
        )


def table_parameter(listed: Iterable[str]) -> Parameter:
    words = _("Only the files of this address, without the part before it that is the same for all.")
    return Parameter("table", ChoiceKind(tuple(map(table_name, listed))), words)


def downloadable() -> Iterator[tuple[str, Downloadable]]:
    """Each address with a view that gives files."""
    for path, view, made_with in addresses(get_resolver()):
        if view is not None and issubclass(view, Downloadable):
            yield "/" + with_braces(path), view(**made_with)


def described(view: Any, columns: Sequence[Column]) -> list[Column]:
    """The columns of a view's files with what they mean, in the active language."""
    meanings = meanings_of(view)
    return [replace(one, description=str(one.description) or meanings.get(one.name, "")) for one in columns]


def table_of(address: str, view: Downloadable) -> dict[str, Any]:
    """In the active language."""
    return {
        "url": address,
        "dc:title": view.file_title(),
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": str(column.title),
                    "datatype": column.datatype.value,
                    "dc:description": column.description,
                }
                for column in described(view, view.file_columns())
            ]
        },
    }


def meanings_of(view: Any) -> dict[str, str]:
    """What the columns of a list mean, by the words that the OpenAPI document has for its members."""
    serializer_class = getattr(view, "serializer_class", None)
    if serializer_class is None:
        return {}
    schemas = document(get_language() or "en")["components"]["schemas"]
    shape = schemas[serializer_class.__name__.removesuffix("Serializer")]
    leaves = Flat(serializer_class(), getattr(view, "each", None)).leaves
    return {leaf.column.name: " – ".join(_meaning(schemas, shape, leaf.path)) for leaf in leaves}


def _meaning(schemas: dict[str, Any], shape: dict[str, Any], path: Sequence[str]) -> Iterator[str]:
    """The descriptions of the members on the way."""
    for name in path:
        member = shape["properties"][name]
        if member.get("description"):
            yield member["description"]
        inner = member.get("items", member)
        found = [one["$ref"] for one in (inner, *inner.get("oneOf", ()), *inner.get("allOf", ())) if "$ref" in one]
        shape = schemas[found[0].rsplit("/", 1)[1]] if found else {}
