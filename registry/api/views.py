"""The bases of every read endpoint. A list has three attributes of its own: rows, serializer, filters."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
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

from registry.api.callers import caller_of
from registry.api.cursors import Position, Question, read_cursor, write_cursor
from registry.api.deprecation import Deprecation, announce
from registry.api.digests import digest_of
from registry.api.explaining import EXPLAIN, explained
from registry.api.filtersets import StrictFilterSet
from registry.api.first_known import refuse_known_later
from registry.api.known_days import before_first_record, future_day
from registry.api.languages import language_of, mark_language, speaking
from registry.api.paging import Direction, Order, Walk, count_rows
from registry.api.parameters import CLOCKS, LANG, PAGING, Asked, Parameter, order_parameter, read_parameters
from registry.api.parsers import StrictJSONParser
from registry.api.refusals import Mistake, ParameterProblem
from registry.api.renderers import JSONNegotiation, RegisterJSONRenderer
from registry.api.selection import Selection, selection_parameters
from registry.api.shapes import RowsOn, Shape
from registry.api.snapshots import in_one_snapshot, settle_or_refuse
from registry.compiled import read_entries
from registry.history import last_recorded_at

OF_THE_FORM = ("cursor", "lang", "count", "explain", "format")
"""What the question of a digest leaves out: it changes how an answer is given. Language and page come in anew."""


class RegisterView(APIView):
    """Reads its declared parameters strictly before anything else, and answers in the caller's language."""

    renderer_classes = (RegisterJSONRenderer,)
    parser_classes = (StrictJSONParser,)
    content_negotiation_class = JSONNegotiation
    http_method_names = ["get", "head", "options"]  # noqa: RUF012 (Django declares it for instances)

    deprecated: ClassVar[Deprecation | None] = None
    """Where the whole endpoint is about to go."""
    asked: Asked

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Every parameter of the endpoint; any other is refused."""
        return (*CLOCKS, LANG)

    @classmethod
    def parameters_of(cls, method: str) -> tuple[Parameter, ...]:
        """The parameters of a method; those of reading unless the view writes."""
        return cls.parameters()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with speaking(request) as language:
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()  # here, so that lazy words are said in the caller's language
        mark_language(response, language)
        announce(response, *self.leaving(request))
        response = conditional(request, response)
        # Without a day given an answer is that of today: a copy kept over midnight must not be handed out unasked.
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    def leaving(self, request: HttpRequest) -> list[Deprecation]:
        """What of the question will be answered no more one day."""
        asked = (one for one in self.parameters_of(request.method or "GET") if one.name in request.GET)
        return [one for one in (self.deprecated, *(one.deprecated for one in asked)) if one is not None]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before permissions: who may not write at all hears that nobody can write here.
        if (request.method or "").lower() not in self.http_method_names:
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        self.asked = read_parameters(request.query_params, self.parameters_of(request.method or "GET"))
        if self.asked.known_at is not None:
            self.settle(self.asked.known_at)

    def settle(self, moment: datetime.datetime, parameter: str = "known_at") -> None:
        """400 for a moment that lies ahead; of any other, all that was recorded by it is now to be seen."""
        settle_or_refuse(moment, parameter)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """204 with Allow; what the parameters are stands in the schema."""
        response = HttpResponse(status=204, headers={"Content-Length": "0"})
        del response.headers["Content-Type"]
        return response

    @property
    def statement_seconds(self) -> int | None:
        """How long a statement of this answer may take; None for the limit of every request."""
        return None

    @property
    def valid_on(self) -> datetime.date:
        day: datetime.date = self.asked.valid_on
        return day

    def clocks(self) -> dict[str, str | None]:
        """Both clocks as every answer echoes them; the second is the moment given, or of the last committed change."""
        known_at = self.asked.known_at or last_recorded_at()
        return {
            "valid_on": self.valid_on.isoformat(),
            "known_at": localtime(known_at).isoformat() if known_at else None,
        }

    def noted(self) -> dict[str, Any]:
        """`flags` where the moment of knowing lies before the day of the answer or before the first record."""
        flags = before_first_record(self.asked.known_at) + future_day(self.valid_on, self.asked.known_on)
        return {"flags": flags} if flags else {}

    @property
    def stays(self) -> bool:
        """Whether both clocks were given, so that no later change alters the answer. A flow has its own days."""
        return self.asked.known_at is not None and not self.asked.given.isdisjoint(("valid_on", "from"))

    def digest(self, data: bytes, **more: Any) -> dict[str, str]:
        """The digest of an answer that stays as it is; nothing for any other."""
        if self.asked.known_at is None or not self.stays:
            return {}
        asked = {name: text for name, text in self.asked.texts.items() if name not in OF_THE_FORM}
        question = {
            **asked,
            "known_at": self.asked.known_at.astimezone(datetime.UTC).isoformat(),
            "path": self.request.path,
            "lang": language_of(self.request._request),
            **more,
        }
        return {"digest": digest_of(question, data)}

    def position(self, question: Question) -> Position | None:
        """Where the caller goes on from."""
        text = self.asked.values.get("cursor")
        return read_cursor(text, question) if text else None

    def next_url(self, question: Question, last: Position) -> str:
        """The same question with the cursor and its day, so that a walk over midnight stays on one day."""
        query = self.request.query_params.copy()
        if question.valid_on:
            query["valid_on"] = question.valid_on
        query["cursor"] = write_cursor(question, last)
        # Counting again on every page is what paging by cursor is there to avoid.
        for name in ("count", "explain"):
            query.pop(name, None)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode(safe=',:')}")


class RowsView(RegisterView):
    """A view over rows of one model."""

    queryset: ClassVar[QuerySet[Any]]
    serializer_class: ClassVar[type[BaseSerializer[Any]]]

    def rows(self, day: datetime.date) -> QuerySet[Any]:
        """The rows that this caller may see (`self.request`) of the address (`self.kwargs`), as of the day."""
        return self.queryset.all()

    @classmethod
    def answered(cls, day: datetime.date) -> QuerySet[Any]:
        """The same rows, whoever asks, with all that the serializer shows of them on the day."""
        return cls.queryset.all()

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*super().parameters(), *selection_parameters(cls.serializer_class))  # type: ignore[arg-type]

    def entries(self, keys: Sequence[int], answered: RowsOn | None = None) -> bytes:
        """The entries of the keys as JSON objects with commas between, in the members and the language asked."""
        language = language_of(self.request._request)
        shape = Shape(answered or self.answered, self.serializer_class, Selection.of(self.asked), language)
        return read_entries(shape, keys, self.valid_on)


class RegisterListView(RowsView):
    """`{"data": [...], "next": URL or null, "meta": {...}}`; the first of `orders` is the default."""

    filterset_class: ClassVar[type[StrictFilterSet]] = StrictFilterSet
    orders: ClassVar[tuple[Order, ...]] = (Order("id", "pk", is_nullable=False),)

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        own = cls.filterset_class.parameters()
        order = order_parameter([order.name for order in cls.orders])
        return (*own, *super().parameters(), order, *PAGING, *((EXPLAIN,) if own else ()))

    @in_one_snapshot
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        filterset = self.filterset_class(self.asked, self.queryset, request=request._request)

        def filtered(day: datetime.date) -> QuerySet[Any]:
            return filterset.on(day, self.rows(day))

        direction = self.direction()
        question = self.question(filterset)
        position = self.position(question)
        page = self.walk(filterset, filtered, direction).page(self.valid_on, position)
        meta: dict[str, Any] = {"filters": filterset.texts, **self.clocks(), **self.noted()}
        if way := self.asked.values.get("count"):
            meta |= count_rows(self.counted(filterset), way)
        if self.asked.values.get("explain"):
            meta["explained"] = explained(filterset, lambda: self.rows(self.valid_on))
        data = b"[%s]" % self.entries(page.keys)
        meta |= self.digest(data, after=str(position))
        following = self.next_url(question, page.last) if page.last else None
        return json_answer(data, {"next": following, "meta": meta})

    def counted(self, filterset: StrictFilterSet) -> QuerySet[Any]:
        """As many rows as the list has, which need not be those of the list."""
        return filterset.on(self.valid_on, self.rows(self.valid_on))

    def walk(self, filterset: StrictFilterSet, filtered: RowsOn, direction: Direction) -> Walk:
        # Below one entry's address the rows are that entry's: its statements would hardly come again.
        asked = None if self.kwargs else filterset.question
        question = None if asked is None else (type(self), self.caller(), asked)
        return Walk(filtered, direction, self.asked.values["limit"], question)

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
        known_at = self.asked.known_at
        return Question(
            path=self.request.path,
            order=self.asked.texts["order"],
            filters=filterset.texts,
            valid_on=self.valid_on.isoformat(),
            known_at=known_at.astimezone(datetime.UTC).isoformat() if known_at else None,
            caller=self.caller(),
        )

    def caller(self) -> str:
        """Who asks: cursors and kept statements are theirs alone, for the rows may be."""
        return caller_of(self.request)


class EntryView(RowsView):
    """A view that answers one entry with its tag, whether it was asked for or has just been written."""

    def entry(self, key: int) -> bytes:
        """The entry of the key as a JSON object."""
        return self.entries([key])

    def answer(self, key: int, version: int) -> HttpResponse:
        """The entry with its tag, whoever asked for it by which method."""
        entry = self.entry(key)
        if beside := self.beside(key):
            entry = b"%s,%s" % (entry[:-1], RegisterJSONRenderer().render(beside)[1:])
        response = json_answer(entry, {"meta": self.clocks() | self.noted() | self.digest(entry)})
        response.headers["ETag"] = entity_tag(version, entry, self.tag_context())
        return response

    def beside(self, key: int) -> dict[str, Any]:
        """Members that come from elsewhere than the entry's row."""
        return {}

    def tag_context(self) -> dict[str, str]:
        """What makes another representation of one version: the day, the language, the caller's class."""
        caller = "signed-in" if self.request.user.is_authenticated else "public"
        return {
            "valid_on": self.valid_on.isoformat(),
            "language": language_of(self.request._request),
            "caller": caller,
            **({"known_at": self.clocks()["known_at"] or ""} if self.asked.known_at else {}),
        }


class RegisterDetailView(EntryView):
    """`{"data": {...}, "meta": {...}}` with a strong entity tag; `lookup_field` is the URL's name, too."""

    lookup_field: ClassVar[str] = "code"

    @in_one_snapshot
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.answer(*self.row(kwargs[self.lookup_field]))
        tag = response["ETag"]
        conditional = get_conditional_response(request._request, etag=tag, response=response)
        return conditional or response

    def row(self, value: str) -> tuple[int, int]:
        """Key and version of the row in the address; 404 when the caller may not see it."""
        rows = self.rows(self.valid_on).filter(**{self.lookup_field: value})
        found: tuple[int, int] | None = rows.values_list("pk", "version").first()
        if found is None:
            refuse_known_later(rows, value, self.asked.known_at)
            raise Http404
        return found


def conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer to a reading with a strong entity tag, of its bytes where it has none of its own; or 304."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or "ETag" in response:
        return response
    if not isinstance(response, HttpResponse):
        return response
    language = response.headers.get("Content-Language", "")
    response["ETag"] = f'"{hashlib.sha256(language.encode() + response.content).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
    if unchanged is not None and unchanged is not response:
        return unchanged
    return response


def json_answer(data: bytes, rest: Mapping[str, Any]) -> HttpResponse:
    """`{"data": …}` with the members of `rest` after it; the data are JSON already."""
    content = b'{"data":%s,%s' % (data, RegisterJSONRenderer().render(rest)[1:])
    return HttpResponse(content, content_type=RegisterJSONRenderer.media_type)


def entity_tag(version: int, entry: bytes, context: Mapping[str, str]) -> str:
    """`"<version>.<hash>"`. Without `known_at`: a change elsewhere leaves this entry's tag as it is."""
    content = entry + json.dumps(context, sort_keys=True).encode()
    return f'"{version}.{hashlib.sha256(content).hexdigest()[:16]}"'
