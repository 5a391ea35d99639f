"""Every page of the staff below /admin/. Whoever asks for the first of them loads the admin: the API does without."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

admin.autodiscover()  # a served process has not done so, see `config.serving`


def nowhere(request: HttpRequest, **address: str) -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("r/<path:row>", nowhere),  # would tell of any row whether it exists
    path("password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("uploads/", include(("companies.uploads.urls", "uploads"))),
    path("notices/", include(("companies.notices.urls", "notices"))),
    path("help/", include(("companies.entering.urls", "help"))),
    path("findings/", include(("companies.findings.urls", "findings"))),
    path("", include(("companies.work.urls", "work"))),  # the front page; what it does not know goes on
    path("", admin.site.urls),
]
