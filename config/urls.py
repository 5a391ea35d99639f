"""Addresses: the API's endpoints stand in `config/endpoints.py`, public pages in `config/pages.py`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config.accounts import nowhere
from registry.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/", include("config.endpoints")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("config.accounts")),
    path("admin/r/<path:row>", nowhere),  # would tell of any row whether it exists
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("", include("config.pages")),
]

handler400 = "registry.api.problems.handler400"
handler403 = "registry.api.problems.handler403"
handler404 = "registry.api.problems.handler404"
handler500 = "registry.api.problems.handler500"
