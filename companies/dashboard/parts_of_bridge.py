"""The firms behind one part of the bridge, as a page."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from companies.pages.codes import CODE_LISTS, names_of
from companies.statistics.codes import HIGH_TECH_FIRMS
from companies.statistics.over_time.parameters import BRIDGE_FROM, BRIDGE_TO, StandingFilterSet
from registry.api.parameters import CURSOR, KNOWN_AT, LANG, LIMIT, Parameter
from registry.downloads.titles import title_of_member
from registry.pages.asking import Asker
from registry.pages.views import PageView


class BridgePartPage(PageView):
    """Who joined or left the high-tech firms for one reason within a period, with the day."""

    template_name: ClassVar[str] = "companies/dashboard/part.html"
    section: ClassVar[str] = "dashboard"

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*StandingFilterSet.parameters(), BRIDGE_FROM, BRIDGE_TO, KNOWN_AT, LANG, LIMIT, CURSOR)

    def day(self) -> dict[str, str]:
        """A period has no day of its own."""
        return {}

    def content(self, **address: str) -> dict[str, Any]:
        path, given = f"statistics/{HIGH_TECH_FIRMS}/bridge/{address['part']}/", self.given()
        found = self.ask(path, given)
        return {
            "firms": found["data"],
            "meta": found["meta"],
            "next": urlsplit(found["next"]).query if found["next"] else None,
            "api": self.api_address(path, given),
            "narrowed": narrowed(self.ask, given),
            "whole": self.whole(address["part"], given),
        }

    def whole(self, part: str, given: dict[str, str]) -> dict[str, Any]:
        """The part as the bridge tells it, whatever page of its firms is shown."""
        question = {name: text for name, text in given.items() if name not in (LIMIT.name, CURSOR.name)}
        parts = self.ask(f"statistics/{HIGH_TECH_FIRMS}/bridge/", question)["parts"]
        return next((one for one in parts if one["key"] == part), {"value": 0, "joined": 0, "left": 0})


def narrowed(ask: Asker, given: dict[str, str]) -> list[str]:
    """What the firms are narrowed to: the word for each filter, with the names of its codes."""
    told = []
    for name, of_list in CODE_LISTS.items():
        if name in given:
            codes = given[name].split(",")
            names = names_of(ask, of_list, codes)
            words = {"name": title_of_member(name), "reason": _(", ").join(names.get(code, code) for code in codes)}
            told.append(_("%(name)s: %(reason)s") % words)
    return told
