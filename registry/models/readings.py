"""The register's memory of reading: who saw which persons' data."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PersonalDataReading(models.Model):
    """One answer that showed fields of the class `personal`. Append-only: the database refuses to change or delete it.

    `rows` are ids of the table; `fields` those that held something in at least one of the rows.
    """

    read_at = models.DateTimeField(_("read at"), db_default=Now(), editable=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reader"), on_delete=models.PROTECT, related_name="+"
    )
    table = models.CharField(_("table"), max_length=63)
    rows = ArrayField(models.BigIntegerField(), verbose_name=_("rows"))
    fields = ArrayField(models.CharField(max_length=63), verbose_name=_("fields"))
    page = models.CharField(_("page"), max_length=300)

    class Meta:
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("readings of personal data")
        ordering = ("-read_at", "-id")
        indexes = (models.Index(fields=("-read_at", "-id"), name="reading_order"),)

    class Access:
        internal: ClassVar[tuple[str, ...]] = ("id", "read_at", "reader", "table", "rows", "fields", "page")

    def __str__(self) -> str:
        return f"{self.table} {self.read_at}"
