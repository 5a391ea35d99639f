"""`/firms/`: the list of firms for people, with the list's own parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.pages.codes import Choice, choices
from companies.pages.holding import held_on_the_day
from companies.pages.narrowing import filter_in_words
from companies.pages.trail import TRAIL, Trail
from companies.views import CompanyListView
from registry.api.parameters import CURSOR, LIMIT, Parameter
from registry.pages.views import PageView
from registry.templatetags.pages import number

LIST = "companies/"
ROWS = "50"
OF_THE_ANSWER = frozenset(("fields", "omit", "expand", "count", "explain", "format"))
"""Parameters of the list that change what is answered of a firm; the page has its own."""
SHOWN = "uscc,name,names,district,strategic_field,incubator,certifications,established_on,dissolved_on,is_invented"
FROM_CODES = {
    "district": "codes/districts/",
    "hub": "codes/hubs/",
    "strategic_field": "codes/strategic-fields/",
    "certified": "codes/certification-kinds/",
}
"""Fields of the form that offer a code list."""
YES_NO = ("resident", "university_adjacent", "financed", "graduated")
SELDOM = (*YES_NO[1:], "incubator")
"""Fields that the form opens only when they are asked for."""
IN_THE_FORM = ("q", *FROM_CODES, *YES_NO, "incubator")
FROM_THE_FIRST = {"cursor": None, TRAIL.name: None}
OF_PAGING = ("cursor", TRAIL.name, "limit", "lang", "valid_on", "known_at", "order")


@dataclass(frozen=True)
class Narrowing:
    """A filter that was given, in words, with the address of the page without it."""

    words: str
    without: str


class SearchPage(PageView):
    """Firms by words and filters, page by page."""

    template_name = "companies/pages/search.html"
    section = "firms"
    of_paging = (CURSOR.name, TRAIL.name)

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        own = [parameter for parameter in CompanyListView.parameters() if parameter.name not in OF_THE_ANSWER]
        return (*(replace(one, default=ROWS) if one.name == LIMIT.name else one for one in own), TRAIL)

    def content(self, **address: str) -> dict[str, Any]:
        question = self.given()
        trail = Trail.read(question.get("cursor"), question.pop(TRAIL.name, None))
        answer = self.ask(LIST, {"limit": ROWS, **question, "fields": SHOWN, "count": "exact"})
        filters = {name: text for name, text in question.items() if name not in OF_PAGING}
        return {
            "firms": [for_the_table(firm) for firm in answer["data"]],
            "count_words": count_words(answer["meta"]),
            "choices": {
                name: choices(self.ask, of_list, self.asked.values.get(name, ()))
                for name, of_list in FROM_CODES.items()
            },
            "yes_no": [(name, words, self.yes_no(name)) for name, words in yes_no_words().items()],
            "orders": self.orders(),
            "asked": question,
            "narrowed_by": [self.narrowing(name, text) for name, text in filters.items() if name not in IN_THE_FORM],
            "kept": {name: text for name, text in question.items() if name not in (*IN_THE_FORM, "cursor", "order")},
            "previous": None if (back := trail.back()) is None else self.address(back),
            "is_narrowed": bool(filters),
            "asks_more": not filters.keys().isdisjoint(SELDOM),
            "next": self.following(answer["next"], trail),
            "first": self.address(FROM_THE_FIRST) if "cursor" in question else None,
            "wider": self.address({**dict.fromkeys(question), "q": question.get("q"), "seated": "any"}),
            "can_be_wider": bool(filters.keys() - {"q", "seated"}) or filters.get("seated") != "any",
            "api": self.api_address(LIST, filters | self.in_order()),
            "sheet": self.api_address(LIST, filters | self.in_order() | {"format": "csv", "lang": self.language}),
        }

    def in_order(self) -> dict[str, str]:
        return {"order": self.asked.texts["order"]} if "order" in self.asked.given else {}

    def yes_no(self, name: str) -> list[Choice]:
        given = self.asked.texts.get(name)
        words = (("true", _("yes")), ("false", _("no")))
        return [Choice(text, word, text == given) for text, word in words]

    def orders(self) -> list[Choice]:
        return [Choice(name, words, self.in_order().get("order") == name) for name, words in order_words().items()]

    def narrowing(self, name: str, text: str) -> Narrowing:
        return Narrowing(filter_in_words(self.ask, name, text), self.address({name: None, **FROM_THE_FIRST}))

    def address(self, changed: Mapping[str, str | None]) -> str:
        """This page with some parameters changed, or without those that are None."""
        query = {name: text for name, text in {**self.given(), **changed}.items() if text is not None}
        return f"{self.request.path}?{urlencode(query, safe=',:')}" if query else self.request.path

    def following(self, url: str | None, trail: Trail) -> str | None:
        """The page of the list's next page: its cursor, and its day."""
        if url is None:
            return None
        query = parse_qs(urlsplit(url).query)
        return self.address({**trail.on(query["cursor"][0]), "valid_on": query["valid_on"][0]})


def for_the_table(firm: dict[str, Any]) -> dict[str, Any]:
    """With `valid`, the certificates that it holds on the day, and `former`, its names of earlier days."""
    former = [name for name in firm["names"] if name["valid_until"]]
    return firm | {"valid": held_on_the_day(firm["certifications"]), "former": former}


def count_words(meta: dict[str, Any]) -> str:
    count = meta["count"]
    return ngettext("%s firm", "%s firms", count) % number(count)


def yes_no_words() -> dict[str, str]:
    return {
        "resident": _("In residence in an incubator"),
        "university_adjacent": _("Adjacent to a university"),
        "financed": _("Financing published"),
        "graduated": _("Incubator graduate"),
    }


def order_words() -> dict[str, str]:
    return {
        "name": _("Name, by pinyin"),
        "uscc": _("Credit code"),
        "-established_on": _("Youngest first"),
        "established_on": _("Oldest first"),
        "certified_until": _("High-tech certificate ending first"),
        "-updated_at": _("Last changed first"),
    }
