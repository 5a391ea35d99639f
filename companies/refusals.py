"""What is said of a firm's address that leads to none: mistyped, or not in the register."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from companies.models import Company
from registry import credit_code
from registry.api.first_known import refuse_known_later
from registry.api.refusals import Mistake, Problem
from registry.names import shown

MISTYPED = {
    "length": "wrong_length",
    "check": "bad_check_digit",
    "organisation_check": "bad_check_digit",
    "alphabet": "wrong_character",
    "department": "wrong_character",
    "kind": "wrong_character",
    "division": "wrong_character",
}
"""Codes of mistakes, by what `credit_code.check` finds; `not_a_credit_code` for all else."""


class NoFirm(Problem):
    """404 that names the code of the address, and why it leads to no firm."""

    status_code = 404
    default_code = "not_found"


class UnknownFirm(NoFirm):
    """The code is sound, and no firm that everyone may see has it."""

    def __init__(self, text: str) -> None:
        detail = _("The register has no firm with the credit code “%s”.") % shown(text)
        super().__init__([Mistake("unknown_uscc", detail, parameter="uscc")])


class MistypedCode(NoFirm):
    """The text is no credit code; `nearest` is a sound one that is one slip away."""

    def __init__(self, text: str, error: credit_code.CreditCodeError) -> None:
        code = MISTYPED.get(str(error.code), "not_a_credit_code")
        nearest = next(iter(credit_code.suggest(text)), None)
        super().__init__([Mistake(code, str(error), parameter="uscc", nearest=nearest)])


def read_code(text: str) -> str:
    """The credit code in an address, normalised; MistypedCode when it is none."""
    try:
        return credit_code.check(text)
    except credit_code.CreditCodeError as error:
        raise MistypedCode(text, error) from None


def public_firm_of(text: str, known_at: datetime.datetime | None) -> int:
    """The key of the firm in an address, one that everyone may see; MistypedCode, KnownLater or UnknownFirm."""
    firms = Company.objects.public().filter(uscc=read_code(text))
    key: int | None = firms.values_list("pk", flat=True).first()
    if key is None:
        refuse_known_later(firms, text, known_at)
        raise UnknownFirm(text)
    return key
