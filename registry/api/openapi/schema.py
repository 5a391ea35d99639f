"""The operation of one `RegisterView`: its parameters, the shape of its answer, its refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from registry.api.kinds import ListKind, NearKind
from registry.api.openapi.refusals import (
    ALWAYS,
    OF_A_CHANGE,
    OF_A_PART,
    OF_A_WRITE,
    OF_AN_EXPORT,
    OF_THE_LIMIT,
    ProblemSerializer,
    header_references,
    references,
)
from registry.api.parameters import Parameter
from registry.downloads.formats import FORMATS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Schema = dict[str, Any]

PATH_WORDS: dict[str, tuple[StrOrPromise, str]] = {
    "uscc": (gettext_lazy("The credit code of the firm."), r"^[^/]+$"),
    "part": (gettext_lazy("The key of a part, as the bridge gives it."), r"^[^/]+$"),
    "sequence": (gettext_lazy("The number of the set, as `exports/` gives it."), r"^[1-9][0-9]*$"),
    "name": (gettext_lazy("The name of a file of the set."), r"^[a-z_]+(?:[.][a-z]+)+$"),
    "id": (gettext_lazy("The id of the entry, which never changes."), r"^[1-9][0-9]*$"),
    "code": (gettext_lazy("The code of the entry, as its list gives it."), r"^[^/]+$"),
}
"""What stands for the variable part of an address; a name that is not here has no description."""
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy("The entity tag of an earlier answer: 304 without content when nothing has changed."),
)
RANGE = OpenApiParameter(
    "Range",
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy("One range of bytes, as `bytes=1024-`: a download goes on where it broke off."),
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=gettext_lazy("The entity tag of the entry as you have read it: 412 when it has changed since."),
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description=gettext_lazy(
        "A text of your own for this request: sent again with it, it is not done again and is answered as before."
    ),
)
WHOLE_FILE = gettext_lazy("The whole file.")
PART_OF_A_FILE = gettext_lazy("The range that was asked for.")
DELETED = gettext_lazy("It is deleted.")
WRITTEN = gettext_lazy("Written; the entry as everyone may read it.")
PARTLY_WRITTEN = gettext_lazy("Some items could not be written; each says why.")
HEADERS = ("Cache-Control", "Content-Language", *OF_THE_LIMIT, "Vary", "X-Request-Id")
HEADERS_OF_A_FILE = ("Content-Disposition", "Link")
CONTENT_OF_FILES: Schema = {
    made.media_type: {"schema": {"type": "string", "contentMediaType": made.media_type}} for made in FORMATS.values()
}

CONTENT_OF_SETS: Schema = {
    kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in ("application/jsonl", "application/gzip")
}


class RegisterSchema(AutoSchema):
    """Lists are known by their orders, details by their lookup field, rows by their serializer.

    A view without rows names the serializer of its whole answer in `answer_serializer`.
    """

    view: Any

    def get_override_parameters(self) -> list[Any]:
        asked = [openapi_parameter(parameter) for parameter in self.view.parameters_of(self.method)]
        return [*asked, *(path_parameter(name) for name in re.findall(r"{(\w+)}", self.path)), *self._headers_asked()]

    def _headers_asked(self) -> list[OpenApiParameter]:
        if self._writes():
            needs_version = self._changes()
            return [*([IF_MATCH] if needs_version else []), *([IDEMPOTENCY_KEY] if self.method == "POST" else [])]
        if self._gives_bytes():
            return [IF_NONE_MATCH, RANGE]
        return [] if self._looks_up() else [IF_NONE_MATCH]

    def _writes(self) -> bool:
        return bool(self.method not in ("GET", "HEAD")) and not self._looks_up()

    def _looks_up(self) -> bool:
        """A reading that is sent as a POST."""
        return getattr(self.view, "is_lookup", False)

    def _changes(self) -> bool:
        """Whether it writes an entry that was read before."""
        return self._writes() and self.path.split("/")[-2].startswith(("{", "end"))

    def get_operation_id(self) -> str:
        # By the address: two views over the same rows would otherwise claim one name.
        words = self._words()
        if self._looks_up():
            return "_".join(words)
        if not self._writes():
            return "_".join([*words, "list" if self._is_page() else "read"])
        verb = {"POST": "create", "PATCH": "change", "DELETE": "delete"}[self.method]
        return "_".join(words if words[-1] in ("end", "batch") else [*words, verb])

    def get_request_serializer(self) -> Any:
        return self.view.bodies.get(self.method) if self._writes() or self._looks_up() else None

    def get_summary(self) -> str | None:
        return getattr(self.view, "summary", None)

    def get_description(self) -> str:  # type: ignore[override]
        return getattr(self.view, "description", None) or super().get_description()

    def is_deprecated(self) -> bool:
        return self.view.deprecated is not None

    def get_tags(self) -> list[str]:
        return [next(iter(self._words()), "index")]

    def _words(self) -> list[str]:
        words = [word.strip("{}").replace("-", "_") for word in self.path.split("/") if word]
        return words[2:]

    def get_response_serializers(self) -> Any:
        return self.view.serializer_class if self._has_rows() else self.view.answer_serializer

    def _get_request_body(self, direction: Any = "request") -> Any:
        """One media type; the body of a DELETE is none."""
        body = self.get_request_serializer()
        if body is None:
            return None
        reference = self.resolve_serializer(body, "request").ref
        return {"content": {"application/json": {"schema": reference}}, "required": True}

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Schema]:
        self.resolve_serializer(ProblemSerializer, "response")
        if self._writes():
            return self._answers_to_a_write()
        if self._gives_bytes():
            return self._answers_with_bytes()
        has_tag = not self._looks_up()
        files = HEADERS_OF_A_FILE if self._gives_files() else ()
        found: Schema = {
            "description": "OK",
            "headers": header_references((*HEADERS, *(("ETag",) if has_tag else ()), *files)),
            "content": {"application/json": {"schema": self._answer()}, **(CONTENT_OF_FILES if files else {})},
        }
        unchanged = {"description": str(NOT_MODIFIED), "headers": header_references(("ETag",))}
        of_a_path = () if "{" not in self.path else OF_AN_EXPORT if "{sequence}" in self.path else (404,)
        statuses = (*ALWAYS, *of_a_path, *((413, 415) if self._looks_up() else ()))
        return {"200": found, **({"304": unchanged} if has_tag else {}), **references(statuses)}

    def _answers_with_bytes(self) -> dict[str, Schema]:
        told = ("Cache-Control", *OF_THE_LIMIT, "X-Request-Id", "ETag", "Repr-Digest", "Accept-Ranges")
        content = {**CONTENT_OF_FILES, **CONTENT_OF_SETS}
        headers = header_references((*told, "Content-Disposition"))
        found = {"description": str(WHOLE_FILE), "headers": headers, "content": content}
        part = {**found, "description": str(PART_OF_A_FILE), "headers": headers | header_references(["Content-Range"])}
        unchanged = {"description": str(NOT_MODIFIED), "headers": header_references(("ETag",))}
        statuses = references((*ALWAYS, *OF_AN_EXPORT, *OF_A_PART))
        return {"200": found, "206": part, "304": unchanged, **statuses}

    def _gives_bytes(self) -> bool:
        """An address of files alone, which can be had in parts."""
        return getattr(self.view, "gives_bytes", False)

    def _answers_to_a_write(self) -> dict[str, Schema]:
        statuses = {*ALWAYS, *OF_A_WRITE, *(OF_A_CHANGE if self._changes() else ())}
        if self.method == "DELETE":
            gone = {"description": str(DELETED), "headers": header_references((*OF_THE_LIMIT, "X-Request-Id"))}
            return {"204": gone, **references(statuses - {413, 415, 422})}
        is_new = self.method == "POST" and not self._changes()
        headers = ("ETag", *(("Location",) if is_new else ())) if self._has_tag() else ()
        replayed = ("Idempotency-Replayed",) if self.method == "POST" else ()
        done: Schema = {
            "description": str(WRITTEN),
            "headers": header_references((*HEADERS, *headers, *replayed)),
            "content": {"application/json": {"schema": self._answer()}},
        }
        if not self._has_tag():
            return {"200": done, "207": {**done, "description": str(PARTLY_WRITTEN)}, **references(statuses)}
        return {"201" if is_new else "200": done, **references(statuses)}

    def _has_rows(self) -> bool:
        return hasattr(self.view, "serializer_class") and not hasattr(self.view, "answer_serializer")

    def _is_page(self) -> bool:
        return hasattr(self.view, "orders") and not self._writes()

    def _has_tag(self) -> bool:
        return self._has_rows() and not self._is_page()

    def _gives_files(self) -> bool:
        return any(parameter.name == "format" for parameter in self.view.parameters())

    def _answer(self) -> Schema:
        entry: Schema = self.resolve_serializer(self.get_response_serializers(), "response").ref
        if not self._has_rows():
            return entry
        if not self._is_page():
            return closed({"data": entry, "meta": closed(META_CLOCKS, {**FLAGS, **DIGEST})})
        return closed({"data": {"type": "array", "items": entry}, "next": NEXT, "meta": META_OF_A_LIST})

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Schema:
        """Answers carry every member of their serializer, unless the serializer itself says otherwise."""
        made: Schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        made.pop("description", None)  # a docstring, which is for developers and in English
        fields = serializer().fields if isinstance(serializer, type) else serializer.fields
        for name, member in made["properties"].items():
            _finish_member(member, fields[name], _model_field(fields[name]))
        required = [name for name in made["properties"] if _is_always_there(fields[name])]
        made |= {"additionalProperties": False} | ({"required": required} if required else {})
        return made


PERIOD = ("valid_from", "valid_until")
"""Ends of a period, which may be open; model serializers know by their model whether they can be."""
NOT_MODIFIED = gettext_lazy("Nothing has changed since the entity tag.")


def _is_always_there(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Model serializers mark as not required what a form may leave out; an answer has it all the same."""
    return field.required or isinstance(field.parent, serializers.ModelSerializer) or field.read_only


def _finish_member(member: Schema, field: serializers.Field[Any, Any, Any, Any], model_field: Any) -> None:
    for word in ("readOnly", "writeOnly", "title"):
        member.pop(word, None)
    if field.source in PERIOD and not isinstance(field.parent, serializers.ModelSerializer):
        member["type"] = ["string", "null"]
    if getattr(field, "allow_blank", False) and "oneOf" in member:  # an address, or empty
        del member["oneOf"]
        member["type"] = "string"
    if getattr(field, "allow_blank", False) and "enum" in member:
        member["enum"] = [*(choice for choice in member["enum"] if choice not in ("", None)), ""]
    member.pop("x-spec-enum-id", None)
    if model_field is not None and not field.help_text:
        words = capfirst(str(model_field.help_text or model_field.verbose_name))
        member["description"] = "\n\n".join([words, *filter(None, [member.get("description")])])
    if "allOf" in member and len(member["allOf"]) == 1:
        member |= member.pop("allOf")[0]


def _model_field(field: serializers.Field[Any, Any, Any, Any]) -> Any:
    """The model's field of the same name behind a member of a model serializer; none where it is worked out."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    found = None
    for step in (field.source or "").split(".") if model else ():
        if model is None:
            return None
        try:
            found = model._meta.get_field(step)
        except FieldDoesNotExist:
            return None
        model = found.related_model
    return found if getattr(found, "name", None) == field.field_name and hasattr(found, "verbose_name") else None


# --- Envelopes


def closed(members: Schema, optional: Schema | None = None) -> Schema:
    """An object of these members and no others."""
    return {
        "type": "object",
        "properties": {**members, **(optional or {})},
        "required": list(members),
        "additionalProperties": False,
    }


NEXT: Schema = {
    "type": ["string", "null"],
    "format": "uri",
    "description": gettext_lazy("The address of the next page; null on the last."),
}
META_CLOCKS: Schema = {
    "valid_on": {
        "type": "string",
        "format": "date",
        "description": gettext_lazy("The day on which the answer is true."),
    },
    "known_at": {
        "type": ["string", "null"],
        "format": "date-time",
        "description": gettext_lazy(
            "The moment at which the register knew it: that given, or that of the last committed change."
        ),
    },
}
DIGEST: Schema = {
    "digest": {
        "type": "string",
        "description": gettext_lazy(
            "With both clocks given: sha256 over the question and the data, which no later change alters."
        ),
    },
}
FLAGS: Schema = {
    "flags": {
        "type": "array",
        "description": gettext_lazy(
            "Only where the day lies after the moment of knowing, `future_day`, or the moment before the first record, "
            "`before_first_record`."
        ),
        "items": closed(
            {
                "code": {"type": "string", "description": gettext_lazy("What is to be known, as a stable word.")},
                "detail": {
                    "type": "string",
                    "description": gettext_lazy("What is to be known, as a sentence in the caller's language."),
                },
            }
        ),
    },
}
COUNT: Schema = {"type": "integer", "minimum": 0}
META_OF_A_LIST = closed(
    {
        "filters": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": gettext_lazy("The filters as they were given, and those that hold when none is given."),
        },
        **META_CLOCKS,
    },
    {
        "count": {"type": "integer", "minimum": 0, "description": gettext_lazy("The entries of the whole list.")},
        "count_is_lower_bound": {
            "type": "boolean",
            "description": gettext_lazy("Whether there are more than `count` says."),
        },
        "explained": closed(
            {
                "entries": COUNT | {"description": gettext_lazy("The entries of the list without any filter.")},
                "filters": {
                    "type": "array",
                    "description": gettext_lazy("Each filter, in turn."),
                    "items": closed(
                        {
                            "name": {"type": "string", "description": gettext_lazy("The parameter.")},
                            "value": {"type": "string", "description": gettext_lazy("What it was given, or holds.")},
                            "removed": COUNT
                            | {"description": gettext_lazy("What it removed of that which those before it left.")},
                            "left": COUNT | {"description": gettext_lazy("What it left.")},
                            "without": COUNT
                            | {"description": gettext_lazy("As many entries the list would have without it alone.")},
                        }
                    ),
                },
            }
        )
        | {"description": gettext_lazy("With `explain=true`: what each filter removed.")},
        **FLAGS,
        **DIGEST,
    },
)


# --- Parameters


def path_parameter(name: str) -> OpenApiParameter:
    words, pattern = PATH_WORDS.get(name, ("", ".+"))
    text: Schema = {"type": "string", "minLength": 1, "pattern": pattern}
    schema: Schema = {"type": "integer", "minimum": 1} if name in ("id", "sequence") else text
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, description=str(words))


def openapi_parameter(parameter: Parameter) -> OpenApiParameter:
    is_list = isinstance(parameter.kind, ListKind | NearKind)
    schema = parameter.kind.schema()
    if isinstance(parameter.kind, ListKind):
        schema["uniqueItems"] = True
    if parameter.default is not None:
        # Texts of integers, booleans and words alike; only words are no JSON by themselves.
        is_word = schema.get("type") not in ("integer", "boolean")
        schema["default"] = parameter.default if is_word else json.loads(parameter.default)
    return OpenApiParameter(
        parameter.name,
        type=schema,
        description=str(parameter.description),
        style="form" if is_list else None,
        explode=False if is_list else None,
        deprecated=parameter.deprecated is not None,
    )


def members_of(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Every property of the named schemas of a document: component, name, schema."""
    for component, schema in document["components"]["schemas"].items():
        for name, member in schema.get("properties", {}).items():
            yield component, name, member
