"""Organisations that take part in financing or call the API."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.entries import Vocabulary, in_choices


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
    uscc = models.CharField(_("credit code"), max_length=18, blank=True)

    class Meta(Vocabulary.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = (*Vocabulary.Meta.constraints, in_choices("kind", PartnerKind))

    class Access:
        public: ClassVar[tuple[str, ...]] = ("kind", "uscc")
