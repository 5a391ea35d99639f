"""Lists of any length as CSV: the same rows as the whole file has, sent while they are read."""

from contextlib import ExitStack
from typing import Any

import pytest
from django.test import Client

from companies.models import Company
from registry.api.languages import LANGUAGES
from registry.api.selection import expandable
from registry.downloads import streams
from registry.downloads.delimited import as_spreadsheet_text
from registry.downloads.lists import DownloadableListView
from tests.api.addresses import BASE, DAY, Endpoint, named
from tests.api.files import FIRMS, GIVING_FILES, Rows, content, csv_rows, day_of, download
from tests.companies.ledger_stories import seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

LISTS = [one for one in GIVING_FILES if issubclass(one.view, DownloadableListView) and one.view.each is None]


def route_of(endpoint: Endpoint) -> str:
    return endpoint.route


def in_order(rows: Rows) -> list[list[str]]:
    return sorted(list(row.values()) for row in rows)


@pytest.fixture
def of_any_length(settings: Any) -> Any:
    """Every list is too long for a whole file."""
    before = settings.MOST_ROWS_OF_A_FILE

    def choose(is_long: bool) -> None:
        settings.MOST_ROWS_OF_A_FILE = 0 if is_long else before

    return choose


@pytest.mark.parametrize("endpoint", LISTS, ids=route_of)
def test_a_stream_has_the_rows_of_the_whole_file(client: Client, of_any_length: Any, endpoint: Endpoint) -> None:
    names = ",".join(sorted(expandable(endpoint.view.serializer_class)))
    asked: list[dict[str, Any]] = [{"lang": language} for language in LANGUAGES]
    asked += [{"expand": names}] if names else []
    for given in asked:
        given |= day_of(endpoint)
        of_any_length(False)
        whole = csv_rows(download(client, endpoint, "csv", **given))
        of_any_length(True)
        streamed = endpoint.get(client, format="csv", **given)
        assert "Content-Length" not in streamed.headers and streamed.headers["ETag"]
        assert in_order(csv_rows(content(streamed))) == in_order(whole)
        assert whole, endpoint.route


@pytest.mark.parametrize(
    "given", [{"order": "-established_on"}, {"hub": "H1"}, {"fields": "uscc,hub.name"}, {"q": "科技"}]
)
def test_order_filters_and_members_are_kept(client: Client, of_any_length: Any, given: dict[str, str]) -> None:
    found = []
    for is_long in (False, True):
        of_any_length(is_long)
        found.append(csv_rows(download(client, FIRMS, "csv", valid_on=DAY, **given)))
    if "order" in given:
        assert found[0] == found[1]
    assert in_order(found[0]) == in_order(found[1]) != []


def test_a_list_of_more_than_a_page_keeps_its_order(client: Client, of_any_length: Any, monkeypatch: Any) -> None:
    whole = csv_rows(download(client, FIRMS, "csv", valid_on=DAY))
    monkeypatch.setattr("registry.downloads.lists.LINES_AT_ONCE", 7)
    of_any_length(True)
    assert csv_rows(download(client, FIRMS, "csv", valid_on=DAY, order="name")) == whole
    assert len(whole) > 70


FORMULAS = ("=1+1", "+86", "-", "@x", "＝1", "＋", "－", "＠")
MISREAD = ("0123", "123456789012", "1e5", "1.5E+3", "2024/1/2", "1-2")
OTHERS = ("2024-01-02", 'say "so"', "a,b", "two\nlines", " blank ", "plain", "%s %(x)s", "\\.", "", "中文；分;号", "12")
AWKWARD = (*FORMULAS, *MISREAD, *OTHERS)


def test_texts_are_as_safe_as_in_the_whole_file(client: Client, of_any_length: Any) -> None:
    firms = list(Company.objects.public().order_by("pk")[: len(AWKWARD)])
    assert len(firms) == len(AWKWARD)
    for firm, text in zip(firms, AWKWARD, strict=True):
        Company.objects.filter(pk=firm.pk).update(website=text)
    seal()
    of_any_length(True)
    body = download(client, FIRMS, "csv", valid_on=DAY, seated="any").decode()
    of_any_length(False)
    whole = csv_rows(download(client, FIRMS, "csv", valid_on=DAY, seated="any"))
    assert in_order(csv_rows(body.encode())) == in_order(whole)
    for text in (*FORMULAS, *MISREAD):
        assert as_spreadsheet_text(text) != text and as_spreadsheet_text(text) in body


def test_other_formats_name_the_one_that_streams(client: Client, of_any_length: Any) -> None:
    of_any_length(True)
    [mistake] = FIRMS.get(client, format="xlsx").json()["errors"]
    assert (mistake["code"], "csv" in mistake["detail"]) == ("too_many_rows", True)


def test_its_tag_is_that_of_the_state(client: Client, of_any_length: Any) -> None:
    of_any_length(True)
    first = FIRMS.get(client, format="csv", valid_on=DAY)
    tag = first.headers["ETag"]
    content(first)
    again = client.get(FIRMS.path, {"format": "csv", "valid_on": DAY}, headers={"If-None-Match": tag})
    assert (again.status_code, content(again)) == (304, b"")
    other = FIRMS.get(client, format="csv", valid_on=DAY, hub="H1")
    assert content(other) and other.headers["ETag"] != tag
    Company.objects.filter(pk=Company.objects.public()[0].pk).update(website="https://example.org/changed")
    seal()
    changed = client.get(FIRMS.path, {"format": "csv", "valid_on": DAY}, headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["ETag"] != tag
    assert b"example.org/changed" in content(changed)


def test_head_tells_and_sends_nothing(client: Client, of_any_length: Any) -> None:
    of_any_length(True)
    for _time in range(streams.AT_ONCE + 1):  # and keeps no place
        told = client.head(FIRMS.path, {"format": "csv", "valid_on": DAY})
        assert (told.status_code, told.headers["ETag"][:1], content(told)) == (200, "W", b"")
    assert "attachment" in told.headers["Content-Disposition"]


def test_more_streams_than_places_wait(client: Client, of_any_length: Any) -> None:
    of_any_length(True)
    with ExitStack() as held:
        for _place in range(streams.AT_ONCE):
            held.enter_context(streams.stream_of(part for part in (b"",)))
        refused = FIRMS.get(client, format="csv")
    assert (refused.status_code, refused.json()["code"]) == (503, "busy") and refused.headers["Retry-After"]
    assert csv_rows(content(FIRMS.get(client, format="csv")))


def test_what_is_wrong_is_refused_before_a_byte(client: Client, of_any_length: Any) -> None:
    of_any_length(True)
    assert client.get(f"{BASE}companies/?format=csv&distrct=1").json()["errors"][0]["nearest"] == "district"
    assert named("companies/").get(client, format="csv", order="distance").status_code == 400
