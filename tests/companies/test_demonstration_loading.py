"""Loading the invented set: once, never beside real firms, on any day, and never by accident."""

import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from companies.demonstration.lists import ReferenceMissing
from companies.demonstration.loading import RealDataPresent, deal_stories, invent, load
from companies.models import CertificationKind, Company, CompanyName, Financing, Seat
from config.binaries import current_account
from config.embedded import FAST, Cluster
from config.management.commands.create_trial_logins import trial_logins
from incubators.models import StaffMembership
from registry.models import ChangeSet, User

TODAY = datetime.date(2026, 11, 22)
SMALL = 40


def sequences() -> list[int | None]:
    return list(ChangeSet.objects.order_by("sequence").values_list("sequence", flat=True))


def test_a_second_load_changes_nothing_and_leaves_no_version(committed_db: str) -> None:
    assert load(TODAY, size=SMALL).firms == SMALL
    before = sequences()
    assert load(TODAY + datetime.timedelta(days=400), seed=2, size=SMALL).entries == 0
    assert sequences() == before


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
    high_tech = CertificationKind.objects.get(code="high_tech")
    assert 150 <= Company.objects.seated(today).certified(high_tech, today).count() <= 210
    assert Seat.objects.on(today).filter(district__code="500157").exists()
    assert not Financing.objects.filter(agreed_on__gt=today).exists()


def test_the_same_seed_invents_the_same_firms(db: None) -> None:
    def told(seed: int) -> list[str]:
        _, _, drafts = invent(TODAY, seed, SMALL)
        return [
            f"{draft.company.uscc} {fact!r} {vars(fact).get('valid_from')} {vars(fact).get('issued_on')}"
            for draft in drafts
            for fact in draft.facts
        ]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_stories_keep_their_proportion_at_any_size() -> None:
    for size in (300, 3000):
        moved = sum(stories.place == "moved_within" for stories in deal_stories(5, size))
        assert moved == size // 15


def test_without_reference_data_the_missing_list_is_named(db: None) -> None:
    CompanyName.objects.all().delete()
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
    assert [login.name for login in first] == ["registrar", "staff-a", "staff-b"]
    assert all((tmp_path / f"login-{login.name}").stat().st_mode & 0o777 == 0o600 for login in first)
    assert len({login.password for login in first}) == 3


def test_staff_work_for_two_hosts_and_have_no_rights_yet(committed_db: str, tmp_path: Path) -> None:
    load(TODAY, size=SMALL)
    trial_logins(Cluster(tmp_path, current_account(), FAST))
    hosts = dict(StaffMembership.objects.values_list("user__username", "incubator__code"))
    assert hosts == {"staff-a": "DEMO-01", "staff-b": "DEMO-02"}
    for staff in User.objects.filter(role="staff"):
        assert staff.is_staff and not staff.get_all_permissions()
    assert User.objects.get(username="registrar").has_perm("companies.change_company")


def test_a_password_that_its_owner_changed_is_not_set_back(committed_db: str, tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, current_account(), FAST)
    load(TODAY, size=SMALL)
    trial_logins(cluster)
    owner = User.objects.get(username="staff-a")
    owner.set_password("another-one-altogether")
    owner.save()
    assert [login.password is None for login in trial_logins(cluster)] == [False, True, False]


@override_settings(TRIAL=True)
def test_without_invented_hosts_only_the_registrar_gets_a_log_in(committed_db: str, tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, current_account(), FAST)
    with override_settings(TRIAL_CLUSTER=cluster):
        call_command("create_trial_logins")
    assert list(User.objects.values_list("username", flat=True)) == ["registrar"]
