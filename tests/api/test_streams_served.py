"""Long lists from a served process: its own connection to each, and what readers who leave give back."""

import httpx
import pytest

from companies.models import Company
from incubators.keys import make_key
from registry.downloads import streams
from registry.models import KeyUse, Partner
from tests.api.files import csv_rows
from tests.samples import saved
from tests.servers import serving

FIRMS = 400
ADDRESS = "/api/v1/companies/?format=csv&seated=any"


@pytest.fixture
def many_firms(committed_db: str) -> str:
    """More than a part holds, so that a reader can leave in the middle."""
    for _firm in range(FIRMS):
        saved(Company, website="https://example.org/" + "a" * 180, is_published=True)
    return committed_db


def test_a_stream_with_a_key_is_counted_and_readers_who_leave_keep_no_place(many_firms: str) -> None:
    key = make_key(label="portal", partner=saved(Partner, code="portal"), most_requests=1000)[1]
    wanted = {firm.uscc for firm in Company.objects.public()}
    with (
        serving(many_firms, workers=1, DJANGO_SETTINGS_MODULE="tests.long_lists", DATABASE_POOL_SIZE="3") as root,
        httpx.Client(base_url=root, headers={"Authorization": f"Bearer {key}"}) as client,
    ):
        for _reader in range(3 * streams.AT_ONCE):
            with client.stream("GET", ADDRESS) as left:
                assert left.status_code == 200 and left.headers["Transfer-Encoding"] == "chunked"
                next(left.iter_raw())
        answers = [client.get(ADDRESS) for _time in range(2 * streams.AT_ONCE)]
        # A place is free once the worker has met the closed connection.
        assert {one.status_code for one in answers} <= {200, 503}
        whole = next(one for one in answers if one.status_code == 200)
        assert {row["uscc"] for row in csv_rows(whole.content)} == wanted and len(wanted) >= FIRMS
        assert client.head(ADDRESS).headers["ETag"] == whole.headers["ETag"]
        assert client.get(ADDRESS, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert sum(use.answered for use in KeyUse.objects.all()) >= 3 * streams.AT_ONCE + 1
