"""How firms and their facts answer. Plain declarations over rows that `companies/rows.py` prepares for a day."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from companies.models import (
    Certification,
    CertificationKind,
    Company,
    CompanyName,
    Financing,
    FinancingInstrument,
    FinancingParty,
    Indicator,
    PilotZone,
    Residency,
    TargetArea,
    TargetAreaMember,
)
from incubators.models import Incubator
from registry.resources import CodedSerializer, CodeSerializer, NameField, OfficialField
from registry.scope import declare_public, declare_public_rows

declare_public(CertificationKind, FinancingInstrument, Indicator, PilotZone, TargetArea, TargetAreaMember)
declare_public_rows({Company: Company.objects.public, Financing: Financing.objects.published})


class CompanyNameSerializer(serializers.ModelSerializer[CompanyName]):
    class Meta:
        model = CompanyName
        fields = ("name_zh", "name_en", "valid_from", "valid_until")


class HeldCertificationSerializer(serializers.ModelSerializer[Certification]):
    """A certificate as its firm carries it; `state` is that of the day."""

    kind = CodedSerializer()
    technology_field = CodedSerializer(allow_null=True)
    state = serializers.CharField()

    class Meta:
        model = Certification
        fields = ("id", "kind", "number", "technology_field", "issued_on", "valid_until", "revoked_from", "state")


class UniversityLinkSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(source="university.code")
    name = NameField(source="university")
    basis = serializers.CharField()
    circle_site = serializers.CharField(source="circle_site.name_zh", allow_null=True)


class StaySerializer(serializers.ModelSerializer[Residency]):
    """A stay as its firm carries it when asked to."""

    incubator = CodedSerializer()

    class Meta:
        model = Residency
        fields = ("id", "incubator", "entered_on", "left_on", "outcome", "ground")


class MoneySerializer(serializers.ModelSerializer[Financing]):
    """A published financing as its firm carries it when asked to; amounts in 10,000 yuan (万元)."""

    instrument = CodedSerializer()
    pilot_zone = CodedSerializer(allow_null=True)

    class Meta:
        model = Financing
        fields = ("id", "instrument", "pilot_zone", "agreed_on", "agreed_amount", "drawn_amount", "matures_on")


class HostSerializer(serializers.ModelSerializer[Incubator]):
    """The incubator of a firm in full."""

    name = NameField()
    kind = CodedSerializer()
    university = CodedSerializer(allow_null=True)
    is_official = OfficialField()

    class Meta:
        model = Incubator
        fields = (
            *("id", "code", "name", "name_zh", "name_en", "name_it", "kind", "operator", "university", "floor_area"),
            *("valid_from", "valid_until", "mark", "is_official", "is_invented", "version"),
        )


class SubjectSerializer(serializers.ModelSerializer[Company]):
    """The firm that a fact is about, in full; what changes over time stands in its own address."""

    hub = CodedSerializer(allow_null=True)
    strategic_field = CodedSerializer(allow_null=True)
    industry = CodedSerializer(allow_null=True)

    class Meta:
        model = Company
        fields = (
            *("id", "uscc", "hub", "strategic_field", "industry", "established_on", "dissolved_on"),
            *("registered_capital", "website", "is_invented", "version"),
        )


class CompanySerializer(serializers.ModelSerializer[Company]):
    expandable: ClassVar[Mapping[str, Any]] = {
        "incubator": lambda: HostSerializer(source="residency_on_day.incubator", allow_null=True),
        "residencies": lambda: StaySerializer(source="residencies_by_day", many=True),
        "financings": lambda: MoneySerializer(source="financings_by_day", many=True),
    }

    name = NameField(source="name_on_day", allow_null=True)
    names = CompanyNameSerializer(many=True)
    district = CodedSerializer(source="seat_on_day.district", allow_null=True)
    zone = CodedSerializer(source="seat_on_day.district.zone", allow_null=True)
    reporting_unit = CodedSerializer(source="seat_on_day.reporting_unit", allow_null=True)
    address = serializers.CharField(source="seat_on_day.address", allow_null=True)
    latitude = serializers.DecimalField(source="seat_on_day.latitude", max_digits=8, decimal_places=5, allow_null=True)
    longitude = serializers.DecimalField(
        source="seat_on_day.longitude", max_digits=8, decimal_places=5, allow_null=True
    )
    hub = CodedSerializer(allow_null=True)
    strategic_field = CodedSerializer(allow_null=True)
    industry = CodedSerializer(allow_null=True)
    incubator = CodedSerializer(source="residency_on_day.incubator", allow_null=True)
    universities = UniversityLinkSerializer(source="links_on_day", many=True)
    certifications = HeldCertificationSerializer(source="certifications_by_day", many=True)
    successor = serializers.CharField(source="successor.uscc", allow_null=True)
    updated_at = serializers.DateTimeField(source="change.updated_at", allow_null=True)

    class Meta:
        model = Company
        fields = (
            "id",
            "uscc",
            "name",
            "names",
            "district",
            "zone",
            "reporting_unit",
            "address",
            "latitude",
            "longitude",
            "hub",
            "strategic_field",
            "industry",
            "incubator",
            "universities",
            "certifications",
            "established_on",
            "dissolved_on",
            "successor",
            "registered_capital",
            "website",
            "is_invented",
            "updated_at",
            "version",
        )


class FactSerializer(serializers.ModelSerializer[Any]):
    """A fact about a firm, in a list of its own."""

    expandable: ClassVar[Mapping[str, Any]] = {"company": SubjectSerializer}

    company = serializers.CharField(source="company.uscc")
    company_name = serializers.CharField(source="name_on_day.name_zh", allow_null=True)
    is_invented = serializers.BooleanField(source="company.is_invented")


class CertificationSerializer(FactSerializer):
    kind = CodedSerializer()
    technology_field = CodedSerializer(allow_null=True)
    state = serializers.CharField()
    district = CodedSerializer(source="seat_at_issue.district", allow_null=True)
    reporting_unit = CodedSerializer(source="seat_at_issue.reporting_unit", allow_null=True)
    predecessor = serializers.IntegerField(source="predecessor_id", allow_null=True)

    class Meta:
        model = Certification
        fields = (
            "id",
            "company",
            "company_name",
            "is_invented",
            "kind",
            "number",
            "technology_field",
            "issued_on",
            "valid_until",
            "revoked_from",
            "revoked_on",
            "revocation_reason",
            "state",
            "district",
            "reporting_unit",
            "predecessor",
            "issuer",
            "version",
        )


class ResidencySerializer(FactSerializer):
    incubator = CodedSerializer()

    class Meta:
        model = Residency
        fields = (
            "id",
            "company",
            "company_name",
            "is_invented",
            "incubator",
            "entered_on",
            "left_on",
            "outcome",
            "ground",
            "version",
        )


class FinancingPartySerializer(serializers.ModelSerializer[FinancingParty]):
    partner = CodedSerializer()

    class Meta:
        model = FinancingParty
        fields = ("partner", "role")


class FinancingSerializer(FactSerializer):
    """Amounts in 10,000 yuan (万元), as texts with four decimals."""

    instrument = CodedSerializer()
    pilot_zone = CodedSerializer(allow_null=True)
    parties = FinancingPartySerializer(many=True)

    class Meta:
        model = Financing
        fields = (
            "id",
            "company",
            "company_name",
            "is_invented",
            "instrument",
            "pilot_zone",
            "agreed_on",
            "agreed_amount",
            "drawn_amount",
            "matures_on",
            "parties",
            "version",
        )


class CertificationKindSerializer(CodeSerializer):
    validity_rule = serializers.CharField()
    validity_years = serializers.IntegerField(allow_null=True)


class InstrumentSerializer(CodeSerializer):
    kind = serializers.CharField()
    provider = serializers.CharField()


class IndicatorSerializer(CodeSerializer):
    measure = serializers.CharField()
    unit_zh = serializers.CharField()
    unit_en = serializers.CharField()
    unit_it = serializers.CharField()


class TargetAreaMemberSerializer(serializers.Serializer[Any]):
    """One of the parts of an area; two of the three are null."""

    zone = CodedSerializer(allow_null=True)
    district = CodedSerializer(allow_null=True)
    reporting_unit = CodedSerializer(allow_null=True)


class TargetAreaSerializer(CodeSerializer):
    members = TargetAreaMemberSerializer(many=True, help_text=_("Its parts; none for the whole city."))
