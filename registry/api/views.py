"""The bases of every read endpoint. A list has three attributes of its own: rows, serializer, filters."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from registry.api.cursors import Position, Question, read_cursor, write_cursor
from registry.api.filtersets import StrictFilterSet
from registry.api.languages import language_of, mark_language, speaking
from registry.api.openapi import RegisterSchema
from registry.api.paging import Direction, Order, Page, count_rows, read_page
from registry.api.parameters import CLOCKS, LANG, PAGING, Asked, Parameter, order_parameter, read_parameters
from registry.api.parsers import StrictJSONParser
from registry.api.refusals import Mistake, ParameterProblem
from registry.api.renderers import JSONNegotiation, RegisterJSONRenderer
from registry.api.snapshots import in_one_snapshot


class RegisterView(APIView):
    """Reads its declared parameters strictly before anything else, and answers in the caller's language."""

    renderer_classes = (RegisterJSONRenderer,)
    parser_classes = (StrictJSONParser,)
    content_negotiation_class = JSONNegotiation
    http_method_names = ["get", "head", "options"]  # noqa: RUF012 (Django declares it for instances)
    schema = RegisterSchema()

    asked: Asked

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Every parameter of the endpoint; any other is refused."""
        return (*CLOCKS, LANG)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with speaking(request) as language:
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()  # here, so that lazy words are said in the caller's language
        mark_language(response, language)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before permissions: who may not write at all hears that nobody can write here.
        if (request.method or "").lower() not in self.http_method_names:
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        self.asked = read_parameters(request.query_params, self.parameters())

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """204 with Allow; what the parameters are stands in the schema."""
        return HttpResponse(status=204, headers={"Content-Length": "0"})

    @property
    def valid_on(self) -> datetime.date:
        day: datetime.date = self.asked.valid_on
        return day

    def clocks(self) -> dict[str, str | None]:
        """Both clocks as every answer echoes them; the second is the moment of the last committed change."""
        from registry.history import last_recorded_at

        recorded_at = last_recorded_at()
        return {
            "valid_on": self.valid_on.isoformat(),
            "known_at": localtime(recorded_at).isoformat() if recorded_at else None,
        }

    def serializer_context(self) -> dict[str, Any]:
        return {
            "request": self.request,
            "view": self,
            "valid_on": self.valid_on,
            "language": language_of(self.request._request),
        }


class RowsView(RegisterView):
    """A view over rows of one model."""

    queryset: ClassVar[QuerySet[Any]]
    serializer_class: ClassVar[type[BaseSerializer[Any]]]

    def rows(self) -> QuerySet[Any]:
        """The rows that this caller may see (`self.request`), as of `self.valid_on`."""
        return self.queryset.all()


class RegisterListView(RowsView):
    """`{"data": [...], "next": URL or null, "meta": {...}}`; the first of `orders` is the default."""

    filterset_class: ClassVar[type[StrictFilterSet]] = StrictFilterSet
    orders: ClassVar[tuple[Order, ...]] = (Order("id", "pk", is_nullable=False),)

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        own = cls.filterset_class.parameters()
        return (*own, *super().parameters(), order_parameter([order.name for order in cls.orders]), *PAGING)

    @in_one_snapshot
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        filterset = self.filterset_class(self.asked, self.rows(), request=request._request)
        direction = self.direction()
        question = self.question(filterset)
        page = read_page(filterset.qs, direction, self.position(question), self.asked.values["limit"])
        meta: dict[str, Any] = {"filters": filterset.texts, **self.clocks()}
        if way := self.asked.values.get("count"):
            meta |= count_rows(filterset.qs, way)
        return Response({"data": self.represent(page.rows), "next": self.next_url(question, page), "meta": meta})

    def represent(self, rows: list[Any]) -> Any:
        return self.serializer_class(rows, many=True, context=self.serializer_context()).data

    def direction(self) -> Direction:
        text: str = self.asked.values["order"]
        order = next(order for order in self.orders if order.name == text.removeprefix("-"))
        if order.needs and order.needs not in self.asked.given:
            detail = _("order=%(order)s needs the parameter %(needs)s.") % {
                "order": text,
                "needs": order.needs,
            }
            raise ParameterProblem([Mistake("order_needs", detail, parameter="order", nearest=order.needs)])
        return Direction(order, text.startswith("-"))

    def question(self, filterset: StrictFilterSet) -> Question:
        user = self.request.user
        return Question(
            path=self.request.path,
            order=self.asked.texts["order"],
            filters=filterset.texts,
            valid_on=self.valid_on.isoformat(),
            known_at=self.asked.texts.get("known_at"),
            caller=f"user:{user.pk}" if user.is_authenticated else "public",
        )

    def position(self, question: Question) -> Position | None:
        text = self.asked.values.get("cursor")
        return read_cursor(text, question) if text else None

    def next_url(self, question: Question, page: Page) -> str | None:
        """The same question with the cursor and its day, so that a walk over midnight stays on one day."""
        if page.last is None:
            return None
        query = self.request.query_params.copy()
        query["valid_on"] = question.valid_on
        query["cursor"] = write_cursor(question, page.last)
        # Counting again on every page is what paging by cursor is there to avoid.
        query.pop("count", None)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode(safe=',:')}")


class RegisterDetailView(RowsView):
    """`{"data": {...}, "meta": {...}}` with a strong entity tag; `lookup_field` is the URL's name, too."""

    lookup_field: ClassVar[str] = "code"

    @in_one_snapshot
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = self.row(kwargs[self.lookup_field])
        data = self.represent(row)
        response = Response({"data": data, "meta": self.clocks()})
        response.headers["ETag"] = tag = entity_tag(row.version, data, self.tag_context())
        conditional = get_conditional_response(request._request, etag=tag, response=response)
        return conditional or response

    def represent(self, row: Any) -> Any:
        return self.serializer_class(row, context=self.serializer_context()).data

    def row(self, key: str) -> Any:
        try:
            return self.rows().get(**{self.lookup_field: key})
        except self.queryset.model.DoesNotExist:
            raise Http404 from None

    def tag_context(self) -> dict[str, str]:
        """What makes another representation of one version: the day, the language, the caller's class."""
        caller = "signed-in" if self.request.user.is_authenticated else "public"
        return {
            "valid_on": self.valid_on.isoformat(),
            "language": language_of(self.request._request),
            "caller": caller,
        }


def entity_tag(version: int, data: Any, context: Mapping[str, str]) -> str:
    """`"<version>.<hash>"`. Without `known_at`: a change elsewhere leaves this entry's tag as it is."""
    content = RegisterJSONRenderer().render(data) + json.dumps(context, sort_keys=True).encode()
    return f'"{version}.{hashlib.sha256(content).hexdigest()[:16]}"'
