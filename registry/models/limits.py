"""The counter of requests."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestCount(models.Model):
    """The requests of one caller since its window began. Unlogged: after a crash of the database all begin anew."""

    caller = models.CharField(_("caller"), max_length=64, primary_key=True)
    began_at = models.DateTimeField(_("began at"))
    requests = models.PositiveIntegerField(_("requests"))

    class Meta:
        verbose_name = _("count of requests")
        verbose_name_plural = _("counts of requests")

    class Access:
        internal: ClassVar[tuple[str, ...]] = ("caller", "began_at", "requests")

    def __str__(self) -> str:
        return f"{self.caller} {self.requests}"
