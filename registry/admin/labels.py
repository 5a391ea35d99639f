"""How entries and days are called on the admin's pages."""

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry.days import last_included, today

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Fields that hold the first day after a period, with the name of the last day that stands in their place.
LAST_DAYS = {
    "valid_until": _("to (last day, included)"),
    "left_on": _("last day in residence (included)"),
}


# Fields that hold an amount in 10,000 yuan.
AMOUNTS = ("registered_capital", "agreed_amount", "drawn_amount", "amount", "revenue", "rd_expense")


def label_of(entry: Any) -> str:
    """The entry as its own admin names it."""
    its_admin: Any = admin.site._registry.get(type(entry))
    text: str = its_admin.label(entry) if hasattr(its_admin, "label") else plain(entry)
    return text


def plain(entry: Any) -> str:
    """Its text; an entry that is no longer in force with its last day."""
    until = getattr(entry, "valid_until", None)
    over = f"（–{last_included(until)}）" if until and until <= today() else ""
    return f"{entry}{over}"


def last_day(until: datetime.date | None) -> str:
    """The last day of a period as a list shows it; a dash where it is open."""
    return last_included(until).isoformat() if until else "–"


def day(name: str, description: "StrOrPromise") -> Callable[[Any], str]:
    """A column of a list that shows a day as 2026-06-30 in every language."""

    @admin.display(description=description, ordering=name)
    def column(entry: Any) -> str:
        value = getattr(entry, name)
        return value.isoformat() if value else "–"

    column.__name__ = name
    return column


def number(name: str, description: "StrOrPromise") -> Callable[[Any], str]:
    """A column of a list that shows a decimal with thousands separators and without idle zeros."""

    @admin.display(description=description, ordering=name)
    def column(entry: Any) -> str:
        value = getattr(entry, name)
        return "–" if value is None else f"{value.normalize():,f}"

    column.__name__ = name
    return column


def invented() -> SafeString:
    """Stands beside every invented entry."""
    return format_html('<span class="invented">{}</span>', _("demonstration data (invented)"))


def owner_key(fact: type[models.Model], owner: type[models.Model]) -> str:
    """The name of the fact's foreign key to its owner."""
    [key] = [field.name for field in fact._meta.fields if field.is_relation and field.related_model is owner]
    return key
