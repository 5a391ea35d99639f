"""Names of codes, from the API's code lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from registry.api.languages import name_in
from registry.pages.asking import Asker

WHOLE = "500"
RESOURCES = {"universities/": {"fields": "code,name"}, "incubators/": {"fields": "code,name", "open": "any"}}
"""Lists that are no code lists: their entries carry the name in the reader's language."""


CODE_LISTS = {
    "district": "codes/districts/",
    "reporting_unit": "codes/reporting-units/",
    "zone": "codes/zones/",
    "hub": "codes/hubs/",
    "strategic_field": "codes/strategic-fields/",
    "industry": "codes/industries/",
    "technology_field": "codes/technology-fields/",
    "kind": "codes/certification-kinds/",
    "instrument": "codes/instruments/",
    "pilot_zone": "codes/pilot-zones/",
    "moved_from": "codes/provinces/",
    "moved_to": "codes/provinces/",
    "incubator": "incubators/",
    "university": "universities/",
}
"""Where codes have their names, by the filter or the member of a firm's facts that holds them."""


def listed(ask: Asker, of_list: str) -> list[dict[str, Any]]:
    """The rows of a code list, in force on the day."""
    rows: list[dict[str, Any]] = ask(of_list, {"limit": WHOLE})["data"]
    return rows


def ended(ask: Asker, of_list: str) -> list[dict[str, Any]]:
    """The rows of a code list that are not in force on the day."""
    rows: list[dict[str, Any]] = ask(of_list, {"limit": WHOLE, "in_force": "false"})["data"]
    return rows


@dataclass(frozen=True)
class Choice:
    """What a field of a form offers."""

    code: str
    words: str
    is_chosen: bool


def choices(ask: Asker, of_list: str, chosen: Sequence[str]) -> list[Choice]:
    """The codes of a list; several that are chosen together stand first, as one choice."""
    words = {row["code"]: name_in(ask.said["lang"], row) for row in listed(ask, of_list)}
    several = [Choice(",".join(chosen), ", ".join(words.get(code, code) for code in chosen), is_chosen=True)]
    each = [Choice(code, word, [code] == list(chosen)) for code, word in words.items()]
    return several + each if len(chosen) > 1 else each


def names_of(ask: Asker, of_list: str, codes: Collection[str]) -> dict[str, str]:
    """Names by code; of the codes that were in force once, too, where they are needed."""
    if of_list in RESOURCES:
        rows = ask(of_list, {"limit": WHOLE, **RESOURCES[of_list]})["data"]
        return {row["code"]: row["name"] for row in rows}
    language = ask.said["lang"]
    names = {row["code"]: name_in(language, row) for row in listed(ask, of_list)}
    if set(codes) - names.keys():
        names = {row["code"]: name_in(language, row) for row in ended(ask, of_list)} | names
    return names
