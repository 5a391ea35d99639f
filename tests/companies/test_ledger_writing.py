"""The ledger follows every way of writing, within the writing transaction, whoever writes beside it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.test import override_settings

from companies.models import Certification, CertificationKind, Company, Residency, Seat, UniversityLink
from companies.statistics import ledger
from companies.statistics.codes import STANDING
from companies.statistics.ledger.truth import differences
from incubators.models import Incubator
from registry.history import acting
from registry.models import District, User
from tests.companies.ledger_stories import SHAPINGBA, YUZHONG, Life, certify, district, live, rows, seal, turns, unit

DAY = datetime.date(2023, 6, 1)
HIGH_TECH = "high-tech-firms"
PLAIN = Life(certificates=(("2021-11-12", "2024-11-12"),))
EXPIRED = ("2024-11-12", -1, "expired")

Write = Callable[[Company], Any]


def certificate(company: Company, **given: Any) -> Certification:
    kind = CertificationKind.objects.get(code="high_tech")
    until = datetime.date(2026, 1, 1)
    return Certification(company=company, kind=kind, issued_on=DAY.replace(day=2), valid_until=until, **given)


def copied(company: Company) -> None:
    made = certificate(company)
    values = {
        str(field.column): field.get_db_prep_save(getattr(made, field.attname), connection)
        for field in Certification._meta.concrete_fields
        if not field.primary_key
    }
    statement = f"COPY companies_certification ({', '.join(values)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write_row(list(values.values()))


def saved_later(company: Company) -> None:
    held = company.certifications.get()
    held.valid_until = datetime.date(2026, 1, 1)
    held.save()


def bulk_updated(company: Company) -> None:
    held = company.certifications.get()
    held.valid_until = datetime.date(2026, 1, 1)
    Certification.objects.bulk_update([held], ["valid_until"])


LATER: dict[str, Write] = {
    "save": saved_later,
    "update": lambda firm: firm.certifications.update(valid_until="2026-01-01"),
    "bulk_update": bulk_updated,
    "sql": lambda firm: rows(
        "UPDATE companies_certification SET valid_until = '2026-01-01' WHERE company_id = %s", firm.pk
    ),
    "create": lambda firm: certificate(firm).save(),
    "bulk_create": lambda firm: Certification.objects.bulk_create([certificate(firm)]),
    "copy": copied,
    "merge": lambda firm: rows(
        "MERGE INTO companies_certification c USING (SELECT %s::bigint AS firm) s ON c.company_id = s.firm"
        " WHEN MATCHED THEN UPDATE SET valid_until = '2026-01-01'",
        firm.pk,
    ),
    "delete and insert": lambda firm: (firm.certifications.all().delete(), certify(firm, "2021-11-12", "2026-01-01")),
}


@pytest.mark.parametrize("way", LATER)
def test_each_way_of_writing_moves_the_end(db: None, way: str) -> None:
    company = live(PLAIN)
    seal()
    LATER[way](company)
    seal()
    assert turns(company, HIGH_TECH) == [("2021-11-12", 1, "first_certified"), ("2026-01-01", -1, "expired")]


def moved(company: Company) -> None:
    Seat.objects.filter(company=company).update(
        district=district(YUZHONG, "2015-01-01"), reporting_unit=unit(YUZHONG, "2015-01-01")
    )


WRITES: dict[str, Write] = {
    "the firm": lambda firm: Company.objects.filter(pk=firm.pk).update(dissolved_on="2022-01-01"),
    "its seat": moved,
    "its residency": lambda firm: Residency.objects.create(
        company=firm, incubator=Incubator.objects.earliest("code"), entered_on="2020-01-01"
    ),
    "its certificate": lambda firm: firm.certifications.all().delete(),
    "its link": lambda firm: UniversityLink.objects.all().delete(),
    "the kind of its certificates": lambda firm: CertificationKind.objects.filter(code="high_tech").update(code="x"),
    "the last day of a district": lambda firm: District.objects.filter(code=SHAPINGBA).update(valid_until="2022-07-01"),
}


@pytest.mark.parametrize("what", WRITES)
def test_what_matters_to_a_figure_is_followed(db: None, what: str) -> None:
    seats = ((SHAPINGBA, "2015-01-01", "2022-07-01"), (YUZHONG, "2022-07-01", None))
    company = live(Life(seats=seats[:1], certificates=PLAIN.certificates, links=(("2020-01-01", None),)))
    mover = live(Life(seats=seats, certificates=PLAIN.certificates))
    seal()
    before = [turns(firm, metric) for firm in (company, mover) for metric in STANDING]
    districts = ledger.stock("firms", datetime.date(2020, 1, 1), by=["district"])
    WRITES[what](company)
    seal()
    after = [turns(firm, metric) for firm in (company, mover) for metric in STANDING]
    assert (before, districts) != (after, ledger.stock("firms", datetime.date(2020, 1, 1), by=["district"]))
    if what != "the kind of its certificates":  # the list looks for the kind by its code
        assert list(differences(3, seed=1)) == []


def test_what_does_not_matter_writes_no_entry(db: None) -> None:
    company = live(PLAIN)
    seal()
    before = rows("SELECT count(*) FROM ledger.entry")
    Company.objects.filter(pk=company.pk).update(contact_name="桉", website="https://changed.example")
    Seat.objects.filter(company=company).update(address="changed")
    company.certifications.update(issuer="changed")
    seal()
    assert rows("SELECT count(*) FROM ledger.entry") == before


def test_a_change_undone_in_its_transaction_leaves_nothing(committed_db: str) -> None:
    company = live(PLAIN)
    before = rows("SELECT count(*), max(recorded_at) FROM ledger.entry")
    with transaction.atomic():
        company.certifications.all().delete()
        certify(company, "2021-11-12", "2024-11-12")
    assert rows("SELECT count(*), max(recorded_at) FROM ledger.entry") == before


def test_entries_carry_their_change_set(committed_db: str) -> None:
    clerk = User.objects.create(username="clerk")
    with acting(clerk, reason="entered"):
        company = live(PLAIN)
    found = rows(
        "SELECT DISTINCT c.actor_id, c.reason, e.recorded_at = c.recorded_at FROM ledger.entry e"
        " JOIN registry_changeset c ON c.id = e.changeset_id WHERE e.company_id = %s",
        company.pk,
    )
    assert found == [(clerk.pk, "entered", True)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ledger.entry (metric, company_id, day, delta, reason, recorded_at)"
        " VALUES ('firms', 1, '2020-01-01', 1, 'established', now())",
        "UPDATE ledger.entry SET delta = -1",
        "DELETE FROM ledger.entry",
        "TRUNCATE ledger.entry",
    ],
)
def test_the_ledger_is_append_only(db: None, statement: str) -> None:
    live(PLAIN)
    seal()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(statement)


def test_no_trigger_changes_an_entry_either(db: None) -> None:
    live(PLAIN)
    seal()
    rows(
        "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN UPDATE ledger.entry SET delta = -1; RETURN NULL; END $$"
    )
    rows("CREATE TRIGGER meddle AFTER INSERT ON companies_company FOR EACH ROW EXECUTE FUNCTION meddle()")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        live(PLAIN)


def together(*writes: Callable[[], Any]) -> None:
    """Each in a transaction of its own; none commits before all have written."""
    written = Barrier(len(writes), timeout=20)

    def run(write: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                write()
                written.wait()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(writes)) as pool:
        for outcome in [pool.submit(run, write) for write in writes]:
            outcome.result()


def test_two_certificates_entered_at_once_count_once(committed_db: str) -> None:
    company = live(Life())
    together(
        lambda: certify(company, "2021-11-12", "2024-11-12"),
        lambda: certify(company, "2022-11-12", "2025-11-12"),
    )
    assert turns(company, HIGH_TECH) == [("2021-11-12", 1, "first_certified"), ("2025-11-12", -1, "expired")]
    assert ledger.stock(HIGH_TECH, DAY) == {(): 1}


def test_facts_of_one_firm_written_at_once_agree(committed_db: str) -> None:
    company, other = live(PLAIN), live(PLAIN)
    together(
        lambda: moved(company),
        lambda: Residency.objects.create(
            company=company, incubator=Incubator.objects.earliest("code"), entered_on="2022-01-01"
        ),
        lambda: Company.objects.filter(pk=company.pk).update(dissolved_on="2023-01-01"),
        lambda: certify(other, "2024-01-01", "2027-01-01"),
    )
    assert list(differences(20, seed=1)) == []
    assert ledger.stock(HIGH_TECH, DAY) == {(): 1}


def test_many_writers_leave_what_the_lists_count(committed_db: str) -> None:
    firms = [live(Life()) for _ in range(6)]

    def write(place: int) -> None:
        try:
            for year in (2018, 2020, 2022):
                firm = firms[(place + year) % len(firms)]
                with acting(reason=f"writer {place}"):
                    certify(firm, f"{year}-0{place + 1}-01")
                Company.objects.filter(pk=firm.pk).update(is_published=(place + year) % 4 != 0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert list(differences(30, seed=1)) == []


ENTRIES = (
    "SELECT metric, company_id, day, delta, reason, district_id, reporting_unit_id, hub_id, strategic_field_id,"
    " technology_field_id, incubator_id, changeset_id, recorded_at FROM ledger.entry"
)
SUMS = "SELECT * FROM ledger.month WHERE delta <> 0 UNION ALL SELECT * FROM ledger.year WHERE delta <> 0"


def eventful() -> None:
    """Firms that are corrected, hidden, moved and deleted, each in a transaction of its own."""
    firms = [live(PLAIN) for _ in range(4)]
    firms[0].certifications.update(revoked_from="2022-01-01", revoked_on="2025-01-01")
    moved(firms[1])
    Company.objects.filter(pk=firms[1].pk).update(is_published=False)
    with transaction.atomic():
        firms[2].certifications.all().delete()
        firms[2].seats.all().delete()
        firms[2].delete()
    District.objects.filter(code=SHAPINGBA).update(valid_until="2024-11-12")
    Company.objects.filter(pk=firms[1].pk).update(is_published=True)


def test_rebuilding_writes_the_same_entries_with_the_same_moments(committed_db: str) -> None:
    eventful()
    entries, sums = sorted(map(str, rows(ENTRIES))), sorted(map(str, rows(SUMS)))
    call_command("rebuild_ledger", verbosity=0)
    assert sorted(map(str, rows(ENTRIES))) == entries
    assert sorted(map(str, rows(SUMS))) == sums
    with pytest.raises(DatabaseError, match="append-only"):
        rows("DELETE FROM ledger.entry")
    certify(Company.objects.earliest("pk"), "2026-01-01")
    assert list(differences(20, seed=1)) == []


def test_a_register_loaded_before_the_ledger_gets_it_by_migrate(committed_db: str) -> None:
    eventful()
    entries = sorted(map(str, rows(ENTRIES)))
    rows("DROP SCHEMA ledger CASCADE")
    call_command("migrate", verbosity=0)
    assert sorted(map(str, rows(ENTRIES))) == entries


def test_a_ledger_kept_without_sums_of_years_gets_them_by_migrate(committed_db: str) -> None:
    eventful()
    sums = sorted(map(str, rows(SUMS)))
    rows("DROP TABLE ledger.year")
    call_command("migrate", verbosity=0)
    assert sorted(map(str, rows(SUMS))) == sums
    certify(Company.objects.earliest("pk"), "2026-01-01")
    assert list(differences(20, seed=1)) == []


def test_firms_without_versions_are_known_from_the_beginning(committed_db: str) -> None:
    rows("ALTER TABLE registry_changeset DISABLE TRIGGER USER")
    tables = ("companies_company", "companies_seat", "companies_certification")
    for table in tables:
        rows(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    with transaction.atomic():
        company = live(PLAIN)
    for table in (*tables, "registry_changeset"):
        rows(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    call_command("rebuild_ledger", verbosity=0)
    long_ago = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    assert turns(company, HIGH_TECH) == [("2021-11-12", 1, "first_certified"), EXPIRED]
    assert ledger.stock(HIGH_TECH, DAY, known_at=long_ago) == {(): 1}


def test_a_radius_set_anew_is_refused_until_the_ledger_follows(committed_db: str) -> None:
    live(PLAIN)
    with override_settings(ADJACENCY_RADIUS_METRES=1):
        with pytest.raises(ledger.LedgerCannotAnswer, match="rebuild_ledger"):
            ledger.stock("university-adjacent-firms", DAY)
        call_command("migrate", verbosity=0)
        assert ledger.stock("university-adjacent-firms", DAY) == {(): 0}


def test_check_figures_is_silent_when_they_agree_and_names_what_does_not(committed_db: str) -> None:
    eventful()
    call_command("check_figures", days=5, seed=1, verbosity=0)
    rows("ALTER TABLE ledger.entry DISABLE TRIGGER USER")
    rows("DELETE FROM ledger.entry WHERE metric = 'high-tech-firms' AND reason = 'revoked'")
    rows("ALTER TABLE ledger.entry ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match=r"high-tech-firms on 20\d\d-\d\d-\d\d by .*the ledger says .*, the list"):
        call_command("check_figures", days=5, seed=1, verbosity=0)
