"""Loading the invented set: once, never beside real firms, on any day, and never by accident."""

import datetime
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from companies.demonstration.dealing import Chance, deal
from companies.demonstration.inventing import invent
from companies.demonstration.lists import ReferenceMissing
from companies.demonstration.loading import QUICK_SIZE, RealDataPresent, load
from companies.demonstration.stories import LABELS
from companies.models import Certification, CertificationKind, Company, Observation, Seat
from config.binaries import current_account
from config.embedded import FAST, Cluster
from config.management.commands.create_trial_logins import trial_logins
from incubators.models import StaffMembership
from registry.models import ChangeSet, User
from tests.companies import demonstration_invariants

TODAY = datetime.date(2026, 11, 22)
SMALL = 40


def sequences() -> list[int | None]:
    return list(ChangeSet.objects.order_by("sequence").values_list("sequence", flat=True))


def test_a_second_load_changes_nothing_and_leaves_no_version(committed_db: str) -> None:
    assert load(TODAY, size=SMALL).firms == SMALL
    before = sequences()
    assert load(TODAY + datetime.timedelta(days=400), seed=2, size=SMALL).entries == 0
    assert sequences() == before


def indexes_taken_away() -> list[Any]:
    """Of the tables of which the load takes indexes away, all that there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, indexname, indexdef FROM pg_indexes"
            " WHERE tablename = 'companies_searchtext' OR tablename LIKE 'companies_%state' ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


def test_the_indexes_of_searches_and_states_are_there_again(committed_db: str) -> None:
    before = indexes_taken_away()
    assert {"companies_searchtext_pieces", "companystate_marks", "certificationstate_hub"} <= {row[1] for row in before}
    load(TODAY, size=SMALL)
    assert indexes_taken_away() == before


def test_a_real_firm_keeps_the_set_out(committed_db: str) -> None:
    Company.objects.create(uscc="91500000202852965T")
    with pytest.raises(RealDataPresent, match="91500000202852965T"):
        load(TODAY, size=SMALL)
    assert list(Company.objects.values_list("uscc", flat=True)) == ["91500000202852965T"]


def test_a_real_firm_beside_an_existing_set_does_not_stop_the_next_start(committed_db: str) -> None:
    load(TODAY, size=SMALL)
    Company.objects.create(uscc="91500000202852965T")
    before = sequences()
    assert load(TODAY, size=SMALL).firms == 0
    assert sequences() == before


@pytest.mark.parametrize("day", ["2026-01-15", "2027-03-31", "2031-02-28"])
def test_the_set_is_plausible_on_other_days_of_loading(committed_db: str, day: str) -> None:
    today = datetime.date.fromisoformat(day)
    load(today)
    assert Company.objects.count() == QUICK_SIZE
    assert 0.6 < Company.objects.seated(today).high_tech(today).count() / QUICK_SIZE < 0.8
    assert Seat.objects.on(today).filter(district__code="500157").exists()
    demonstration_invariants.check_all(today)


def digest(today: datetime.date, seed: int, size: int) -> str:
    """Of every value of every row that is to be written, references by what they refer to."""
    invention, told = invent(today, seed, size), hashlib.sha256()
    hosts = invention.hosts
    rows = [*hosts.incubators, *hosts.seats, *hosts.designations, *invention.partners]
    for draft in invention.drafts:
        rows += [draft.company, *invention.facts(draft)]
    for row in rows:
        values = [
            str(getattr(row, field.name)) for field in row._meta.concrete_fields if field.name not in ("id", "version")
        ]
        told.update("|".join([type(row).__name__, *values, ""]).encode())
    return told.hexdigest()


def test_the_same_seed_and_day_make_the_same_rows(db: None) -> None:
    first = digest(TODAY, 1, SMALL)
    assert digest(TODAY, 1, SMALL) == first
    assert digest(TODAY, 2, SMALL) != first
    assert digest(TODAY + datetime.timedelta(days=1), 1, SMALL) != first


@pytest.mark.parametrize("size", [300, 3000])
def test_stories_keep_their_proportion_at_any_size(size: int) -> None:
    hand = deal(Chance(5), LABELS, size)
    for label, share in LABELS.items():
        expected = max(1, size * share // sum(LABELS.values()))
        assert hand.count(label) == expected or label == "none"


def test_without_reference_data_the_missing_list_is_named(db: None) -> None:
    Observation.objects.all().delete()
    with pytest.raises(ReferenceMissing, match="load_reference"):
        invent(TODAY, 1, SMALL)


def test_without_code_lists_the_empty_one_is_named(db: None) -> None:
    Certification.objects.all().delete()
    CertificationKind.objects.all().delete()
    with pytest.raises(ReferenceMissing, match="load_reference"):
        invent(TODAY, 1, SMALL)


def test_the_command_refuses_a_database_of_ones_own_unless_told(committed_db: str) -> None:
    with pytest.raises(CommandError, match="--yes-invented-data"):
        call_command("load_demonstration")
    assert not Company.objects.exists()
    call_command("load_demonstration", "--yes-invented-data", "--firms", "40", "--today", "2026-11-22")
    assert Company.objects.filter(is_invented=True).count() == SMALL


def test_log_ins_are_refused_outside_the_trial(db: None) -> None:
    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("create_trial_logins")


def test_log_ins_are_made_once_and_keep_their_passwords(committed_db: str, tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, current_account(), FAST)
    load(TODAY, size=SMALL)
    first, before = trial_logins(cluster), sequences()
    assert trial_logins(cluster) == first
    assert sequences() == before
    names = ["registrar", "auditor", "analyst", "manager-a", "editor-a", "editor-b"]
    assert [login.name for login in first] == names
    assert all((tmp_path / f"login-{login.name}").stat().st_mode & 0o777 == 0o600 for login in first)
    assert len({login.password for login in first}) == len(names)


def test_staff_work_for_two_hosts_and_get_no_rights_but_by_scope(committed_db: str, tmp_path: Path) -> None:
    load(TODAY, size=SMALL)
    trial_logins(Cluster(tmp_path, current_account(), FAST))
    hosts = set(StaffMembership.objects.values_list("user__username", "incubator__code", "role"))
    assert hosts == {
        ("manager-a", "DEMO-01", "manager"),
        ("editor-a", "DEMO-01", "editor"),
        ("editor-b", "DEMO-02", "editor"),
    }
    for staff in User.objects.filter(role="staff"):
        assert staff.is_staff and not staff.get_all_permissions()
    assert User.objects.get(username="registrar").has_perm("companies.change_company")


def test_a_password_that_its_owner_changed_is_not_set_back(committed_db: str, tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, current_account(), FAST)
    load(TODAY, size=SMALL)
    trial_logins(cluster)
    owner = User.objects.get(username="editor-a")
    owner.set_password("another-one-altogether")
    owner.save()
    assert [login.name for login in trial_logins(cluster) if login.password is None] == ["editor-a"]


@override_settings(TRIAL=True)
def test_without_invented_hosts_no_incubator_s_staff_get_a_log_in(committed_db: str, tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, current_account(), FAST)
    with override_settings(TRIAL_CLUSTER=cluster):
        call_command("create_trial_logins")
    assert set(User.objects.values_list("username", flat=True)) == {"registrar", "auditor", "analyst"}
