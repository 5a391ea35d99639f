"""Code lists by which firms are sorted."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.entries import Vocabulary


class Hub(Vocabulary):
    """One of the four hubs of the city's "416" layout."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")


class StrategicField(Vocabulary):
    """One of the sixteen strategic fields, each under one hub."""

    hub = models.ForeignKey(Hub, verbose_name=_("hub"), on_delete=models.PROTECT, related_name="strategic_fields")

    class Meta(Vocabulary.Meta):
        verbose_name = _("strategic field")
        verbose_name_plural = _("strategic fields")

    class Access:
        public: ClassVar[tuple[str, ...]] = ("hub",)


class TechnologyField(Vocabulary):
    """One of the eight fields of a high-tech certificate."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("technology field")
        verbose_name_plural = _("technology fields")


class Industry(Vocabulary):
    """A section of the national classification of industries (GB/T 4754)."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
