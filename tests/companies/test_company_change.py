"""A firm's `updated_at` follows the facts that its public answer carries, and no others."""

from __future__ import annotations

import datetime

import pytest

from companies.models import (
    AnnualReport,
    Certification,
    CertificationKind,
    Company,
    CompanyChange,
    CompanyName,
    Financing,
    FinancingInstrument,
    Residency,
    Seat,
    UniversityLink,
)
from incubators.models import Incubator
from registry.credit_code import complete
from registry.models import University

pytestmark = pytest.mark.usefixtures("immediate_constraints")

DAY = datetime.date(2024, 5, 1)


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(uscc=complete("91500106", "CHG00001"))


def changed_at(company: Company) -> datetime.datetime:
    return CompanyChange.objects.get(company=company).updated_at


def test_every_public_fact_moves_the_firm_when_written_changed_and_deleted(company: Company) -> None:
    facts = [
        CompanyName(company=company, name_zh="重庆桉渺科技有限公司", valid_from=DAY),
        Seat(company=company, valid_from=DAY),
        Residency(company=company, incubator=Incubator.objects.earliest("code"), entered_on=DAY),
        UniversityLink(company=company, university=University.objects.earliest("code"), basis="licence"),
        Certification(company=company, kind=CertificationKind.objects.get(code="high_tech"), issued_on=DAY),
    ]
    for fact in facts:
        first = changed_at(company)
        fact.save()
        second = changed_at(company)
        start = "entered_on" if isinstance(fact, Residency) else "issued_on"
        start = start if hasattr(fact, start) else "valid_from"
        type(fact).objects.filter(pk=fact.pk).update(**{start: DAY - datetime.timedelta(days=1)})
        third = changed_at(company)
        fact.delete()
        assert first < second < third < changed_at(company), type(fact).__name__


def test_the_firm_itself_moves_and_a_save_without_change_does_not(company: Company) -> None:
    first = changed_at(company)
    company.save()
    assert changed_at(company) == first
    company.website = "https://example.org/"
    company.save()
    assert changed_at(company) > first


def test_financing_and_reports_do_not_move_the_firm(company: Company) -> None:
    first = changed_at(company)
    instrument = FinancingInstrument.objects.earliest("code")
    Financing.objects.create(company=company, instrument=instrument, agreed_on=DAY, agreed_amount=100)
    AnnualReport.objects.create(company=company, year=2024, jobs=3)
    assert changed_at(company) == first


def test_another_firm_stays_where_it_was(company: Company) -> None:
    other = Company.objects.create(uscc=complete("91500106", "CHG00002"))
    first = changed_at(other)
    Seat.objects.create(company=company, valid_from=DAY)
    assert changed_at(other) == first


def test_a_deleted_firm_leaves_no_moment_behind(company: Company) -> None:
    key = company.pk
    company.delete()
    assert not CompanyChange.objects.filter(company_id=key).exists()
