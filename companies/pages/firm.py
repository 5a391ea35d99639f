"""`/firms/{uscc}/`: one published firm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import pgettext

from companies.models import AdjacencyBasis, GraduationGround, ResidencyOutcome
from companies.pages.changes import writings
from companies.pages.codes import CODE_LISTS, names_of
from companies.pages.holding import held_on_the_day
from companies.pages.life import Change, Names, life
from companies.pages.structured import organization
from registry.pages.views import PageView

CHOICES = {"basis": AdjacencyBasis, "outcome": ResidencyOutcome, "ground": GraduationGround}
MOST_CHANGES = "500"


def state_words() -> dict[str, str]:
    return {
        "valid": pgettext("certificate", "valid"),
        "expired": pgettext("certificate", "expired"),
        "revoked": pgettext("certificate", "revoked"),
    }


class FirmPage(PageView):
    """What the register tells everyone of one firm on the day, its life, and what was learned when."""

    template_name = "companies/pages/firm.html"
    section = "firms"

    def content(self, **address: str) -> dict[str, Any]:
        path = f"companies/{quote(address['uscc'], safe='')}/"
        firm = self.ask(path, {"expand": "residencies,financings"})["data"]
        history = self.ask(f"{path}history/", {"valid_on": None, "limit": MOST_CHANGES})
        names = self.names(history["data"])
        return {
            "firm": firm,
            "valid_on": self.asked.valid_on.isoformat(),
            "website": web_address(firm["website"]),
            "held": held_on_the_day(firm["certifications"]),
            "names": sorted(firm["names"], key=lambda name: name["valid_from"] or "", reverse=True),
            "states": state_words(),
            "certificates": sorted(firm["certifications"], key=lambda one: one["issued_on"], reverse=True),
            "bases": names["basis"],
            "outcomes": names["outcome"],
            "grounds": names["ground"],
            "life": life(history["data"], names, self.asked.valid_on),
            "writings": writings(history["data"], names),
            "has_more_history": history["next"] is not None,
            "json_ld": organization(firm, self.request.build_absolute_uri(reverse("firm", args=[firm["uscc"]]))),
            "api": self.api_address(path),
            "api_history": self.api_address(f"{path}history/", {"valid_on": None}),
        }

    def names(self, changes: Sequence[Change]) -> Names:
        """Names of the codes that the changes hold; only lists of which there is a code are asked for."""
        states = [state for change in changes for state in (change["old"], change["new"]) if state]
        names: dict[str, dict[str, str]] = {}
        for member, of_list in CODE_LISTS.items():
            if codes := {state[member] for state in states if state.get(member)}:
                names[member] = names_of(self.ask, of_list, codes)
        return names | {member: {code: str(label) for code, label in kind.choices} for member, kind in CHOICES.items()}


def web_address(text: str | None) -> str | None:
    """The address to link; none for a text that a browser would take for something else."""
    return text if text and text.startswith(("http://", "https://")) else None
