"""Two peers: plain DRF as one writes it well, and as one writes it first."""

from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.urls import include, path
from rest_framework import routers, serializers, viewsets

from companies.models import Certification, Company, CompanyName, UniversityLink
from companies.models.questions import residency_open
from companies.rows import state_on
from incubators.models import Incubator
from registry.days import today
from registry.models import (
    District,
    Hub,
    Industry,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    Zone,
)
from registry.models.entries import in_period


def coded(of: Any, **options: Any) -> serializers.BaseSerializer[Any]:
    class Coded(serializers.ModelSerializer[Any]):
        name = serializers.CharField(source="name_zh")

        class Meta:
            model = of
            fields = ("code", "name")

    return Coded(**options)


class NameSerializer(serializers.ModelSerializer[CompanyName]):
    class Meta:
        model = CompanyName
        fields = ("name_zh", "name_en", "valid_from", "valid_until")


class LinkSerializer(serializers.ModelSerializer[UniversityLink]):
    code = serializers.CharField(source="university.code")
    name = serializers.CharField(source="university.name_zh")
    circle_site = serializers.CharField(source="circle_site.name_zh", allow_null=True, default=None)

    class Meta:
        model = UniversityLink
        fields = ("code", "name", "basis", "circle_site")


class CertificateSerializer(serializers.ModelSerializer[Certification]):
    from companies.models import CertificationKind as Kind

    kind = coded(Kind)
    technology_field = coded(TechnologyField)
    state = serializers.CharField()

    class Meta:
        model = Certification
        fields = ("id", "kind", "number", "technology_field", "issued_on", "valid_until", "revoked_from", "state")


class FirmSerializer(serializers.ModelSerializer[Company]):
    name = serializers.CharField(source="name_on_day.name_zh", default=None)
    names = NameSerializer(many=True)
    district = coded(District, source="seat_on_day.district", default=None)
    zone = coded(Zone, source="seat_on_day.district.zone", default=None)
    reporting_unit = coded(ReportingUnit, source="seat_on_day.reporting_unit", default=None)
    address = serializers.CharField(source="seat_on_day.address", default=None)
    latitude = serializers.DecimalField(source="seat_on_day.latitude", max_digits=8, decimal_places=5, default=None)
    longitude = serializers.DecimalField(source="seat_on_day.longitude", max_digits=8, decimal_places=5, default=None)
    hub = coded(Hub)
    strategic_field = coded(StrategicField)
    industry = coded(Industry)
    incubator = coded(Incubator, source="residency_on_day.incubator", default=None)
    universities = LinkSerializer(source="links_on_day", many=True)
    certifications = CertificateSerializer(source="certificates_by_day", many=True)
    successor = serializers.CharField(source="successor.uscc", default=None)
    updated_at = serializers.DateTimeField(source="change.updated_at", default=None)

    class Meta:
        model = Company
        fields = (
            *("id", "uscc", "name", "names", "district", "zone", "reporting_unit", "address", "latitude", "longitude"),
            *("hub", "strategic_field", "industry", "incubator", "universities", "certifications", "established_on"),
            *("dissolved_on", "successor", "registered_capital", "website", "is_invented", "updated_at", "version"),
        )


class PlainFirms(viewsets.ModelViewSet[Company]):
    """What is one to a firm is joined, the rest prefetched: nine queries, however many rows."""

    queryset = Company.objects.all()
    serializer_class = FirmSerializer

    def get_queryset(self) -> QuerySet[Company]:
        day = today()
        certificates = Certification.objects.filter(issued_on__lte=day).annotate(state=state_on(day))
        links = UniversityLink.objects.on(day).select_related("university", "circle_site")
        firms: QuerySet[Company] = (
            Company.objects.public()
            .for_day(day)
            .seated(day)
            .select_related("name_on_day", "seat_on_day__district__zone", "seat_on_day__reporting_unit")
            .select_related("residency_on_day__incubator", "change")
            .prefetch_related("hub", "strategic_field", "industry", "names")
            .prefetch_related(Prefetch("successor", Company.objects.public()))
            .prefetch_related(Prefetch("university_links", links, to_attr="links_on_day"))
            .prefetch_related(
                Prefetch(
                    "certifications",
                    certificates.select_related("kind", "technology_field"),
                    to_attr="certificates_by_day",
                )
            )
            .order_by(F("name_on_day__pinyin").asc(nulls_last=True), "pk")
        )
        return firms


class NaiveFirm(Company):
    """Asks the database for each relation of each row when the serializer comes to it."""

    class Meta:
        proxy = True
        app_label = "companies"

    @property
    def name_on_day(self) -> Any:
        return self.names.filter(in_period(today())).first()  # type: ignore[attr-defined]

    @property
    def seat_on_day(self) -> Any:
        return self.seats.filter(in_period(today())).first()  # type: ignore[attr-defined]

    @property
    def residency_on_day(self) -> Any:
        return self.residencies.filter(residency_open(today())).first()  # type: ignore[attr-defined]

    @property
    def links_on_day(self) -> Any:
        return self.university_links.filter(in_period(today()))  # type: ignore[attr-defined]

    @property
    def certificates_by_day(self) -> Any:
        return self.certifications.filter(issued_on__lte=today()).annotate(state=state_on(today()))  # type: ignore[attr-defined]


class NaiveFirms(viewsets.ModelViewSet[NaiveFirm]):
    queryset = NaiveFirm.objects.all()
    serializer_class = FirmSerializer

    def get_queryset(self) -> QuerySet[NaiveFirm]:
        day = today()
        order = F("bench_name__pinyin").asc(nulls_last=True)
        from django.db.models import FilteredRelation

        named = NaiveFirm.objects.annotate(bench_name=FilteredRelation("names", condition=in_period(day, "names__")))
        firms: QuerySet[NaiveFirm] = named.public().seated(day).order_by(order, "pk")
        return firms


router = routers.DefaultRouter()
router.register("plain", PlainFirms, basename="plain")
router.register("naive", NaiveFirms, basename="naive")
urlpatterns = [path("", include(router.urls))]
