"""Every refusal is problem+json with its headers, and never a stack trace."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def problem_of(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert b"Traceback" not in response.content
    problem: dict[str, Any] = json.loads(response.content)
    assert problem["status"] == status
    assert set(problem) == {"type", "title", "status", "detail", "code", "instance", "errors"}
    return problem


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/nothing/", 404, "not_found"),
        ("/api/", 404, "not_found"),
        ("/api/v1/people/nobody/", 404, "not_found"),
        ("/api/v1/people/%00/", 400, "bad_request"),
        ("/api/v1/people/%ED%A0%80/", 404, "not_found"),
        ("/api/v1/people/?" + "&".join(f"p{i}=1" for i in range(1200)), 400, "bad_request"),
        ("/api/v1/broken/secret/", 500, "server_error"),
        ("/api/v1/broken/away/", 503, "database_unavailable"),
        ("/api/v1/broken/slow/", 503, "took_too_long"),
        ("/api/v1/broken/throttled/", 429, "throttled"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_errors_are_problems(throwaway: Client, address: str, status: int, code: str) -> None:
    response = throwaway.get(address)
    problem = problem_of(response, status)
    assert problem["code"] == code
    assert problem["type"].endswith(code.replace("_", "-"))
    assert "secret of the server" not in response.content.decode()


@pytest.mark.parametrize(("how", "seconds"), [("away", "5"), ("slow", "5"), ("throttled", "30")])
def test_retry_after_is_kept(throwaway: Client, how: str, seconds: str) -> None:
    assert throwaway.get(f"/api/v1/broken/{how}/").headers["Retry-After"] == seconds


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", ["/api/v1/people/", "/api/v1/people/ada/"])
def test_methods_that_are_not_offered_name_those_that_are(throwaway: Client, method: str, address: str) -> None:
    response = getattr(throwaway, method)(address)
    assert problem_of(response, 405)["code"] == "method_not_allowed"
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_and_options_answer(throwaway: Client) -> None:
    assert throwaway.head("/api/v1/people/").status_code == 200
    options = throwaway.options("/api/v1/people/")
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_a_foreign_host_is_a_problem(throwaway: Client) -> None:
    problem_of(throwaway.get("/api/v1/people/", headers={"Host": "evil.example"}), 400)


def test_only_json_is_served(throwaway: Client) -> None:
    problem_of(throwaway.get("/api/v1/people/", headers={"Accept": "text/csv"}), 406)
    assert throwaway.get("/api/v1/people/", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


@pytest.mark.parametrize("how", ["away", "slow"])
def test_a_page_says_in_a_sentence_that_the_database_is_away(throwaway: Client, how: str) -> None:
    response = throwaway.get(f"/pages/{how}/", headers={"Accept-Language": "en"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.headers["Content-Type"].startswith("text/html")
    assert b"<p>" in response.content
    assert b"Traceback" not in response.content


def test_a_page_that_breaks_shows_nothing_of_the_inside(throwaway: Client) -> None:
    response = throwaway.get("/pages/secret/")
    assert response.status_code == 500
    assert b"secret of the server" not in response.content


def test_debug_shows_no_stack_trace_either(throwaway: Client, settings: Settings) -> None:
    settings.DEBUG = True
    problem_of(throwaway.get("/api/v1/broken/secret/"), 500)
    problem_of(throwaway.get("/api/v1/nothing/"), 404)
    problem_of(throwaway.get("/api/v1/people/", headers={"Host": "evil.example"}), 400)


LANGUAGE_CASES = [
    ("", None, "zh"),
    ("", "it-CH, en;q=0.5", "it"),
    ("", "fr, en;q=0.5", "en"),
    ("", "fr", "zh"),
    ("", "zh-TW, en;q=0.9", "zh"),
    ("", "en;q=0, it;q=0.1", "it"),
    ("lang=en", "it", "en"),
]


@pytest.mark.parametrize(("query", "header", "language"), LANGUAGE_CASES)
@pytest.mark.parametrize("address", ["/api/v1/people/", "/api/v1/people/nobody/", "/api/v1/nothing/"])
def test_the_language_is_negotiated(
    throwaway: Client, address: str, query: str, header: str | None, language: str
) -> None:
    response = throwaway.get(f"{address}?{query}", headers={"Accept-Language": header} if header else {})
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("address", ["/api/v1/people/", "/pages/secret/"])
def test_a_middleware_that_meets_no_database_is_503_too(throwaway: Client, settings: Settings, address: str) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.registry.api.throwaway.needs_the_database"]
    response = throwaway.get(address)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    is_problem = response.headers["Content-Type"] == "application/problem+json"
    assert is_problem == address.startswith("/api/")


def test_what_a_serializer_refuses_has_json_pointers(throwaway: Client) -> None:
    problem = problem_of(throwaway.get("/api/v1/form/"), 400)
    assert problem["code"] == "invalid_body"
    assert {(mistake["pointer"], mistake["detail"]) for mistake in problem["errors"]} == {
        ("/stays/1/a~1b", "Too late."),
        ("", "Not both."),
    }
