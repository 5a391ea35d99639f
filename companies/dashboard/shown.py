"""A panel as its template shows it: with definitions, downloads, the API's addresses and a link that lasts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.urls import resolve
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from companies.dashboard.asking import Answer
from companies.dashboard.panels.parts import Panel
from companies.dashboard.readers_choice import ReadersChoice
from companies.pages.formulas import formula
from companies.statistics.metrics import BY_CODE
from registry.downloads.formats import FORMATS
from registry.downloads.views import Downloadable
from registry.templatetags.pages import clock


@dataclass(frozen=True)
class Source:
    """One answer that a panel's numbers come from, as links; `downloads` are `(format, address)`.

    `citation` is how the answer asks to be quoted; empty where it does not say.
    """

    name: str
    address: str
    downloads: list[tuple[str, str]]
    citation: str


@dataclass(frozen=True)
class Shown:
    panel: Panel
    definitions: list[dict[str, Any]]
    sources: list[Source]
    permanent: str
    clocks: SafeString
    """On which day, or within which period, the panel is true and when the register knew it, as a sentence."""


def shown(panel: Panel, asked: ReadersChoice) -> Shown:
    metrics = {metric["code"]: metric for metric in asked.ask("statistics/", valid_on=None)["data"]}
    panel = replace(panel, notes=[*flags_of(panel.answers), *panel.notes])
    return Shown(
        panel,
        [metrics[code] | {"formula": formula(BY_CODE[code])} for code in panel.metrics],
        [source(answer) for answer in panel.answers],
        f"{asked.permanent}#{panel.key}",
        clock_words(asked, panel.period),
    )


def flags_of(answers: Iterable[Answer]) -> list[str]:
    """What the answers say of their numbers, each sentence once."""
    told = [part for answer in answers for part in (answer.data, answer.data.get("meta"), answer.data.get("data"))]
    flags = [flag for part in told if isinstance(part, dict) for flag in part.get("flags", ())]
    return list(dict.fromkeys(flag["detail"] for flag in flags))


def clock_words(asked: ReadersChoice, period: tuple[str, str] | None) -> SafeString:
    known = clock(asked.ask.ask.said.get("known_at") or asked.ask.clock)
    if period is None:
        return mark_safe(_("Asked for %(day)s, as known at %(moment)s.") % {"day": asked.day, "moment": known})
    words = {"from": period[0], "to": period[1], "moment": known}
    return mark_safe(_("From %(from)s to %(to)s, as known at %(moment)s.") % words)


def source(answer: Answer) -> Source:
    path = urlsplit(answer.address).path
    formats = FORMATS if offers_formats(path) else ()
    mark = "&" if "?" in answer.address else "?"
    downloads = [(name.upper(), f"{answer.address}{mark}format={name}") for name in formats]
    return Source(path, answer.address, downloads, citation(answer.data))


def citation(data: dict[str, Any]) -> str:
    told = data.get("citation") or data.get("meta", {}).get("citation") or {}
    text: str = told.get("text", "")
    return text


def offers_formats(path: str) -> bool:
    """Whether the API gives the answer as a file, too."""
    view: Any = resolve(path).func
    return issubclass(view.cls, Downloadable)
