"""Which keys may write for which incubators: what a membership is to a person."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incubators.models.incubators import Incubator
from registry.models import PartnerKey


class KeyGrant(models.Model):
    """The scope `write:incubator:<code>` of a key: it writes as an editor of the incubator does. Never changed."""

    key = models.ForeignKey(PartnerKey, verbose_name=_("key"), on_delete=models.CASCADE, related_name="grants")
    incubator = models.ForeignKey(
        Incubator, verbose_name=_("incubator"), on_delete=models.PROTECT, related_name="key_grants"
    )

    class Meta:
        verbose_name = _("grant of a key")
        verbose_name_plural = _("grants of keys")
        ordering = ("key", "incubator")
        constraints = (models.UniqueConstraint(fields=("key", "incubator"), name="incubators_keygrant_once"),)

    class Access:
        internal: ClassVar[tuple[str, ...]] = ("id", "key", "incubator")

    def __str__(self) -> str:
        return f"{self.key_id} – {self.incubator_id}"
