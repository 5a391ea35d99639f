"""High-tech firms by hub, and by strategic field within it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies.dashboard.numbers import share
from companies.dashboard.panels import groups
from companies.dashboard.panels.groups import Group
from companies.dashboard.panels.parts import Chart, Panel
from companies.dashboard.readers_choice import ReadersChoice
from companies.statistics.codes import HIGH_TECH_FIRMS
from registry.templatetags.pages import number, percent


def panel(asked: ReadersChoice) -> Panel:
    of_hubs = asked.ask(f"statistics/{HIGH_TECH_FIRMS}/", group_by="hub")
    of_fields = asked.ask(f"statistics/{HIGH_TECH_FIRMS}/", group_by="strategic_field")
    hubs = groups.ranked(asked, of_hubs, "hub")
    found = groups.ranked(asked, of_fields, "strategic_field")
    return Panel(
        "fields",
        finding(asked, hubs, of_hubs["total"]),
        _("High-tech firms by hub and by strategic field, as the register has recorded them."),
        charts=[
            Chart("hubs", "bars", _("High-tech firms by hub"), groups.bars(hubs, of_hubs["unit"]), _("Hubs")),
            Chart(
                "strategic",
                "bars",
                _("High-tech firms by strategic field"),
                groups.bars(found, of_fields["unit"]),
                _("Strategic fields"),
            ),
        ],
        tables=[
            groups.table(asked, _("High-tech firms by hub"), _("Hub"), hubs, of_hubs),
            groups.table(asked, _("High-tech firms by strategic field"), _("Strategic field"), found, of_fields),
        ],
        metrics=[HIGH_TECH_FIRMS],
        answers=[of_hubs, of_fields],
        notes=[_("The sixteen strategic fields are partly unofficial; staff may correct them.")],
    )


def finding(asked: ReadersChoice, hubs: list[Group], total: int) -> str:
    first = groups.known(hubs)[:1]
    if not first:
        return _("No high-tech firm on this day has a hub")
    told = {"hub": first[0].name, "firms": number(first[0].value)}
    told["share"] = percent(share(first[0].value, total), 0)
    return _("%(hub)s is the largest hub: %(firms)s, %(share)s of all") % told
