"""What stands at the head of a firm's page: its name, code and state of today, of what the person may see."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from companies.models import Certification, Company, CompanyName, Residency, Seat
from companies.models.questions import HIGH_TECH
from registry import scope
from registry.admin import labels
from registry.days import last_included, today


@dataclass(frozen=True)
class State:
    """One line of the head; an empty value is shown as a dash."""

    label: str
    value: str


def latest_name(firm: Company) -> str:
    """The latest name begun by today, else the first to come."""
    names = CompanyName.objects.filter(company=firm).order_by("valid_from").values_list("valid_from", "name_zh")
    begun = [name for start, name in names if start <= today()]
    return begun[-1] if begun else next((name for _start, name in names), firm.uscc)


def states_of(firm: Company, user: Any) -> list[State]:
    return [
        State(_("credit code"), firm.uscc),
        State(_("district"), _district(firm)),
        State(_("high-tech to (included)"), _certified_to(firm)),
        State(_("in residence since"), _resident_since(firm, user)),
        State(_("published"), _("yes") if firm.is_published else _("no")),
    ]


def _district(firm: Company) -> str:
    seat = Seat.objects.on(today()).filter(company=firm).select_related("district", "reporting_unit").first()
    if seat is None:
        return _("not seated in the city")
    names = dict.fromkeys(str(place) for place in (seat.district, seat.reporting_unit) if place)
    return " · ".join(names) or _("not stated")


def _certified_to(firm: Company) -> str:
    held = Certification.objects.valid(today()).filter(company=firm, kind__code=HIGH_TECH)
    valid = held.order_by("-valid_until").first()
    if valid is None:
        return ""
    return last_included(valid.valid_until).isoformat() if valid.valid_until else _("no end known")


def _resident_since(firm: Company, user: Any) -> str:
    stays = scope.scope(Residency.objects.filter(company=firm, left_on=None), user).select_related("incubator")
    return " · ".join(f"{stay.entered_on} {labels.plain(stay.incubator)}" for stay in stays)
