"""What soft rules can look at, and the parameters of each check, read from JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models.certifications import CertificationKind
from incubators.models import Incubator
from registry.models import StrategicField


class SoftCheck(models.TextChoices):
    """What a soft rule can look at; `companies.findings.checks` asks it."""

    AGE_AT_ENTRY = "age_at_entry", gettext_lazy("age at entry")
    LENGTH_OF_STAY = "length_of_stay", gettext_lazy("length of a stay")
    GRADUATION_GROUND = "graduation_ground", gettext_lazy("ground of a graduation")
    SEAT_AND_HOST = "seat_and_host", gettext_lazy("district of the firm and of its incubator")
    CERTIFICATE_NUMBER = "certificate_number", gettext_lazy("pattern of a certificate's number")
    CAPITAL_UNIT = "capital_unit", gettext_lazy("unit of the registered capital")


NEEDED: dict[str, tuple[str, ...]] = {
    SoftCheck.AGE_AT_ENTRY: ("months",),
    SoftCheck.LENGTH_OF_STAY: ("months", "longer_months", "longer_for"),
    SoftCheck.GRADUATION_GROUND: (),
    SoftCheck.SEAT_AND_HOST: ("except_incubators",),
    SoftCheck.CERTIFICATE_NUMBER: ("kinds",),
    SoftCheck.CAPITAL_UNIT: ("under", "over"),
}
"""The parameters of each check; all are given, and no other."""


LONGEST = 600  # months


class BadParameter(ValueError):
    """One sentence that names the parameter and what it would have to be."""


@dataclass(frozen=True)
class Parameters:
    """Those of one rule; what its check does not take keeps its default. `under` and `over` are 万元."""

    months: int = 0
    longer_months: int = 0
    longer_for: tuple[str, ...] = ()
    except_incubators: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    under: Decimal = Decimal(0)
    over: Decimal = Decimal(0)


def read(kind: str, given: Any) -> Parameters:
    """Raises BadParameter for one that is missing, not known to the check, or of another shape; whether the lists hold
    its codes is asked by `check_codes`, when the rule is written."""
    if not isinstance(given, Mapping):
        raise BadParameter(_("The parameters are an object of JSON: {…}."))
    needed = NEEDED[kind]
    if unknown := sorted(set(given) - set(needed)):
        told = {"name": unknown[0], "known": ", ".join(needed) or "–"}
        raise BadParameter(_("“%(name)s” is no parameter of this check; it takes: %(known)s.") % told)
    if missing := [name for name in needed if name not in given]:
        raise BadParameter(_("The parameter “%s” is missing.") % missing[0])
    found = Parameters(**{name: SHAPES[name](name, given[name]) for name in needed})
    if found.over and found.over <= found.under:
        raise BadParameter(_("“over” is larger than “under”."))
    return found


def _months(name: str, value: Any) -> int:
    if type(value) is not int or not 1 <= value <= LONGEST:
        told = {"name": name, "most": LONGEST}
        raise BadParameter(_("“%(name)s” is a whole number of months from 1 to %(most)d.") % told)
    return value


def _amount(name: str, value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
        if amount.is_finite() and amount > 0 and not isinstance(value, bool):
            return amount
    except InvalidOperation:
        pass
    raise BadParameter(_("“%s” is an amount in 10,000 yuan, more than 0.") % name)


def _codes(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise BadParameter(_("“%s” is a list of codes.") % name)
    return tuple(value)


def check_codes(found: Parameters) -> None:
    """Raises BadParameter for a code that its list does not hold."""
    for name, model in LISTS.items():
        asked = getattr(found, name)
        held = set(model.objects.filter(code__in=asked).values_list("code", flat=True)) if asked else set()
        if unknown := [code for code in asked if code not in held]:
            told = {"value": unknown[0], "list": model._meta.verbose_name_plural}
            raise BadParameter(_("“%(value)s” is not in the list of %(list)s.") % told)


LISTS: dict[str, Any] = {
    "longer_for": StrategicField,
    "except_incubators": Incubator,
    "kinds": CertificationKind,
}
SHAPES: dict[str, Callable[[str, Any], Any]] = {
    "months": _months,
    "longer_months": _months,
    "longer_for": _codes,
    "except_incubators": _codes,
    "kinds": _codes,
    "under": _amount,
    "over": _amount,
}
