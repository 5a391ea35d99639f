"""What needs doing, each task as a question of firms: the front page counts it, a page of its own lists it.

To add one, add a `Task` to `TASKS`: its `rows` give firms of the person's scope alone, in the order in which they are
listed, with what is to be done as the annotation `why`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Case, CharField, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.listing import LastDay, in_residence, own_firms, own_stays, written
from companies.models import AnnualReport, Certification, Company, Seat
from companies.models.questions import Rows, residency_open
from companies.notices import questions as notices
from registry import scope
from registry.models.naming import name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from registry.scope import Person

ENDING_WITHIN = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Task:
    """A list of firms; `hint` says in a sentence which firms it holds."""

    key: str
    title: StrOrPromise
    hint: StrOrPromise
    rows: Callable[[Person, datetime.date], Rows]


# --- My firms
def residents(user: Person, day: datetime.date) -> Rows:
    stays = own_stays(user).filter(residency_open(day), company=OuterRef("pk"))
    why = Subquery(stays.values(text=Concat(name_of("incubator"), Value(" · "), written(F("entered_on"))))[:1])
    return in_residence(user, day).annotate(why=why).order_by("uscc")


def left_lately(user: Person, day: datetime.date) -> Rows:
    """Firms in none of the person's incubators today, whose last stay there ended in the days of correction."""
    began = day - datetime.timedelta(days=settings.WRITABLE_DAYS_AFTER_LEAVING)
    ended = own_stays(user).filter(left_on__gt=began, left_on__lte=day)
    last = ended.filter(company=OuterRef("pk")).order_by("-left_on")
    why = Subquery(last.values(text=Concat(name_of("incubator"), Value(" · "), written(LastDay("left_on"))))[:1])
    firms = scope.scope(Company.objects.all(), user).filter(pk__in=ended.values("company"))
    staying = in_residence(user, day)
    return (
        firms.exclude(pk__in=staying.values("pk"))
        .annotate(why=why, left=Subquery(last.values("left_on")[:1]))
        .order_by("-left", "uscc")
    )


# --- What needs doing
def ending(user: Person, day: datetime.date) -> Rows:
    """Existing firms with a certificate that counts today and ends within 90 days, with no later one of its kind."""
    later = Certification.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")),
        issued_on__lte=day,  # one that is yet to be issued takes nothing off the list
        company=OuterRef("company"),
        kind=OuterRef("kind"),
        revoked_from__isnull=True,
    )
    ends = Certification.objects.valid(day).filter(~Exists(later), valid_until__lte=day + ENDING_WITHIN)
    first = ends.filter(company=OuterRef("pk")).order_by("valid_until", "pk")
    told = Concat(name_of("kind"), Value(" · "), written(LastDay("valid_until")))
    found = own_firms(user).existing(day).filter(pk__in=ends.values("company"))
    ordered = found.annotate(
        why=Subquery(first.values(text=told)[:1]), ends=Subquery(first.values("valid_until")[:1])
    ).order_by("ends", "uscc")
    return ordered


def missing(user: Person, day: datetime.date) -> Rows:
    """Existing firms without one of the facts by which figures are grouped and people are reached."""
    reported = Seat.objects.on(day).filter(company=OuterRef("pk"), reporting_unit__isnull=False)
    lacking: dict[str, Q] = {
        gettext("industry"): Q(industry__isnull=True),
        gettext("hub"): Q(hub__isnull=True),
        gettext("strategic field"): Q(strategic_field__isnull=True),
        gettext("contact person"): Q(contact_name=""),
        gettext("contact phone"): Q(contact_phone=""),
        gettext("registered capital"): Q(registered_capital__isnull=True),
        gettext("reporting unit"): ~Q(Exists(reported)),
    }
    any_of = Q()
    for condition in lacking.values():
        any_of |= condition
    names = [Case(When(condition, then=Value(name)), output_field=CharField()) for name, condition in lacking.items()]
    why = Func(Value(" / "), *names, function="CONCAT_WS", output_field=CharField())
    found = own_firms(user).existing(day).filter(any_of)
    return found.annotate(why=why).order_by("uscc")


def unreported(user: Person, day: datetime.date) -> Rows:
    """Firms in residence without a number of jobs for the last year."""
    year = day.year - 1
    told = AnnualReport.objects.filter(company=OuterRef("pk"), year=year, jobs__isnull=False)
    found = in_residence(user, day).filter(~Exists(told))
    return found.annotate(why=Value(gettext("year %d") % year, output_field=CharField())).order_by("uscc")


MINE = (
    Task(
        "residents",
        _("In residence today"),
        _("Firms whose stay is open today, with the day on which they entered."),
        residents,
    ),
    Task(
        "left",
        _("Left recently"),
        _("Firms whose stay in your incubator ended; they can still be corrected for a while."),
        left_lately,
    ),
)
TASKS = (
    Task(
        "ending",
        _("Certificates ending in 90 days"),
        _("Certificates that count today, end within 90 days and have no later one of their kind; with the last day."),
        ending,
    ),
    Task(
        "not-entered",
        _("On an official list, certificate not entered"),
        _("Firms on a list loaded in the last 12 months, without a certificate of its kind and year in the register."),
        notices.not_entered_lately,
    ),
    Task(
        "lapsed",
        _("Certificate ended, not on the official list"),
        _(
            "Firms whose certificate ended in the year of a list loaded in the last 12 months, and that no list "
            "of that year names."
        ),
        notices.lapsed_lately,
    ),
    Task(
        "missing",
        _("Missing information"),
        _("Firms without industry, hub, strategic field, contact, registered capital or reporting unit."),
        missing,
    ),
    Task(
        "unreported",
        _("Yearly report missing"),
        _("Firms in residence without a number of jobs for the last year."),
        unreported,
    ),
)


def task_of(key: str) -> Task | None:
    return next((task for task in (*MINE, *TASKS) if task.key == key), None)
