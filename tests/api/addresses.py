"""Every endpoint of the router but the page for people, with an address to ask it at; a view unknown here fails."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.db.models import Count
from django.test import Client

from companies.life.views import CompanyHistoryView
from companies.models import Certification, Company, Financing, Residency
from companies.rows import PUBLIC_FACT
from companies.statistics.figures import FigureView
from companies.statistics.over_time.revisions import RevisionsView
from companies.statistics.over_time.views import StandingView
from companies.statistics.projection.views import ProjectionView, RenewalCliffView
from companies.statistics.views import MetricListView
from config.endpoints import urlpatterns
from incubators.callers import CallerView
from incubators.models import Incubator
from registry.api.documentation import DocumentationView, SchemaView
from registry.api.parameters import Parameter
from registry.api.views import RegisterDetailView, RegisterListView
from registry.downloads.catalogue import CatalogueView
from registry.downloads.dictionary import DictionaryView
from registry.exports.building import publish
from registry.exports.views import ExportFileView
from registry.feed.types import Circle
from registry.feed.views import FeedView
from registry.views import IndexView

BASE = "/api/v1/"
DAY = "2026-11-22"  # the day of the demonstration set


def busy_firm() -> str:
    """A public firm with several certificates and several stays, so that its lists can be paged."""
    firms = Company.objects.public()
    counted = firms.annotate(
        certificates=Count("certifications", distinct=True), stays=Count("residencies", distinct=True)
    )
    first: Company = counted.filter(certificates__gte=2).order_by("-stays", "uscc")[0]
    return first.uscc


def busy_incubator() -> str:
    hosts = Incubator.objects.annotate(stays=Count("residencies")).order_by("-stays", "code")
    return str(hosts.values_list("code", flat=True)[0])


def first_public(model: Any) -> int:
    """The id of a fact that everyone may see."""
    rows = model.objects.published() if model is Financing else model.objects.all()
    key: int = rows.filter(PUBLIC_FACT).order_by("id").values_list("id", flat=True)[0]
    return key


def published_number() -> str:
    """Of the sets of the state as it is."""
    return str({publish(circle).sequence for circle in Circle}.pop())


# What stands for the variable part of a route.
EXAMPLES: dict[str, Callable[[], str]] = {
    "companies/<str:uscc>/": busy_firm,
    "companies/<str:uscc>/certifications/": busy_firm,
    "companies/<str:uscc>/residencies/": busy_firm,
    "companies/<str:uscc>/history/": busy_firm,
    "statistics/firms/bridge/<str:part>/": lambda: "established",
    "statistics/high-tech-firms/bridge/<str:part>/": lambda: "expired",
    "statistics/incubated-firms/bridge/<str:part>/": lambda: "graduated",
    "statistics/university-adjacent-firms/bridge/<str:part>/": lambda: "established",
    "certifications/<int:id>/": lambda: str(first_public(Certification)),
    "residencies/<int:id>/": lambda: str(first_public(Residency)),
    "financings/<int:id>/": lambda: str(first_public(Financing)),
    "exports/<int:sequence>/": published_number,
    "exports/<int:sequence>/<str:name>": lambda: f"{published_number()}/district.csv",
    "incubators/<str:code>/": busy_incubator,
    "incubators/<str:code>/residents/": busy_incubator,
    "universities/<str:code>/": lambda: "4150010611",
    "targets/<str:code>/": lambda: "high-tech-2030",
    "targets/<str:code>/projection/": lambda: "high-tech-2030",
}
KINDS: dict[type[Any], str] = {
    RegisterListView: "list",
    RegisterDetailView: "detail",
    CompanyHistoryView: "history",
    RenewalCliffView: "cliff",
    ProjectionView: "projection",
    FigureView: "figure",
    RevisionsView: "revisions",
    StandingView: "standing",
    MetricListView: "index",
    IndexView: "index",
    SchemaView: "schema",
    DictionaryView: "dictionary",
    CallerView: "dictionary",
    ExportFileView: "bytes",
    FeedView: "feed",
    CatalogueView: "dictionary",
}


@dataclass(frozen=True)
class Endpoint:
    route: str
    view: type[Any]
    initkwargs: dict[str, Any]

    @property
    def kind(self) -> str:
        """One of the words above; StopIteration for a view of an unknown kind."""
        return next(kind for base, kind in KINDS.items() if issubclass(self.view, base))

    @property
    def path(self) -> str:
        """Needs the demonstration set when the route has a variable part."""
        if "<" not in self.route:
            return BASE + self.route
        start, end = self.route.split("<", 1)[0], self.route.rsplit(">", 1)[1]
        return BASE + start + EXAMPLES[self.route]() + end

    @property
    def parameters(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.view.parameters()}

    @property
    def needed(self) -> dict[str, str]:
        """Without these it answers nothing: a period, or the earlier of two moments of knowing."""
        if "known_from" in self.parameters:
            return {"known_from": "2020-01-01T00:00:00Z"}
        return {"from": "2024-01-01", "to": "2026-11-22"} if "from" in self.parameters else {}

    @property
    def has_day(self) -> bool:
        """Whether it stands on one day and is known at one moment."""
        return "valid_on" in self.parameters and not self.needed

    def url(self, **given: Any) -> str:
        return self.path + "?" + urlencode(self.needed | given, safe=",:", errors="surrogatepass")

    def get(self, client: Client, **given: Any) -> Any:
        return client.get(self.url(**given))


EVERY = [
    Endpoint(str(pattern.pattern), pattern.callback.view_class, pattern.callback.view_initkwargs)  # type: ignore[attr-defined]
    for pattern in urlpatterns
    if not issubclass(pattern.callback.view_class, DocumentationView)  # type: ignore[attr-defined]
]
READ = [endpoint for endpoint in EVERY if "get" in endpoint.view.http_method_names]
FILES = [endpoint for endpoint in READ if endpoint.kind == "bytes"]
ENDPOINTS = [endpoint for endpoint in READ if endpoint not in FILES]
WRITES = [
    (endpoint, method)
    for endpoint in EVERY
    for method in ("post", "patch", "delete")
    if method in endpoint.view.http_method_names and not getattr(endpoint.view, "is_lookup", False)
]
LOOKUPS = [endpoint for endpoint in EVERY if getattr(endpoint.view, "is_lookup", False)]
LISTS = [endpoint for endpoint in ENDPOINTS if issubclass(endpoint.view, RegisterListView)]
FIGURES = [endpoint for endpoint in ENDPOINTS if endpoint.kind == "figure"]
OVER_TIME = [endpoint for endpoint in ENDPOINTS if issubclass(endpoint.view, StandingView)]
DETAILS = [endpoint for endpoint in ENDPOINTS if issubclass(endpoint.view, RegisterDetailView)]


def route_of(endpoint: Endpoint) -> str:
    """The name of a parametrised test."""
    return endpoint.route


def named(route: str) -> Endpoint:
    return next(endpoint for endpoint in ENDPOINTS if endpoint.route == route)


def answer(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, (address, response.content[:500])
    return response.json()


def walk(client: Client, address: str) -> list[dict[str, Any]]:
    """All entries of a list, page by page."""
    rows: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        page = answer(client, following)
        rows += page["data"]
        following = page["next"]
    return rows


def cursor_in(page: dict[str, Any]) -> str:
    return str(parse_qs(urlsplit(page["next"]).query)["cursor"][0])
