"""The firms behind one part of the bridge, as a page."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from companies.statistics.metrics import HIGH_TECH_FIRMS
from companies.statistics.over_time.parameters import BRIDGE_FROM, BRIDGE_TO
from registry.api.parameters import CURSOR, KNOWN_AT, LANG, LIMIT, Parameter
from registry.pages.views import PageView


class BridgePartPage(PageView):
    """Who joined or left the high-tech firms for one reason within a period, with the day."""

    template_name: ClassVar[str] = "companies/dashboard/part.html"
    section: ClassVar[str] = "dashboard"

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (BRIDGE_FROM, BRIDGE_TO, KNOWN_AT, LANG, LIMIT, CURSOR)

    def day(self) -> dict[str, str]:
        """A period has no day of its own."""
        return {}

    def content(self, **address: str) -> dict[str, Any]:
        part = address["part"]
        given = {name: text for name, text in self.asked.texts.items() if name in self.asked.given and name != "lang"}
        found = self.ask(f"statistics/{HIGH_TECH_FIRMS}/bridge/{part}/", given)
        following = urlsplit(found["next"]).query if found["next"] else None
        api = self.api_address(f"statistics/{HIGH_TECH_FIRMS}/bridge/{part}/", given)
        return {"firms": found["data"], "meta": found["meta"], "next": following, "api": api}
