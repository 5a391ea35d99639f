"""What was learned of the high-tech firms of a day, as a page: the firms and the changes that taught it."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils.translation import gettext as _

from companies.dashboard.parts_of_bridge import narrowed
from companies.pages.figures import listed_by
from companies.statistics.codes import HIGH_TECH_FIRMS
from companies.statistics.metrics import BY_CODE
from companies.statistics.over_time.parameters import KNOWN_FROM, StandingFilterSet
from registry.api.parameters import CLOCKS, CURSOR, KNOWN_AT, LANG, LIMIT, VALID_ON, Parameter
from registry.pages.forms import as_typed
from registry.pages.views import PageView

OF_THE_PAGE = (VALID_ON.name, KNOWN_AT.name, KNOWN_FROM.name, LANG.name, LIMIT.name, CURSOR.name)


class RevisionsPage(PageView):
    """Who joined or left the figure of a day between `known_from` and `known_at`, and the change that did it.

    Without `known_from` it asks for that.
    """

    template_name: ClassVar[str] = "companies/dashboard/revisions.html"
    section: ClassVar[str] = "dashboard"

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*StandingFilterSet.parameters(), *CLOCKS, KNOWN_FROM, LANG, LIMIT, CURSOR)

    def content(self, **address: str) -> dict[str, Any]:
        given = {name: text for name, text in self.asked.texts.items() if name in self.asked.given}
        filters = {name: text for name, text in given.items() if name not in OF_THE_PAGE}
        content = {
            "title": _("%(name)s: what was learned since") % {"name": BY_CODE[HIGH_TECH_FIRMS].name},
            "narrowed": narrowed(self.ask, filters),
            "since": as_typed(given.get(KNOWN_FROM.name, "")),
        }
        return content | (self.learned(given, filters) if KNOWN_FROM.name in given else {})

    def learned(self, given: dict[str, str], filters: dict[str, str]) -> dict[str, Any]:
        asked = filters | {KNOWN_FROM.name: given[KNOWN_FROM.name]}
        until = {"known_to": given[KNOWN_AT.name]} if KNOWN_AT.name in given else {}
        paging = {name: given[name] for name in (LIMIT.name, CURSOR.name) if name in given}
        path = f"statistics/{HIGH_TECH_FIRMS}/revisions/"
        found = self.ask(path, {**asked, **until, **paging, KNOWN_AT.name: None})
        return {
            "found": found,
            "next": self.following(found["next"], given),
            "before": self.list_of(filters, found["known_from"]),
            "after": self.list_of(filters, found["known_to"]),
            "api": self.api_address(path, {**asked, **self.day(), **until, KNOWN_AT.name: None}),
        }

    def list_of(self, filters: dict[str, str], known_at: str) -> str:
        """The filters of `/firms/` that open one of both stocks."""
        question = filters | listed_by(HIGH_TECH_FIRMS) | self.day() | {KNOWN_AT.name: known_at}
        return urlencode(question, safe=",:")

    def following(self, url: str | None, given: dict[str, str]) -> str | None:
        """The page's own parameters, with the place that the API goes on from."""
        if url is None:
            return None
        cursor = parse_qs(urlsplit(url).query)[CURSOR.name][0]
        return urlencode({**given, **self.day(), CURSOR.name: cursor}, safe=",:")
