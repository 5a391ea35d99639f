"""A served answer only reads, so it need not ask what its own transaction has changed; whoever writes is told so."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Company, Seat
from registry.history.acting import has_uncommitted
from tests.samples import saved

ADDRESSES = {
    "/api/v1/companies/?count=exact&limit=1": "companies_companystate",
    "/api/v1/companies/?count=capped&limit=1&certified=high_tech": "companies_companystate",
    "/api/v1/statistics/firms/": "ledger.month",
    "/api/v1/statistics/high-tech-firms/?group_by=district": "ledger.month",
}


def statements(client: Client, address: str) -> tuple[Any, list[str]]:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200
    return response.json(), [query["sql"] for query in asked.captured_queries]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_served_count_asks_no_more_than_it_needs(committed_db: str, client: Client, address: str) -> None:
    _answer, asked = statements(client, address)
    assert [statement for statement in asked if "pending_transaction" in statement] == []
    assert [statement for statement in asked if ADDRESSES[address] in statement]


def test_a_transaction_that_has_written_counts_what_it_wrote(committed_db: str, client: Client) -> None:
    assert not has_uncommitted()
    with transaction.atomic():
        assert not has_uncommitted()
        saved(Seat, company=saved(Company))
        assert has_uncommitted()
        page, asked = statements(client, "/api/v1/companies/?count=exact&limit=1&seated=any")
        assert page["meta"]["count"] == 1
        assert not [statement for statement in asked if "companies_companystate" in statement]
        figure, asked = statements(client, "/api/v1/statistics/firms/?valid_on=2026-01-01")
        assert figure["total"] == 1 and not [statement for statement in asked if "ledger.month" in statement]
    assert not has_uncommitted()
    assert statements(client, "/api/v1/companies/?count=exact&limit=1&seated=any")[0]["meta"]["count"] == 1
