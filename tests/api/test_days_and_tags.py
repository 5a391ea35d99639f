"""`valid_on` works everywhere; the languages; entity tags; what HEAD, OPTIONS and other methods answer."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from companies.models import Company
from tests.api.addresses import BASE, DETAILS, ENDPOINTS, FIGURES, FILES, LISTS, Endpoint, answer, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

TODAY = "2026-11-22"
EARLIER: dict[str, str] = {
    "incubators/<str:code>/": "2014-01-01",  # before it held its present level
    "statistics/incubators/": "2013-12-01",
}
# Nothing in these lists is dated: the same answer on every day.
TIMELESS = {
    *("certifications/<int:id>/", "residencies/<int:id>/", "financings/<int:id>/"),
    "universities/",
    "universities/<str:code>/",
    "targets/",
    "residencies/",
    *(
        f"codes/{name}/"
        for name in (
            "zones", "corridor", "provinces", "hubs", "strategic-fields", "technology-fields", "industries",
            "incubator-kinds", "certification-kinds", "instruments", "pilot-zones", "indicators", "target-areas",
        )
    ),
}  # fmt: skip
DATED = [endpoint for endpoint in ENDPOINTS if endpoint.has_day]


def content(page: dict[str, Any]) -> Any:
    """An answer without its clocks, which differ anyway."""
    return page.get("data", page.get("total"))


@pytest.mark.parametrize("endpoint", DATED, ids=route_of)
def test_the_answer_is_that_of_the_day(client: Client, endpoint: Endpoint) -> None:
    asked = {"limit": 500} if endpoint in LISTS else {}
    now = answer(client, endpoint.url(valid_on=TODAY, **asked))
    then = answer(client, endpoint.url(valid_on=EARLIER.get(endpoint.route, "2016-06-30"), **asked))
    clocks = [page.get("meta", page) for page in (now, then)]
    assert clocks[0]["valid_on"] == TODAY
    assert clocks[1]["valid_on"] == EARLIER.get(endpoint.route, "2016-06-30")
    assert datetime.datetime.fromisoformat(clocks[0]["known_at"]).utcoffset() == datetime.timedelta(hours=8)
    assert clocks[0]["known_at"] == clocks[1]["known_at"]
    if endpoint.route not in TIMELESS and endpoint.kind != "index":
        assert content(now) != content(then)


def test_a_firm_answers_as_it_was_on_the_day(client: Client) -> None:
    moved = Company.objects.filter(seats__valid_until="2025-11-06", seats__district__code="500112", is_published=True)
    code = moved.exclude(uscc__startswith="92").order_by("uscc")[0].uscc
    districts = [
        answer(client, f"{BASE}companies/{code}/?valid_on={day}")["data"]["district"]["code"]
        for day in ("2025-11-05", "2025-11-06")
    ]
    assert districts == ["500112", "500157"]


def test_a_flow_echoes_its_period_and_not_a_day(client: Client) -> None:
    found = answer(client, f"{BASE}statistics/certifications-granted/?from=2024-01-01&to=2024-12-31")
    assert (found["from"], found["to"]) == ("2024-01-01", "2024-12-31")
    assert "valid_on" not in found and found["known_at"]


def test_names_come_in_the_asked_language(client: Client) -> None:
    names = {}
    for language in ("zh", "en", "it"):
        by_parameter = client.get(f"{BASE}companies/?zone=central_urban&limit=3&valid_on={TODAY}&lang={language}")
        by_header = client.get(
            f"{BASE}companies/?zone=central_urban&limit=3&valid_on={TODAY}", headers={"Accept-Language": language}
        )
        assert by_parameter.json()["data"] == by_header.json()["data"]
        assert by_parameter.headers["Content-Language"] == by_header.headers["Content-Language"] == language
        names[language] = by_parameter.json()["data"][0]["zone"]["name"]
    assert len(set(names.values())) == 3


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=route_of)
def test_every_answer_says_its_language(client: Client, endpoint: Endpoint) -> None:
    for given, header, language in (({}, "it-IT,en;q=0.5", "it"), ({"lang": "en"}, "it", "en"), ({}, "fr", "zh")):
        response = client.head(endpoint.url(**given), headers={"Accept-Language": header})
        assert (response.status_code, response.headers["Content-Language"]) == (200, language)
        assert "Accept-Language" in response.headers["Vary"]


def test_a_refusal_is_worded_in_the_asked_language(client: Client) -> None:
    problem = client.get(f"{BASE}companies/?distrct=1&lang=en").json()
    assert problem["detail"] == "There is no parameter “distrct” here; the nearest is “district”."


@pytest.mark.parametrize("endpoint", DETAILS, ids=route_of)
def test_a_detail_has_a_strong_tag_of_its_day_and_language(client: Client, endpoint: Endpoint) -> None:
    address = endpoint.url(valid_on=TODAY, lang="en")
    first = client.get(address)
    tag = first.headers["ETag"]
    version = first.json()["data"]["version"]
    assert re.fullmatch(rf'"{version}\.[0-9a-f]{{16}}"', tag)
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    for other in (endpoint.url(valid_on="2026-11-21", lang="en"), endpoint.url(valid_on=TODAY, lang="zh")):
        response = client.get(other, headers={"If-None-Match": tag})
        assert (response.status_code, response.headers["ETag"] == tag) == (200, False), other
    for stale in ('"0.0000000000000000"', f"W/{tag}x", tag.strip('"')):
        assert client.get(address, headers={"If-None-Match": stale}).status_code == 200, stale


@pytest.mark.parametrize("endpoint", [*ENDPOINTS, *FILES], ids=route_of)
def test_every_answer_has_a_strong_tag_and_is_not_sent_twice(client: Client, endpoint: Endpoint) -> None:
    address = endpoint.url()
    first = client.get(address, headers={"accept-language": "en"})
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f.]+"', tag)
    for asked in (tag, f'"another", {tag}', "*"):
        again = client.get(address, headers={"accept-language": "en", "if-none-match": asked})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag), asked
    assert client.head(address, headers={"accept-language": "en"}).headers["ETag"] == tag
    for asked in ('"another"', tag.strip('"')):
        assert client.get(address, headers={"accept-language": "en", "if-none-match": asked}).status_code == 200, asked
    if endpoint not in FILES and endpoint.route != "changes/":  # neither has words
        other = client.get(address, headers={"accept-language": "zh", "if-none-match": tag})
        assert (other.status_code, other.headers["ETag"] == tag) == (200, False)


def test_a_change_changes_the_tag_of_a_list(client: Client) -> None:
    address = f"{BASE}companies/?limit=1"
    tag = client.get(address).headers["ETag"]
    code = client.get(address).json()["data"][0]["uscc"]
    Company.objects.filter(uscc=code).update(website="https://another.example")
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_a_change_changes_the_tag(client: Client) -> None:
    firm = next(endpoint for endpoint in DETAILS if endpoint.route == "companies/<str:uscc>/")
    address = firm.url(valid_on=TODAY)
    tag = client.get(address).headers["ETag"]
    Company.objects.filter(uscc=firm.path.split("/")[-2]).update(website="https://another.example")
    changed = client.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert int(changed.headers["ETag"][1:].split(".")[0]) == int(tag[1:].split(".")[0]) + 1


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=route_of)
def test_methods(client: Client, endpoint: Endpoint) -> None:
    address = endpoint.url()
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"].startswith("application/json")
    options = client.options(address)
    allowed = ", ".join(name.upper() for name in endpoint.view.http_method_names)
    assert (options.status_code, options.headers["Allow"]) == (204, allowed)
    assert (options.content, options.headers.get("Content-Type")) == (b"", None)
    moved = client.get(address.partition("?")[0].rstrip("/"))
    assert (moved.status_code, moved.content, moved.headers.get("Content-Type")) == (301, b"", None)
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(client, method)(address, data="{}", content_type="application/json")
        assert refused.headers["Content-Type"] == "application/problem+json"
        if method in endpoint.view.http_method_names:
            assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
            continue
        assert (refused.status_code, refused.headers["Allow"]) == (405, allowed)
        assert refused.json()["code"] == "method_not_allowed"


LATER = (
    "exports/0/", "exports/999999999999/", "exports/999999999999/company.csv", "exports/companies.csv", "changes/zzz/",
    "companies/zzz/history/", "statistics/graduates/series/", "statistics/incubators/bridge/",
    "statistics/financed-firms/revisions/", "statistics/firms/bridge/zzz/", "statistics/firms/series/zzz/",
    "statistics/financing-tables/2025/", "companies/zzz/",
    "companies/zzz/certifications/",
    "companies/zzz/residencies/", "incubators/zzz/", "incubators/zzz/residents/", "universities/zzz/", "targets/zzz/",
    "codes/zzz/", "statistics/zzz/", "zzz/", "companies", "companies//", "incubators/9/residents/x/",
    "companies/%F0%9F%98%80/", "companies/%ED%A0%80/", "companies/" + "9" * 5000 + "/",
)  # fmt: skip


@pytest.mark.parametrize("path", LATER, ids=lambda path: path[:40])
def test_what_does_not_exist_yet_is_a_404_problem(client: Client, path: str) -> None:
    response = client.get(BASE + path)
    if path == "companies":  # a missing slash at the end is forgiven by Django
        assert (response.status_code, response.headers["Location"]) == (301, f"{BASE}companies/")
        return
    assert response.status_code == 404, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_figures_are_among_the_dated() -> None:
    flows = ("graduates", "financing-amount", "financing-occurrences", "certifications-granted")
    assert [endpoint.route for endpoint in FIGURES if endpoint not in DATED] == [
        f"statistics/{code}/" for code in flows
    ]
