"""The strict reader of JSON bodies."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def post(client: Client, body: bytes | str, content_type: str = "application/json") -> Any:
    return client.post("/api/v1/body/", data=body, content_type=content_type)


REFUSED = [
    (b'{"a": 1, "a": 2}', "/a", "repeated_key"),
    (b'{"x": [{"a/b": 1, "a/b": 1}]}', "/x/0/a~1b", "repeated_key"),
    (b"[" * 51 + b"]" * 51, "", "too_deep"),
    (b"[" * 1000 + b"]" * 1000, "", "too_deep"),
    (b'{"a":' * 100_000, "", "too_deep"),
    (b'{"a": {"b": "x\\u0000y"}}', "/a/b", "bad_character"),
    (b'{"a": ["\\ud800"]}', "/a/0", "bad_character"),
    (b'{"a\\u0000": 1}', "", "bad_character"),
    (b'{"a": NaN}', "/a", "number_out_of_range"),
    (b'{"a": -Infinity}', "/a", "number_out_of_range"),
    (b'{"a": 1e-1000000}', "/a", "number_out_of_range"),
    (b'{"a": -1e1000000}', "/a", "number_out_of_range"),
    (b'{"a": ' + b"9" * 5000 + b"}", "/a", "number_out_of_range"),
    (b'{"a": 0.' + b"1" * 5000 + b"}", "/a", "number_out_of_range"),
    (b'{"a": 1e' + b"9" * 5000 + b"}", "/a", "number_out_of_range"),
    (b"\xff\xfe", "", "not_utf8"),
    (b'{"a": "\xed\xa0\x80"}', "", "not_utf8"),
    (b"\xef\xbb\xbf{}", "", "malformed_json"),
    (b'{"a": 1', "", "malformed_json"),
    (b'{"a": 1} 2', "", "malformed_json"),
    (b'{"a": "\x01"}', "", "malformed_json"),
    (b'"' + b'\\"' * 300_000, "", "malformed_json"),
    (b"   ", "", "malformed_json"),
]


@pytest.mark.parametrize(("body", "pointer", "code"), REFUSED, ids=[f"{row[2]}-{row[0][:16]!r}" for row in REFUSED])
def test_a_body_that_a_lenient_reader_would_mend_is_refused(
    throwaway: Client, body: bytes, pointer: str, code: str
) -> None:
    response = post(throwaway, body)
    assert response.status_code == 400, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    (mistake,) = response.json()["errors"]
    assert (mistake["pointer"], mistake["code"]) == (pointer, code)


def test_a_plain_body_is_read_as_it_stands(throwaway: Client) -> None:
    body = '{"企业": "重庆", "n": [0, -1, 12345678901234567890, 1.50, 2e3, true, null], "brackets": "[[[{\\"{"}'
    read = post(throwaway, body, "application/json; charset=utf-8").json()["read"]
    assert read["企业"] == "重庆"
    assert read["n"] == [0, -1, 12345678901234567890, "1.50", "2000", True, None]  # decimals leave as strings
    assert post(throwaway, "[" * 50 + "]" * 50).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gb18030"]
)
def test_another_content_type_is_415(throwaway: Client, content_type: str) -> None:
    response = post(throwaway, b'{"a": 1}', content_type)
    assert (response.status_code, response.headers["Content-Type"]) == (415, "application/problem+json")


def test_a_body_over_the_limit_is_413(throwaway: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert post(throwaway, b'"' + b"x" * 998 + b'"').status_code == 200
    response = post(throwaway, b'"' + b"x" * 999 + b'"')
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_body_over_the_limit_is_413_without_drf(throwaway: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = throwaway.post("/api/v1/plain/", data=b"x" * 1001, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
