"""The register's memory of writing: one change-set for each writing transaction, and the clock that numbers them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeSet(models.Model):
    """One committed transaction that changed entries: who, when, why. Written by trigger only.

    `sequence` and `recorded_at` are given together at commit under one lock, so that a higher number is never
    visible before a lower one. `pending_transaction` is set only inside the writing transaction.
    """

    sequence = models.BigIntegerField(_("sequence"), null=True, unique=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("acting user"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    key = models.ForeignKey(
        "registry.PartnerKey",
        verbose_name=_("acting key"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    database_role = models.CharField(_("database role"), max_length=63)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    pending_transaction = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("-sequence",)
        constraints = (
            models.UniqueConstraint(
                fields=("pending_transaction",),
                condition=models.Q(pending_transaction__isnull=False),
                name="registry_changeset_one_a_transaction",
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("sequence", "recorded_at")
        internal: ClassVar[tuple[str, ...]] = (
            "id",
            "actor",
            "key",
            "database_role",
            "request_id",
            "reason",
            "pending_transaction",
        )

    def __str__(self) -> str:
        return f"#{self.sequence}"


class Clock(models.Model):
    """One row: the number and moment of the last committed change. Its row lock orders the commits."""

    sequence = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clock")
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="registry_clock_one_row"),)

    class Access:
        public: ClassVar[tuple[str, ...]] = ("id", "sequence", "recorded_at")

    def __str__(self) -> str:
        return f"#{self.sequence}"
