"""What became of firms on official lists, asked of their certificates on the day of the question; nothing is stored.

All give firms of the person's scope with `why`. A kind and a year may have several lists (batches): who is on none of
them has lapsed, who is on one of them has not.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, ExtractYear

from companies.listing import LastDay, own_firms, written
from companies.models import Certification, Notice, NoticeLine
from companies.models.questions import Rows
from registry import scope
from registry.models.naming import name_of

if TYPE_CHECKING:
    from registry.scope import Person

LATELY = datetime.timedelta(days=365)


def lately(day: datetime.date) -> Rows:
    """The lists loaded in the last twelve months."""
    found = Notice.objects.filter(loaded_at__date__gt=day - LATELY)
    return found


def _certificates(**lookups: Any) -> Rows:
    """Of the firm of the outer query's line, of the kind of its notice."""
    found = Certification.objects.filter(company=OuterRef("company"), kind=OuterRef("notice__kind"), **lookups)
    return found


def _on_lines(user: Person, lines: QuerySet[Any]) -> Rows:
    """The person's firms on the lines; `why` tells the kind, the year and the number on the list."""
    first = lines.filter(company=OuterRef("pk")).order_by("-notice__year", "number")
    told = Concat(
        name_of("notice__kind"),
        *(Value(" "), F("notice__year"), Value(" "), F("certificate_number")),
        output_field=CharField(),
    )
    found = own_firms(user).filter(pk__in=lines.values("company"))
    return found.annotate(why=Subquery(first.values(text=told)[:1])).order_by("uscc")


def _lines(user: Person, notices: QuerySet[Any]) -> Rows:
    return scope.scope(NoticeLine.objects.filter(notice__in=notices, company__isnull=False), user)


def appeared(user: Person, notices: QuerySet[Any], day: datetime.date) -> Rows:
    """On a list, and never certified before its year."""
    before = _certificates(issued_on__year__lt=OuterRef("notice__year"))
    return _on_lines(user, _lines(user, notices).filter(~Exists(before)))


def renewed(user: Person, notices: QuerySet[Any], day: datetime.date) -> Rows:
    """On a list, and certified before its year."""
    before = _certificates(issued_on__year__lt=OuterRef("notice__year"))
    return _on_lines(user, _lines(user, notices).filter(Exists(before)))


def not_entered(user: Person, notices: QuerySet[Any], day: datetime.date) -> Rows:
    """On a list, without a certificate of its kind issued in its year."""
    held = _certificates(issued_on__year=OuterRef("notice__year"))
    return _on_lines(user, _lines(user, notices).filter(~Exists(held)))


def lapsed(user: Person, notices: QuerySet[Any], day: datetime.date) -> Rows:
    """Existing firms whose last certificate ended by the day, in the year of a list of its kind, and on no such list.

    The year is that of the first day after: a certificate issued in 2023 is renewed in the year 2026.
    """
    later = Certification.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")),
        company=OuterRef("company"),
        kind=OuterRef("kind"),
    )
    ended = Certification.objects.filter(_in_years_of(notices), valid_until__lte=day, revoked_from__isnull=True)
    named = NoticeLine.objects.filter(
        company=OuterRef("company"), notice__kind=OuterRef("kind"), notice__year=ExtractYear(OuterRef("valid_until"))
    )
    ended = ended.filter(~Exists(named), ~Exists(later))
    last = ended.filter(company=OuterRef("pk")).order_by("-valid_until")
    told = Concat(name_of("kind"), Value(" · "), written(LastDay("valid_until")))
    firms: Any = own_firms(user)
    ordered = (
        firms.existing(day)
        .filter(pk__in=ended.values("company"))
        .annotate(why=Subquery(last.values(text=told)[:1]), ends=Subquery(last.values("valid_until")[:1]))
        .order_by("ends", "uscc")
    )
    return ordered


def _in_years_of(notices: QuerySet[Any]) -> Q:
    """Certificates that ended in the year of one of the lists, by kind: ranges, which an index answers."""
    found = Q(pk__in=())
    for kind, year in notices.order_by().values_list("kind", "year").distinct():
        first, after = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
        found |= Q(kind=kind, valid_until__gte=first, valid_until__lt=after)
    return found


def not_entered_lately(user: Person, day: datetime.date) -> Rows:
    return not_entered(user, lately(day), day)


def lapsed_lately(user: Person, day: datetime.date) -> Rows:
    return lapsed(user, lately(day), day)


# --- Lines without a firm: of nobody's scope, so that registrars and auditors alone see them
def unknown(user: Person, notice: Notice) -> Rows:
    """Lines that no firm of the register fits."""
    return scope.scope(NoticeLine.objects.filter(notice=notice, company__isnull=True, candidates=[]), user)


def doubtful(user: Person, notice: Notice) -> Rows:
    """Lines that fit several firms, or the name of a firm with another code."""
    return scope.scope(NoticeLine.objects.filter(notice=notice, company__isnull=True).exclude(candidates=[]), user)
