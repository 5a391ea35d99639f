"""Soft rules as data, and what people say of the findings that stand. A finding itself is never stored."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models.certifications import Certification
from companies.models.companies import Company
from companies.models.links import Residency
from companies.models.soft_checks import NEEDED, BadParameter, SoftCheck, check_codes, read
from registry.models import Entry
from registry.models.entries import Vocabulary, in_choices


def _parameters_are_given() -> Q:
    condition = Q()
    for kind, names in NEEDED.items():
        condition |= Q(kind=kind, parameters__has_keys=list(names)) if names else Q(kind=kind)
    return condition


class SoftRule(Vocabulary):
    """Something that is flagged and never refused, while the rule is in force."""

    kind = models.CharField(_("check"), max_length=18, choices=SoftCheck.choices)
    parameters = models.JSONField(
        _("parameters"),
        default=dict,
        blank=True,
        help_text=_("As JSON; what each check takes stands in docs/soft-rules.md."),
    )

    class Meta(Vocabulary.Meta):
        verbose_name = _("soft rule")
        verbose_name_plural = _("soft rules")
        constraints = (
            *Vocabulary.Meta.constraints,
            in_choices("kind", SoftCheck),
            models.CheckConstraint(
                condition=_parameters_are_given(),
                name="companies_softrule_parameters_given",
                violation_error_message=_("The check lacks one of its parameters."),
            ),
        )

    class Access:
        internal: ClassVar[tuple[str, ...]] = ("kind", "parameters")

    def clean(self) -> None:
        if self.kind in SoftCheck.values:
            try:
                check_codes(read(self.kind, self.parameters))
            except BadParameter as error:
                raise ValidationError({"parameters": str(error)}) from error


class Explanation(Entry):
    """Why a finding stands as it is. It holds for the value it was given for, and lapses when the fact changes.

    It is about a stay, a certificate, or where neither is named the firm itself.
    """

    rule = models.ForeignKey(
        SoftRule, verbose_name=_("soft rule"), on_delete=models.PROTECT, related_name="explanations", db_index=False
    )
    company = models.ForeignKey(Company, verbose_name=_("firm"), on_delete=models.CASCADE, related_name="explanations")
    residency = models.ForeignKey(
        Residency,
        verbose_name=_("residency"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="explanations",
    )
    certification = models.ForeignKey(
        Certification,
        verbose_name=_("certificate"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="explanations",
    )
    given_for = models.CharField(_("given for the value"), max_length=200)
    text = models.CharField(_("explanation"), max_length=500)

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="companies_explanation_says_something",
                violation_error_message=_("An explanation says something."),
            ),
            models.CheckConstraint(
                condition=Q(residency__isnull=True) | Q(certification__isnull=True),
                name="companies_explanation_about_one",
                violation_error_message=_("An explanation is about one thing."),
            ),
        )

    class Access:
        internal: ClassVar[tuple[str, ...]] = (*("rule", "company", "residency", "certification", "given_for", "text"),)

    def __str__(self) -> str:
        return self.text
