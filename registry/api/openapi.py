"""What drf-spectacular is told: every parameter with its one description, the envelopes, the problems."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from registry.api.kinds import ListKind, NearKind
from registry.api.parameters import Parameter
from registry.api.refusals import CONTENT_TYPE, TITLES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PATH_WORDS: dict[str, StrOrPromise] = {
    "uscc": gettext_lazy("The credit code of the firm."),
    "code": gettext_lazy("The code of the entry, as its list gives it."),
}
"""What stands for the variable part of an address; a name that is not here has no description."""
LIST_STATUSES = (400, 401, 403, 406, 429, 500, 503)
DETAIL_STATUSES = (*LIST_STATUSES[:3], 404, *LIST_STATUSES[3:])


class MistakeSerializer(serializers.Serializer[Any]):
    """One wrong thing: a parameter of the query, or a place in the body."""

    parameter = serializers.CharField(required=False)
    pointer = serializers.CharField(required=False)
    code = serializers.CharField()
    detail = serializers.CharField()
    nearest = serializers.CharField(required=False)


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457. `type` and `code` are stable; `detail` is in the caller's language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    instance = serializers.CharField()
    errors = MistakeSerializer(many=True)  # type: ignore[assignment]


class RegisterSchema(AutoSchema):
    """The schema of a `RegisterView`; lists are known by their orders, rows by their serializer."""

    def get_override_parameters(self) -> list[Any]:
        declared = getattr(self.view, "parameters", None)
        asked = [openapi_parameter(parameter) for parameter in declared()] if declared else []
        return [*asked, *(path_parameter(name) for name in re.findall(r"{(\w+)}", self.path))]

    def get_operation_id(self) -> str:
        # By the address: two views over the same rows would otherwise claim one name.
        words = [word.strip("{}").replace("-", "_") for word in self.path.split("/") if word]
        return "_".join([*words[2:], "list" if self._is_page() else "read"])

    def get_response_serializers(self) -> Any:
        serializer = getattr(self.view, "serializer_class", None)
        answer: Any = self._envelope(serializer) if serializer else {"type": "object"}
        statuses = LIST_STATUSES if self._is_page() else DETAIL_STATUSES
        refusals = {
            (str(status), CONTENT_TYPE): OpenApiResponse(ProblemSerializer, str(TITLES[status])) for status in statuses
        }
        return {("200", "application/json"): OpenApiResponse(answer, "OK"), **refusals}

    def _is_page(self) -> bool:
        return hasattr(self.view, "orders")

    def _envelope(self, serializer: type[serializers.BaseSerializer[Any]]) -> dict[str, Any]:
        entry = self.resolve_serializer(serializer, "response").ref  # type: ignore[arg-type]
        if not self._is_page():
            return _object({"data": entry, "meta": _object(META_CLOCKS)})
        following = {"type": ["string", "null"], "format": "uri"}
        return _object({"data": {"type": "array", "items": entry}, "next": following, "meta": META_OF_A_LIST})


META_CLOCKS: dict[str, Any] = {
    "valid_on": {"type": "string", "format": "date"},
    "known_at": {"type": ["string", "null"], "format": "date-time"},
}


def _object(members: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": {**members, **(optional or {})}, "required": list(members)}


META_OF_A_LIST = _object(
    {"filters": {"type": "object", "additionalProperties": {"type": "string"}}, **META_CLOCKS},
    {"count": {"type": "integer"}, "count_is_lower_bound": {"type": "boolean"}},
)


def path_parameter(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.PATH, description=str(PATH_WORDS.get(name, "")))


def openapi_parameter(parameter: Parameter) -> OpenApiParameter:
    is_list = isinstance(parameter.kind, ListKind | NearKind)
    schema = parameter.kind.schema()
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
    )
