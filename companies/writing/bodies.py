"""What is sent to write: members have the names of the answers' own, code lists are named by their codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.models import (
    Certification,
    Company,
    CompanyName,
    Financing,
    FinancingParty,
    FinancingStatusEvent,
    Residency,
    Seat,
)
from companies.models.financing import Confidentiality, FinancingStatus, PartyRole
from companies.models.links import GraduationGround, ResidencyOutcome
from registry.credit_code import CreditCodeError, check
from registry.phones import check_phone
from registry.writing.fields import Amount, Body, Choice, Code, Day, Flag, Number, Text, fail
from registry.writing.views import WriteBody

NAMES = _("Names from a day on; one that was open until then ends on that day.")
SEATS = _("Seats from a day on; one that was open until then ends on that day.")
STAYS = _("Stays by which the firm belongs to an incubator.")
PARTIES = _("Who takes part in it.")


def most(model: Any, field: str) -> int:
    """The longest text that the column takes."""
    return int(model._meta.get_field(field).max_length)


class FirmCode(Code):
    """A firm by its credit code, of those that the caller may write about."""

    def __init__(self, key: Any, **rest: Any) -> None:
        super().__init__(key, "uscc", **rest)

    def found(self, rows: Any, code: str) -> Any:
        try:
            return super().found(rows, check(code))
        except CreditCodeError as error:
            raise fail("not_a_credit_code", str(error)) from None

    def refusal(self, rows: Any, code: str) -> str:
        return str(_("You may write about no firm with the credit code “%s”.") % code)


class NameBody(Body):
    """A name from a day on; one that was open until then ends on that day."""

    name_zh = Text(most(CompanyName, "name_zh"), may_be_empty=False, required=True)
    name_en = Text(most(CompanyName, "name_en"))
    valid_from = Day(required=True)
    valid_until = Day(allow_null=True)

    class Meta:
        model = CompanyName


class SeatBody(Body):
    """A seat from a day on; one that was open until then ends on that day."""

    district = Code(Seat._meta.get_field("district"), allow_null=True)
    reporting_unit = Code(Seat._meta.get_field("reporting_unit"), allow_null=True)
    address = Text(most(Seat, "address"))
    latitude = Amount(places=5, allow_null=True)
    longitude = Amount(places=5, allow_null=True)
    valid_from = Day(required=True)
    valid_until = Day(allow_null=True)
    moved_from = Code(Seat._meta.get_field("moved_from"), allow_null=True)
    moved_to = Code(Seat._meta.get_field("moved_to"), allow_null=True)

    class Meta:
        model = Seat


class StayOfNewFirmBody(Body):
    """The stay by which a new firm belongs to an incubator."""

    incubator = Code(Residency._meta.get_field("incubator"), required=True)
    entered_on = Day(required=True)
    left_on = Day(allow_null=True)
    outcome = Choice(ResidencyOutcome, may_be_empty=True)
    ground = Choice(GraduationGround, may_be_empty=True)

    class Meta:
        model = Residency


class CompanyChangeBody(WriteBody):
    """A firm's own members; what is not given stays. `names` and `seats` are added to those that it has."""

    uscc = Text(40, may_be_empty=False)
    established_on = Day(allow_null=True)
    registered_capital = Amount(allow_null=True, help_text=_("In 10,000 yuan."))
    website = Text(most(Company, "website"))
    hub = Code(Company._meta.get_field("hub"), allow_null=True)
    strategic_field = Code(Company._meta.get_field("strategic_field"), allow_null=True)
    industry = Code(Company._meta.get_field("industry"), allow_null=True)
    contact_name = Text(most(Company, "contact_name"), help_text=_("Not public, and in no answer."))
    contact_phone = Text(
        most(Company, "contact_phone"), check=check_phone, help_text=_("Not public, and in no answer.")
    )
    contact_email = Text(most(Company, "contact_email"), help_text=_("Not public, and in no answer."))
    internal_notes = Text(10_000, help_text=_("Not public, and in no answer."))
    is_published = Flag()
    names = NameBody(many=True, required=False, write_only=True, help_text=NAMES)
    seats = SeatBody(many=True, required=False, write_only=True, help_text=SEATS)

    class Meta:
        model = Company


class CompanyBody(CompanyChangeBody):
    """A new firm with its first name."""

    uscc = Text(40, may_be_empty=False, required=True)
    names = NameBody(many=True, required=True, allow_empty=False, write_only=True, help_text=NAMES)
    residencies = StayOfNewFirmBody(many=True, required=False, write_only=True, help_text=STAYS)
    is_another_firm = Flag(
        help_text=_("True where the register asked whether it is not one of its firms, and it is none.")
    )


class CompanyEndBody(WriteBody):
    """The end of a firm, and by which other it was absorbed."""

    dissolved_on = Day(required=True)
    successor = FirmCode(Company._meta.get_field("successor"), allow_null=True)

    class Meta:
        model = Company


class ResidencyBody(WriteBody):
    company = FirmCode(Residency._meta.get_field("company"), required=True)
    incubator = Code(Residency._meta.get_field("incubator"), required=True)
    entered_on = Day(required=True)
    left_on = Day(allow_null=True)
    outcome = Choice(ResidencyOutcome, may_be_empty=True)
    ground = Choice(GraduationGround, may_be_empty=True)

    class Meta:
        model = Residency


class ResidencyChangeBody(WriteBody):
    """What is not given stays."""

    entered_on = Day()
    left_on = Day(allow_null=True)
    outcome = Choice(ResidencyOutcome, may_be_empty=True)
    ground = Choice(GraduationGround, may_be_empty=True)

    class Meta:
        model = Residency


class ResidencyEndBody(WriteBody):
    left_on = Day(required=True, help_text=_("The first day on which the firm is no longer in residence."))
    outcome = Choice(ResidencyOutcome)
    ground = Choice(GraduationGround)

    class Meta:
        model = Residency


class CertificationChangeBody(WriteBody):
    """What is not given stays."""

    number = Text(most(Certification, "number"))
    technology_field = Code(Certification._meta.get_field("technology_field"), allow_null=True)
    issued_on = Day()
    valid_until = Day(allow_null=True)
    predecessor = Number(allow_null=True, help_text=_("The id of the certificate that it renews."))
    issuer = Text(most(Certification, "issuer"))

    class Meta:
        model = Certification


class CertificationBody(CertificationChangeBody):
    """A certificate of a firm; without `valid_until` the rule of its kind gives the end."""

    company = FirmCode(Certification._meta.get_field("company"), required=True)
    kind = Code(Certification._meta.get_field("kind"), required=True)
    issued_on = Day(required=True)


class CertificationEndBody(WriteBody):
    """A revocation."""

    revoked_from = Day(required=True, help_text=_("The first day on which it no longer counts."))
    revoked_on = Day(required=True, help_text=_("The day of the decision."))
    revocation_reason = Text(most(Certification, "revocation_reason"))

    class Meta:
        model = Certification


class PartyBody(Body):
    partner = Code(FinancingParty._meta.get_field("partner"), required=True)
    role = Choice(PartyRole, required=True)
    risk_share = Amount(places=2, allow_null=True, help_text=_("In percent; not public, and in no answer."))

    class Meta:
        model = FinancingParty


class FinancingChangeBody(WriteBody):
    """What is not given stays; `parties`, where they are given, take the place of all that it has."""

    instrument = Code(Financing._meta.get_field("instrument"))
    pilot_zone = Code(Financing._meta.get_field("pilot_zone"), allow_null=True)
    agreed_on = Day()
    agreed_amount = Amount(help_text=_("In 10,000 yuan."))
    drawn_amount = Amount(allow_null=True, help_text=_("In 10,000 yuan."))
    matures_on = Day(allow_null=True)
    confidentiality = Choice(Confidentiality)
    reference = Text(most(Financing, "reference"), help_text=_("Not public, and in no answer."))
    internal_notes = Text(10_000, help_text=_("Not public, and in no answer."))
    parties = PartyBody(many=True, required=False, allow_empty=False, write_only=True, help_text=PARTIES)

    class Meta:
        model = Financing


class FinancingBody(FinancingChangeBody):
    """A financing of one firm, with its parties."""

    company = FirmCode(Financing._meta.get_field("company"), required=True)
    instrument = Code(Financing._meta.get_field("instrument"), required=True)
    agreed_on = Day(required=True)
    agreed_amount = Amount(required=True, help_text=_("In 10,000 yuan."))
    parties = PartyBody(many=True, required=True, allow_empty=False, write_only=True, help_text=PARTIES)


class FinancingEndBody(WriteBody):
    """What became of a financing on a day: repaid, written off, converted, exited and the like."""

    status = Choice(FinancingStatus, required=True)
    happened_on = Day(required=True)
    amount = Amount(allow_null=True, help_text=_("In 10,000 yuan."))

    class Meta:
        model = FinancingStatusEvent
