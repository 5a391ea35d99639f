"""Answers to writes that were sent with an `Idempotency-Key`."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """The answer to one POST, kept for a day in the transaction of its write: whoever sends it again gets it again.

    Without an answer the write is still going on, which only its own transaction sees.
    """

    caller = models.CharField(_("caller"), max_length=64)
    key = models.CharField(_("idempotency key"), max_length=255)
    request_digest = models.CharField(_("digest of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    content = models.BinaryField(_("content"), default=bytes)
    made_at = models.DateTimeField(_("made at"), db_default=Now())

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = (models.UniqueConstraint(fields=("caller", "key"), name="registry_keptanswer_once"),)
        indexes = (models.Index(fields=("made_at",), name="keptanswer_made"),)

    class Access:
        internal: ClassVar[tuple[str, ...]] = ("id", "caller", "key", "request_digest", "status", "made_at")
        personal: ClassVar[tuple[str, ...]] = ("headers", "content")

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
