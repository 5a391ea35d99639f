"""What the public has been told of financings that their parties have not published: quarterly tables, final."""

from typing import ClassVar

from django.db import models
from django.db.models import DateField, F, Func, Q, Value
from django.db.models.functions import Mod, TruncDate
from django.utils.translation import gettext_lazy as _

from companies.models.financing import FinancingInstrument
from companies.models.pilot_zones import PilotZone


class DayAfterQuarter(Func):
    """The first day after the quarter of the fields `year` and `quarter`."""

    function = "MAKE_DATE"
    output_field = DateField()

    def __init__(self) -> None:
        super().__init__(F("year") + F("quarter") / 4, Mod(F("quarter") * 3, Value(12)) + 1, Value(1))


class FinancingTable(models.Model):
    """The table of one quarter as it was released, once and for all. No entry: it is never changed or taken back.

    It counts the financings agreed in the quarter that were not published when it was released. What is recorded
    later changes nothing, for two tables of one quarter could be subtracted from each other.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    ended_on = models.DateField(_("first day after the quarter"))
    released_at = models.DateTimeField(_("released at"))
    is_invented = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("quarterly table of financings")
        verbose_name_plural = _("quarterly tables of financings")
        ordering = ("year", "quarter")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "quarter"),
                name="companies_financingtable_released_once",
                violation_error_message=_("The table of this quarter has been released; it is final."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(2000, 2199), quarter__range=(1, 4)),
                name="companies_financingtable_quarter_known",
                violation_error_message=_("A quarter is 1 to 4 of a year between 2000 and 2199."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=DayAfterQuarter()),
                name="companies_financingtable_ends_with_quarter",
                violation_error_message=_("The day is not the first after the quarter."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__lte=TruncDate("released_at")),
                name="companies_financingtable_quarter_is_over",
                violation_error_message=_("A table is released when its quarter is over."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("id", "year", "quarter", "ended_on", "released_at", "is_invented")

    def __str__(self) -> str:
        return f"{self.year} Q{self.quarter}"


class FinancingTableCell(models.Model):
    """One cell or margin of a released table. Of a hidden one nothing is stored."""

    table = models.ForeignKey(
        FinancingTable, verbose_name=_("table"), on_delete=models.PROTECT, related_name="cells", db_index=False
    )
    is_all_zones = models.BooleanField(_("sum over all zones"))
    pilot_zone = models.ForeignKey(
        PilotZone,
        verbose_name=_("pilot zone"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    is_all_instruments = models.BooleanField(_("sum over all instruments"))
    instrument = models.ForeignKey(
        FinancingInstrument,
        verbose_name=_("instrument"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    is_hidden = models.BooleanField(_("hidden"))
    financings = models.PositiveIntegerField(_("financings"), null=True, blank=True)
    firms = models.PositiveIntegerField(_("firms"), null=True, blank=True)
    agreed_amount = models.DecimalField(
        _("agreed amount (10,000 yuan)"), max_digits=20, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("cell of a table of financings")
        verbose_name_plural = _("cells of tables of financings")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("table", "is_all_zones", "pilot_zone", "instrument"),
                nulls_distinct=False,
                name="companies_financingtablecell_once",
                violation_error_message=_("This cell is already in the table."),
            ),
            models.CheckConstraint(
                condition=Q(is_all_zones=False) | Q(pilot_zone__isnull=True),
                name="companies_financingtablecell_all_zones",
                violation_error_message=_("A sum over all zones names none."),
            ),
            models.CheckConstraint(
                condition=Q(is_all_instruments=True, instrument__isnull=True)
                | Q(is_all_instruments=False, instrument__isnull=False),
                name="companies_financingtablecell_all_instruments",
                violation_error_message=_("A cell names its instrument; a sum over all instruments names none."),
            ),
            models.CheckConstraint(
                condition=Q(is_hidden=True, financings__isnull=True, firms__isnull=True, agreed_amount__isnull=True)
                | Q(is_hidden=False, financings__isnull=False, firms__isnull=False, agreed_amount__isnull=False),
                name="companies_financingtablecell_hidden_holds_nothing",
                violation_error_message=_("A hidden cell holds no figure, any other holds all three."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            *("id", "table", "is_all_zones", "pilot_zone", "is_all_instruments", "instrument"),
            *("is_hidden", "financings", "firms", "agreed_amount"),
        )

    def __str__(self) -> str:
        return f"{self.table_id}"
