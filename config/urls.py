"""Addresses: the API's endpoints stand in `config/endpoints.py`, public pages in `config/pages.py`, the staff's in
`config/administration.py`.
"""

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

from registry.health import healthz, readyz


def included_when_asked(route: str, module: str, namespace: str | None = None) -> URLResolver:
    """Like `include`, but the module is imported by the first address that nothing before it takes: a worker that
    answers only the API never loads the pages.
    """
    return URLResolver(RoutePattern(route), module, app_name=namespace, namespace=namespace)


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/", include("config.endpoints")),
    path("i18n/", include("django.conf.urls.i18n")),
    included_when_asked("account/", "config.accounts"),
    included_when_asked("admin/", "config.administration"),
    included_when_asked("", "config.pages"),
]

handler400 = "registry.refusing.handler400"
handler403 = "registry.refusing.handler403"
handler404 = "registry.refusing.handler404"
handler500 = "registry.refusing.handler500"
