"""What the register said then, through renames, moves, revocations, corrections, deletions and withdrawals."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils.timezone import localtime

from companies.models import Certification, CertificationKind, Company, CompanyName, Financing, Residency, Seat
from incubators.models import Incubator
from registry.history import last_recorded_at
from registry.models import Campus, District, University
from tests.registry.test_history_commits import another_client, until
from tests.samples import saved, uscc

pytestmark = pytest.mark.usefixtures("committed_db")

BASE = "/api/v1/"
DAY = "2026-11-22"


def ask(address: str, known_at: datetime.datetime | None = None, status: int = 200) -> Any:
    joint = "&" if "?" in address else "?"
    known = f"{joint}known_at={quote(known_at.isoformat())}" if known_at else ""
    response = Client().get(BASE + address + known)
    assert response.status_code == status, (address, response.content)
    return response.json()


def now() -> datetime.datetime:
    moment = last_recorded_at()
    assert moment is not None
    return moment


def code(name: str) -> Any:
    return District.objects.get(code=name, valid_until=None)


def make_firm(number: int = 1, **given: Any) -> Company:
    firm: Company = saved(Company, uscc=uscc(number), **given)
    saved(CompanyName, company=firm, name_zh=f"重庆樟木{number}科技有限公司", valid_from="2020-01-01")
    saved(Seat, company=firm, district=code("500106"), valid_from="2020-01-01")
    return firm


def certify(firm: Company, issued: str = "2024-01-01", until_: str = "2027-01-01") -> Certification:
    kind = CertificationKind.objects.get(code="high_tech")
    certificate: Certification = saved(Certification, company=firm, kind=kind, issued_on=issued, valid_until=until_)
    return certificate


def listed(query: str, known_at: datetime.datetime | None = None) -> set[str]:
    return {firm["uscc"] for firm in ask(f"companies/?valid_on={DAY}&{query}", known_at)["data"]}


def test_a_firm_is_found_by_the_names_that_were_known() -> None:
    firm = make_firm()
    before = now()
    name = firm.names.get()
    name.name_zh = "重庆黄桷科技有限公司"
    name.save()
    assert (listed("q=樟木"), listed("q=黄桷")) == (set(), {firm.uscc})
    assert (listed("q=樟木", before), listed("q=黄桷", before)) == ({firm.uscc}, set())
    then, since = (ask(f"companies/{firm.uscc}/?valid_on={DAY}", moment)["data"]["name"] for moment in (before, None))
    assert (then, since) == ("重庆樟木1科技有限公司", "重庆黄桷科技有限公司")


def test_a_move_recorded_late_changes_the_day_as_known_since() -> None:
    firm = make_firm()
    before = now()
    with transaction.atomic():
        Seat.objects.filter(company=firm).update(valid_until="2026-01-01")
        saved(Seat, company=firm, district=code("500107"), valid_from="2026-01-01")
    assert (listed("district=500106", before), listed("district=500107", before)) == ({firm.uscc}, set())
    assert (listed("district=500106"), listed("district=500107")) == (set(), {firm.uscc})
    groups = [ask(f"statistics/firms/?valid_on={DAY}&group_by=district", moment)["groups"] for moment in (before, None)]
    assert [[group["key"]["district"] for group in some] for some in groups] == [["500106"], ["500107"]]


def test_a_retroactive_revocation_changes_the_day_of_effect_as_known_today_only() -> None:
    """In the figure and in the list behind it; and it is the only line of the revisions."""
    kept, revoked = make_firm(1), make_firm(2)
    certify(kept)
    certificate = certify(revoked)
    before = now()
    Certification.objects.filter(pk=certificate.pk).update(revoked_from="2025-01-01", revoked_on="2026-11-01")

    def firms(moment: datetime.datetime | None) -> list[set[str]]:
        """On the last day before the effect, and on the first with it."""
        found = []
        for day in ("2024-12-31", "2025-01-01"):
            figure = ask(f"statistics/high-tech-firms/?valid_on={day}", moment)
            listed = ask(figure["list"].split(BASE)[1].split("&known_at")[0], moment)["data"]
            assert figure["total"] == len(listed)
            found.append({firm["uscc"] for firm in listed})
        return found

    both = {kept.uscc, revoked.uscc}
    assert firms(None) == firms(now()) == [both, {kept.uscc}]
    assert firms(before) == [both, both]
    address = f"statistics/high-tech-firms/revisions/?known_from={quote(before.isoformat())}&valid_on="
    (line,) = ask(f"{address}2025-01-01")["firms"]
    assert (line["uscc"], line["value"], line["recorded_at"]) == (revoked.uscc, -1, localtime(now()).isoformat())
    assert ask(f"{address}2024-12-31")["firms"] == []


def test_a_correction_leaves_what_was_answered_before() -> None:
    firm = make_firm(registered_capital=Decimal(100))
    before = now()
    Company.objects.update(registered_capital=Decimal(200))
    told = [ask(f"companies/{firm.uscc}/?valid_on={DAY}", m)["data"]["registered_capital"] for m in (before, None)]
    assert told == ["100.0000", "200.0000"]


def test_a_deleted_firm_is_there_as_known_before() -> None:
    firm = make_firm()
    certify(firm)
    before = now()
    uscc_ = firm.uscc
    with transaction.atomic():
        Certification.objects.all().delete()
        Company.objects.all().delete()
    assert (listed("q=樟木"), listed("q=樟木", before)) == (set(), {uscc_})
    ask(f"companies/{uscc_}/", status=404)
    assert len(ask(f"companies/{uscc_}/?valid_on={DAY}", before)["data"]["certifications"]) == 1
    assert ask(f"companies/{uscc_}/?valid_on={DAY}", before)["data"]["updated_at"] is not None
    assert [change["subject"] for change in ask(f"companies/{uscc_}/history/", before)["data"]] == [
        "firm", "name", "seat", "certification",
    ]  # fmt: skip


def test_a_stay_in_an_incubator_looks_back() -> None:
    firm, host = make_firm(), Incubator.objects.order_by("code")[0]
    before = now()
    saved(Residency, company=firm, incubator=host, entered_on="2025-01-01")
    address = f"incubators/{host.code}/residents/?valid_on={DAY}"
    assert [len(ask(address, moment)["data"]) for moment in (before, now())] == [0, 1]


def test_adjacency_is_measured_from_the_campuses_that_were_known() -> None:
    firm = make_firm()
    Seat.objects.filter(company=firm).update(latitude=Decimal("29.10000"), longitude=Decimal("109.20000"))
    before = now()
    saved(Campus, university=University.objects.order_by("code")[0], latitude="29.10000", longitude="109.20000")
    figures = [
        ask(f"statistics/university-adjacent-firms/?valid_on={DAY}", moment)["total"] for moment in (before, None)
    ]
    assert figures == [0, 1]


def unpublish(firm: Company) -> None:
    Company.objects.filter(pk=firm.pk).update(is_published=False)


def make_sole_trader(firm: Company) -> None:
    from registry.credit_code import complete

    Company.objects.filter(pk=firm.pk).update(uscc=complete("92500112", "M0000099"))


def unpublish_and_delete(firm: Company) -> None:
    unpublish(firm)
    Certification.objects.all().delete()
    Financing.objects.all().delete()
    Company.objects.filter(pk=firm.pk).delete()


@pytest.mark.parametrize("withdraw", [unpublish, make_sole_trader, unpublish_and_delete])
def test_who_may_not_be_seen_now_is_not_seen_in_the_past(withdraw: Callable[[Company], None]) -> None:
    firm, other = make_firm(1), make_firm(2)
    certify(firm)
    saved(Financing, company=firm, confidentiality="published", agreed_on="2024-01-01")
    before, code_before = now(), firm.uscc
    assert listed("", before) == {code_before, other.uscc}
    withdraw(firm)
    for moment in (before, now()):
        assert listed("", moment) == {other.uscc}
        assert ask(f"statistics/firms/?valid_on={DAY}", moment)["total"] == 1
        for facts in ("certifications", "financings"):
            assert ask(f"{facts}/?valid_on={DAY}", moment)["data"] == []
        for below in ("", "certifications/", "history/"):
            ask(f"companies/{code_before}/{below}", moment, status=404)


def test_a_firm_published_later_stays_out_of_what_was_known_before() -> None:
    """An answer that was given does not change when somebody is published."""
    firm = make_firm(is_published=False)
    before = now()
    Company.objects.filter(pk=firm.pk).update(is_published=True)
    assert (listed("", before), listed("", now())) == (set(), {firm.uscc})
    unpublish(firm)
    Company.objects.filter(pk=firm.pk).update(is_published=True)
    assert listed("", now()) == {firm.uscc}


def test_a_financing_that_its_parties_no_longer_publish_is_not_seen_in_the_past() -> None:
    firm = make_firm()
    financing = saved(Financing, company=firm, confidentiality="published", agreed_on="2024-01-01")
    before = now()
    assert len(ask(f"financings/?valid_on={DAY}", before)["data"]) == 1
    Financing.objects.filter(pk=financing.pk).update(confidentiality="partners")
    assert ask(f"financings/?valid_on={DAY}", before)["data"] == []
    assert listed("financed=true", before) == set()
    assert all(change["subject"] != "financing" for change in ask(f"companies/{firm.uscc}/history/", before)["data"])


def test_a_moment_after_the_last_change_waits_for_the_commit_that_was_given_one_before() -> None:
    """Given its moment and not yet seen by others: who asks meanwhile would get an answer that changes."""
    firm = make_firm()

    def asked_now() -> tuple[Any, datetime.datetime]:
        try:
            moment = datetime.datetime.now(datetime.UTC)
            return ask(f"companies/{firm.uscc}/?valid_on={DAY}", moment)["data"]["website"], moment
        finally:
            connections.close_all()

    with another_client() as writer, another_client() as observer, ThreadPoolExecutor(1) as readers:
        writer.execute("BEGIN")
        writer.execute("UPDATE companies_company SET website = 'https://late.example'")
        writer.execute("SET CONSTRAINTS ALL IMMEDIATE")  # given its moment
        answer = readers.submit(asked_now)
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until(lambda: observer.execute(waits).fetchone() == (1,))
        writer.execute("COMMIT")
        website, moment = answer.result(timeout=10)
    assert moment > now()
    assert website == "https://late.example"


def test_moments_up_to_the_last_change_wait_for_nobody() -> None:
    firm = make_firm()
    moment = now()
    with another_client() as writer:
        writer.execute("BEGIN")
        writer.execute("UPDATE companies_company SET website = 'https://late.example'")
        writer.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        assert ask(f"companies/{firm.uscc}/?valid_on={DAY}", moment)["data"]["website"] == ""
        writer.execute("ROLLBACK")
