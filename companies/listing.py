"""Rows about firms as a page shows them: whose firm, and why it is on the list; counted no further than is read."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import CharField, DateField, F, Func, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.admin.columns import name_today
from companies.models import Company, Residency
from companies.models.questions import Rows, residency_open
from registry import scope
from registry.templatetags.pages import number

if TYPE_CHECKING:
    from registry.scope import Person

ROWS_ON_A_PAGE = 50
MOST_COUNTED = 10_000


class LastDay(Func):
    """The last day included of a period whose end is excluded."""

    template = "(%(expressions)s - 1)"
    output_field = DateField()


def written(day: Any) -> Cast:
    """A day as 2026-06-30."""
    return Cast(day, CharField())


def own_firms(user: Person) -> Rows:
    """The firms that a person works on: those that may be changed; of who may change none, those that may be read."""
    firms = Company.objects.all()
    return scope.scope(firms, user, write=scope.may_write(user, Company))


def own_stays(user: Person) -> Rows:
    return scope.scope(Residency.objects.all(), user)


def in_residence(user: Person, day: datetime.date) -> Rows:
    """The person's firms whose stay in one of the person's incubators is open on the day."""
    open_stays = own_stays(user).filter(residency_open(day))
    return scope.scope(Company.objects.all(), user).filter(pk__in=open_stays.values("company"))


def shown(rows: QuerySet[Any], firm: str = "pk") -> Rows:
    """The rows as `key`, `code`, `name`, `invented` of their firm, and `why`; `firm` is the path to the firm."""
    of_firm = "" if firm == "pk" else f"{firm}__"
    named = rows.annotate(
        key=F(firm), code=F(f"{of_firm}uscc"), name=name_today(firm), invented=F(f"{of_firm}is_invented")
    )
    return named.values("key", "code", "name", "invented", "why")


def count(rows: QuerySet[Any], most: int) -> int:
    """How many there are, but no more than `most` + 1."""
    return rows.order_by().values("pk")[: most + 1].count()


def firms_counted(count: int) -> str:
    return ngettext("%s firm", "%s firms", count) % number(count)


class Pages(Paginator[Any]):
    """Counted up to `most`; rows beyond are not paged to, and `is_cut` says that there are some."""

    refusal = ""
    """Why another page is shown than the one asked for."""

    def __init__(self, rows: QuerySet[Any], firm: str = "pk", most: int | None = MOST_COUNTED) -> None:
        super().__init__(shown(rows, firm), ROWS_ON_A_PAGE)
        self.rows, self.most = rows, most

    @cached_property
    def found(self) -> int:
        return self.rows.count() if self.most is None else count(self.rows, self.most)

    @cached_property
    def count(self) -> int:
        return self.found if self.most is None else min(self.found, self.most)

    @property
    def is_cut(self) -> bool:
        return self.most is not None and self.found > self.most

    def asked(self, number: str | None) -> Page[Any]:
        """The page of that number; for one that there is not the first or the last, and `refusal` says so."""
        try:
            return self.page(int(number or 1))
        except (ValueError, EmptyPage):
            found = self.get_page(number)
            words = {"asked": (number or "")[:20], "shown": found.number}
            self.refusal = _("There is no page “%(asked)s”; this is page %(shown)s.") % words
            return found
