"""At midnight in Chongqing every answer without a day is another one, exactly, and none is of two days."""

import datetime
from typing import Any

import pytest
from django.test import Client

from companies.models import Certification, CertificationKind, Company, CompanyName, Seat
from registry.models import District
from tests.api.addresses import BASE, answer
from tests.clocks import SetClock
from tests.samples import saved, uscc

pytestmark = pytest.mark.django_db

# Three years from a 29 February: the last day is 2027-02-28, and midnight in Chongqing comes at 16:00 UTC.
BEFORE, AFTER = "2027-02-28T15:59:59.999999+00:00", "2027-02-28T16:00:00+00:00"
LAST, FIRST = "2027-02-28", "2027-03-01"


@pytest.fixture
def firm() -> Company:
    company: Company = saved(Company, uscc=uscc(1), established_on="2015-01-01")
    saved(CompanyName, company=company, name_zh="重庆子夜科技有限公司", valid_from="2015-01-01")
    saved(Seat, company=company, district=District.objects.get(code="500106"), valid_from="2015-01-01")
    kind = CertificationKind.objects.get(code="high_tech")
    certificate = Certification(company=company, kind=kind, issued_on=datetime.date(2024, 2, 29))
    certificate.full_clean()  # works out the end, as the admin does
    certificate.save()
    return company


def told(client: Client, firm: Company) -> dict[str, Any]:
    """What the register says of the firm when no day is given."""
    certificates = answer(client, f"{BASE}companies/{firm.uscc}/certifications/")
    return {
        "until": certificates["data"][0]["valid_until"],
        "list": [row["uscc"] for row in answer(client, f"{BASE}companies/?certified=high_tech")["data"]],
        "count": answer(client, f"{BASE}companies/?certified=high_tech&count=exact")["meta"]["count"],
        "figure": answer(client, f"{BASE}statistics/high-tech-firms/")["total"],
        "state": certificates["data"][0]["state"],
        "days": {
            answer(client, BASE + address).get("meta", {}).get("valid_on")
            for address in ("companies/", f"companies/{firm.uscc}/", "certifications/", "codes/districts/")
        },
    }


def test_a_certificate_of_a_leap_day_ends_at_midnight_in_chongqing(
    client: Client, clock: SetClock, firm: Company
) -> None:
    clock(BEFORE)
    held = {"list": [firm.uscc], "count": 1, "figure": 1, "state": "valid", "days": {LAST}}
    assert told(client, firm) == {"until": FIRST, **held}
    clock(AFTER)
    assert told(client, firm) == {
        "until": FIRST, "list": [], "count": 0, "figure": 0, "state": "expired", "days": {FIRST}
    }  # fmt: skip


def test_a_tag_of_the_day_before_is_stale_after_midnight(client: Client, clock: SetClock, firm: Company) -> None:
    address = f"{BASE}companies/{firm.uscc}/"
    clock(BEFORE)
    before = client.get(address)
    tag = before.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    clock(AFTER)
    after = client.get(address, headers={"If-None-Match": tag})
    assert (after.status_code, after.headers["ETag"] == tag) == (200, False)
    assert [page.json()["data"]["certifications"][0]["state"] for page in (before, after)] == ["valid", "expired"]


def test_an_answer_that_is_made_over_midnight_is_of_one_day(client: Client, clock: SetClock, firm: Company) -> None:
    for address in ("companies/?certified=high_tech&count=exact", f"companies/{firm.uscc}/"):
        clock(BEFORE)
        before = client.get(BASE + address).json()
        clock(BEFORE, AFTER)  # asked once more, it would be tomorrow
        assert client.get(BASE + address).json() == before


def test_a_walk_that_began_before_midnight_stays_on_its_day(client: Client, clock: SetClock, firm: Company) -> None:
    other = saved(Company, uscc=uscc(2))
    saved(Seat, company=other, district=District.objects.get(code="500106"), valid_from="2015-01-01")
    clock(BEFORE)
    page = answer(client, f"{BASE}companies/?limit=1&order=uscc")
    clock(AFTER)
    assert answer(client, page["next"])["meta"]["valid_on"] == LAST


def test_a_copy_is_not_handed_out_unasked(client: Client, firm: Company) -> None:
    """It may be kept, and must be checked: after midnight the answer is another one."""
    for address in ("companies/", f"companies/{firm.uscc}/", "statistics/firms/", "codes/districts/", "companies/?x=1"):
        assert client.get(BASE + address).headers["Cache-Control"] == "no-cache", address
