"""Where a firm is: legal districts, reporting units, zones and the innovation corridor."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.entries import (
    DatedCode,
    Entry,
    NoOverlap,
    Positioned,
    Vocabulary,
    in_choices,
    period_is_not_empty,
    position_is_whole,
)


class Zone(Vocabulary):
    """One of the parts of 一区两群 (one metropolitan area, two clusters), of the legal district."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("zone")
        verbose_name_plural = _("zones")


class Province(Vocabulary):
    """A province-level division, as the other end of a relocation."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("province")
        verbose_name_plural = _("provinces")


class DatePrecision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class District(Positioned, DatedCode):
    """A district or county; dated, because codes are abolished and reused (500110 was Wansheng, then Qijiang)."""

    zone = models.ForeignKey(Zone, verbose_name=_("zone"), on_delete=models.PROTECT, related_name="districts")
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    valid_from_precision = models.CharField(
        _("precision of the first day"),
        max_length=5,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
    )

    class Meta(DatedCode.Meta):
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        constraints = (
            *DatedCode.Meta.constraints,
            position_is_whole(),
            in_choices("valid_from_precision", DatePrecision),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("zone", "successor", "valid_from_precision")


class ReportingUnit(DatedCode):
    """The unit that a firm's figures are reported under: a district, or a development zone with figures of its own."""

    district = models.ForeignKey(
        District,
        verbose_name=_("district that it is"),
        help_text=_("Empty for a development zone with figures of its own."),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reporting_units",
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    class Meta(DatedCode.Meta):
        verbose_name = _("reporting unit")
        verbose_name_plural = _("reporting units")

    class Access:
        public: ClassVar[tuple[str, ...]] = ("district", "successor")


UNIT_OF_ANOTHER = _("This reporting unit is another district than that of the seat.")


def refuse_unit_of_another(unit: ReportingUnit | None, district: int | None) -> None:
    """ValidationError for a seat in the district, reported to a unit that lies in another."""
    if unit is not None and unit.district_id and district and unit.district_id != district:
        raise ValidationError({"reporting_unit": UNIT_OF_ANOTHER})


class CorridorNodeKind(models.TextChoices):
    CORE = "core", _("core")
    NODE = "node", _("node")
    LINK = "link", _("link")


class CorridorNode(Vocabulary):
    """A core, node or link of the innovation corridor."""

    kind = models.CharField(_("kind"), max_length=4, choices=CorridorNodeKind.choices)

    class Meta(Vocabulary.Meta):
        verbose_name = _("corridor node")
        verbose_name_plural = _("corridor nodes")
        constraints = (
            *Vocabulary.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind__in=CorridorNodeKind.values), name="registry_corridornode_kind_known"
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("kind",)


class CorridorArea(Entry):
    """A district that a corridor node covers, for a period."""

    node = models.ForeignKey(
        CorridorNode, verbose_name=_("corridor node"), on_delete=models.CASCADE, related_name="areas"
    )
    district = models.ForeignKey(
        District, verbose_name=_("district"), on_delete=models.PROTECT, related_name="corridor_areas"
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)

    class Meta:
        verbose_name = _("corridor area")
        verbose_name_plural = _("corridor areas")
        constraints = (
            period_is_not_empty(),
            NoOverlap(
                name="%(app_label)s_%(class)s_once_a_day",
                owner=("node", "district"),
                violation_error_message=_("This district already belongs to this node on a day of this period."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("node", "district", "valid_from", "valid_until")

    def __str__(self) -> str:
        return f"{self.node_id}/{self.district_id}"
