"""`/incubators/`: the list of incubators for people, with the firms in residence in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models.questions import HIGH_TECH
from companies.pages.codes import WHOLE, choices
from companies.pages.ranking import largest_first
from incubators.views import IncubatorListView
from registry.api.parameters import Parameter
from registry.pages.views import PageView
from registry.templatetags.pages import number

LIST = "incubators/"
RESIDENTS = "statistics/incubated-firms/"
OF_THE_ANSWER = frozenset(("fields", "omit", "expand", "count", "format", "limit", "cursor", "order"))
"""Parameters of the list that the page has no use for: it shows all, the largest first."""
FROM_CODES = {
    "district": "codes/districts/",
    "kind": "codes/incubator-kinds/",
    "incubator_level": "codes/incubator-levels/",
}
"""Fields of the form that offer a code list."""


@dataclass(frozen=True)
class Host:
    """One incubator with its firms in residence on the day, and the high-tech ones among them."""

    row: dict[str, Any]
    residents: int
    high_tech: int


class IncubatorsPage(PageView):
    """Incubators of the day by the firms in residence in them."""

    template_name = "companies/pages/incubators.html"
    section = "incubators"
    data_sets = (LIST, RESIDENTS)

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return tuple(one for one in IncubatorListView.parameters() if one.name not in OF_THE_ANSWER)

    def content(self, **address: str) -> dict[str, Any]:
        question = self.given()
        answer = self.ask(LIST, {"limit": WHOLE, **question})
        residents, high_tech = self.residents(), self.residents(certified=HIGH_TECH)
        hosts = [Host(row, residents.get(row["code"], 0), high_tech.get(row["code"], 0)) for row in answer["data"]]
        hosts.sort(key=lambda host: largest_first(host.row["code"], host.residents, host.high_tech))
        filters = {name: text for name, text in question.items() if name not in ("valid_on", "known_at")}
        return {
            "hosts": hosts,
            "finding": finding(hosts),
            "is_cut": answer["next"] is not None,
            "choices": {
                name: choices(self.ask, of_list, self.asked.values.get(name, ()))
                for name, of_list in FROM_CODES.items()
            },
            "kept": {name: text for name, text in question.items() if name not in FROM_CODES},
            "is_narrowed": bool(filters),
            "start": reverse("incubators"),
            "api": self.api_address(LIST, filters),
            "sheet": self.api_address(LIST, filters | {"format": "csv", "lang": self.language}),
        }

    def residents(self, **narrowed: str) -> dict[str, int]:
        """Firms in residence by incubator."""
        groups = self.ask(RESIDENTS, {"group_by": "incubator", **narrowed})["groups"]
        return {group["key"]["incubator"]: group["value"] for group in groups}


def finding(hosts: list[Host]) -> str:
    residents = sum(host.residents for host in hosts)
    words = {"incubators": number(len(hosts)), "firms": number(residents)}
    incubators = ngettext("%(incubators)s incubator", "%(incubators)s incubators", len(hosts)) % words
    firms = ngettext("%(firms)s firm in residence", "%(firms)s firms in residence", residents) % words
    return _("%(incubators)s, %(firms)s") % {"incubators": incubators, "firms": firms}
