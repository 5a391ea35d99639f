"""A commit does what its plan told, all of it or nothing."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from companies.imports import commit_import
from companies.models import Company
from registry.models import ChangeSet, User
from registry.sheets.reading import read_tables
from registry.sheets.verdicts import Verdict
from tests.companies.imports.lists import (
    ON,
    as_table,
    commit,
    day,
    digest,
    firm,
    good_row,
    number_of,
    places,
    plan,
    verdicts,
)
from tests.samples import uscc


def test_plan_writes_nothing(committed_db: str, sheet: Callable[..., Path]) -> None:
    firm(1, "重庆山城1号精密机械有限公司")
    before = digest()
    found = plan(sheet(as_table([good_row(1), good_row(2)])))
    assert verdicts(found) == [(2, "changed"), (3, "new")]
    assert digest() == before


def test_commit_writes_what_the_plan_told_and_the_same_file_again_changes_nothing(
    committed_db: str, sheet: Callable[..., Path]
) -> None:
    path = sheet(as_table([good_row(place) for place in range(1, 301)]))
    user = User.objects.create_user("registrar-1", role="registrar")
    assert commit(path, user).counts[Verdict.NEW] == 300
    change = ChangeSet.objects.latest("sequence")
    assert (change.actor, change.reason) == (user, "import test")
    company = Company.objects.get(uscc=uscc(7))
    assert company.registered_capital == Decimal("1200.5")
    assert (company.established_on, company.contact_email) == (day("2012-05-06"), "a7@example.org")
    name = company.names.get()
    assert (name.name_zh, name.valid_from) == ("重庆山城7号精密机械有限公司", day("2012-05-06"))
    assert name.pinyin.startswith("chong qing shan cheng")
    certificate = company.certifications.get()
    assert (certificate.number, certificate.kind.code) == (number_of(7), "high_tech")
    assert (certificate.issued_on, certificate.valid_until) == (day("2023-10-16"), day("2026-10-16"))
    assert certificate.technology_field is not None
    assert certificate.technology_field.code == "1"

    before = digest()
    again = commit(path)
    assert {verdict for _number, verdict in verdicts(again)} == {"same"}
    assert digest() == before


def test_one_late_wrong_row_leaves_nothing_behind(committed_db: str, sheet: Callable[..., Path]) -> None:
    rows = [good_row(place) for place in range(1, 601)]
    rows[-1]["有效期至"] = "2020-01-01"  # only the database knows
    before = digest()
    found = commit(sheet(as_table(rows)))
    assert places(found) == [(601, "有效期至")]
    assert not found.is_clean
    assert digest() == before


def test_two_commits_at_once_create_each_firm_once(committed_db: str, sheet: Callable[..., Path]) -> None:
    table = read_tables(sheet(as_table([good_row(place) for place in range(1, 40)])))

    def run(_number: int) -> set[str]:
        try:
            return {verdict for _row, verdict in verdicts(commit_import(table, None, "import twin", ON))}
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, range(2)))
    assert sorted(map(sorted, results)) == [["new"], ["same"]]
    assert ChangeSet.objects.filter(reason="import twin").count() == 1


def test_command_prints_the_plan_and_refuses_to_commit_a_wrong_one(
    committed_db: str, sheet: Callable[..., Path]
) -> None:
    good, bad = sheet(as_table([good_row(1)])), sheet(as_table([good_row(2) | {"成立日期": "昨天"}]), "坏.csv")
    out = io.StringIO()
    before = digest()
    call_command("import_firms", good, stdout=out)
    with pytest.raises(CommandError):
        call_command("import_firms", bad, "--commit", stdout=out)
    assert "C2 成立日期" in out.getvalue()
    with pytest.raises(CommandError, match="nobody"):
        call_command("import_firms", good, "--commit", "--user", "nobody", stdout=out)
    assert digest() == before
    User.objects.create_user("registrar-1", role="registrar")
    call_command("import_firms", good, "--commit", "--user", "registrar-1", "--reason", "list of 2023", stdout=out)
    change = ChangeSet.objects.latest("sequence")
    assert (change.reason, change.actor and change.actor.username) == ("import 名单.csv: list of 2023", "registrar-1")
