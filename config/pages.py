"""Every public page, on one page. The API's endpoints stand in `config/endpoints.py`."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from companies.dashboard.parts_of_bridge import BridgePartPage
from companies.dashboard.views import DashboardView

urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(pattern_name="dashboard", query_string=True)),
    path("dashboard/", DashboardView.as_view(), name="dashboard"),
    path("dashboard/bridge/<str:part>/", BridgePartPage.as_view(), name="dashboard-bridge-part"),
]
