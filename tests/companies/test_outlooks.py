"""The outlook on a target's page is kept until a change is committed, and never longer."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Certification, CertificationKind, Company
from companies.statistics.projection import outlooks
from registry.history import last_recorded_at
from tests.companies import cohort_table

TARGET = "/api/v1/targets/high-tech-2030/"
DAY = "2022-12-31"


def ask(**given: str) -> tuple[dict[str, Any], bool]:
    """The outlook, and whether the cohorts were read for it."""
    with CaptureQueriesContext(connection) as context:
        found = Client().get(TARGET, {"valid_on": DAY, **given}).json()["data"]["projection"]
    return found, any("WITH certificate" in query["sql"] for query in context.captured_queries)


def whole() -> dict[str, Any]:
    found = Client().get(f"{TARGET}projection/?valid_on={DAY}").json()["data"]
    return {"base": found["base"], "stock": found["stock"], **found["path"][-1]}


def certify() -> None:
    firm, kind = Company.objects.get(names__name_zh="revoked"), CertificationKind.objects.get(code="high_tech")
    cohort_table.certify(firm, kind, "2022-10-01", "2025-10-01", None)


def test_an_outlook_is_kept_until_the_next_commit(committed_db: str) -> None:
    cohort_table.load()
    before = last_recorded_at()
    assert before is not None
    first, was_read = ask()
    assert was_read and first == whole()
    assert ask() == (first, False)
    certify()
    then, was_read = ask()
    assert was_read and then == whole()
    assert then["stock"] == first["stock"] + 1
    assert ask(known_at=before.isoformat())[0] == first
    assert ask(valid_on="2023-01-01")[0] == then
    assert ask(valid_on="2023-12-31")[0]["base"] == "2023-12-31"


def test_the_past_is_not_kept_over_a_withdrawal(committed_db: str) -> None:
    cohort_table.load()
    certify()
    known_at = last_recorded_at()
    assert known_at is not None
    stock = ask(known_at=known_at.isoformat())[0]["stock"]
    Company.objects.filter(names__name_zh="revoked").update(is_published=False)
    assert ask(known_at=known_at.isoformat())[0]["stock"] == stock - 1


def test_what_is_being_written_is_not_kept(db: None) -> None:
    """Its changes have no moment yet by which they could be told apart."""
    cohort_table.load()
    outlooks._kept.cache_clear()
    first, _was_read = ask()
    certify()
    then, was_read = ask()
    assert was_read and then["stock"] == first["stock"] + 1
    assert Certification.objects.exists() and outlooks._kept.cache_info().currsize == 0
