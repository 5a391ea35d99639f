"""Universities, their campuses, and the named circles around them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.entries import Entry, Mark, Positioned, Sourced, Vocabulary, in_choices, position_is_whole
from registry.models.places import District


class University(Vocabulary):
    """A higher-education institution; `code` is the ministry's ten-digit code."""

    ror = models.CharField(_("ROR id"), max_length=9, blank=True)
    authority = models.CharField(_("authority"), max_length=60, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    is_private = models.BooleanField(_("private"), default=False)

    class Meta(Vocabulary.Meta):
        verbose_name = _("university")
        verbose_name_plural = _("universities")
        constraints = (
            *Vocabulary.Meta.constraints,
            models.UniqueConstraint(
                fields=("ror",),
                condition=~models.Q(ror=""),
                name="registry_university_ror_unique",
                violation_error_message=_("Another university has this ROR id."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("ror", "authority", "level", "is_private")


class Campus(Positioned, Sourced, Entry):
    """A campus with its position; distance to a firm is measured from here."""

    university = models.ForeignKey(
        University, verbose_name=_("university"), on_delete=models.CASCADE, related_name="campuses"
    )
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    district = models.ForeignKey(
        District,
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="campuses",
    )

    class Meta:
        verbose_name = _("campus")
        verbose_name_plural = _("campuses")
        constraints = (
            position_is_whole(),
            in_choices("mark", Mark),
            models.UniqueConstraint(fields=("university", "name_zh"), name="registry_campus_name_unique"),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("university", "name_zh", "district")

    def __str__(self) -> str:
        return self.name_zh


class Circle(Vocabulary):
    """A named innovation circle around a university: a list of sites, without an official distance."""

    university = models.ForeignKey(
        University, verbose_name=_("university"), on_delete=models.PROTECT, related_name="circles"
    )

    class Meta(Vocabulary.Meta):
        verbose_name = _("circle around a university")
        verbose_name_plural = _("circles around universities")

    class Access:
        public: ClassVar[tuple[str, ...]] = ("university",)


class CircleSite(Positioned, Sourced, Entry):
    """A named site of a circle."""

    circle = models.ForeignKey(Circle, verbose_name=_("circle"), on_delete=models.CASCADE, related_name="sites")
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("site of a circle")
        verbose_name_plural = _("sites of circles")
        constraints = (
            position_is_whole(),
            in_choices("mark", Mark),
            models.UniqueConstraint(fields=("circle", "name_zh"), name="registry_circlesite_name_unique"),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("circle", "name_zh", "address")

    def __str__(self) -> str:
        return self.name_zh
