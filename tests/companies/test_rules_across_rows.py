"""Rules of firms that look at other rows, and what models fill in by themselves."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from companies.models import (
    Certification,
    Company,
    Financing,
    FinancingParty,
    Residency,
    Seat,
    UniversityLink,
)
from incubators.models import Incubator
from registry.history.acting import check_constraints_now
from registry.models import (
    CircleSite,
    District,
    Hub,
    Partner,
    ReportingUnit,
    StrategicField,
    University,
)
from tests.rules import (
    day,
    period,
    refusal_of_database,
)
from tests.samples import sample, saved, uscc


@pytest.mark.django_db
def test_a_code_is_stored_in_its_one_spelling() -> None:
    code = uscc(777_778)
    assert refusal_of_database(Company, {"uscc": code.lower()}) == "companies_company_uscc_valid"
    company = sample(Company, uscc=f" {code.lower()}\u200b")
    company.clean()
    assert company.uscc == code


@pytest.mark.django_db
def test_a_field_belongs_to_the_hub_of_the_firm() -> None:
    field, other = saved(StrategicField), saved(Hub)
    assert refusal_of_database(Company, {"strategic_field": field, "hub": other}) == "companies_company_field_of_hub"
    assert refusal_of_database(Company, {"strategic_field": field}) == "companies_company_field_has_hub"
    assert refusal_of_database(Company, {"strategic_field": field, "hub": field.hub}) is None
    assert refusal_of_database(Company, {"hub": other}) is None
    with pytest.raises(ValidationError) as refusal:
        sample(Company, strategic_field=field, hub=other).full_clean()
    assert list(refusal.value.message_dict) == ["hub"]


@pytest.mark.django_db
def test_a_renewal_is_of_the_same_firm() -> None:
    first = saved(Certification)
    renewal = {"predecessor": first, "kind": first.kind, "issued_on": day("2027-01-01")}
    assert refusal_of_database(Certification, renewal) == "companies_certification_renews_own"
    assert refusal_of_database(Certification, renewal | {"company": first.company}) is None
    with pytest.raises(ValidationError) as refusal:
        sample(Certification, **renewal).full_clean()
    assert list(refusal.value.message_dict) == ["predecessor"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shares", "refused"),
    [
        ((60, 40), False),
        ((60, 39), True),
        ((100,), False),
        ((60, 40, None), False),
        ((None, None), False),
        ((50,), True),
    ],
)
def test_shares_of_risk_sum_to_100(shares: tuple[int | None, ...], refused: bool) -> None:
    financing = saved(Financing)
    rows = [{"financing": financing, "partner": saved(Partner), "risk_share": share} for share in shares]
    expected = "companies_financingparty_shares_sum_to_100" if refused else None
    assert refusal_of_database(FinancingParty, *rows) == expected


@pytest.mark.django_db
def test_a_party_that_moves_leaves_whole_shares_behind() -> None:
    left, joined = saved(Financing), saved(Financing)
    saved(FinancingParty, financing=left, risk_share=Decimal(60))
    moving = saved(FinancingParty, financing=left, risk_share=Decimal(40))
    with pytest.raises(IntegrityError, match="sum to 100"), transaction.atomic():
        FinancingParty.objects.filter(pk=moving.pk).update(financing=joined, risk_share=100)
        check_constraints_now()


@pytest.mark.django_db
def test_a_site_belongs_to_the_university_of_its_link() -> None:
    site, other = saved(CircleSite), saved(University)
    link: dict[str, Any] = {"basis": "circle_site", "circle_site": site}
    rule = "companies_universitylink_site_of_university"
    assert refusal_of_database(UniversityLink, link | {"university": other}) == rule
    assert refusal_of_database(UniversityLink, link | {"university": site.circle.university}) is None
    with pytest.raises(ValidationError) as refusal:
        sample(UniversityLink, **link, university=other).full_clean()
    assert list(refusal.value.message_dict) == ["circle_site"]


@pytest.mark.django_db
def test_a_reporting_unit_that_is_a_district_is_that_of_the_seat() -> None:
    here, there = saved(District), saved(District)
    unit = saved(ReportingUnit, district=there)
    rule = "companies_seat_unit_of_district"
    assert refusal_of_database(Seat, {"district": here, "reporting_unit": unit}) == rule
    assert refusal_of_database(Seat, {"district": there, "reporting_unit": unit}) is None
    assert refusal_of_database(Seat, {"district": here, "reporting_unit": saved(ReportingUnit, district=None)}) is None
    with pytest.raises(ValidationError) as refusal:
        sample(Seat, district=here, reporting_unit=unit).full_clean()
    assert list(refusal.value.message_dict) == ["reporting_unit"]


@pytest.mark.django_db
def test_a_move_may_be_written_in_either_order() -> None:
    """The new seat may come before the end of the old one: the rule is judged at commit."""
    old = saved(Seat, valid_from=day("2024-01-01"))
    move = {"company": old.company, "valid_from": day("2025-01-01")}
    assert refusal_of_database(Seat, move) == "companies_seat_one_a_day"
    saved(Seat, **move)
    Seat.objects.filter(pk=old.pk).update(valid_until=day("2025-01-01"))
    assert refusal_of_database(Seat, {"valid_from": datetime.date(2024, 1, 1)}) is None


@pytest.mark.django_db
def test_a_firm_is_in_one_incubator_at_a_time_whichever_it_is() -> None:
    company = saved(Company)
    stays = [
        {"company": company, "incubator": saved(Incubator)} | period("2024-01-01", None, ("entered_on", "left_on"))
        for _ in range(2)
    ]
    assert refusal_of_database(Residency, *stays) == "companies_residency_one_a_day"
