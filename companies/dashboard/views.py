"""The page of figures, sent in pieces: first its head, then panel by panel, last the projection."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import Error
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime

from companies.dashboard.asking import KeptAsker
from companies.dashboard.panels import bridge, cliff, districts, fields, financing, incubators, projection, way, zones
from companies.dashboard.panels.parts import Panel
from companies.dashboard.readers_choice import YEAR, ReadersChoice, year_of
from companies.dashboard.shown import shown
from registry.api.languages import CATALOGUES
from registry.api.parameters import Asked, Parameter
from registry.api.refusals import Problem
from registry.api.snapshots import one_snapshot
from registry.history import last_recorded_at
from registry.history.known import as_known
from registry.pages.asking import API, Asker, NotAnswered
from registry.pages.forms import as_typed
from registry.pages.structured import data_sets, json_ld
from registry.pages.views import PageView

Make = Callable[[ReadersChoice], Panel]
PIECE = "<!-- piece -->"
"""Stands in the template where the panels come."""
QUICK: tuple[Make, ...] = (way.panel, districts.panel, zones.panel, fields.panel, bridge.panel)
QUICK += (cliff.panel, incubators.panel, financing.panel)
SLOW: tuple[Make, ...] = (projection.panel,)


class DashboardView(PageView):
    """All pieces tell the register of one moment of knowing: that of the last change when the page was begun."""

    template_name: ClassVar[str] = "companies/dashboard/page.html"
    section: ClassVar[str] = "dashboard"

    clock: datetime.datetime | None
    year: int
    permanent: str
    shown_addresses: set[str]
    """Below /api/v1/, of the answers that the panels sent so far were made of."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*super().parameters(), YEAR)

    def read(self) -> None:
        super().read()
        self.year = year_of(self.asked)

    def answer(self, **address: str) -> HttpResponseBase:
        head, tail = render_to_string(self.template_name, self.frame_of({}), self.request).split(PIECE)
        pieces = self.pieces(head, tail) if self.request.method == "GET" else iter(())
        return StreamingHttpResponse(pieces, content_type="text/html; charset=utf-8")

    def refused(self, problem: Problem) -> HttpResponse:
        """The form as it was filled in, with a sentence at each field that is wrong."""
        self.asked = Asked()
        self.year = year_of(self.asked)
        fields = {parameter.name for parameter in self.parameters()}
        mistakes = {one.parameter: one for one in problem.mistakes if one.parameter in fields}
        content = self.frame_of(
            {
                "mistakes": mistakes,
                "others": [one for one in problem.mistakes if one.parameter not in fields],
                "typed": {name: as_typed(self.request.GET.get(name, "")) for name in ("valid_on", "known_at")},
                "chosen_year": None if YEAR.name in mistakes else self.request.GET.get(YEAR.name),
                "is_refused": True,
            }
        )
        content["page"]["permanent"] = None
        return render(self.request, self.template_name, content, status=400)

    def frame_of(self, more: dict[str, Any]) -> dict[str, Any]:
        with one_snapshot(self.asked.known_at):
            self.clock = last_recorded_at()
            page = self.frame()
        self.permanent, self.shown_addresses = page["permanent"], set[str]()
        last = self.asked.valid_on.year
        years = [str(year) for year in range(last, max(last - 12, 2000), -1)]
        return {"page": page, "piece": PIECE, "chosen_year": self.asked.texts.get("year"), "years": years, **more}

    def pieces(self, head: str, tail: str) -> Iterator[str]:
        """Each is sent as soon as it is made; the scripts draw what is there before the slow ones come."""
        yield head
        yield from map(self.piece, QUICK)
        yield render_to_string("companies/dashboard/scripts.html", {}, self.request)
        yield from map(self.piece, SLOW)
        yield self.described()
        yield tail

    def described(self) -> str:
        """The data sets that the panels were made of, for search engines."""
        with translation.override(CATALOGUES[self.language]):
            described = json_ld(data_sets(self.request, self.shown_addresses))
        return f'<script type="application/ld+json">{described}</script>'

    def piece(self, make: Make) -> str:
        """A panel as HTML, or why there is none: the head of the page has been sent, its status can change no more."""
        with translation.override(CATALOGUES[self.language]):
            try:
                with self.asking() as ask:
                    asked = ReadersChoice(ask, self.asked.valid_on, self.year, self.permanent)
                    one = shown(make(asked), asked)
            except (NotAnswered, Error) as refused:
                content = {"detail": self.in_readers_words(refused), "day": self.asked.valid_on}
                return render_to_string("companies/dashboard/not_answered.html", content, self.request)
            self.shown_addresses.update(source.name.removeprefix(API) for source in one.sources)
            return render_to_string("companies/dashboard/panel.html", {"one": one}, self.request)

    def in_readers_words(self, refused: NotAnswered | Error) -> str:
        """What the API said against the question, where it names only what the reader can fill in."""
        if not isinstance(refused, NotAnswered):
            return ""
        named = {mistake.get("parameter") for mistake in refused.problem.get("errors", ())}
        can_fill_in = {parameter.name for parameter in self.parameters()}
        detail: str = refused.problem.get("detail", "")
        return detail if named - {None} <= can_fill_in else ""

    @contextmanager
    def asking(self) -> Iterator[KeptAsker]:
        """In one snapshot, as known when the page was begun, whatever has been committed since."""
        said = self.said()
        with one_snapshot(self.asked.known_at):
            has_moved = self.asked.known_at is None and last_recorded_at() != self.clock
            moment = self.clock if has_moved else None
            if moment is not None:
                said["known_at"] = localtime(moment).isoformat()
            with as_known(moment):
                yield KeptAsker(Asker(self.request, said), self.clock)
