"""The zones beside their targets, as the plan set them, and the firms of which no zone is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from companies.dashboard.asking import Answer
from companies.dashboard.numbers import share
from companies.dashboard.panels import groups
from companies.dashboard.panels.groups import Group
from companies.dashboard.panels.parts import Cell, Chart, Panel, Table, count, figure, heading, words
from companies.dashboard.readers_choice import ReadersChoice
from companies.pages.codes import WHOLE
from companies.pages.targets import areas_of
from companies.statistics.codes import HIGH_TECH_FIRMS
from companies.statistics.groups import UNKNOWN
from registry.templatetags.pages import number, percent

TARGET = "high-tech-2027"
"""The target whose parts are targets of zones."""


@dataclass(frozen=True)
class Part:
    """A zone, or zones together, with the target; `goal` is None for the firms of which no zone is known."""

    name: str
    firms: int
    goal: float | None
    url: str | None


def panel(asked: ReadersChoice) -> Panel:
    target = asked.ask(f"targets/{TARGET}/")
    by_zone = asked.ask(f"statistics/{HIGH_TECH_FIRMS}/", group_by="zone")
    parts, unknown = with_targets(asked, target), without_zone(asked, by_zone)
    told = {"year": target["data"]["year"]}
    return Panel(
        "zones",
        finding(parts, told["year"]),
        _("High-tech firms by zone beside the zone's target for %(year)s.") % told,
        charts=[
            Chart("zones", "bullets", _("High-tech firms by zone beside their targets"), drawn(parts + unknown, target))
        ],
        tables=[of_zones(asked, parts, unknown, target)],
        metrics=[HIGH_TECH_FIRMS],
        answers=[target, by_zone],
        notes=[
            _("Firms whose district is unknown stand in no zone."),
            _("Targets are shown as published: those of the zones may not add up to that of the city."),
        ],
    )


def with_targets(asked: ReadersChoice, target: Answer) -> list[Part]:
    areas = areas_of(asked.ask("codes/target-areas/", limit=WHOLE)["data"])
    found = []
    for part in (target["data"]["parts"] or {}).get("targets", []):
        zones = areas[part["area"]["code"]].zones
        url = asked.high_tech_on(asked.day.isoformat(), zone=",".join(zones))
        found.append(Part(part["area"]["name"], part["computed"], part["value"], url))
    return found


def without_zone(asked: ReadersChoice, by_zone: Answer) -> list[Part]:
    found: list[Group] = groups.ranked(asked, by_zone, "zone")
    return [Part(one.name, one.value, None, one.url) for one in found if one.key == UNKNOWN]


def finding(parts: list[Part], year: int) -> str:
    reached = {part: share(part.firms, part.goal or 0) for part in parts}
    behind = {part: of_goal for part, of_goal in reached.items() if of_goal < 1}
    if not parts:
        return _("No targets of zones were known")
    if not behind:
        return _("Every zone has reached its target for %s") % year
    nearest = max(behind, key=lambda part: behind[part])
    told = {"zone": nearest.name, "year": year, "share": percent(behind[nearest], 0)}
    return _("Nearest to its target for %(year)s: %(zone)s, at %(share)s of it") % told


def drawn(parts: list[Part], target: Answer) -> dict[str, Any]:
    rows = [
        {
            "name": part.name,
            "value": part.firms,
            "goal": part.goal,
            "url": part.url,
            "share": percent(share(part.firms, part.goal), 0) if part.goal else "",
        }
        for part in parts
    ]
    return {
        "rows": rows,
        "words": {"target": pgettext("chart", "target"), "computed": _("High-tech firms")},
        "year": target["data"]["year"],
    }


def of_zones(asked: ReadersChoice, parts: list[Part], unknown: list[Part], target: Answer) -> Table:
    told = target["data"]
    head = [
        words(_("Zone")),
        heading(_("High-tech firms")),
        heading(_("Target for %s") % told["year"]),
        heading(_("Share")),
        heading(_("Still to go")),
    ]
    city = Part(_("Whole city"), told["computed"]["stock"], told["value"], asked.high_tech_on(asked.day.isoformat()))
    foot = row_of(city) if parts else ()
    return Table(_("Zones beside their targets"), head, [row_of(part) for part in parts + unknown], foot)


def row_of(part: Part) -> list[Cell]:
    firms = [words(part.name), count(part.firms, part.url)]
    if part.goal is None:
        return [*firms, figure("–"), figure("–"), figure("–")]
    gap = number(max(part.goal - part.firms, 0))
    return [*firms, count(part.goal), figure(percent(share(part.firms, part.goal))), figure(gap)]
