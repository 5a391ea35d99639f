"""`statistics/{metric}/revisions/`: what the register has learned since, and which change taught it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from companies.statistics import ledger
from companies.statistics.downloads import tables
from companies.statistics.downloads.answering import answered, form_of_digest
from companies.statistics.over_time.answers import RevisionSerializer, RevisionsSerializer
from companies.statistics.over_time.firms import last_seen
from companies.statistics.over_time.parameters import KNOWN_FROM, KNOWN_TO
from companies.statistics.over_time.views import StandingView, rendered
from registry.api.cursors import Position, Question
from registry.api.known_days import Flag, before_first_record
from registry.api.languages import language_of
from registry.api.parameters import CURSOR, LANG, LIMIT, VALID_ON
from registry.api.periods import refuse_out_of_order
from registry.api.snapshots import in_one_snapshot
from registry.downloads.formats import most_rows, refuse_more_rows
from registry.downloads.tables import Column
from registry.history import last_recorded_at


class RevisionsView(StandingView):
    """The firms that joined or left the figure of a day between two moments of knowing, and the change that did it."""

    answer_serializer = RevisionsSerializer
    own = (VALID_ON, KNOWN_FROM, KNOWN_TO, LANG, LIMIT, CURSOR)
    required = ("known_from",)

    title = gettext_lazy("%(name)s: what was learned since")

    def file_columns(self) -> Sequence[Column]:
        shape = RevisionsSerializer()
        return tables.of_firms(shape, RevisionSerializer(), tables.blank(shape), [])[0]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_out_of_order(self.asked, "known_from", "known_to")
        for name in ("known_from", "known_to"):
            if name in self.asked.given:
                self.settle(self.asked.values[name], name)
        # Codes are read as they were known at the later moment, as in any answer that looks back.
        if "known_to" in self.asked.given:
            self.asked = replace(self.asked, values={**self.asked.values, "known_at": self.asked.values["known_to"]})

    @in_one_snapshot
    def get(self, request: Request) -> HttpResponseBase:
        opening, closing = (self.stock(known) for known in self.known)
        joined, left = ledger.joined_and_left(self.metric.code, self.valid_on, *self.known, **self.keys)
        numbers = {"opening": opening, "joined": joined, "left": left, "closing": closing}
        question, limit = self.question(), most_rows(self.asked)
        after = self.after(question)
        found = ledger.revisions(
            self.metric.code, self.valid_on, *self.known, after=after, limit=limit + 1, **self.keys
        )
        firms = self.firms(found[:limit])
        last = found[limit - 1] if len(found) > limit else None
        following = self.next_url(question, Position(last.recorded_at, last.company)) if last else None
        answer = {
            **self.heading(),
            **numbers,
            "firms": firms,
            "next": following,
            "flags": self.flags(),
        }
        answer |= self.digest(rendered([numbers, firms]), after=str(after), **form_of_digest(self), **self.digested())

        def rows() -> tables.Rows:
            if following:
                refuse_more_rows(self.asked)
            return tables.of_firms(RevisionsSerializer(), RevisionSerializer(), answer, firms)

        return answered(self, self.file_title(), answer, rows)

    def flags(self) -> list[Flag]:
        """Of the earlier moment, too: what was learned since the first record is no correction."""
        of_both = [*before_first_record(self.known[0]), *super().flags()]
        return list({flag["code"]: flag for flag in of_both}.values())

    def days(self) -> list[datetime.date]:
        return [self.valid_on]

    @cached_property
    def known(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Both moments; a register that holds nothing yet has learned nothing since the first."""
        first: datetime.datetime = self.asked.values["known_from"]
        return first, self.asked.values.get("known_to") or last_recorded_at() or first

    @cached_property
    def keys(self) -> dict[str, Any]:
        return self.filterset.keys()

    def stock(self, known_at: datetime.datetime) -> int:
        return ledger.stock(self.metric.code, self.valid_on, known_at=known_at, **self.keys)[()]

    @property
    def stays(self) -> bool:
        return self.asked.given >= {"valid_on", "known_to"}

    def digested(self) -> dict[str, str]:
        """The moments as they are in UTC, however they were written."""
        moments = zip(("known_from", "known_to"), self.known, strict=True)
        return {name: moment.astimezone(datetime.UTC).isoformat() for name, moment in moments}

    def clocks(self) -> dict[str, Any]:
        known_from, known_to = (localtime(moment).isoformat() for moment in self.known)
        return {"valid_on": self.valid_on.isoformat(), "known_from": known_from, "known_to": known_to}

    def firms(self, found: list[ledger.Revision]) -> list[dict[str, Any]]:
        seen = last_seen({one.company for one in found}, self.valid_on, self.known[1])
        turns = ledger.turns_revised(self.metric.code, self.valid_on, found, **self.keys)
        language = language_of(self.request._request)
        return [
            {
                **seen[one.company].shown(language),
                "value": one.delta,
                "recorded_at": localtime(one.recorded_at).isoformat(),
                "sequence": one.sequence,
                "reason_class": "entered" if one.is_entered else "loaded",
                "turns": [shown(turn) for turn in turns[one]],
            }
            for one in found
        ]

    def question(self) -> Question:
        filters = {**self.filterset.texts, "known_from": self.asked.texts["known_from"]}
        known_to = self.clocks()["known_to"] if "known_to" in self.asked.given else None
        return Question(self.request.path, "recorded_at", filters, self.valid_on.isoformat(), known_to, "public")


def shown(turn: ledger.Turn) -> dict[str, Any]:
    return {
        "day": turn.day.isoformat(),
        "reason": turn.reason.value,
        "label": str(turn.reason.label),
        "value": turn.delta,
    }
