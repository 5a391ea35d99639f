"""Answers in gzip and zstd: the same bytes behind the coding, each with a strong tag of its own."""

import gzip
import json
from collections.abc import Callable

import pytest
import zstandard
from django.test import Client

from incubators.keys import make_key
from incubators.models import Incubator
from registry.codings import LEAST_BYTES, accepted_coding
from tests.api.addresses import BASE, ENDPOINTS, FILES
from tests.api.partners import Caller, resident
from tests.samples import saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PLAIN: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().decompress(content),
}
ON = "valid_on=2026-06-30"


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None),
        ("identity", None),
        ("br", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=0", None),
        ("gzip ; q=0.000", None),
        ("*", "zstd"),
        ("*;q=0", None),
        ("zstd;q=0, *", "gzip"),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0", None),
        ("gzip;q=x", None),
        ("gzip;level=9", None),
        (",,;;=,", None),
    ],
)
def test_the_coding_that_is_liked_best_is_taken(accepted: str, chosen: str | None) -> None:
    assert accepted_coding(accepted) == chosen


@pytest.mark.parametrize("coding", PLAIN)
def test_every_answer_is_the_same_behind_its_coding(client: Client, coding: str) -> None:
    coded = 0
    for endpoint in ENDPOINTS:
        address = endpoint.url()
        plain, found = client.get(address), client.get(address, headers={"accept-encoding": coding})
        assert "Accept-Encoding" in plain.headers["Vary"], endpoint.route
        assert "Accept-Encoding" in found.headers["Vary"], endpoint.route
        assert "Content-Encoding" not in plain.headers
        if len(plain.content) < LEAST_BYTES:
            assert (found.content, found.headers["ETag"]) == (plain.content, plain.headers["ETag"]), endpoint.route
            continue
        coded += 1
        assert found.headers["Content-Encoding"] == coding, endpoint.route
        if endpoint.route == "changes/":  # its cursor holds the second of the walk's beginning
            assert json.loads(PLAIN[coding](found.content))["data"] == plain.json()["data"]
            assert found.headers["ETag"].endswith(f'-{coding}"')
            continue
        assert PLAIN[coding](found.content) == plain.content, endpoint.route
        assert len(found.content) < len(plain.content)
        assert found.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-{coding}"', endpoint.route
        again = client.get(address, headers={"accept-encoding": coding, "if-none-match": found.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), endpoint.route
        assert again.headers["ETag"] == found.headers["ETag"]
        assert "Accept-Encoding" in again.headers["Vary"]
        head = client.head(address, headers={"accept-encoding": coding})
        assert head.headers["ETag"] == found.headers["ETag"], endpoint.route
    assert coded > 20


def test_who_holds_another_coding_is_sent_the_one_asked_for(client: Client) -> None:
    address = f"{BASE}companies/?{ON}"
    packed = client.get(address, headers={"accept-encoding": "gzip"}).headers["ETag"]
    for accepted in ("zstd", "identity"):
        found = client.get(address, headers={"accept-encoding": accepted, "if-none-match": packed})
        assert found.status_code == 200, accepted
    plain = client.get(address).headers["ETag"]
    held = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": plain})
    assert (held.status_code, held.headers["ETag"]) == (304, plain)
    either = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": f'"other", {packed}'})
    assert (either.status_code, either.headers["ETag"]) == (304, packed)


def test_a_refusal_of_any_length_can_be_read(client: Client) -> None:
    query = "&".join(f"wrong{number}=1" for number in range(40))
    plain = client.get(f"{BASE}companies/?{query}")
    found = client.get(f"{BASE}companies/?{query}", headers={"accept-encoding": "gzip"})
    assert (found.status_code, found.headers["Content-Type"]) == (400, "application/problem+json")
    assert gzip.decompress(found.content) == plain.content


def test_files_go_out_as_they_are(client: Client) -> None:
    """They can be had in parts, and a part of a coded file is none of the file."""
    for endpoint in FILES:
        assert "Content-Encoding" not in endpoint.get(client).headers
        found = client.get(endpoint.url(), headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
        assert (found.status_code, "Content-Encoding" in found.headers) == (206, False)
    for wanted in ("csv", "xlsx"):
        found = client.get(f"{BASE}companies/?{ON}&format={wanted}", headers={"accept-encoding": "gzip"})
        assert "Content-Encoding" not in found.headers, wanted


def test_pages_for_people_are_not_coded(client: Client) -> None:
    """What holds a secret and what a stranger sent must not be packed together."""
    assert "Content-Encoding" not in client.get("/admin/login/", headers={"accept-encoding": "gzip"}).headers


def test_an_entry_read_in_a_coding_can_be_changed_by_its_tag() -> None:
    host = saved(Incubator, code="host-a")
    firm, caller = resident(host), Caller(make_key(label="portal", incubators=[host])[1])
    address = f"companies/{firm.uscc}/"
    read = caller.send("GET", address, accept_encoding="gzip")
    assert read["Content-Encoding"] == "gzip"
    body = {"website": "https://new.example"}
    written = caller.send("PATCH", address, body, if_match=read["ETag"], accept_encoding="gzip")
    assert (written.status_code, written["Content-Encoding"]) == (200, "gzip")
    assert caller.send("PATCH", address, {"website": ""}, if_match=read["ETag"]).status_code == 412
    assert caller.send("PATCH", address, {"website": ""}, if_match=written["ETag"]).status_code == 200
