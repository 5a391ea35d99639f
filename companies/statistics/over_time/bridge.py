"""`statistics/{metric}/bridge/`: from the stock of one day to that of another, and the firms behind each part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from companies.statistics import ledger
from companies.statistics.downloads import tables
from companies.statistics.downloads.answering import answered, form_of_digest
from companies.statistics.over_time.answers import (
    BridgeSerializer,
    PartFirmSerializer,
    PartFirmsSerializer,
    PartMetaSerializer,
)
from companies.statistics.over_time.firms import named_on_days
from companies.statistics.over_time.parameters import BRIDGE_FROM, BRIDGE_TO
from companies.statistics.over_time.views import StandingView, rendered
from registry.api.cursors import Position, Question
from registry.api.languages import language_of
from registry.api.parameters import CURSOR, KNOWN_AT, LANG, LIMIT
from registry.api.snapshots import in_one_snapshot
from registry.api.views import json_answer
from registry.downloads.formats import most_rows, refuse_more_rows
from registry.downloads.tables import Column


class BridgeView(StandingView):
    """From the stock of one day to that of another: opening, a part for each reason, closing."""

    answer_serializer = BridgeSerializer
    own = (BRIDGE_FROM, BRIDGE_TO, KNOWN_AT, LANG)

    title = gettext_lazy("%(name)s: from one day to another")

    def file_columns(self) -> Sequence[Column]:
        return tables.of_bridge(tables.blank(BridgeSerializer()))[0]

    @in_one_snapshot
    def get(self, request: Request) -> HttpResponseBase:
        days = self.asked.values["from"], self.asked.values["to"]
        found = ledger.bridge(self.metric.code, *days, **self.narrowing)
        parts = [self.part(part) for part in found.parts]
        answer = {**self.heading(), "opening": found.opening, "parts": parts, "closing": found.closing}
        numbers = [[part.reason.value, part.joined, part.left] for part in found.parts]
        answer["flags"] = self.flags()
        answer |= self.digest(rendered([found.opening, numbers, found.closing]))
        return answered(self, self.file_title(), answer, lambda: tables.of_bridge(answer))

    def part(self, part: ledger.Part) -> dict[str, Any]:
        return {
            "key": part.reason.value,
            "label": str(part.reason.label),
            "value": part.value,
            "joined": part.joined,
            "left": part.left,
            "firms": self.address(part.reason),
        }

    def address(self, reason: ledger.Reason) -> str:
        given = {**self.filterset.texts, **{name: self.asked.texts[name] for name in ("from", "to")}}
        if "known_at" in self.asked.given:
            given["known_at"] = self.asked.texts["known_at"]
        path = reverse(f"bridge-part-{self.metric.code}", args=[reason.value])
        return self.request.build_absolute_uri(f"{path}?{urlencode(given, safe=',:')}")


class BridgePartView(StandingView):
    """The firms behind one part of a bridge: each firm that joined or left for this reason, with the day."""

    answer_serializer = PartFirmsSerializer
    own = (BRIDGE_FROM, BRIDGE_TO, KNOWN_AT, LANG, LIMIT, CURSOR)
    title = gettext_lazy("%(name)s: the firms behind a part")

    def file_columns(self) -> Sequence[Column]:
        shape = PartMetaSerializer()
        return tables.of_firms(shape, PartFirmSerializer(), tables.blank(shape), [])[0]

    def refuse_what_is_missing(self) -> None:
        if self.kwargs["part"] not in ledger.Reason.values:
            raise Http404
        super().refuse_what_is_missing()

    @in_one_snapshot
    def get(self, request: Request, part: str) -> HttpResponseBase:
        reason, limit = ledger.Reason(part), most_rows(self.asked)
        question = self.question()
        after = self.after(question)
        days = self.asked.values["from"], self.asked.values["to"]
        turns = ledger.turns_of_part(self.metric.code, *days, reason, after=after, limit=limit + 1, **self.narrowing)
        last = turns[limit - 1] if len(turns) > limit else None
        following = self.next_url(question, Position(last.day, last.company)) if last else None
        firms = self.firms(turns[:limit])
        told = {"part": reason.value, "label": str(reason.label), "flags": self.flags()}
        meta = {**self.heading(), **told, **self.digest(rendered(firms), after=str(after), **form_of_digest(self))}

        def as_json(citation: dict[str, str]) -> HttpResponseBase:
            return json_answer(rendered(firms), {"next": following, "meta": {**meta, "citation": citation}})

        def rows() -> tables.Rows:
            if following:
                refuse_more_rows(self.asked)
            return tables.of_firms(PartMetaSerializer(), PartFirmSerializer(), meta, firms)

        return answered(self, f"{self.file_title()} · {reason.label}", meta, rows, as_json)

    def firms(self, turns: list[ledger.Turn]) -> list[dict[str, Any]]:
        language = language_of(self.request._request)
        named = named_on_days((turn.company, turn.day) for turn in turns)
        return [
            {
                **named[turn.company, turn.day].shown(language),
                "day": turn.day.isoformat(),
                "value": turn.delta,
            }
            for turn in turns
        ]

    def question(self) -> Question:
        filters = {**self.filterset.texts, **{name: self.asked.texts[name] for name in ("from", "to")}}
        known_at = self.clocks()["known_at"] if self.asked.known_at else None
        return Question(self.request.path, "day", filters, "", known_at, "public")
