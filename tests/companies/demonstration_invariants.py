"""What must hold in an invented set on whatever day it was loaded."""

import datetime

from django.db.models import Exists, F, OuterRef, Q

from companies.models import (
    AnnualReport,
    Certification,
    Company,
    Financing,
    FinancingStatusEvent,
    Residency,
    Seat,
    UniversityLink,
)
from incubators.models import Designation, Incubator
from registry.models import District

FIRST_DAYS = ((Seat, "valid_from"), (Certification, "issued_on"), (Residency, "entered_on"), (Financing, "agreed_on"))


def check_no_fact_is_later_than(today: datetime.date) -> None:
    later = {
        Certification: Q(issued_on__gt=today) | Q(revoked_on__gt=today),
        FinancingStatusEvent: Q(happened_on__gt=today),
        Financing: Q(agreed_on__gt=today),
        Residency: Q(entered_on__gt=today) | Q(left_on__gt=today),
        Seat: Q(valid_from__gt=today) | Q(valid_until__gt=today),
        UniversityLink: Q(valid_from__gt=today) | Q(valid_until__gt=today),
        Company: Q(established_on__gt=today) | Q(dissolved_on__gt=today),
        AnnualReport: Q(year__gte=today.year),
        Incubator: Q(is_invented=True) & (Q(valid_from__gt=today) | Q(valid_until__gt=today)),
        Designation: Q(incubator__is_invented=True, valid_from__gt=today),
    }
    for model, condition in later.items():
        assert not model._default_manager.filter(condition).exists(), model


def check_no_fact_is_older_than_its_firm_or_outlives_it() -> None:
    for model, first_day in FIRST_DAYS:
        rows = model._default_manager
        assert not rows.filter(**{f"{first_day}__lt": F("company__established_on")}).exists(), model
        assert not rows.filter(**{f"{first_day}__gte": F("company__dissolved_on")}).exists(), model
    assert not Seat.objects.filter(company__dissolved_on__lt=F("valid_until")).exists()
    assert not Residency.objects.filter(company__dissolved_on__lt=F("left_on")).exists()


def check_no_seat_lies_outside_its_district_or_unit() -> None:
    for place in ("district", "reporting_unit"):
        too_early = Q(**{f"{place}__valid_from__gt": F("valid_from")})
        too_long = Q(**{f"{place}__valid_until__lt": F("valid_until")})
        open_end = Q(**{f"{place}__valid_until__isnull": False, "valid_until__isnull": True})
        assert not Seat.objects.filter(too_early | too_long | open_end).exists(), place


def check_stays_are_in_open_hosts_and_end_with_an_outcome() -> None:
    closed = Q(incubator__valid_from__gt=F("entered_on")) | Q(incubator__valid_until__lt=F("left_on"))
    still_there = Q(left_on__isnull=True, incubator__valid_until__isnull=False)
    assert not Residency.objects.filter(closed | still_there).exists()
    assert not Residency.objects.filter(left_on__isnull=False, outcome="").exists()
    assert not Residency.objects.exclude(incubator__is_invented=True).exists()


def check_high_tech_firms_are_a_year_old() -> None:
    young = Certification.objects.filter(
        kind__code="high_tech", issued_on__lt=F("company__established_on") + datetime.timedelta(days=365)
    )
    assert not young.exists()


def check_every_district_has_a_firm(today: datetime.date) -> None:
    seats = Seat.objects.on(today).filter(district=OuterRef("pk"))
    assert list(District.objects.on(today).exclude(Exists(seats)).values_list("name_zh", flat=True)) == []


def check_all(today: datetime.date) -> None:
    check_no_fact_is_later_than(today)
    check_no_fact_is_older_than_its_firm_or_outlives_it()
    check_no_seat_lies_outside_its_district_or_unit()
    check_stays_are_in_open_hosts_and_end_with_an_outcome()
    check_high_tech_firms_are_a_year_old()
    check_every_district_has_a_firm(today)
