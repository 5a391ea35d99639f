"""Organisations that take part in financing or call the API."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.credit_code import validate_credit_code
from registry.models.entries import IsCreditCode, Vocabulary, in_choices


class PartnerKind(models.TextChoices):
    BANK = "bank", _("bank")
    GUARANTOR = "guarantor", _("guarantor")
    INSURER = "insurer", _("insurer")
    FUND = "fund", _("fund or investor")
    GOVERNMENT = "government", _("government body")
    PARK = "park", _("park or portal")


class Partner(Vocabulary):
    """A bank, guarantor, insurer, fund or portal; `code` is the register's own."""

    kind = models.CharField(_("kind"), max_length=10, choices=PartnerKind.choices)
    uscc = models.CharField(_("credit code"), max_length=18, blank=True, validators=[validate_credit_code])

    class Meta(Vocabulary.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = (
            *Vocabulary.Meta.constraints,
            in_choices("kind", PartnerKind),
            models.CheckConstraint(
                condition=models.Q(uscc="") | models.Q(IsCreditCode(models.F("uscc"))),
                name="registry_partner_uscc_valid",
                violation_error_message=_("This is not a valid credit code: a check character does not fit."),
            ),
            models.UniqueConstraint(
                fields=("uscc",),
                condition=~models.Q(uscc=""),
                name="registry_partner_uscc_unique",
                violation_error_message=_("Another partner has this credit code."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("kind", "uscc")
