"""Pilot-zone financing. Amounts are in 10,000 yuan (万元) with four decimals; what was typed is kept beside them."""

import datetime
from typing import Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.models.companies import Company
from companies.models.pilot_zones import PilotZone
from companies.models.questions import EventQuerySet
from registry.models import Entry, Partner
from registry.models.entries import Vocabulary, in_choices, plausible


class InstrumentKind(models.TextChoices):
    DEBT = "debt", _("debt")
    GUARANTEED_DEBT = "guaranteed_debt", _("guaranteed debt")
    HYBRID = "hybrid", _("debt with a claim on equity")
    EQUITY = "equity", _("equity")
    INSURANCE = "insurance", _("insurance")
    GRANT = "grant", _("grant")
    SECURITISATION = "securitisation", _("securitisation")
    FUNDING_LINE = "funding_line", _("funding line")


class FinancingInstrument(Vocabulary):
    """A kind of financing in use in the city."""

    kind = models.CharField(_("kind"), max_length=15, choices=InstrumentKind.choices)
    provider = models.CharField(_("provider"), max_length=100, blank=True)

    class Meta(Vocabulary.Meta):
        verbose_name = _("financing instrument")
        verbose_name_plural = _("financing instruments")
        constraints = (*Vocabulary.Meta.constraints, in_choices("kind", InstrumentKind))

    class Access:
        public: ClassVar[tuple[str, ...]] = ("kind", "provider")


class Confidentiality(models.TextChoices):
    CONFIDENTIAL = "confidential", _("confidential")
    PARTNERS = "partners", _("for partners")
    PUBLISHED = "published", _("published by its parties")


class FinancingQuerySet(EventQuerySet):
    def published(self) -> Self:
        return self.filter(confidentiality=Confidentiality.PUBLISHED)

    def with_firm_at_agreement(self) -> Self:
        """With the firm's seat and stay on the day of agreement as `seat_at_event` and `stay_at_event`."""
        return self.with_firm_on(F("agreed_on"))


COUNTED_IN_A_TABLE = _("The released table of its quarter counts this financing: it can no longer be published.")


def _is_released(day: datetime.date) -> bool:
    quarter = {"year": day.year, "quarter": (day.month + 2) // 3}
    return bool(apps.get_model("companies", "FinancingTable")._default_manager.filter(**quarter).exists())


class Financing(Entry):
    """One financing of one firm. Agreed and drawn are different amounts; both in 10,000 yuan."""

    company = models.ForeignKey(
        Company, verbose_name=_("firm"), on_delete=models.PROTECT, related_name="financings", db_index=False
    )
    instrument = models.ForeignKey(
        FinancingInstrument, verbose_name=_("instrument"), on_delete=models.PROTECT, related_name="financings"
    )
    pilot_zone = models.ForeignKey(
        PilotZone,
        verbose_name=_("pilot zone"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="financings",
    )
    agreed_on = models.DateField(_("agreed on"))
    agreed_amount = models.DecimalField(_("agreed amount (10,000 yuan)"), max_digits=18, decimal_places=4)
    drawn_amount = models.DecimalField(
        _("drawn amount (10,000 yuan)"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    amount_as_typed = models.CharField(_("amount as typed"), max_length=60, blank=True)
    matures_on = models.DateField(_("matures on"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentiality"),
        max_length=12,
        choices=Confidentiality.choices,
        default=Confidentiality.CONFIDENTIAL,
    )
    reference = models.CharField(_("reference of the contract"), max_length=80, blank=True)
    internal_notes = models.TextField(_("internal notes"), blank=True)

    objects: ClassVar[Any] = FinancingQuerySet.as_manager()

    class Meta:
        verbose_name = _("financing")
        verbose_name_plural = _("financings")
        ordering = ("agreed_on", "id")
        constraints = (
            in_choices("confidentiality", Confidentiality),
            models.CheckConstraint(
                condition=Q(agreed_amount__gt=0),
                name="companies_financing_agreed_amount_positive",
                violation_error_message=_("The agreed amount is more than 0."),
            ),
            models.CheckConstraint(
                condition=Q(drawn_amount__isnull=True) | Q(drawn_amount__gte=0, drawn_amount__lte=F("agreed_amount")),
                name="companies_financing_drawn_within_agreed",
                violation_error_message=_("The drawn amount lies between 0 and the agreed amount."),
            ),
            models.CheckConstraint(
                condition=(Q(matures_on__isnull=True) | Q(matures_on__gt=F("agreed_on")))
                & plausible("agreed_on")
                & plausible("matures_on"),
                name="companies_financing_matures_after_agreed",
                violation_error_message=_("A financing is agreed between 1900 and 2199, and matures after that day."),
            ),
        )
        indexes = (
            models.Index(
                fields=("company",), include=("agreed_on", "confidentiality", "instrument"), name="financing_of_company"
            ),
            models.Index(fields=("agreed_on", "id"), include=("company", "confidentiality"), name="financing_agreed"),
            models.Index(
                fields=("agreed_amount", "id"), include=("company", "confidentiality"), name="financing_amount"
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "company",
            "instrument",
            "pilot_zone",
            "agreed_on",
            "agreed_amount",
            "drawn_amount",
            "matures_on",
            "confidentiality",
        )
        internal: ClassVar[tuple[str, ...]] = ("reference", "amount_as_typed", "internal_notes")

    def __str__(self) -> str:
        return f"{self.agreed_on} {self.agreed_amount}"

    def clean(self) -> None:
        if self.pk and self.confidentiality == Confidentiality.PUBLISHED:
            before = Financing.objects.filter(pk=self.pk).exclude(confidentiality=Confidentiality.PUBLISHED).first()
            if before is not None and _is_released(before.agreed_on):
                raise ValidationError({"confidentiality": COUNTED_IN_A_TABLE})


class PartyRole(models.TextChoices):
    LENDER = "lender", _("lender")
    GUARANTOR = "guarantor", _("guarantor")
    INSURER = "insurer", _("insurer")
    INVESTOR = "investor", _("investor")
    FUND_MANAGER = "fund_manager", _("fund manager")


class FinancingParty(Entry):
    """A partner's part in a financing. Shares of risk, where given, sum to 100 % (checked at commit)."""

    financing = models.ForeignKey(
        Financing, verbose_name=_("financing"), on_delete=models.CASCADE, related_name="parties"
    )
    partner = models.ForeignKey(
        Partner, verbose_name=_("partner"), on_delete=models.PROTECT, related_name="financing_parts"
    )
    role = models.CharField(_("role"), max_length=12, choices=PartyRole.choices)
    risk_share = models.DecimalField(_("share of risk (%)"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("party of a financing")
        verbose_name_plural = _("parties of financings")
        constraints = (
            in_choices("role", PartyRole),
            models.UniqueConstraint(
                fields=("financing", "partner", "role"),
                name="companies_financingparty_once",
                violation_error_message=_("This partner already has this role in the financing."),
            ),
            models.CheckConstraint(
                condition=Q(risk_share__isnull=True) | Q(risk_share__gte=0, risk_share__lte=100),
                name="companies_financingparty_share_within_100",
                violation_error_message=_("A share of risk lies between 0 and 100 %%."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("financing", "partner", "role")
        internal: ClassVar[tuple[str, ...]] = ("risk_share",)

    def __str__(self) -> str:
        return self.role


class FinancingStatus(models.TextChoices):
    AGREED = "agreed", _("agreed")
    DRAWN = "drawn", _("drawn")
    REPAID = "repaid", _("repaid")
    OVERDUE = "overdue", _("overdue")
    COMPENSATED = "compensated", _("compensated")
    WRITTEN_OFF = "written_off", _("written off")
    CONVERTED = "converted", _("converted")
    EXITED = "exited", _("exited")


class FinancingStatusEvent(Entry):
    """What happened to a financing on a day; its status on a day is its last event by then."""

    financing = models.ForeignKey(
        Financing, verbose_name=_("financing"), on_delete=models.CASCADE, related_name="status_events"
    )
    status = models.CharField(_("status"), max_length=11, choices=FinancingStatus.choices)
    happened_on = models.DateField(_("happened on"))
    amount = models.DecimalField(_("amount (10,000 yuan)"), max_digits=18, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("status of a financing")
        verbose_name_plural = _("statuses of financings")
        ordering = ("happened_on", "id")
        constraints = (
            in_choices("status", FinancingStatus),
            models.UniqueConstraint(
                fields=("financing", "status", "happened_on"),
                name="companies_financingstatusevent_once",
                violation_error_message=_("This status is already recorded for this day."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="companies_financingstatusevent_amount_not_negative",
                violation_error_message=_("The amount is not negative."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("financing",)
        internal: ClassVar[tuple[str, ...]] = ("status", "happened_on", "amount")

    def __str__(self) -> str:
        return f"{self.happened_on} {self.status}"
