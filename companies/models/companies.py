"""The firm, and its names over time."""

import hashlib
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from companies.models.questions import CompanyQuerySet, public_firm
from registry.credit_code import CreditCodeError, check, validate_credit_code
from registry.models import Entry, Hub, Industry, StrategicField
from registry.models.entries import (
    IsCreditCode,
    NoOverlap,
    PeriodQuerySet,
    period_is_not_empty,
    plausible,
)
from registry.names import NameProblem, clean_name, pinyin_initials, pinyin_key

LIFE = ("established_on", "dissolved_on")
"""What decides whether a firm exists on a day."""


class Company(Entry):
    """A firm, known for life by its credit code. What changes over time stands in dated facts beside it."""

    uscc = models.CharField(_("credit code"), max_length=18, validators=[validate_credit_code])
    industry = models.ForeignKey(
        Industry,
        verbose_name=_("industry"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="companies",
    )
    hub = models.ForeignKey(
        Hub,
        verbose_name=_("hub"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="companies",
        db_index=False,
    )
    strategic_field = models.ForeignKey(
        StrategicField,
        verbose_name=_("strategic field"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="companies",
        db_index=False,
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("absorbed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="absorbed",
    )
    registered_capital = models.DecimalField(
        _("registered capital (10,000 yuan)"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    website = models.URLField(_("website"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=60, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    internal_notes = models.TextField(_("internal notes"), blank=True)
    is_published = models.BooleanField(_("published"), default=True)
    is_invented = models.BooleanField(_("invented for demonstration"), default=False)

    objects: ClassVar[Any] = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("firm")
        verbose_name_plural = _("firms")
        ordering = ("uscc",)
        constraints = (
            models.UniqueConstraint(
                fields=("uscc",),
                name="companies_company_uscc_unique",
                violation_error_message=_("A firm with this credit code is already in the register."),
            ),
            models.CheckConstraint(
                condition=IsCreditCode(F("uscc")),
                name="companies_company_uscc_valid",
                violation_error_message=_("This is not a valid credit code: a check character does not fit."),
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True)
                | Q(established_on__isnull=True)
                | Q(dissolved_on__gt=F("established_on")),
                name="companies_company_dissolved_after_established",
                violation_error_message=_("A firm is dissolved after the day of its establishment."),
            ),
            models.CheckConstraint(
                condition=plausible("established_on") & plausible("dissolved_on"),
                name="companies_company_established_plausible",
                violation_error_message=_("A firm is established and dissolved between 1900 and 2199."),
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | (Q(dissolved_on__isnull=False) & ~Q(successor=F("id"))),
                name="companies_company_successor_of_dissolved",
                violation_error_message=_("Only a dissolved firm has been absorbed, and by another firm."),
            ),
            models.CheckConstraint(
                condition=Q(registered_capital__isnull=True) | Q(registered_capital__gte=0),
                name="companies_company_capital_not_negative",
                violation_error_message=_("The registered capital is not negative."),
            ),
        )
        # Of the firms that everyone may see, with what decides whether they exist on a day: half a million are
        # counted without reading their rows.
        indexes = (
            models.Index(
                fields=("id",), include=(*LIFE, "hub", "strategic_field"), condition=public_firm(), name="company_life"
            ),
            models.Index(fields=("hub",), include=("id", *LIFE), condition=public_firm(), name="company_of_hub"),
            models.Index(
                fields=("strategic_field",), include=("id", *LIFE), condition=public_firm(), name="company_of_field"
            ),
            models.Index(
                fields=("established_on", "id"),
                include=("dissolved_on",),
                condition=public_firm(),
                name="company_established",
            ),
            # The codes of sole traders are the last of all: a walk from the end would step over them one by one.
            models.Index(fields=("uscc", "id"), include=LIFE, condition=public_firm(), name="company_by_code"),
            # Mostly empty where it matters: whether a figure counts any is asked with each of them.
            models.Index(fields=("id",), condition=Q(is_invented=True), name="company_invented"),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "uscc",
            "industry",
            "hub",
            "strategic_field",
            "established_on",
            "dissolved_on",
            "successor",
            "registered_capital",
            "website",
            "is_published",
            "is_invented",
        )
        internal: ClassVar[tuple[str, ...]] = ("internal_notes",)
        personal: ClassVar[tuple[str, ...]] = ("contact_name", "contact_phone", "contact_email")

    def __str__(self) -> str:
        """With the name where the question asked for it, as the admin's do."""
        name = vars(self).get("company_name")
        return f"{name}（{self.uscc}）" if name else self.uscc

    def clean(self) -> None:
        if self.uscc:  # an empty one has been refused as a field
            try:
                self.uscc = check(self.uscc)
            except CreditCodeError as error:
                raise ValidationError({"uscc": str(error)}) from error
        if self.strategic_field is not None:
            if self.hub is None:
                self.hub = self.strategic_field.hub
            elif self.hub_id != self.strategic_field.hub_id:
                raise ValidationError({"hub": _("This strategic field belongs to another hub.")})


class CompanyChange(models.Model):
    """When a firm, or a fact that its public answer carries, last changed. Derived, kept by trigger; no entry."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="change")
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("last change of a firm")
        verbose_name_plural = _("last changes of firms")
        indexes = (models.Index(fields=("updated_at", "company"), name="companychange_order"),)

    class Access:
        public: ClassVar[tuple[str, ...]] = ("company", "updated_at")

    def __str__(self) -> str:
        return f"{self.company_id} {self.updated_at}"


class CompanyName(Entry):
    """A name that a firm bore over a period.

    `pinyin` orders, `initials` helps to find; both are made from the Chinese name by `set_keys`. `keys_of` is the
    MD5 of that name: the database refuses a name with the keys of another.
    """

    company = models.ForeignKey(Company, verbose_name=_("firm"), on_delete=models.CASCADE, related_name="names")
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    pinyin = models.CharField(_("pinyin"), max_length=1500, editable=False)
    initials = models.CharField(_("pinyin initials"), max_length=200, editable=False)
    keys_of = models.CharField(_("mark of the spelled name"), max_length=32, editable=False)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ("valid_from", "id")
        constraints = (
            period_is_not_empty(),
            NoOverlap(
                name="%(app_label)s_%(class)s_one_a_day",
                owner=("company",),
                violation_error_message=_("The firm already has a name on a day of this period."),
            ),
            models.CheckConstraint(
                condition=~Q(name_zh="") & ~Q(pinyin=""),
                name="companies_companyname_not_empty",
                violation_error_message=_("A firm has a Chinese name."),
            ),
            models.CheckConstraint(
                condition=Q(keys_of=MD5("name_zh")),
                name="companies_companyname_keys_fit",
                violation_error_message=_(
                    "Pinyin and initials were made from another name: save the name, or call set_keys()."
                ),
            ),
        )
        indexes = (
            # The order of a list by name is a walk along this index.
            models.Index(fields=("pinyin", "company"), include=("valid_from", "valid_until"), name="companyname_order"),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "company",
            "name_zh",
            "name_en",
            "pinyin",
            "initials",
            "keys_of",
            "valid_from",
            "valid_until",
        )

    def __str__(self) -> str:
        return self.name_zh

    def clean(self) -> None:
        if self.name_zh:  # an empty one has been refused as a field
            try:
                self.name_zh = clean_name(self.name_zh)
            except NameProblem as problem:
                raise ValidationError({"name_zh": str(problem)}) from problem
            self.set_keys()

    def set_keys(self) -> None:
        """To be called before a write that calls no `save()`: `bulk_create`, `update`, COPY."""
        self.pinyin, self.initials = pinyin_key(self.name_zh), pinyin_initials(self.name_zh)
        self.keys_of = hashlib.md5(self.name_zh.encode(), usedforsecurity=False).hexdigest()

    def save(self, *args: object, **kwargs: object) -> None:
        self.set_keys()
        super().save(*args, **kwargs)  # type: ignore[arg-type]
