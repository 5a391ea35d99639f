"""The base of every public page: strict parameters, both clocks, one snapshot, the reader's language."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.timezone import localtime
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from registry.api.known_days import before_first_record
from registry.api.languages import CATALOGUES, LANGUAGE_TAGS
from registry.api.parameters import CLOCKS, CURSOR, LANG, Asked, Parameter, read_parameters
from registry.api.refusals import Problem
from registry.api.snapshots import one_snapshot, settle_or_refuse
from registry.history import last_recorded_at
from registry.pages.asking import Asker, NotAnswered, Query, api_address
from registry.pages.forms import tidied
from registry.pages.languages import language_of_page, remember_language, switches
from registry.pages.refusals import page_of_answer, page_of_problem, refusal_page
from registry.pages.structured import data_sets, json_ld


@method_decorator(csrf_exempt, name="dispatch")  # so that another method is told what is allowed
class PageView(View):
    """A page has a template, a `section` of the menu, its parameters, and `content()`.

    All that a page tells comes from `self.ask(address, question)`: the API's answer, in the page's language and on
    both its clocks, all answers of one snapshot.
    """

    http_method_names = ["get", "head"]  # noqa: RUF012 (Django declares it for instances)
    template_name: ClassVar[str]
    section: ClassVar[str] = ""
    data_sets: ClassVar[tuple[str, ...]] = ()
    """Addresses below /api/v1/ whose data the page shows, for search engines."""

    of_paging: ClassVar[tuple[str, ...]] = (CURSOR.name,)
    """Parameters that tell where in a list the page stands: another day begins it anew."""

    asked: Asked
    ask: Asker
    language: str

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Every parameter of the page; any other is refused."""
        return (*CLOCKS, LANG)

    def content(self, **address: str) -> dict[str, Any]:
        """What the template shows; runs in one snapshot."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.language = language_of_page(request)
        with translation.override(CATALOGUES[self.language]):
            try:
                response = super().dispatch(request, *args, **kwargs)
            except Problem as problem:
                response = self.refused(problem)
            except NotAnswered as refused:
                response = page_of_answer(request, refused)
            except Http404:
                response = refusal_page(request, 404)
        remember_language(request, response, self.language)
        response.headers.setdefault("Cache-Control", "no-cache")  # it tells of today, and of the last change
        return response

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allowed = ", ".join(method.upper() for method in self.http_method_names)
        return refusal_page(request, 405, headers={"Allow": allowed})

    def get(self, request: HttpRequest, **address: str) -> HttpResponseBase:
        if (tidy := tidied(request.GET, self.parameters())) is not None:
            query = tidy.urlencode(safe=",:")
            return HttpResponseRedirect(request.path + (f"?{query}" if query else ""))
        self.read()
        for unknown in before_first_record(self.asked.known_at):
            return refusal_page(request, 404, detail=unknown["detail"])
        return self.answer(**address)

    def read(self) -> None:
        """The parameters, with the moment settled; Problem for what is wrong with them."""
        self.asked = read_parameters(self.request.GET, self.parameters())
        if self.asked.known_at is not None:
            settle_or_refuse(self.asked.known_at)

    def answer(self, **address: str) -> HttpResponseBase:
        with one_snapshot(self.asked.known_at):
            self.ask = Asker(self.request, self.said())
            content = self.content(**address)
            content["page"] = self.frame()
        return render(self.request, self.template_name, content)

    def refused(self, problem: Problem) -> HttpResponseBase:
        return page_of_problem(self.request, problem)

    def said(self) -> dict[str, str]:
        """What goes without saying in every question to the API."""
        return {**self.day(), **self.given_moment(), "lang": self.language}

    def day(self) -> dict[str, str]:
        """Said to the API even when it is today: a page that is made over midnight stays on one day."""
        return {"valid_on": self.asked.valid_on.isoformat()}

    def given_moment(self) -> dict[str, str]:
        return {"known_at": self.asked.texts["known_at"]} if self.asked.known_at else {}

    def given_clocks(self) -> dict[str, str]:
        """What of both clocks the reader gave: links within the register carry it on."""
        return {name: self.asked.texts[name] for name in ("valid_on", "known_at") if name in self.asked.given}

    def given(self) -> dict[str, str]:
        """What the reader gave, word for word; not the language."""
        return {name: text for name, text in self.asked.texts.items() if name in self.asked.given and name != LANG.name}

    def api_address(self, address: str, question: Query | None = None) -> str:
        """The same question to the API, as a link."""
        return api_address(address, {**self.given_clocks(), **(question or {})})

    def frame(self) -> dict[str, Any]:
        """What the base template shows around every page."""
        last = last_recorded_at()
        moment = self.asked.known_at or last
        both = self.day() | ({"known_at": localtime(moment).isoformat()} if moment else {})
        query = self.request.GET.copy()
        query.pop("lang", None)
        for name, text in both.items():
            query[name] = text
        carried = urlencode(self.given_clocks(), safe=",:")
        return {
            "section": self.section,
            "json_ld": json_ld(data_sets(self.request, self.data_sets)) if self.data_sets else "",
            "language": self.language,
            "html_language": LANGUAGE_TAGS[self.language],
            "languages": switches(self.request, self.language),
            "valid_on": self.asked.valid_on if self.day() else None,
            "known_at": localtime(moment) if moment else None,
            "last_change": localtime(last) if last else None,
            "has_clocks": bool(carried),
            "looks_back": self.asked.known_at is not None,
            "clocks": f"?{carried}" if carried else "",
            "and_clocks": f"&{carried}" if carried else "",
            "and_known_at": f"&{urlencode(known, safe=':')}" if (known := self.given_moment()) else "",
            "permanent": f"{self.request.path}?{query.urlencode(safe=',:')}",
            "hidden": [(name, text) for name, text in self.request.GET.items() if name not in (*both, *self.of_paging)],
        }
