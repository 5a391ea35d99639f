"""Numbers, days and moments as the reader's language writes them."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.downloads.catalogue import REGISTER

register = template.Library()

SEPARATORS = {"it": (".", ",")}
"""Of thousands and of decimals; English and Chinese write the others."""
MANY = Decimal(10_000)
WRITTEN_MOMENT = re.compile(r"(?<![=\w])\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
"""A moment as the API writes it; one in an address, after a =, is left as it is."""


@register.filter
def number(value: int | float | Decimal | str | None, places: int | None = None) -> str:
    """12,345.6; in Italian 12.345,6. A dash for what is not known."""
    if value is None or value == "":
        return "–"
    amount = Decimal(str(value))
    text = f"{amount:,.{places}f}" if places is not None else f"{amount:,f}"
    thousands, decimals = SEPARATORS.get(get_language() or "", (",", "."))
    return text.translate({ord(","): thousands, ord("."): decimals})


@register.filter
def signed(value: int | float | Decimal, places: int | None = None) -> str:
    """+5, −3 with a true minus, 0."""
    text = number(Decimal(str(value)).copy_abs(), places)
    return text if value == 0 else ("+" if value > 0 else "−") + text


@register.filter
def percent(value: float | Decimal | None, places: int = 1) -> str:
    """0.125 as 12.5 %."""
    if value is None:
        return "–"
    space = "" if (get_language() or "").startswith("zh") else "\N{NO-BREAK SPACE}"
    return f"{number(Decimal(str(value)) * 100, places)}{space}%"


@register.filter
def money(value: str | Decimal | None) -> str:
    """An amount in 10,000 yuan (万元) in the unit that people of the language would say."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return "–"
    if (get_language() or "").startswith("zh"):
        in_unit, unit = (amount / MANY, "亿元") if abs(amount) >= MANY else (amount, "万元")
    else:
        in_unit, unit = amount / 100, _("million yuan")
    return f"{number(in_unit.quantize(Decimal('0.01')).normalize())} {unit}"


@register.filter
def day(value: datetime.date | str | None) -> str:
    """2026-06-30; a dash for none."""
    if not value:
        return "–"
    return value if isinstance(value, str) else value.isoformat()


@register.filter
def last_day(value: str | None) -> str:
    """The last day included of a period whose `until` excludes it."""
    if not value:
        return "–"
    return (datetime.date.fromisoformat(value) - datetime.timedelta(days=1)).isoformat()


@register.filter
def moment(value: datetime.datetime | str | None) -> str:
    """2026-06-30 08:15:02, in Shanghai."""
    if not value:
        return "–"
    when = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return localtime(when).strftime("%Y-%m-%d %H:%M:%S")


@register.filter
def form_moment(value: datetime.datetime) -> str:
    """As a form's field takes it: to the microsecond, so that it is the same moment when it is sent again."""
    when = localtime(value)
    return when.strftime("%Y-%m-%d %H:%M:%S" + (".%f" if when.microsecond else ""))


@register.filter
def clock(value: datetime.datetime | str | None) -> SafeString:
    """A moment as people write it, with its time zone; as ISO 8601 for programs."""
    if not value:
        return mark_safe("–")
    when = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return format_html(
        '<time datetime="{}">{}</time>', localtime(when).isoformat(), _("%s (Beijing time)") % moment(when)
    )


@register.filter
def with_clocks(text: str) -> SafeString:
    """A text of the API, its moments written as people do."""
    return mark_safe(WRITTEN_MOMENT.sub(lambda found: clock(found[0]), conditional_escape(text)))


@register.simple_tag
def register_name() -> str:
    return str(REGISTER)


@register.simple_tag
def licence() -> dict[str, str]:
    """`name` and `url` of the licence of the data."""
    return settings.LICENCE


@register.filter
def unlocalized(value: float) -> str:
    """A measure in a drawing: a point before decimals, in every language."""
    return f"{value:g}"
