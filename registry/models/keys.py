"""Keys by which programmes of partners call the API; which incubators one may write for stands in `incubators`."""

from __future__ import annotations

import datetime
import ipaddress
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from registry.models.partners import Partner

LONGEST = datetime.timedelta(days=366)
LONGEST_TRIAL = datetime.timedelta(days=30)
MOST_NETWORKS = 20


def check_network(text: str) -> None:
    """ValidationError for what is neither an address nor a network in CIDR form."""
    try:
        ipaddress.ip_network(text.strip())
    except ValueError:
        raise ValidationError(
            _("“%(text)s” is no address and no network such as 203.0.113.0/24."), params={"text": text[:50]}
        ) from None


class PartnerKey(models.Model):
    """Leave to call the API. Not versioned, like people: log-ins are no facts of the register.

    `prefix` names it; of the secret only the SHA-256 is kept, which is enough for 256 random bits. What it may do never
    changes once it is made (a trigger holds that): other rights are another key. Whether it is in force is computed.
    """

    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    digest = models.CharField(_("digest of the secret"), max_length=64, editable=False)
    label = models.CharField(
        _("used for"), max_length=100, help_text=_("Which programme calls, and who answers for it.")
    )
    partner = models.ForeignKey(
        Partner,
        verbose_name=_("partner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="keys",
        help_text=_("The organisation that holds the key; empty for an incubator's own."),
    )
    is_trial = models.BooleanField(
        _("for trying"), default=False, help_text=_("Reads what is public, at most 30 days and with a lower limit.")
    )
    reads_partner_fields = models.BooleanField(
        _("reads what is meant for partners"), default=False, help_text=_("The scope read:partner.")
    )
    records_financings = models.BooleanField(
        _("records the partner's financings"),
        default=False,
        help_text=_("The scope write:financing: those to which the partner is a party, of any firm."),
    )
    allowed_addresses = ArrayField(
        models.CharField(max_length=43, validators=[check_network]),
        verbose_name=_("allowed addresses"),
        default=list,
        blank=True,
        size=MOST_NETWORKS,
        help_text=_("Addresses or networks, with commas between; empty for any."),
    )
    most_requests = models.PositiveIntegerField(
        _("requests a minute"), null=True, blank=True, help_text=_("Empty for the register's own limit.")
    )
    valid_from = models.DateField(_("from"), editable=False)
    valid_until = models.DateField(_("until (excluded)"))
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("revoked by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        null=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        editable=False,
    )

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from"), valid_until__lte=F("valid_from") + Value(LONGEST)),
                name="registry_partnerkey_expires",
                violation_error_message=_("A key lasts a day at least and a year at most."),
            ),
            models.CheckConstraint(
                condition=Q(is_trial=False) | Q(valid_until__lte=F("valid_from") + Value(LONGEST_TRIAL)),
                name="registry_partnerkey_trial_is_short",
                violation_error_message=_("A key for trying lasts 30 days at most."),
            ),
            models.CheckConstraint(
                condition=Q(is_trial=False) | Q(reads_partner_fields=False, records_financings=False),
                name="registry_partnerkey_trial_reads",
                violation_error_message=_("A key for trying reads what is public, and no more."),
            ),
            models.CheckConstraint(
                condition=Q(records_financings=False, reads_partner_fields=False) | Q(partner__isnull=False),
                name="registry_partnerkey_of_a_partner",
                violation_error_message=_("What is meant for partners needs the partner that holds the key."),
            ),
            models.CheckConstraint(
                condition=Q(most_requests__isnull=True) | Q(most_requests__range=(1, 1_000_000)),
                name="registry_partnerkey_most_requests_positive",
                violation_error_message=_("A limit is 1 to 1,000,000 requests a minute."),
            ),
        )

    class Access:
        internal: ClassVar[tuple[str, ...]] = (
            *("id", "prefix", "digest", "label", "partner", "is_trial", "reads_partner_fields", "records_financings"),
            *("allowed_addresses", "most_requests", "valid_from", "valid_until", "made_at", "made_by"),
            *("revoked_at", "revoked_by", "replaces"),
        )

    def __str__(self) -> str:
        return f"{self.prefix} {self.label}".strip()

    def is_in_force(self, day: datetime.date) -> bool:
        return self.revoked_at is None and self.valid_from <= day < self.valid_until

    def takes(self, address: Any) -> bool:
        """Whether the key may be used from an address (of `ipaddress`)."""
        networks = [ipaddress.ip_network(text) for text in self.allowed_addresses]
        return not networks or any(address in network for network in networks)


class KeyUse(models.Model):
    """How often a key was used on a day, by how it was answered. Counted after each answer; no entry."""

    key = models.ForeignKey(PartnerKey, verbose_name=_("key"), on_delete=models.CASCADE, related_name="uses")
    day = models.DateField(_("day"))
    answered = models.PositiveBigIntegerField(_("answered"), default=0)
    refused = models.PositiveBigIntegerField(_("refused"), default=0)
    throttled = models.PositiveBigIntegerField(_("over the limit"), default=0)
    failed = models.PositiveBigIntegerField(_("failed"), default=0)
    last_used_at = models.DateTimeField(_("last used at"))
    last_address = models.GenericIPAddressField(_("last address"), null=True, blank=True)

    class Meta:
        verbose_name = _("use of a key")
        verbose_name_plural = _("uses of keys")
        ordering = ("-day",)
        constraints = (models.UniqueConstraint(fields=("key", "day"), name="registry_keyuse_once_a_day"),)

    class Access:
        internal: ClassVar[tuple[str, ...]] = (
            *("id", "key", "day", "answered", "refused", "throttled", "failed", "last_used_at", "last_address"),
        )

    def __str__(self) -> str:
        return f"{self.key_id} {self.day}"
