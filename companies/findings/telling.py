"""A finding as a sentence with the values that it is about."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from companies.models.soft_checks import Parameters, SoftCheck

WAN = Decimal(10_000)


def tell(kind: str, row: Any, rule: Parameters) -> str:
    return SENTENCES[kind](row, rule)


def _age(stay: Any, rule: Parameters) -> str:
    told = {"entered": stay.entered_on, "established": stay.company.established_on, "months": rule.months}
    return _("Entered on %(entered)s, more than %(months)d months after its establishment on %(established)s.") % told


def _stay(stay: Any, rule: Parameters) -> str:
    told = {"entered": stay.entered_on, "left": stay.left_on, "months": stay.limit, "day": stay.last_day}
    if stay.left_on:
        return _("In residence from %(entered)s, left on %(left)s: longer than %(months)d months.") % told
    return _("In residence since %(entered)s; %(months)d months were over on %(day)s.") % told


def _ground(stay: Any, rule: Parameters) -> str:
    left: str = stay.left_on.isoformat()
    return _("Graduated on %s without a ground.") % left


def _seat(stay: Any, rule: Parameters) -> str:
    told = {"firm": stay.name_of_firms, "host": stay.name_of_hosts}
    return _("The firm is seated in %(firm)s, its incubator in %(host)s.") % told


def _number(certificate: Any, rule: Parameters) -> str:
    told = {"number": certificate.number, "kind": certificate.kind}
    return _("The certificate number %(number)s is unlike others of “%(kind)s”.") % told


def _capital(firm: Any, rule: Parameters) -> str:
    capital = firm.registered_capital
    told = {"capital": _plain(capital)}
    if capital > rule.over:
        told["meant"] = _plain(capital / WAN)
        return _("Registered capital of %(capital)s × 10,000 yuan: perhaps yuan, that is %(meant)s × 10,000?") % told
    told["meant"] = _plain(capital * WAN)
    return _("Registered capital of %(capital)s × 10,000 yuan: perhaps %(meant)s × 10,000 was meant?") % told


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():,f}"


SENTENCES: dict[str, Callable[[Any, Parameters], str]] = {
    SoftCheck.AGE_AT_ENTRY: _age,
    SoftCheck.LENGTH_OF_STAY: _stay,
    SoftCheck.GRADUATION_GROUND: _ground,
    SoftCheck.SEAT_AND_HOST: _seat,
    SoftCheck.CERTIFICATE_NUMBER: _number,
    SoftCheck.CAPITAL_UNIT: _capital,
}
