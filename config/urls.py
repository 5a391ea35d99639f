"""Addresses: the API's endpoints stand in `config/endpoints.py`, public pages in `config/pages.py`."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern
from django.views.generic import RedirectView

from registry.health import healthz, readyz


def included_when_asked(route: str, module: str, namespace: str | None = None) -> URLResolver:
    """Like `include`, but the module is imported by the first address that nothing before it takes: a worker that
    answers only the API never loads the pages.
    """
    return URLResolver(RoutePattern(route), module, app_name=namespace, namespace=namespace)


def nowhere(request: HttpRequest, **address: str) -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/", include("config.endpoints")),
    path("i18n/", include("django.conf.urls.i18n")),
    included_when_asked("account/", "config.accounts"),
    path("admin/r/<path:row>", nowhere),  # would tell of any row whether it exists
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    included_when_asked("admin/uploads/", "companies.uploads.urls", "uploads"),
    included_when_asked("admin/notices/", "companies.notices.urls", "notices"),
    included_when_asked("admin/help/", "companies.entering.urls", "help"),
    included_when_asked("admin/findings/", "companies.findings.urls", "findings"),
    included_when_asked("admin/", "companies.work.urls", "work"),  # the front page; what it does not know goes on
    path("admin/", admin.site.urls),
    included_when_asked("", "config.pages"),
]

handler400 = "registry.refusing.handler400"
handler403 = "registry.refusing.handler403"
handler404 = "registry.refusing.handler404"
handler500 = "registry.refusing.handler500"
