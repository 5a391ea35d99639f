"""What the invented set holds: read from one load, as of 2026-11-22."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from companies.demonstration.codes import invented_code, is_invented_code
from companies.demonstration.cohorts import VALID_YEARS
from companies.models import (
    AdjacencyBasis,
    AnnualReport,
    Certification,
    CertificationKind,
    Company,
    CompanyName,
    Confidentiality,
    Financing,
    FinancingInstrument,
    FinancingParty,
    FinancingStatus,
    FinancingStatusEvent,
    GraduationGround,
    PartyRole,
    Residency,
    ResidencyOutcome,
    Seat,
    UniversityLink,
)
from companies.models.questions import CompanyQuerySet
from incubators.models import Designation, Incubator, IncubatorKind, IncubatorLevel, IncubatorSeat
from registry import credit_code
from registry.models import Entry, Partner
from tests.companies import demonstration_invariants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

TODAY = datetime.date(2026, 11, 22)
BOUNDARY_CHANGE = datetime.date(2025, 11, 6)
DAY = datetime.timedelta(days=1)
MODELS = (
    Incubator,
    IncubatorSeat,
    Designation,
    Partner,
    Company,
    CompanyName,
    Seat,
    Certification,
    Residency,
    UniversityLink,
    AnnualReport,
    Financing,
    FinancingParty,
    FinancingStatusEvent,
)


def seated(**lookups: object) -> CompanyQuerySet:
    return Company.objects.seated(TODAY, **lookups)


def holding(model: type, *conditions: Q, **lookups: object) -> QuerySet[Company]:
    rows = model._default_manager.filter(*conditions, company=OuterRef("pk"), **lookups)  # type: ignore[attr-defined]
    return seated().filter(Exists(rows))


def in_residence(**lookups: object) -> QuerySet[Company]:
    return Company.objects.seated(TODAY).resident(TODAY, **lookups)


def linked(**lookups: object) -> QuerySet[Company]:
    return Company.objects.seated(TODAY).linked_to_university(TODAY, **lookups)


def certified_high_tech() -> QuerySet[Company]:
    return Company.objects.seated(TODAY).certified(CertificationKind.objects.get(code="high_tech"), TODAY)


def updated_after_the_load() -> QuerySet[Company]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM history.companies_company WHERE lower(recorded) >"
            " (SELECT recorded_at FROM registry_changeset WHERE reason LIKE 'demonstration set%')"
        )
        return seated().filter(pk__in=[row[0] for row in cursor.fetchall()])


FILTERS: dict[str, Callable[[], QuerySet[Company]]] = {
    "district": lambda: seated(district__code="500106"),
    "district unknown": lambda: seated(district__isnull=True),
    "reporting_unit": lambda: seated(reporting_unit__code="cq_hightech_zone"),
    "reporting_unit wansheng": lambda: seated(reporting_unit__code="wansheng_etz"),
    "zone": lambda: seated(district__zone__code="southeast_cluster"),
    "corridor": lambda: seated(district__corridor_areas__node__code="western_science_city"),
    "hub": lambda: seated().filter(hub__code="H1"),
    "hub unknown": lambda: seated().filter(hub__isnull=True),
    "strategic_field": lambda: seated().filter(strategic_field__code="F01"),
    "strategic_field unknown": lambda: seated().filter(strategic_field__isnull=True),
    "industry unknown": lambda: seated().filter(industry__isnull=True),
    "technology_field": lambda: holding(Certification, technology_field__code="1"),
    "technology_field unknown": lambda: holding(Certification, technology_field=None, kind__code="high_tech"),
    "incubator": lambda: in_residence(incubator__code="DEMO-02"),
    "incubator_level": lambda: in_residence(incubator__in=_with_level("municipal")),
    "university": lambda: linked(university__code="4150010611"),
    "university_adjacent": linked,
    "adjacency_basis": lambda: linked(basis="spin_off"),
    "certified": certified_high_tech,
    "certification": lambda: holding(Certification, kind__code="little_giant"),
    "resident": in_residence,
    "graduated": lambda: Company.objects.seated(TODAY).graduated(TODAY),
    "financed": lambda: holding(Financing),
    "financed, published": lambda: holding(Financing, confidentiality="published"),
    "instrument": lambda: holding(Financing, instrument__code="KVL"),
    "pilot_zone": lambda: holding(Financing, pilot_zone__isnull=False),
    "established_from": lambda: seated().filter(established_on__gte="2022-01-01"),
    "established_to": lambda: seated().filter(established_on__lte="2016-12-31"),
    "established unknown": lambda: seated().filter(established_on__isnull=True),
    "expiring_before": lambda: holding(Certification, valid_until__gt=TODAY, valid_until__lt=TODAY + 60 * DAY),
    "near": lambda: seated(latitude__range=(29.53, 29.62), longitude__range=(106.41, 106.51)),
    "updated_since": updated_after_the_load,
    "published": lambda: seated().public(),
    "sole traders": lambda: seated().filter(uscc__startswith="92"),
}


def _with_level(code: str) -> QuerySet[Incubator]:
    return Incubator.objects.filter(pk__in=Designation.objects.on(TODAY).filter(level__code=code).values("incubator"))


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_keeps_a_firm_and_drops_one(name: str) -> None:
    kept = set(FILTERS[name]().values_list("uscc", flat=True))
    everyone = set(seated().values_list("uscc", flat=True))
    assert kept & everyone, "keeps nobody"
    assert everyone - kept, "drops nobody"


def test_some_firms_are_not_seated_in_the_city() -> None:
    assert Company.objects.existing(TODAY).not_seated(TODAY).exists()
    assert Company.objects.exclude(pk__in=Seat.objects.values("company")).exists()


def test_every_credit_code_is_valid_and_of_the_range_that_no_body_gets() -> None:
    for code in Company.objects.values_list("uscc", flat=True):
        assert credit_code.check(code) == code
        assert is_invented_code(code)


@pytest.mark.parametrize("real", ["9150000020286320X6", "91500112MA605MRG8L", "91110000600037341L"])
def test_real_codes_lie_outside_that_range(real: str) -> None:
    assert credit_code.is_valid(real)
    assert not is_invented_code(real)


@pytest.mark.parametrize("number", [0, 100_000])
def test_a_number_without_invented_code_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 99999"):
        invented_code(number)


def test_everything_invented_says_so() -> None:
    assert not Company.objects.filter(is_invented=False).exists()
    hosts = Incubator.objects.filter(residencies__isnull=False)
    assert not hosts.exclude(is_invented=True, name_zh__contains="（演示）").exists()
    parties = FinancingParty.objects.exclude(partner__name_zh__contains="（演示）")
    assert not parties.exists()


def test_no_two_firms_ever_bore_the_same_name() -> None:
    names = list(CompanyName.objects.values_list("name_zh", flat=True))
    assert len(names) == len(set(names))
    assert any("（重庆）" in name for name in names)
    assert CompanyName.objects.filter(valid_until__isnull=False).exists()
    assert CompanyName.objects.exclude(name_en="").exists()


@pytest.mark.parametrize("code", ["500105", "500112"])
def test_seats_of_the_abolished_districts_go_on_in_their_successor(code: str) -> None:
    ended = Seat.objects.filter(district__code=code, valid_until=BOUNDARY_CHANGE, moved_to__isnull=True)
    assert ended.exists()
    for seat in ended:
        follows = Seat.objects.get(company=seat.company, valid_from=BOUNDARY_CHANGE)
        assert follows.district is not None and follows.reporting_unit is not None
        assert (follows.district.code, follows.reporting_unit.code) == ("500157", "500157")
        assert follows.address.partition("（演示）")[2] == seat.address.partition("（演示）")[2]
        assert (follows.latitude, follows.longitude) == (seat.latitude, seat.longitude)


def test_a_host_of_an_abolished_district_goes_on_in_its_successor_where_it_was() -> None:
    ended, follows = IncubatorSeat.objects.filter(incubator__code="DEMO-01")
    assert [seat.district.code for seat in (ended, follows) if seat.district] == ["500112", "500157"]
    assert (ended.valid_until, follows.valid_from, follows.valid_until) == (BOUNDARY_CHANGE, BOUNDARY_CHANGE, None)
    assert ended.latitude is not None
    for name in ("address", "latitude", "longitude"):
        assert getattr(follows, name) == getattr(ended, name)


def test_hosts_sit_somewhere_as_long_as_they_are_open() -> None:
    hosts = list(Incubator.objects.filter(is_invented=True))
    assert hosts
    for host in hosts:
        seats = list(host.seats.all())
        assert (seats[0].valid_from, seats[-1].valid_until) == (host.valid_from, host.valid_until)


def test_firms_move_within_into_and_out_of_the_city() -> None:
    assert Seat.objects.filter(moved_from__isnull=False).exists()
    assert Seat.objects.filter(moved_to__isnull=False).exists()
    later = Seat.objects.filter(company=OuterRef("company"), valid_from=OuterRef("valid_until"), moved_from=None)
    moved = Seat.objects.filter(~Exists(later.filter(district__code="500157")), Exists(later))
    assert moved.exists()


def test_firms_end_by_dissolution_and_by_absorption() -> None:
    dissolved = Company.objects.filter(dissolved_on__isnull=False)
    assert dissolved.filter(successor__isnull=True).exists()
    assert dissolved.filter(successor__dissolved_on__isnull=True, successor__isnull=False).exists()


def test_most_firms_in_the_city_hold_a_valid_high_tech_certificate() -> None:
    assert 0.6 < certified_high_tech().count() / Company.objects.count() < 0.8


def test_certificates_of_lives_end_as_their_kind_says() -> None:
    high_tech = CertificationKind.objects.get(code="high_tech")
    assert high_tech.validity_years == VALID_YEARS
    for row in Certification.objects.filter(kind=high_tech):
        assert row.valid_until == high_tech.end_for(row.issued_on)


def test_certificates_are_renewed_early_late_and_in_time_lapse_and_are_revoked_back() -> None:
    renewals = Certification.objects.filter(predecessor__isnull=False)
    assert renewals.filter(issued_on__lt=F("predecessor__valid_until")).exists()
    assert renewals.filter(issued_on=F("predecessor__valid_until")).exists()
    assert renewals.filter(issued_on__gt=F("predecessor__valid_until")).exists()
    assert Certification.objects.filter(revoked_from__lt=F("revoked_on")).exists()
    assert Certification.objects.filter(kind__code="high_tech", number="").exists()
    assert Certification.objects.filter(issued_on="2024-02-29", valid_until="2027-03-01").exists()
    lapsed = holding(Certification, kind__code="high_tech").exclude(pk__in=certified_high_tech())
    assert lapsed.exists()


@pytest.mark.parametrize(
    ("field", "queryset", "expected"),
    [
        ("kind__code", lambda: Certification.objects, lambda: _codes(CertificationKind)),
        ("kind__code", lambda: Incubator.objects.filter(is_invented=True), lambda: _codes(IncubatorKind)),
        ("level__code", lambda: Designation.objects.on(TODAY), lambda: _codes(IncubatorLevel)),
        ("instrument__code", lambda: Financing.objects, lambda: _codes(FinancingInstrument)),
        ("confidentiality", lambda: Financing.objects, lambda: set(Confidentiality.values)),
        ("status", lambda: FinancingStatusEvent.objects, lambda: set(FinancingStatus.values)),
        ("role", lambda: FinancingParty.objects, lambda: set(PartyRole.values)),
        ("basis", lambda: UniversityLink.objects.on(TODAY), lambda: set(AdjacencyBasis.values)),
        ("outcome", lambda: Residency.objects, lambda: {"", *ResidencyOutcome.values}),
        ("ground", lambda: Residency.objects, lambda: {"", *GraduationGround.values}),
    ],
)
def test_every_value_of_a_list_occurs(
    field: str, queryset: Callable[[], QuerySet[Company]], expected: Callable[[], set[str]]
) -> None:
    assert set(queryset().values_list(field, flat=True)) == expected()


def _codes(model: type) -> set[str]:
    return set(model._default_manager.values_list("code", flat=True))  # type: ignore[attr-defined]


def test_a_firm_stays_in_residence_beyond_48_months() -> None:
    assert in_residence(entered_on__lt=datetime.date(2022, 11, 22)).exists()


def test_every_invariant_holds() -> None:
    demonstration_invariants.check_all(TODAY)


@pytest.mark.parametrize("model", MODELS)
def test_rows_pass_the_checks_of_their_models(model: type[Entry]) -> None:
    """COPY calls none of them; the database has judged the constraints, not what `clean` says."""
    rows = list(model._default_manager.order_by("-id")[:40])
    assert rows
    for row in rows:
        row.full_clean()


def test_the_planner_knows_every_table(db: None) -> None:
    """Of versions and ledger, too: autovacuum may come minutes later, and questions are asked before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'history', 'ledger') AND c.reltuples < 0"
        )
        assert cursor.fetchall() == []
