"""Financings with their parties and statuses, instruments and pilot zones."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from companies.admin.certifications import FactOfFirmAdmin
from companies.models import (
    Financing,
    FinancingInstrument,
    FinancingParty,
    FinancingStatusEvent,
    PilotZone,
    PilotZoneMember,
)
from companies.words import SHARES_SUM_TO_100
from registry.admin import EntryInline, VocabularyAdmin, labels
from registry.admin.forms import EntryFormSet


class PartyFormSet(EntryFormSet):
    def clean(self) -> None:
        super().clean()
        shares = [form.cleaned_data.get("risk_share") for form in self.kept_forms()]
        given = [share for share in shares if share is not None]
        if given and sum(given) != 100 and not any(form.errors for form in self.forms):
            told = _("They sum to %(sum)s %%.") % {"sum": f"{sum(given).normalize():f}"}
            raise ValidationError([SHARES_SUM_TO_100, told])


class PartyInline(EntryInline):
    model = FinancingParty
    formset = PartyFormSet
    autocomplete_fields = ("partner",)


class StatusEventInline(EntryInline):
    model = FinancingStatusEvent


@admin.register(Financing)
class FinancingAdmin(FactOfFirmAdmin):
    list_display: Any = (
        *("firm", "instrument", labels.day("agreed_on", _("agreed on"))),
        labels.number("agreed_amount", _("agreed amount (10,000 yuan)")),
        labels.number("drawn_amount", _("drawn amount (10,000 yuan)")),
        labels.day("matures_on", _("matures on")),
        "confidentiality",
    )
    list_filter = ("instrument", "confidentiality", "pilot_zone")
    list_select_related = ("company", "instrument")
    date_hierarchy = "agreed_on"
    ordering = ("-agreed_on", "-id")
    inlines = (PartyInline, StatusEventInline)
    fieldsets = (
        (None, {"fields": ("company", ("instrument", "pilot_zone"), ("confidentiality", "reference"))}),
        (
            _("Amounts and days"),
            {"fields": (("agreed_on", "matures_on"), ("agreed_amount", "drawn_amount"), "amount_as_typed")},
        ),
        (_("Notes (not public)"), {"fields": ("internal_notes",)}),
    )


@admin.register(FinancingInstrument)
class FinancingInstrumentAdmin(VocabularyAdmin):
    list_display = ("code", "name_zh", "kind", "provider", "mark")
    list_filter = ("kind", "mark")


class PilotZoneMemberInline(EntryInline):
    model = PilotZoneMember


@admin.register(PilotZone)
class PilotZoneAdmin(VocabularyAdmin):
    inlines = (PilotZoneMemberInline,)
