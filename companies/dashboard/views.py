"""The page of figures, sent in pieces: first its head, then panel by panel, last the projection."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime

from companies.dashboard.asking import KeptAsker
from companies.dashboard.panels import bridge, cliff, districts, fields, financing, incubators, projection, way
from companies.dashboard.panels.parts import Panel
from companies.dashboard.question import YEAR, Question, year_of
from companies.dashboard.shown import shown
from registry.api.languages import CATALOGUES
from registry.api.parameters import Asked, Parameter, read_parameters
from registry.api.refusals import Mistake, Problem
from registry.api.snapshots import one_snapshot, settle_or_refuse
from registry.history import last_recorded_at
from registry.history.known import as_known
from registry.pages.asking import Asker, NotAnswered
from registry.pages.forms import tidied
from registry.pages.views import PageView

Make = Callable[[Question], Panel]
PIECE = "<!-- piece -->"
"""Stands in the template where the panels come."""
QUICK: tuple[Make, ...] = (way.panel, districts.panel, districts.zones, fields.panel, bridge.panel)
QUICK += (cliff.panel, incubators.panel, financing.panel)
SLOW: tuple[Make, ...] = (projection.panel,)


class DashboardView(PageView):
    """All pieces tell the register of one moment of knowing: that of the last change when the page was begun."""

    template_name: ClassVar[str] = "companies/dashboard/page.html"
    section: ClassVar[str] = "dashboard"

    clock: datetime.datetime | None
    year: int

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*super().parameters(), YEAR)

    def get(self, request: HttpRequest, **address: str) -> HttpResponseBase:  # type: ignore[override]
        if (tidy := tidied(request.GET, self.parameters())) is not None:
            query = tidy.urlencode(safe=",:")
            return HttpResponseRedirect(request.path + (f"?{query}" if query else ""))
        try:
            self.read()
        except Problem as problem:
            return self.refused(problem.mistakes)
        head, tail = render_to_string(self.template_name, self.frame_of({}), request).split(PIECE)
        pieces = self.pieces(head, tail) if request.method == "GET" else iter(())
        return StreamingHttpResponse(pieces, content_type="text/html; charset=utf-8")

    def read(self) -> None:
        self.asked = read_parameters(self.request.GET, self.parameters())
        self.year = year_of(self.asked)
        if self.asked.known_at is not None:
            settle_or_refuse(self.asked.known_at)

    def refused(self, mistakes: Sequence[Mistake]) -> HttpResponse:
        """The form as it was filled in, with a sentence at each field that is wrong."""
        self.asked = Asked()
        self.year = year_of(self.asked)
        fields = {parameter.name for parameter in self.parameters()}
        at_fields = {mistake.parameter: mistake for mistake in mistakes if mistake.parameter in fields}
        others = [mistake for mistake in mistakes if mistake.parameter not in fields]
        content = self.frame_of({"mistakes": at_fields, "others": others, "is_refused": True})
        return render(self.request, self.template_name, content, status=400)

    def frame_of(self, more: dict[str, Any]) -> dict[str, Any]:
        with one_snapshot(self.asked.known_at):
            self.clock = last_recorded_at()
            page = self.frame()
        typed = {name: self.request.GET.get(name, "") for name in ("valid_on", "known_at", "year")}
        years = range(self.asked.valid_on.year, max(self.asked.valid_on.year - 12, 2000), -1)
        return {"page": page, "piece": PIECE, "typed": typed, "year": self.year, "years": years, **more}

    def pieces(self, head: str, tail: str) -> Iterator[str]:
        """Each is sent as soon as it is made; the scripts draw what is there before the slow ones come."""
        yield head
        yield from map(self.piece, QUICK)
        yield render_to_string("companies/dashboard/scripts.html", {}, self.request)
        yield from map(self.piece, SLOW)
        yield tail

    def piece(self, make: Make) -> str:
        """A panel as HTML, or why there is none: the head of the page has been sent, its status can change no more."""
        with translation.override(CATALOGUES[self.language]):
            try:
                with self.asking() as ask:
                    question = Question(ask, self.asked.valid_on, self.year)
                    content: dict[str, Any] = {"one": shown(make(question), question)}
            except (NotAnswered, Error) as refused:
                content = {"detail": refused.problem.get("detail", "") if isinstance(refused, NotAnswered) else ""}
                return render_to_string("companies/dashboard/not_answered.html", content, self.request)
            return render_to_string("companies/dashboard/panel.html", content, self.request)

    @contextmanager
    def asking(self) -> Iterator[KeptAsker]:
        """In one snapshot, as known when the page was begun, whatever has been committed since."""
        said = {**self.day(), **self.given_moment(), "lang": self.language}
        with one_snapshot(self.asked.known_at):
            has_moved = self.asked.known_at is None and last_recorded_at() != self.clock
            moment = self.clock if has_moved else None
            if moment is not None:
                said["known_at"] = localtime(moment).isoformat()
            with as_known(moment):
                yield KeptAsker(Asker(self.request, said), self.clock)
