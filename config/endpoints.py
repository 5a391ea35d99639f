"""Every endpoint of the API, on one page. The contract of each stands in its view and in the schema."""

from django.db.transaction import non_atomic_requests
from django.urls import URLPattern, path

from companies import views as companies
from companies.life.views import CompanyHistoryView
from companies.lookups import CompanyLookupView
from companies.statistics import views as statistics
from companies.statistics.codes import STANDING
from companies.statistics.figures import FigureView
from companies.statistics.metrics import BY_CODE
from companies.statistics.over_time.bridge import BridgePartView, BridgeView
from companies.statistics.over_time.revisions import RevisionsView
from companies.statistics.over_time.series import SeriesView
from companies.statistics.over_time.views import StandingView
from companies.statistics.projection import views as projection
from companies.writing import facts, firms
from companies.writing.batch import CompanyBatchView
from incubators import views as incubators
from incubators.callers import CallerView
from registry import views as registry
from registry.api.documentation import DocumentationView, SchemaView
from registry.downloads.catalogue import CatalogueView
from registry.downloads.dictionary import DictionaryView
from registry.exports.views import ExportFileView, ExportListView, ExportSetView
from registry.feed.views import ChangesView, CheckpointView

CODE_LISTS: dict[str, type[registry.CodeListView]] = {
    "zones": registry.ZoneListView,
    "districts": registry.DistrictListView,
    "reporting-units": registry.ReportingUnitListView,
    "corridor": registry.CorridorListView,
    "circles": registry.CircleListView,
    "provinces": registry.ProvinceListView,
    "hubs": registry.HubListView,
    "strategic-fields": registry.StrategicFieldListView,
    "technology-fields": registry.TechnologyFieldListView,
    "industries": registry.IndustryListView,
    "incubator-kinds": incubators.IncubatorKindListView,
    "incubator-levels": incubators.IncubatorLevelListView,
    "certification-kinds": companies.CertificationKindListView,
    "instruments": companies.InstrumentListView,
    "pilot-zones": companies.PilotZoneListView,
    "indicators": companies.IndicatorListView,
    "target-areas": companies.TargetAreaListView,
}

FIGURES: dict[str, type[FigureView]] = {
    "firms": statistics.FirmsFigure,
    "high-tech-firms": statistics.HighTechFirmsFigure,
    "incubated-firms": statistics.IncubatedFirmsFigure,
    "university-adjacent-firms": statistics.UniversityAdjacentFirmsFigure,
    "financed-firms": statistics.FinancedFirmsFigure,
    "graduates": statistics.GraduatesFigure,
    "financing-amount": statistics.FinancingAmountFigure,
    "financing-occurrences": statistics.FinancingOccurrencesFigure,
    "certifications-granted": statistics.CertificationsGrantedFigure,
    "incubators": statistics.IncubatorsFigure,
}

OVER_TIME: dict[str, type[StandingView]] = {"series": SeriesView, "bridge": BridgeView, "revisions": RevisionsView}

ABOUT_THE_API = ("caller", "dictionary", "catalogue", "schema", "docs")
BESIDE_LISTS = ("codes", "statistics", "targets", "changes", "exports", *ABOUT_THE_API)
LISTS = ("companies", "incubators", "universities", "certifications", "residencies", "financings")

urlpatterns: list[URLPattern] = [
    path("", registry.IndexView.as_view(below=(*LISTS, *BESIDE_LISTS))),
    path("companies/", firms.CompanyCollectionView.as_view(), name="list-companies"),
    path("companies/batch-get/", non_atomic_requests(CompanyLookupView.as_view())),
    path("companies/batch/", CompanyBatchView.as_view()),
    path("companies/<str:uscc>/", firms.CompanyEntryView.as_view()),
    path("companies/<str:uscc>/end/", firms.CompanyEndView.as_view()),
    path("companies/<str:uscc>/certifications/", companies.CompanyCertificationListView.as_view()),
    path("companies/<str:uscc>/history/", CompanyHistoryView.as_view()),
    path("companies/<str:uscc>/residencies/", companies.CompanyResidencyListView.as_view()),
    path("incubators/", incubators.IncubatorListView.as_view(), name="list-incubators"),
    path("incubators/<str:code>/", incubators.IncubatorDetailView.as_view()),
    path("incubators/<str:code>/residents/", companies.IncubatorResidentListView.as_view()),
    path("universities/", registry.UniversityListView.as_view()),
    path("universities/<str:code>/", registry.UniversityDetailView.as_view()),
    path("certifications/", facts.CertificationCollectionView.as_view(), name="list-certifications"),
    path("certifications/<int:id>/", facts.CertificationEntryView.as_view()),
    path("certifications/<int:id>/end/", facts.CertificationEndView.as_view()),
    path("residencies/", facts.ResidencyCollectionView.as_view(), name="list-residencies"),
    path("residencies/<int:id>/", facts.ResidencyEntryView.as_view()),
    path("residencies/<int:id>/end/", facts.ResidencyEndView.as_view()),
    path("financings/", facts.FinancingCollectionView.as_view(), name="list-financings"),
    path("financings/<int:id>/", facts.FinancingEntryView.as_view()),
    path("financings/<int:id>/end/", facts.FinancingEndView.as_view()),
    path("codes/", registry.IndexView.as_view(below=tuple(CODE_LISTS))),
    *(path(f"codes/{name}/", view.as_view()) for name, view in CODE_LISTS.items()),
    path("statistics/", statistics.MetricListView.as_view(), name="metrics"),
    *(path(f"statistics/{code}/", view.as_view(), name=f"figure-{code}") for code, view in FIGURES.items()),
    *(
        path(f"statistics/{code}/{name}/", view.as_view(metric=BY_CODE[code]), name=f"{name}-{code}")
        for code in STANDING
        for name, view in OVER_TIME.items()
    ),
    *(
        path(
            f"statistics/{code}/bridge/<str:part>/",
            BridgePartView.as_view(metric=BY_CODE[code]),
            name=f"bridge-part-{code}",
        )
        for code in STANDING
    ),
    path("statistics/financing-tables/", statistics.FinancingTableListView.as_view(), name="financing-tables"),
    path("statistics/high-tech-firms/renewal-cliff/", projection.RenewalCliffView.as_view()),
    path("targets/", statistics.TargetListView.as_view()),
    path("targets/<str:code>/", statistics.TargetDetailView.as_view()),
    path("targets/<str:code>/projection/", projection.ProjectionView.as_view()),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("changes/checkpoint/", CheckpointView.as_view(), name="checkpoint"),
    path("exports/", ExportListView.as_view(), name="exports"),
    path("exports/<int:sequence>/", ExportSetView.as_view()),
    path("exports/<int:sequence>/<str:name>", ExportFileView.as_view()),
    path("caller/", CallerView.as_view(), name="caller"),
    path("dictionary/", DictionaryView.as_view(), name="dictionary"),
    path("catalogue/", CatalogueView.as_view(), name="catalogue"),
    path("schema/", SchemaView.as_view()),
    path("docs/", DocumentationView.as_view()),
]
