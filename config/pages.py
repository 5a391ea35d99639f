"""Every public page, on one page. The API's endpoints stand in `config/endpoints.py`."""

from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from companies.dashboard.parts_of_bridge import BridgePartPage
from companies.dashboard.revisions import RevisionsPage
from companies.dashboard.views import DashboardView
from companies.pages.district import DistrictPage
from companies.pages.districts import DistrictsPage
from companies.pages.firm import FirmPage
from companies.pages.incubators import IncubatorsPage
from companies.pages.search import SearchPage

READ = ["get", "head", "options"]

urlpatterns: list[URLPattern] = [
    path("", csrf_exempt(RedirectView.as_view(http_method_names=READ, pattern_name="dashboard", query_string=True))),
    path("dashboard/", DashboardView.as_view(), name="dashboard"),
    path("dashboard/bridge/<str:part>/", BridgePartPage.as_view(), name="dashboard-bridge-part"),
    path("dashboard/revisions/", RevisionsPage.as_view(), name="dashboard-revisions"),
    path("firms/", SearchPage.as_view(), name="search"),
    path("firms/<str:uscc>/", FirmPage.as_view(), name="firm"),
    path("incubators/", IncubatorsPage.as_view(), name="incubators"),
    path("districts/", DistrictsPage.as_view(), name="districts"),
    path("districts/<str:code>/", DistrictPage.as_view(), name="district"),
]
